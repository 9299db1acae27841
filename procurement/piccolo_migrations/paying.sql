-- What work is worth, who is owed, what was paid: tariffs, claims, the ledger, settlement.

CREATE TABLE tariff_set (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    family text NOT NULL CHECK (family <> ''),
    region text NOT NULL,
    document text NOT NULL,
    label_zh text NOT NULL DEFAULT '',     -- shown wherever an amount shows, e.g. that it is unofficial
    label_en text NOT NULL DEFAULT '',
    effective_from date NOT NULL,
    effective_to date,
    status text NOT NULL CHECK (status IN ('draft', 'published')),
    body jsonb NOT NULL,
    body_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(body_sha256) = 32),
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    published_by bigint REFERENCES account ON DELETE RESTRICT,
    published_at timestamptz,
    CHECK (effective_to IS NULL OR effective_to > effective_from),
    CHECK ((status = 'published') = (published_at IS NOT NULL)),
    CONSTRAINT tariff_published_by_another CHECK (published_by <> created_by),
    EXCLUDE USING gist (int4range(hashtext(family || region), hashtext(family || region), '[]') WITH &&,
                        daterange(effective_from, effective_to) WITH &&) WHERE (status = 'published')
);
CREATE INDEX tariff_set_created_by ON tariff_set (created_by);
CREATE INDEX tariff_set_published_by ON tariff_set (published_by) WHERE published_by IS NOT NULL;

CREATE FUNCTION refuse_published_tariff_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'a published tariff set never changes; publish a new one'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tariff_set_immutable';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER tariff_set_immutable BEFORE UPDATE OR DELETE ON tariff_set
    FOR EACH ROW EXECUTE FUNCTION refuse_published_tariff_change();

CREATE SEQUENCE reference_bt;
CREATE TABLE claim (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    reference text NOT NULL UNIQUE DEFAULT next_reference('bt'),
    programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('accrued', 'held', 'returned', 'approved', 'batched', 'paid',
                                           'returned_by_bank', 'rejected', 'reversed')),
    -- One unit of work, one claim: the keys below are what makes accrual safe to repeat.
    sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    village_order_id bigint UNIQUE REFERENCES village_order ON DELETE RESTRICT,
    person_id bigint REFERENCES person ON DELETE RESTRICT,
    organization_id bigint REFERENCES organization ON DELETE RESTRICT,
    item text NOT NULL,
    service_day date NOT NULL,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    budget_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    tariff_set_id bigint REFERENCES tariff_set ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
    trace jsonb NOT NULL,
    missing_documents text[] NOT NULL DEFAULT '{}',
    accrued_at timestamptz NOT NULL,
    approved_by bigint REFERENCES account ON DELETE RESTRICT,
    approved_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CHECK (num_nonnulls(sign_up_id, village_order_id) = 1),
    CHECK (num_nonnulls(person_id, organization_id) = 1),
    CONSTRAINT claim_priced_by CHECK ((tariff_set_id IS NULL) = (village_order_id IS NOT NULL)),
    CONSTRAINT claim_documents_complete CHECK (status IN ('accrued', 'held', 'returned', 'rejected')
                                               OR missing_documents = '{}'),
    CONSTRAINT claim_approved_before_payment CHECK (status IN ('accrued', 'held', 'returned', 'rejected')
                                                    OR approved_by IS NOT NULL)
);
CREATE INDEX claim_person ON claim (person_id, id DESC) WHERE person_id IS NOT NULL;
CREATE INDEX claim_organization ON claim (organization_id, id DESC) WHERE organization_id IS NOT NULL;
CREATE INDEX claim_queue ON claim (status, place_id, id);
CREATE INDEX claim_programme ON claim (programme_id);
CREATE INDEX claim_place ON claim (place_id);
CREATE INDEX claim_budget_line ON claim (budget_line_id, status);
CREATE INDEX claim_tariff_set ON claim (tariff_set_id) WHERE tariff_set_id IS NOT NULL;
CREATE INDEX claim_approved_by ON claim (approved_by) WHERE approved_by IS NOT NULL;

-- What was priced stays as it was priced; a correction is a new entry.
CREATE FUNCTION refuse_claim_repricing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status NOT IN ('accrued', 'held', 'returned')
       AND (NEW.amount_fen, NEW.trace, NEW.person_id, NEW.organization_id, NEW.budget_line_id, NEW.tariff_set_id)
           IS DISTINCT FROM
           (OLD.amount_fen, OLD.trace, OLD.person_id, OLD.organization_id, OLD.budget_line_id, OLD.tariff_set_id) THEN
        RAISE EXCEPTION 'claim % is approved: its amount and payee no longer change', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_amount_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_amount_frozen BEFORE UPDATE ON claim FOR EACH ROW EXECUTE FUNCTION refuse_claim_repricing();

CREATE TABLE ledger_period (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    starts_on date NOT NULL,
    ends_on date NOT NULL,                 -- the first day that no longer belongs to it
    closed_at timestamptz,
    closed_by bigint REFERENCES account ON DELETE RESTRICT,
    CHECK (ends_on > starts_on),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    EXCLUDE USING gist (daterange(starts_on, ends_on) WITH &&)
);
CREATE INDEX ledger_period_closed_by ON ledger_period (closed_by) WHERE closed_by IS NOT NULL;

CREATE TABLE ledger_account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,             -- expense:12, payable:person:77, clearing:3, treasury:330102
    kind text NOT NULL CHECK (kind IN ('asset', 'liability', 'expense', 'equity')),
    budget_line_id bigint REFERENCES budget_line ON DELETE RESTRICT,
    person_id bigint REFERENCES person ON DELETE RESTRICT,
    organization_id bigint REFERENCES organization ON DELETE RESTRICT,
    place_id bigint REFERENCES place ON DELETE RESTRICT
);
CREATE INDEX ledger_account_budget_line ON ledger_account (budget_line_id) WHERE budget_line_id IS NOT NULL;
CREATE INDEX ledger_account_person ON ledger_account (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX ledger_account_organization ON ledger_account (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX ledger_account_place ON ledger_account (place_id) WHERE place_id IS NOT NULL;

CREATE TABLE ledger_transaction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    booked_on date NOT NULL,
    period_id bigint NOT NULL REFERENCES ledger_period ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('accrual', 'instruction', 'payout', 'return', 'reversal')),
    idempotency_key text NOT NULL UNIQUE,
    reverses bigint UNIQUE REFERENCES ledger_transaction ON DELETE RESTRICT,
    source_type text NOT NULL,
    source_id bigint NOT NULL,
    actor_id bigint REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
);
CREATE INDEX ledger_transaction_period ON ledger_transaction (period_id, booked_on);
CREATE INDEX ledger_transaction_source ON ledger_transaction (source_type, source_id);
CREATE INDEX ledger_transaction_actor ON ledger_transaction (actor_id) WHERE actor_id IS NOT NULL;
CALL make_append_only('ledger_transaction');

CREATE TABLE ledger_posting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id bigint NOT NULL REFERENCES ledger_transaction ON DELETE RESTRICT,
    account_id bigint NOT NULL REFERENCES ledger_account ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0)  -- debit positive, credit negative
);
CREATE INDEX ledger_posting_transaction ON ledger_posting (transaction_id);
CREATE INDEX ledger_posting_account ON ledger_posting (account_id, id);
CALL make_append_only('ledger_posting');

-- Zero-sum is judged at COMMIT: a transaction without postings, or with a fen too many, never lands.
CREATE FUNCTION require_zero_sum(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
BEGIN
    SELECT sum(amount_fen) INTO total FROM ledger_posting WHERE transaction_id = checked;
    IF total IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'ledger transaction % sums to % fen', checked, coalesce(total::text, 'nothing')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
    END IF;
END $$;
CREATE FUNCTION check_posting_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_zero_sum(NEW.transaction_id); RETURN NULL; END $$;
CREATE FUNCTION check_transaction_zero_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_zero_sum(NEW.id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER ledger_zero_sum AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_posting_zero_sum();
CREATE CONSTRAINT TRIGGER ledger_transaction_has_postings AFTER INSERT ON ledger_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_transaction_zero_sum();

CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE: a period cannot close while somebody posts into it.
    PERFORM 1 FROM ledger_period
    WHERE id = NEW.period_id AND closed_at IS NULL AND NEW.booked_on >= starts_on AND NEW.booked_on < ends_on
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the ledger period of % is closed', NEW.booked_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_period_open BEFORE INSERT ON ledger_transaction
    FOR EACH ROW EXECUTE FUNCTION refuse_closed_period();

-- A posting joins a transaction only while that transaction is being written.
CREATE FUNCTION refuse_late_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_transaction t
                   WHERE t.id = NEW.transaction_id AND t.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'ledger transaction % is complete', NEW.transaction_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_transaction_complete';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_transaction_complete BEFORE INSERT ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION refuse_late_posting();

-- A reversal mirrors what it reverses, account by account.
CREATE FUNCTION check_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reverses IS NOT NULL AND EXISTS (
        SELECT account_id FROM ledger_posting WHERE transaction_id IN (NEW.id, NEW.reverses)
        GROUP BY account_id HAVING sum(amount_fen) <> 0) THEN
        RAISE EXCEPTION 'reversal % does not mirror transaction %', NEW.id, NEW.reverses
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal_mirrors';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_reversal_mirrors AFTER INSERT ON ledger_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_reversal();

CREATE SEQUENCE reference_js;
CREATE TABLE settlement_batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('js'),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    period_from date NOT NULL,
    period_to date NOT NULL,
    idempotency_key text NOT NULL UNIQUE,
    input_sha256 bytea NOT NULL CHECK (octet_length(input_sha256) = 32),
    status text NOT NULL CHECK (status IN ('computed', 'approved', 'paid', 'cancelled')),
    total_fen bigint NOT NULL CHECK (total_fen >= 0),
    payment_count integer NOT NULL CHECK (payment_count >= 0),
    claim_count integer NOT NULL CHECK (claim_count >= 0),
    computed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    computed_at timestamptz NOT NULL,
    approved_by bigint REFERENCES account ON DELETE RESTRICT,
    approved_at timestamptz,
    paid_by bigint REFERENCES account ON DELETE RESTRICT,
    paid_at timestamptz,
    CHECK (period_to > period_from),
    CONSTRAINT settlement_three_people CHECK (approved_by <> computed_by AND paid_by <> computed_by
                                              AND paid_by <> approved_by),
    CONSTRAINT settlement_in_order CHECK ((status IN ('computed', 'cancelled') OR approved_by IS NOT NULL)
                                          AND (status <> 'paid' OR paid_by IS NOT NULL))
);
CREATE INDEX settlement_batch_place ON settlement_batch (place_id, id DESC);
CREATE INDEX settlement_batch_computed_by ON settlement_batch (computed_by);
CREATE INDEX settlement_batch_approved_by ON settlement_batch (approved_by) WHERE approved_by IS NOT NULL;
CREATE INDEX settlement_batch_paid_by ON settlement_batch (paid_by) WHERE paid_by IS NOT NULL;

CREATE TABLE settlement_payment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES settlement_batch ON DELETE RESTRICT,
    person_id bigint REFERENCES person ON DELETE RESTRICT,
    organization_id bigint REFERENCES organization ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    status text NOT NULL CHECK (status IN ('pending', 'paid', 'returned')),
    CHECK (num_nonnulls(person_id, organization_id) = 1)
);
CREATE UNIQUE INDEX settlement_payment_person ON settlement_payment (batch_id, person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX settlement_payment_organization ON settlement_payment (batch_id, organization_id)
    WHERE organization_id IS NOT NULL;
CREATE INDEX settlement_payment_by_person ON settlement_payment (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX settlement_payment_by_organization ON settlement_payment (organization_id)
    WHERE organization_id IS NOT NULL;

CREATE TABLE settlement_item (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES settlement_batch ON DELETE RESTRICT,
    payment_id bigint NOT NULL REFERENCES settlement_payment ON DELETE RESTRICT,
    claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    live boolean NOT NULL DEFAULT true
);
-- One claim, one live payment.
CREATE UNIQUE INDEX settlement_item_once ON settlement_item (claim_id) WHERE live;
CREATE INDEX settlement_item_claim ON settlement_item (claim_id);
CREATE INDEX settlement_item_batch ON settlement_item (batch_id);
CREATE INDEX settlement_item_payment ON settlement_item (payment_id);

-- A batch is the sum of its payments, a payment the sum of its items, judged at COMMIT.
CREATE FUNCTION check_settlement_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM settlement_batch b,
            LATERAL (SELECT coalesce(sum(amount_fen), 0) AS fen, count(*) AS payments
                     FROM settlement_payment WHERE batch_id = b.id) AS paid
        WHERE b.id = NEW.id AND (b.total_fen, b.payment_count) IS DISTINCT FROM (paid.fen, paid.payments)
        UNION ALL
        SELECT 1 FROM settlement_payment p JOIN settlement_item i ON i.payment_id = p.id
        WHERE p.batch_id = NEW.id GROUP BY p.id, p.amount_fen HAVING sum(i.amount_fen) <> p.amount_fen
        UNION ALL
        SELECT 1 FROM settlement_item i JOIN claim c ON c.id = i.claim_id
        WHERE i.batch_id = NEW.id AND i.amount_fen <> c.amount_fen
    ) THEN
        RAISE EXCEPTION 'settlement batch % does not add up', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_totals';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_totals AFTER INSERT OR UPDATE ON settlement_batch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_settlement_totals();

-- What was handed to the bank; the file itself holds account numbers and is written anew from the stored inputs,
-- byte for byte the same, whenever the cashier asks for it.
CREATE TABLE bank_file (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES settlement_batch ON DELETE RESTRICT,
    format text NOT NULL CHECK (format IN ('gb18030_csv')),
    content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
    line_count integer NOT NULL CHECK (line_count > 0),
    total_fen bigint NOT NULL CHECK (total_fen > 0),
    made_at timestamptz NOT NULL,
    UNIQUE (batch_id, format)
);
CALL make_append_only('bank_file');
