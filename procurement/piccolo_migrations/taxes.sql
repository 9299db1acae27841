-- Income tax on payments to people: how each was taxed, that the books say the same, and what went to the tax office.

-- What kinds of income a payment holds, and the tax on each. The payer is the place whose treasury pays; what one
-- payer pays somebody in a month is one income (个人所得税法实施条例 §14).
CREATE TABLE tax_withholding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id bigint NOT NULL REFERENCES settlement_payment ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('withheld', 'exempt', 'outside')),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    income_fen bigint NOT NULL CHECK (income_fen > 0),
    before_fen bigint NOT NULL DEFAULT 0 CHECK (before_fen >= 0),          -- the month's income before this payment
    before_tax_fen bigint NOT NULL DEFAULT 0 CHECK (before_tax_fen >= 0),  -- and what was withheld of it
    deduction_fen bigint NOT NULL DEFAULT 0 CHECK (deduction_fen >= 0),
    taxable_fen bigint NOT NULL DEFAULT 0 CHECK (taxable_fen >= 0),
    rate_percent integer NOT NULL DEFAULT 0 CHECK (rate_percent BETWEEN 0 AND 100),
    quick_fen bigint NOT NULL DEFAULT 0 CHECK (quick_fen >= 0),
    tax_fen bigint NOT NULL CHECK (tax_fen BETWEEN 0 AND income_fen),
    unverified boolean NOT NULL,               -- rests on a figure that nobody has confirmed
    made_at timestamptz NOT NULL,
    CONSTRAINT tax_withholding_once UNIQUE (payment_id, kind),
    CONSTRAINT tax_withholding_of_labour CHECK (kind = 'withheld' OR tax_fen = 0),
    CONSTRAINT tax_withholding_adds_up CHECK (kind <> 'withheld' OR before_fen + income_fen = deduction_fen + taxable_fen)
);
CREATE INDEX tax_withholding_month ON tax_withholding (place_id, month, person_id);
CREATE INDEX tax_withholding_person ON tax_withholding (person_id, month);
CALL make_append_only('tax_withholding');

-- What came back from the bank was no income.
CREATE VIEW tax_standing AS
SELECT w.* FROM tax_withholding w WHERE NOT EXISTS (SELECT FROM bank_return r WHERE r.payment_id = w.payment_id);

-- A month's income accumulates: each row begins where those before it end.
CREATE FUNCTION check_tax_accumulates() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payer bigint;
BEGIN
    SELECT b.place_id INTO payer FROM settlement_payment p JOIN settlement_batch b ON b.id = p.batch_id
    WHERE p.id = NEW.payment_id AND p.person_id = NEW.person_id;
    IF payer IS DISTINCT FROM NEW.place_id THEN
        RAISE EXCEPTION 'the payer of payment % is the place of its batch', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tax_withholding_payer';
    END IF;
    IF NEW.kind = 'withheld' AND (NEW.before_fen, NEW.before_tax_fen) IS DISTINCT FROM (
        SELECT (coalesce(sum(w.income_fen), 0)::bigint, coalesce(sum(w.tax_fen), 0)::bigint) FROM tax_standing w
        WHERE (w.place_id, w.month, w.person_id, w.kind) = (NEW.place_id, NEW.month, NEW.person_id, 'withheld')) THEN
        RAISE EXCEPTION 'the month of payment % begins elsewhere', NEW.payment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tax_withholding_accumulates';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tax_withholding_accumulates BEFORE INSERT ON tax_withholding
    FOR EACH ROW EXECUTE FUNCTION check_tax_accumulates();

-- The kinds of a payment are the whole of it, and its payout leaves in the tax account what was withheld. At COMMIT.
CREATE FUNCTION require_booked_tax(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said record;
BEGIN
    SELECT sum(income_fen)::bigint AS income, sum(tax_fen)::bigint AS tax, min(month) AS first, max(month) AS last
    INTO said FROM tax_withholding WHERE payment_id = checked;
    IF said.income IS DISTINCT FROM (SELECT amount_fen FROM settlement_payment WHERE id = checked)
       OR said.first <> said.last
       OR said.tax IS DISTINCT FROM (
            SELECT coalesce(-sum(p.amount_fen), 0)::bigint FROM ledger_transaction t
            JOIN ledger_posting p ON p.transaction_id = t.id JOIN ledger_account a ON a.id = p.account_id
            WHERE t.source_type = 'settlement_payment' AND t.source_id = checked AND t.kind = 'payout'
              AND a.code LIKE 'tax:%') THEN
        RAISE EXCEPTION 'the tax on payment % is not what its payout leaves for the tax office', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tax_withholding_booked';
    END IF;
END $$;
CREATE FUNCTION check_booked_tax() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_booked_tax(NEW.payment_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER tax_withholding_booked AFTER INSERT ON tax_withholding
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_booked_tax();

-- A person is paid with the tax judged, or not at all.
CREATE FUNCTION check_payment_taxed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM tax_withholding WHERE payment_id = NEW.id) THEN
        RAISE EXCEPTION 'payment % to a person is not judged for tax', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_payment_taxed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_payment_taxed AFTER UPDATE OF status ON settlement_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.status = 'paid' AND OLD.status = 'pending' AND NEW.person_id IS NOT NULL)
    EXECUTE FUNCTION check_payment_taxed();

-- A month's tax is paid over once, after it is over, in the amount that was withheld.
CREATE TABLE tax_remittance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    document text NOT NULL CHECK (document <> ''),     -- the tax office's receipt
    paid_on date NOT NULL,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT tax_remittance_once UNIQUE (place_id, month)
);
CREATE INDEX tax_remittance_recorded_by ON tax_remittance (recorded_by);
CALL make_append_only('tax_remittance');

-- An entry of a remittance belongs to the place that remits.
CREATE OR REPLACE FUNCTION place_of_entry(of_type text, of_id bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE of_type
        WHEN 'claim' THEN (SELECT c.place_id FROM claim c WHERE c.id = of_id)
        WHEN 'settlement_payment' THEN (SELECT b.place_id FROM settlement_payment p
                                        JOIN settlement_batch b ON b.id = p.batch_id WHERE p.id = of_id)
        WHEN 'advance_return' THEN (SELECT p.place_id FROM advance_return r JOIN contract c ON c.id = r.contract_id
                                    JOIN purchase p ON p.id = c.purchase_id WHERE r.id = of_id)
        WHEN 'tax_remittance' THEN (SELECT r.place_id FROM tax_remittance r WHERE r.id = of_id) END
$$;

CREATE FUNCTION check_tax_remittance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.paid_on < NEW.month + interval '1 month' OR NEW.paid_on > hangzhou_day(NEW.recorded_at)
       OR NEW.amount_fen IS DISTINCT FROM (
            SELECT coalesce(sum(tax_fen), 0)::bigint FROM tax_standing WHERE (place_id, month) = (NEW.place_id, NEW.month))
    THEN
        RAISE EXCEPTION 'what is paid over is what was withheld in a month that is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tax_remittance_amount';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tax_remittance_amount BEFORE INSERT ON tax_remittance
    FOR EACH ROW EXECUTE FUNCTION check_tax_remittance();

CREATE FUNCTION check_booked_remittance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount_fen IS DISTINCT FROM (
        SELECT sum(p.amount_fen)::bigint FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id = t.id
        JOIN ledger_account a ON a.id = p.account_id
        WHERE t.source_type = 'tax_remittance' AND t.source_id = NEW.id AND a.code LIKE 'tax:%') THEN
        RAISE EXCEPTION 'what was paid over to the tax office is booked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tax_remittance_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tax_remittance_booked AFTER INSERT ON tax_remittance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_booked_remittance();
