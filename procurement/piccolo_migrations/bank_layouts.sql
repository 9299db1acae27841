-- What each bank wants its file to look like, the treasury's vouchers behind a batch, and what the bank confirmed.

-- A layout is in force from a day on, for a place and everything below it; another one is another row.
CREATE TABLE bank_layout (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    body jsonb NOT NULL CHECK (body ->> 'bank' <> '' AND jsonb_array_length(body -> 'columns') > 0),
    effective_from date NOT NULL,
    set_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    set_at timestamptz NOT NULL,
    CONSTRAINT bank_layout_not_backdated CHECK (effective_from >= hangzhou_day(set_at))
);
CREATE INDEX bank_layout_place ON bank_layout (place_id, effective_from DESC, id DESC);
CREATE INDEX bank_layout_set_by ON bank_layout (set_by);
CALL make_append_only('bank_layout');

-- The file that was handed over stays the same bytes: its layout and the names in it are kept with it.
ALTER TABLE bank_file ADD COLUMN layout_id bigint REFERENCES bank_layout ON DELETE RESTRICT;
CREATE INDEX bank_file_layout ON bank_file (layout_id) WHERE layout_id IS NOT NULL;
ALTER TABLE bank_file DROP CONSTRAINT bank_file_format_check;
ALTER TABLE bank_file ADD CONSTRAINT bank_file_format_check
    CHECK (format IN ('gb18030_csv', 'gbk_csv', 'gb2312_csv', 'utf_8_csv', 'xlsx'));
ALTER TABLE bank_file ADD CONSTRAINT bank_file_once UNIQUE (batch_id);

ALTER TABLE settlement_payment ADD COLUMN name_sealed bytea;
CREATE FUNCTION refuse_another_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the name that payment % went to stays', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'settlement_name_frozen';
END $$;
CREATE TRIGGER settlement_name_frozen BEFORE UPDATE ON settlement_payment FOR EACH ROW
    WHEN (OLD.name_sealed IS NOT NULL AND NEW.name_sealed IS DISTINCT FROM OLD.name_sealed)
    EXECUTE FUNCTION refuse_another_name();

-- 预算法 §61, 国库集中支付: one voucher for what a batch takes from one budget line. A wrong one is issued anew, never
-- corrected: the new one names the old.
CREATE TABLE treasury_voucher (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES settlement_batch ON DELETE RESTRICT,
    budget_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    number text NOT NULL CHECK (number <> ''),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    replaces bigint REFERENCES treasury_voucher ON DELETE RESTRICT,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT treasury_voucher_number UNIQUE (number),
    CONSTRAINT treasury_voucher_replaced_once UNIQUE (replaces)
);
CREATE UNIQUE INDEX treasury_voucher_first ON treasury_voucher (batch_id, budget_line_id) WHERE replaces IS NULL;
CREATE INDEX treasury_voucher_line ON treasury_voucher (budget_line_id);
CREATE INDEX treasury_voucher_recorded_by ON treasury_voucher (recorded_by);
CALL make_append_only('treasury_voucher');

CREATE FUNCTION check_treasury_voucher() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
    taken bigint;
BEGIN
    SELECT status INTO stands FROM settlement_batch WHERE id = NEW.batch_id FOR NO KEY UPDATE;
    SELECT sum(i.amount_fen) INTO taken FROM settlement_item i JOIN claim c ON c.id = i.claim_id
    WHERE i.batch_id = NEW.batch_id AND c.budget_line_id = NEW.budget_line_id;
    IF stands IS DISTINCT FROM 'approved' OR taken IS DISTINCT FROM NEW.amount_fen OR NEW.replaces IS NOT NULL AND NOT EXISTS (
        SELECT FROM treasury_voucher v
        WHERE v.id = NEW.replaces AND (v.batch_id, v.budget_line_id) = (NEW.batch_id, NEW.budget_line_id)) THEN
        RAISE EXCEPTION 'a voucher pays what an approved batch takes from a line'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'treasury_voucher_amount';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER treasury_voucher_amount BEFORE INSERT ON treasury_voucher
    FOR EACH ROW EXECUTE FUNCTION check_treasury_voucher();

-- The bank's word that a line has arrived. It may still come back later; what came back is no longer confirmed.
CREATE TABLE bank_confirmation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id bigint NOT NULL REFERENCES settlement_payment ON DELETE RESTRICT,
    document text NOT NULL DEFAULT '',
    confirmed_on date NOT NULL,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT bank_confirmation_once UNIQUE (payment_id)
);
CREATE INDEX bank_confirmation_recorded_by ON bank_confirmation (recorded_by);
CALL make_append_only('bank_confirmation');

CREATE FUNCTION check_bank_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid record;
BEGIN
    SELECT b.status, hangzhou_day(b.paid_at) AS paid_on INTO paid FROM settlement_batch b
    WHERE b.id = (SELECT batch_id FROM settlement_payment WHERE id = NEW.payment_id) FOR NO KEY UPDATE;
    IF paid.status IS DISTINCT FROM 'paid'
       OR NEW.confirmed_on NOT BETWEEN paid.paid_on AND hangzhou_day(NEW.recorded_at)
       OR EXISTS (SELECT FROM bank_return r WHERE r.payment_id = NEW.payment_id) THEN
        RAISE EXCEPTION 'what is confirmed was paid before and did not come back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_confirmation_of_paid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_confirmation_of_paid BEFORE INSERT ON bank_confirmation
    FOR EACH ROW EXECUTE FUNCTION check_bank_confirmation();
