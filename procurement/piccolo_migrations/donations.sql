-- Charitable money: funds, gifts, acknowledgements, refunds, what the payment service booked, and how it is spent.

-- The ledger keeps charitable money on accounts of its own, in the currency in which it arrived: amounts are minor units
-- of the account's currency. An account's currency and its side (fiscal or donated) stand in each posting, so that
-- neither changes once it was posted to.
CREATE TABLE donation_fund (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code ~ '^[a-z][a-z0-9-]{1,39}$'),   -- its address on the site
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    cause text NOT NULL CHECK (cause IN ('legal_aid', 'mediation', 'district')),
    name_zh text NOT NULL CHECK (name_zh <> ''),
    name_en text NOT NULL DEFAULT '',
    purpose_zh text NOT NULL CHECK (purpose_zh <> ''),
    purpose_en text NOT NULL DEFAULT '',
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),              -- what donors are asked for
    minimum_minor bigint NOT NULL CHECK (minimum_minor > 0),
    maximum_minor bigint NOT NULL,
    opened_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    opened_at timestamptz NOT NULL,
    paused_at timestamptz,
    CHECK (maximum_minor >= minimum_minor)
);
CREATE INDEX donation_fund_organization ON donation_fund (organization_id);
CREATE INDEX donation_fund_place ON donation_fund (place_id);
CREATE INDEX donation_fund_opened_by ON donation_fund (opened_by);

ALTER TABLE ledger_account
    ADD COLUMN donated boolean NOT NULL DEFAULT false,
    ADD COLUMN donation_fund_id bigint REFERENCES donation_fund ON DELETE RESTRICT,
    ADD CONSTRAINT ledger_account_side UNIQUE (id, currency, donated),
    ADD CONSTRAINT ledger_account_donated CHECK (
        CASE WHEN donated THEN num_nonnulls(budget_line_id, person_id, organization_id, place_id, batch_id) = 0
             ELSE donation_fund_id IS NULL AND currency = 'CNY' END);
CREATE INDEX ledger_account_donation_fund ON ledger_account (donation_fund_id) WHERE donation_fund_id IS NOT NULL;
ALTER TABLE ledger_posting
    ADD COLUMN donated boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT ledger_posting_of_account,
    ADD CONSTRAINT ledger_posting_side FOREIGN KEY (account_id, currency, donated)
        REFERENCES ledger_account (id, currency, donated) ON DELETE RESTRICT;
ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_of_currency;  -- its side is part of the key now
ALTER TABLE ledger_transaction DROP CONSTRAINT ledger_transaction_kind_check;
ALTER TABLE ledger_transaction ADD CONSTRAINT ledger_transaction_kind_check CHECK (kind IN
    ('accrual', 'instruction', 'payout', 'return', 'reversal',
     'gift', 'gift_refund', 'gift_dispute', 'gateway_payout', 'gateway_fee', 'gateway_other', 'fund_use'));

-- Zero for each currency by itself; and fiscal and charitable money never meet in one transaction.
CREATE OR REPLACE FUNCTION require_zero_sum(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found record;
    of_gifts boolean;
BEGIN
    FOR found IN SELECT currency, sum(amount_fen) AS total FROM ledger_posting
                 WHERE transaction_id = checked GROUP BY currency HAVING sum(amount_fen) <> 0 LOOP
        RAISE EXCEPTION 'ledger transaction % sums to % in %', checked, found.total, found.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
    END LOOP;
    SELECT bool_or(donated) AS some_donated, bool_and(donated) AS all_donated INTO found
    FROM ledger_posting WHERE transaction_id = checked;
    IF found.some_donated IS NULL THEN
        RAISE EXCEPTION 'ledger transaction % sums to nothing', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
    END IF;
    SELECT CASE kind WHEN 'reversal' THEN found.all_donated
                     ELSE kind IN ('gift', 'gift_refund', 'gift_dispute', 'gateway_payout', 'gateway_fee',
                                   'gateway_other', 'fund_use') END
    INTO of_gifts FROM ledger_transaction WHERE id = checked;
    IF found.some_donated <> found.all_donated OR found.all_donated <> of_gifts THEN
        RAISE EXCEPTION 'ledger transaction % mixes charitable and fiscal money', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_donations_apart';
    END IF;
END $$;

-- Who gives: name and address are sealed with a key of their own, and both may be missing.
CREATE TABLE donor (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_key_id bigint NOT NULL REFERENCES subject_key ON DELETE RESTRICT,
    name_sealed bytea,
    email_sealed bytea,
    locale text NOT NULL CHECK (locale IN ('zh', 'en')),
    stated_at timestamptz NOT NULL
);
CREATE INDEX donor_subject_key ON donor (subject_key_id);

CREATE TABLE gift_plan (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fund_id bigint NOT NULL REFERENCES donation_fund ON DELETE RESTRICT,
    donor_id bigint NOT NULL REFERENCES donor ON DELETE RESTRICT,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),               -- each month
    currency text NOT NULL,
    status text NOT NULL CHECK (status IN ('started', 'active', 'ended')),
    gateway_id text UNIQUE,
    started_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX gift_plan_fund ON gift_plan (fund_id);
CREATE INDEX gift_plan_donor ON gift_plan (donor_id);

CREATE SEQUENCE reference_jz;
CREATE TABLE gift (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    reference text NOT NULL UNIQUE DEFAULT next_reference('jz'),
    fund_id bigint NOT NULL REFERENCES donation_fund ON DELETE RESTRICT,
    donor_id bigint NOT NULL REFERENCES donor ON DELETE RESTRICT,
    plan_id bigint REFERENCES gift_plan ON DELETE RESTRICT,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status text NOT NULL CHECK (status IN ('started', 'processing', 'failed', 'expired', 'given')),
    checkout_id text UNIQUE,
    payment_id text UNIQUE,
    started_at timestamptz NOT NULL,
    given_at timestamptz,
    CONSTRAINT gift_of_fund UNIQUE (id, fund_id),
    CONSTRAINT gift_given_by_a_payment CHECK (
        (status = 'given') = (given_at IS NOT NULL) AND (status <> 'given' OR payment_id IS NOT NULL))
);
CREATE INDEX gift_fund ON gift (fund_id, id DESC);
CREATE INDEX gift_donor ON gift (donor_id);
CREATE INDEX gift_plan_of ON gift (plan_id) WHERE plan_id IS NOT NULL;
CREATE INDEX gift_open ON gift (id) WHERE status IN ('started', 'processing', 'failed');

-- Events come in any order and twice; what stands only moves forward, and what a gift is stays.
CREATE FUNCTION gift_rank(status text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position(ARRAY['started', 'processing', 'failed', 'expired', 'given'], status)
$$;
CREATE FUNCTION keep_gift_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR gift_rank(NEW.status) < gift_rank(OLD.status)
       OR (NEW.fund_id, NEW.donor_id, NEW.amount_minor, NEW.currency, NEW.plan_id)
          IS DISTINCT FROM (OLD.fund_id, OLD.donor_id, OLD.amount_minor, OLD.currency, OLD.plan_id)
       OR (OLD.payment_id IS NOT NULL AND NEW.payment_id IS DISTINCT FROM OLD.payment_id)
       OR (OLD.given_at IS NOT NULL AND NEW.given_at IS DISTINCT FROM OLD.given_at) THEN
        RAISE EXCEPTION 'gift % only moves forward', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gift_forward BEFORE UPDATE OR DELETE ON gift FOR EACH ROW EXECUTE FUNCTION keep_gift_forward();

CREATE FUNCTION keep_plan_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT text[] := ARRAY['started', 'active', 'ended'];
BEGIN
    IF TG_OP = 'DELETE' OR array_position(ranks, NEW.status) < array_position(ranks, OLD.status)
       OR (NEW.fund_id, NEW.donor_id, NEW.amount_minor, NEW.currency)
          IS DISTINCT FROM (OLD.fund_id, OLD.donor_id, OLD.amount_minor, OLD.currency)
       OR (OLD.gateway_id IS NOT NULL AND NEW.gateway_id IS DISTINCT FROM OLD.gateway_id) THEN
        RAISE EXCEPTION 'monthly gift % only moves forward', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_plan_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gift_plan_forward BEFORE UPDATE OR DELETE ON gift_plan FOR EACH ROW EXECUTE FUNCTION keep_plan_forward();

-- Money given back: asked for with a reason, decided by a second person, carried out by the payment service.
CREATE TABLE gift_refund (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    gift_id bigint NOT NULL REFERENCES gift ON DELETE RESTRICT,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL CHECK (reason <> ''),
    status text NOT NULL CHECK (status IN ('proposed', 'approved', 'sent', 'succeeded', 'failed', 'declined')),
    gateway_id text UNIQUE,
    proposed_by bigint REFERENCES account ON DELETE RESTRICT,            -- NULL: made at the payment service itself
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    CONSTRAINT gift_refund_second_person CHECK (decided_by <> proposed_by),
    CONSTRAINT gift_refund_decided CHECK (
        proposed_by IS NULL OR status IN ('proposed', 'declined') OR decided_by IS NOT NULL)
);
CREATE INDEX gift_refund_gift ON gift_refund (gift_id);
CREATE INDEX gift_refund_waiting ON gift_refund (id) WHERE status IN ('proposed', 'approved', 'sent');
CREATE INDEX gift_refund_proposed_by ON gift_refund (proposed_by) WHERE proposed_by IS NOT NULL;
CREATE INDEX gift_refund_decided_by ON gift_refund (decided_by) WHERE decided_by IS NOT NULL;

CREATE FUNCTION check_gift_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT text[] := ARRAY['proposed', 'approved', 'sent', 'succeeded', 'failed', 'declined'];
    given record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'refund % is kept', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_refund_forward';
    END IF;
    IF TG_OP = 'UPDATE' AND (array_position(ranks, NEW.status) < array_position(ranks, OLD.status)
       OR OLD.status = 'failed' AND NEW.status = 'declined' OR OLD.status = 'succeeded' AND NEW.status = 'declined'
       OR (NEW.gift_id, NEW.amount_minor, NEW.reason, NEW.proposed_by)
          IS DISTINCT FROM (OLD.gift_id, OLD.amount_minor, OLD.reason, OLD.proposed_by)) THEN
        RAISE EXCEPTION 'refund % only moves forward', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_refund_forward';
    END IF;
    -- The gift's row is locked first: two refunds of one gift wait for each other and see what the other took.
    SELECT amount_minor, status INTO given FROM gift WHERE id = NEW.gift_id FOR NO KEY UPDATE;
    IF NEW.status NOT IN ('failed', 'declined') AND (given.status <> 'given' OR given.amount_minor < NEW.amount_minor + (
           SELECT coalesce(sum(amount_minor), 0) FROM gift_refund
           WHERE gift_id = NEW.gift_id AND id <> NEW.id AND status NOT IN ('failed', 'declined'))) THEN
        RAISE EXCEPTION 'no more is given back of gift % than was given', NEW.gift_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_refund_within_gift';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gift_refund_within_gift BEFORE INSERT OR UPDATE OR DELETE ON gift_refund
    FOR EACH ROW EXECUTE FUNCTION check_gift_refund();

CREATE TABLE gift_dispute (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gift_id bigint NOT NULL REFERENCES gift ON DELETE RESTRICT,
    gateway_id text NOT NULL UNIQUE,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    reason text NOT NULL,                                                -- the payment service's code
    status text NOT NULL CHECK (status IN ('open', 'won', 'lost')),
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE INDEX gift_dispute_gift ON gift_dispute (gift_id);
CREATE FUNCTION keep_dispute_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open' AND NEW.status <> OLD.status
       OR (NEW.gift_id, NEW.gateway_id) IS DISTINCT FROM (OLD.gift_id, OLD.gateway_id) THEN
        RAISE EXCEPTION 'dispute % is closed once', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_dispute_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gift_dispute_forward BEFORE UPDATE OR DELETE ON gift_dispute
    FOR EACH ROW EXECUTE FUNCTION keep_dispute_forward();

-- What the payment service booked on its balance, each entry once: settled amount, fee and net in the currency of
-- settlement, and beside them what the donor paid.
CREATE TABLE gateway_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway_id text NOT NULL CONSTRAINT gateway_entry_once UNIQUE,
    kind text NOT NULL CHECK (kind IN ('gift', 'refund', 'refund_failure', 'dispute', 'dispute_return', 'payout',
                                       'fee', 'other')),
    fund_id bigint,
    gift_id bigint,
    amount_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    original_minor bigint NOT NULL,
    original_currency text NOT NULL CHECK (original_currency ~ '^[A-Z]{3}$'),
    made_at timestamptz NOT NULL,
    found_by text NOT NULL CHECK (found_by IN ('event', 'redirect', 'desk', 'reconciliation')),
    recorded_at timestamptz NOT NULL,
    FOREIGN KEY (gift_id, fund_id) REFERENCES gift (id, fund_id) ON DELETE RESTRICT,
    CONSTRAINT gateway_entry_adds_up CHECK (net_minor = amount_minor - fee_minor),
    CONSTRAINT gateway_entry_of_gift CHECK ((gift_id IS NULL) = (fund_id IS NULL)
        AND (kind IN ('payout', 'fee', 'other')) = (gift_id IS NULL))
);
CREATE INDEX gateway_entry_gift ON gateway_entry (gift_id, fund_id) WHERE gift_id IS NOT NULL;
CREATE INDEX gateway_entry_made ON gateway_entry (made_at DESC);
CALL make_append_only('gateway_entry');

-- With an entry the ledger is posted: by so much does the payment service's balance change in our books.
CREATE FUNCTION check_gateway_entry_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.net_minor <> (SELECT coalesce(sum(p.amount_fen), 0) FROM ledger_transaction t
                         JOIN ledger_posting p ON p.transaction_id = t.id JOIN ledger_account a ON a.id = p.account_id
                         WHERE t.source_type = 'gateway_entry' AND t.source_id = NEW.id AND a.donated
                           AND a.currency = NEW.currency AND starts_with(a.code, 'donated:gateway:')) THEN
        RAISE EXCEPTION 'entry % of the payment service is not in the ledger', NEW.gateway_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gateway_entry_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gateway_entry_booked AFTER INSERT ON gateway_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_gateway_entry_booked();

-- Acknowledgements are numbered by fund and year without gaps: the number is taken under the lock of its series, in the
-- transaction that issues, so that a number which is not used comes back.
CREATE TABLE acknowledgement_series (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fund_id bigint NOT NULL REFERENCES donation_fund ON DELETE RESTRICT,
    year integer NOT NULL,
    last integer NOT NULL CHECK (last > 0),
    UNIQUE (fund_id, year)
);
CREATE TABLE acknowledgement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fund_id bigint NOT NULL,
    gift_id bigint NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL,
    issued_at timestamptz NOT NULL,
    replaces bigint UNIQUE REFERENCES acknowledgement ON DELETE RESTRICT,
    voided_at timestamptz,
    void_reason text NOT NULL DEFAULT '' CHECK (void_reason IN ('', 'refunded', 'disputed')),
    UNIQUE (fund_id, year, number),
    FOREIGN KEY (gift_id, fund_id) REFERENCES gift (id, fund_id) ON DELETE RESTRICT,
    CHECK ((voided_at IS NULL) = (void_reason = ''))
);
CREATE UNIQUE INDEX acknowledgement_one_counts ON acknowledgement (gift_id) WHERE voided_at IS NULL;
CREATE INDEX acknowledgement_gift ON acknowledgement (gift_id, fund_id);

CREATE FUNCTION number_acknowledgement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    following integer;
BEGIN
    INSERT INTO acknowledgement_series AS series (fund_id, year, last) VALUES (NEW.fund_id, NEW.year, 1)
    ON CONFLICT (fund_id, year) DO UPDATE SET last = series.last + 1 RETURNING last INTO following;
    IF coalesce(NEW.number, following) <> following OR NEW.year <> extract(year FROM hangzhou_day(NEW.issued_at)) THEN
        RAISE EXCEPTION 'the next acknowledgement is number %', following
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acknowledgement_gapless';
    END IF;
    NEW.number := following;
    RETURN NEW;
END $$;
CREATE TRIGGER acknowledgement_numbered BEFORE INSERT ON acknowledgement
    FOR EACH ROW EXECUTE FUNCTION number_acknowledgement();
CREATE FUNCTION check_series_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM acknowledgement a
                   WHERE a.fund_id = NEW.fund_id AND a.year = NEW.year AND a.number = NEW.last)
       OR TG_OP = 'UPDATE' AND (NEW.fund_id, NEW.year, NEW.last) IS DISTINCT FROM (OLD.fund_id, OLD.year, OLD.last + 1)
    THEN
        RAISE EXCEPTION 'no number of acknowledgement is left out'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acknowledgement_gapless';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER acknowledgement_series_used AFTER INSERT OR UPDATE ON acknowledgement_series
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_series_used();
CREATE FUNCTION keep_acknowledgement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'acknowledgements and their series are kept'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'acknowledgement_kept';
    END IF;
    IF OLD.voided_at IS NOT NULL
       OR to_jsonb(NEW) - '{voided_at,void_reason}'::text[] <> to_jsonb(OLD) - '{voided_at,void_reason}'::text[] THEN
        RAISE EXCEPTION 'acknowledgement % is voided once, and never changed', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'acknowledgement_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acknowledgement_kept BEFORE UPDATE OR DELETE ON acknowledgement
    FOR EACH ROW EXECUTE FUNCTION keep_acknowledgement();
CREATE TRIGGER acknowledgement_series_kept BEFORE DELETE ON acknowledgement_series
    FOR EACH ROW EXECUTE FUNCTION keep_acknowledgement();

-- The number of the statutory receipt (财政票据), when finance has issued it outside this program.
CREATE TABLE statutory_receipt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gift_id bigint NOT NULL REFERENCES gift ON DELETE RESTRICT,
    number text NOT NULL CONSTRAINT statutory_receipt_once UNIQUE CHECK (number <> ''),
    issued_on date NOT NULL,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX statutory_receipt_gift ON statutory_receipt (gift_id);
CREATE INDEX statutory_receipt_recorded_by ON statutory_receipt (recorded_by);
CALL make_append_only('statutory_receipt');

-- What the payment service told us: the event's id is taken once, whatever is sent again. The body is not kept (it names
-- the donor): what matters is read from the payment service anew.
CREATE TABLE gateway_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL CONSTRAINT gateway_event_once UNIQUE CHECK (event_id <> ''),
    kind text NOT NULL,
    subject_kind text NOT NULL CHECK (subject_kind IN ('checkout', 'payment', 'plan', 'none')),
    subject_id text NOT NULL,
    body_sha256 bytea NOT NULL CHECK (octet_length(body_sha256) = 32),
    status text NOT NULL CHECK (status IN ('received', 'handled', 'ignored', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    received_at timestamptz NOT NULL,
    handled_at timestamptz,
    CHECK ((status IN ('handled', 'ignored')) = (handled_at IS NOT NULL))
);
CREATE INDEX gateway_event_waiting ON gateway_event (id) WHERE status IN ('received', 'failed');
CREATE FUNCTION keep_gateway_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.event_id, NEW.kind, NEW.subject_id, NEW.body_sha256)
                           IS DISTINCT FROM (OLD.event_id, OLD.kind, OLD.subject_id, OLD.body_sha256) THEN
        RAISE EXCEPTION 'event % is kept as it came', OLD.event_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gateway_event_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER gateway_event_kept BEFORE UPDATE OR DELETE ON gateway_event
    FOR EACH ROW EXECUTE FUNCTION keep_gateway_event();

-- Each request that moves money has a key of ours, written before it is sent and kept for ever: the payment service may
-- forget its copy after a day.
CREATE TABLE gateway_attempt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL CONSTRAINT gateway_attempt_once UNIQUE CHECK (key <> ''),
    purpose text NOT NULL CHECK (purpose IN ('checkout', 'refund', 'end_plan')),
    subject_id bigint NOT NULL,
    request_sha256 bytea NOT NULL CHECK (octet_length(request_sha256) = 32),
    made_at timestamptz NOT NULL
);
CREATE INDEX gateway_attempt_subject ON gateway_attempt (purpose, subject_id);
CALL make_append_only('gateway_attempt');

-- What a fund's money was used for, decided by a second person, and never more than the fund has.
CREATE TABLE fund_use (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    fund_id bigint NOT NULL REFERENCES donation_fund ON DELETE RESTRICT,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    used_on date NOT NULL,
    purpose_zh text NOT NULL CHECK (purpose_zh <> ''),
    purpose_en text NOT NULL DEFAULT '',
    document text NOT NULL CHECK (document <> ''),                       -- the voucher it was paid by
    status text NOT NULL CHECK (status IN ('proposed', 'approved', 'declined')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    CONSTRAINT fund_use_second_person CHECK (decided_by <> proposed_by),
    CHECK ((status = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL))
);

-- An entry of a gift belongs to its fund's place; the payment service's own entries to where gifts began.
CREATE OR REPLACE FUNCTION place_of_entry(of_type text, of_id bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE of_type
        WHEN 'claim' THEN (SELECT c.place_id FROM claim c WHERE c.id = of_id)
        WHEN 'settlement_payment' THEN (SELECT b.place_id FROM settlement_payment p
                                        JOIN settlement_batch b ON b.id = p.batch_id WHERE p.id = of_id)
        WHEN 'advance_return' THEN (SELECT p.place_id FROM advance_return r JOIN contract c ON c.id = r.contract_id
                                    JOIN purchase p ON p.id = c.purchase_id WHERE r.id = of_id)
        WHEN 'tax_remittance' THEN (SELECT r.place_id FROM tax_remittance r WHERE r.id = of_id)
        WHEN 'gateway_entry' THEN (SELECT f.place_id FROM gateway_entry g JOIN donation_fund f ON f.id = coalesce(
                                       g.fund_id, (SELECT min(id) FROM donation_fund)) WHERE g.id = of_id)
        WHEN 'fund_use' THEN (SELECT f.place_id FROM fund_use u JOIN donation_fund f ON f.id = u.fund_id
                              WHERE u.id = of_id) END
$$;
CREATE INDEX fund_use_fund ON fund_use (fund_id, id DESC);
CREATE INDEX fund_use_proposed_by ON fund_use (proposed_by);
CREATE INDEX fund_use_decided_by ON fund_use (decided_by) WHERE decided_by IS NOT NULL;
CREATE FUNCTION keep_fund_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'proposed'
       OR (NEW.fund_id, NEW.amount_minor, NEW.currency, NEW.used_on, NEW.document, NEW.proposed_by)
          IS DISTINCT FROM (OLD.fund_id, OLD.amount_minor, OLD.currency, OLD.used_on, OLD.document, OLD.proposed_by) THEN
        RAISE EXCEPTION 'use % is decided once, as it was proposed', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_use_kept';
    END IF;
    -- Uses of one fund are approved one after the other, so that each sees what the one before took.
    PERFORM FROM donation_fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_use_kept BEFORE UPDATE OR DELETE ON fund_use FOR EACH ROW EXECUTE FUNCTION keep_fund_use();
CREATE FUNCTION check_fund_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'approved' AND NEW.amount_minor IS DISTINCT FROM (
        SELECT sum(p.amount_fen) FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id = t.id
        JOIN ledger_account a ON a.id = p.account_id
        WHERE t.source_type = 'fund_use' AND t.source_id = NEW.id AND a.donation_fund_id = NEW.fund_id
          AND a.currency = NEW.currency) THEN
        RAISE EXCEPTION 'use % of the fund is not in the ledger', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_use_booked';
    END IF;
    IF NEW.status = 'approved' AND (
        SELECT sum(p.amount_fen) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
        WHERE a.donation_fund_id = NEW.fund_id AND a.currency = NEW.currency) > 0 THEN
        RAISE EXCEPTION 'fund % has not got so much', NEW.fund_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_use_within_balance';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_use_booked AFTER INSERT OR UPDATE ON fund_use
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_fund_use();

-- What each look at the payment service's own books found.
CREATE TABLE gateway_reconciliation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    looked_from timestamptz NOT NULL,
    looked_until timestamptz NOT NULL,
    entries integer NOT NULL,
    missed integer NOT NULL,               -- entries that no event had brought
    unclear integer NOT NULL,              -- entries that belong to no gift of ours
    balances jsonb NOT NULL,               -- per currency: the payment service's balance, and ours
    ran_at timestamptz NOT NULL
);
CALL make_append_only('gateway_reconciliation');

-- The demonstration's payment service keeps its own objects here; a production installation leaves it empty.
CREATE TABLE demo_gateway_object (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gateway_id text NOT NULL UNIQUE,
    kind text NOT NULL,
    body jsonb NOT NULL,
    made_at timestamptz NOT NULL
);
CREATE INDEX demo_gateway_object_kind ON demo_gateway_object (kind, id);
CREATE TABLE demo_gateway_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    request_sha256 bytea NOT NULL,
    gateway_id text NOT NULL
);

-- What people call the accounts of charitable money: donated:FUND:given:CNY, donated:gateway:HKD.
CREATE FUNCTION donated_account_name(code text, fund_name text, language text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(' · ', fund_name, coalesce(names.name, split_part(code, ':', 3)),
                     nullif(reverse(split_part(reverse(code), ':', 1)), 'CNY'))
    FROM (SELECT CASE WHEN fund_name IS NULL THEN split_part(code, ':', 2) ELSE split_part(code, ':', 3) END) AS said (word)
    LEFT JOIN (VALUES ('given', 'zh', '捐赠'), ('given', 'en', 'gifts'), ('fees', 'zh', '手续费'), ('fees', 'en', 'fees'),
                      ('used', 'zh', '支出'), ('used', 'en', 'spending'), ('gateway', 'zh', '支付平台余额'),
                      ('gateway', 'en', 'balance at the payment service'), ('bank', 'zh', '捐赠专户'),
                      ('bank', 'en', 'bank account of donations'), ('unclear', 'zh', '待查款项'),
                      ('unclear', 'en', 'unclear')) AS names (word, language, name)
      ON names.word = said.word AND names.language = donated_account_name.language
$$;
