-- Settlement runs: planned, capped by the money at hand in an order that everybody can read, numbered without gaps, and
-- cleared to the fen. docs/settlement.md lists what a run promises.

-- A batch's number has no gaps: a run that dies gives its number back, and done again it makes the same papers.
CREATE TABLE settlement_number (
    year integer PRIMARY KEY,
    last bigint NOT NULL CHECK (last > 0)
);
INSERT INTO settlement_number (year, last)
SELECT split_part(reference, '-', 2)::integer, max(split_part(reference, '-', 3)::bigint) FROM settlement_batch GROUP BY 1;
CREATE FUNCTION next_batch_reference() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    this_year integer := extract(year FROM now() AT TIME ZONE 'Asia/Shanghai');
    number bigint;
BEGIN
    INSERT INTO settlement_number AS taken (year, last) VALUES (this_year, 1)
    ON CONFLICT (year) DO UPDATE SET last = taken.last + 1 RETURNING last INTO number;
    RETURN format('JS-%s-%s', this_year, lpad(number::text, 6, '0'));
END $$;
ALTER TABLE settlement_batch ALTER COLUMN reference SET DEFAULT next_batch_reference();
DROP SEQUENCE reference_js;

-- 预算法 art 13: a run pays no more than the money at hand (用款额度), where the clerk names it.
ALTER TABLE settlement_batch ADD COLUMN cap_fen bigint CHECK (cap_fen > 0),
    ADD CONSTRAINT settlement_within_cap CHECK (total_fen <= cap_fen);
CREATE FUNCTION refuse_another_cap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the cap that batch % was computed with stays', OLD.reference
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'settlement_cap_frozen';
END $$;
CREATE TRIGGER settlement_cap_frozen BEFORE UPDATE ON settlement_batch FOR EACH ROW
    WHEN (NEW.cap_fen IS DISTINCT FROM OLD.cap_fen) EXECUTE FUNCTION refuse_another_cap();

-- Each approved claim of the run's place and days that it leaves out, and why; its payee reads it.
CREATE TABLE settlement_left_out (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES settlement_batch ON DELETE RESTRICT,
    claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    reason text NOT NULL CHECK (reason IN ('short_of_money', 'account_returned', 'challenged', 'in_question')),
    line_number integer NOT NULL CHECK (line_number > 0),   -- how many wait for the same reason, this one included
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    CONSTRAINT settlement_left_out_once UNIQUE (batch_id, claim_id)
);
CREATE INDEX settlement_left_out_claim ON settlement_left_out (claim_id, id DESC);
CALL make_append_only('settlement_left_out');

-- The order in which claims are paid when money is short: the oldest approval first, of one day the smallest first.
CREATE FUNCTION settlement_turn(approved_at timestamptz, amount_fen bigint, claim_id bigint) RETURNS bigint[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[hangzhou_day(approved_at) - date '2000-01-01', amount_fen, claim_id]
$$;
CREATE FUNCTION check_left_out_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT n.batch_id, min(settlement_turn(c.approved_at, c.amount_fen, c.id)) AS turn
                     FROM new_left_out n JOIN claim c ON c.id = n.claim_id
                     WHERE n.reason = 'short_of_money' GROUP BY n.batch_id) AS first
        JOIN settlement_item i ON i.batch_id = first.batch_id JOIN claim c ON c.id = i.claim_id
        WHERE settlement_turn(c.approved_at, c.amount_fen, c.id) > first.turn) THEN
        RAISE EXCEPTION 'a claim is left out for one whose turn is later'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_left_out_in_turn';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_left_out_in_turn AFTER INSERT ON settlement_left_out REFERENCING NEW TABLE AS new_left_out
    FOR EACH STATEMENT EXECUTE FUNCTION check_left_out_in_turn();

-- What the scheduler plans: a district's run over everything approved up to the end of a month.
CREATE TABLE settlement_plan (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    period_from date NOT NULL,
    period_to date NOT NULL CHECK (period_to > period_from),
    idempotency_key text NOT NULL UNIQUE,
    planned_at timestamptz NOT NULL,
    CONSTRAINT settlement_plan_once UNIQUE (place_id, month)
);
CALL make_append_only('settlement_plan');

-- A batch that is approved and cannot be paid is given up: its entries are reversed, its claims wait for another one.
CREATE OR REPLACE FUNCTION settlement_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN
        (('computed', 'approved'), ('computed', 'cancelled'), ('approved', 'paid'), ('approved', 'cancelled'))
$$;

-- Between instruction and payout a batch's money is in its clearing account, and only then: whoever posts to the
-- account, and whoever moves the batch, has it judged at COMMIT.
ALTER TABLE ledger_account ADD COLUMN batch_id bigint REFERENCES settlement_batch ON DELETE RESTRICT;
UPDATE ledger_account SET batch_id = split_part(code, ':', 3)::bigint
WHERE code LIKE 'clearing:batch:%' AND EXISTS (
    SELECT FROM settlement_batch b WHERE b.id = split_part(code, ':', 3)::bigint);
CREATE UNIQUE INDEX ledger_account_batch ON ledger_account (batch_id) WHERE batch_id IS NOT NULL;
CREATE FUNCTION check_settlement_cleared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_written_again(NEW) THEN
        RETURN NULL;
    END IF;
    IF (SELECT coalesce(sum(p.amount_fen), 0) FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id
        WHERE a.batch_id = NEW.id) <> (CASE NEW.status WHEN 'approved' THEN -NEW.total_fen ELSE 0 END) THEN
        RAISE EXCEPTION 'the clearing account of batch % is not where it stands', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_cleared';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_cleared AFTER INSERT OR UPDATE ON settlement_batch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_settlement_cleared();
CREATE FUNCTION touch_batches_of_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE settlement_batch SET total_fen = total_fen
    WHERE id IN (SELECT a.batch_id FROM ledger_account a
                 WHERE a.batch_id IS NOT NULL AND a.id IN (SELECT account_id FROM new_postings));
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_is_cleared AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS new_postings
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_postings();
