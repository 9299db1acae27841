-- Balances that cost the same at ten million postings as at a hundred thousand, and months that close in their order.
-- docs/adr/0018-balances-never-lose-a-late-commit.md tells the method.

-- Each account is of one currency; an entry sums to zero in each. What an entry is for says where: its place.
ALTER TABLE ledger_account ADD COLUMN currency text NOT NULL DEFAULT 'CNY' CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_of_currency UNIQUE (id, currency);
ALTER TABLE ledger_transaction ADD COLUMN place_id bigint REFERENCES place ON DELETE RESTRICT;
CREATE INDEX ledger_transaction_place ON ledger_transaction (place_id);
ALTER TABLE ledger_posting ADD COLUMN currency text NOT NULL DEFAULT 'CNY', ADD COLUMN period_id bigint,
    ADD COLUMN place_id bigint;
CREATE INDEX ledger_period_days ON ledger_period (starts_on);

CREATE FUNCTION place_of_entry(of_type text, of_id bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE of_type
        WHEN 'claim' THEN (SELECT c.place_id FROM claim c WHERE c.id = of_id)
        WHEN 'settlement_payment' THEN (SELECT b.place_id FROM settlement_payment p
                                        JOIN settlement_batch b ON b.id = p.batch_id WHERE p.id = of_id)
        WHEN 'advance_return' THEN (SELECT p.place_id FROM advance_return r JOIN contract c ON c.id = r.contract_id
                                    JOIN purchase p ON p.id = c.purchase_id WHERE r.id = of_id) END
$$;
CREATE FUNCTION place_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.place_id := place_of_entry(NEW.source_type, NEW.source_id);
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_transaction_placed BEFORE INSERT ON ledger_transaction
    FOR EACH ROW EXECUTE FUNCTION place_entry();

ALTER TABLE ledger_transaction DISABLE TRIGGER append_only;
ALTER TABLE ledger_posting DISABLE TRIGGER append_only;
UPDATE ledger_transaction SET place_id = place_of_entry(source_type, source_id);
UPDATE ledger_posting p SET period_id = t.period_id, place_id = t.place_id
FROM ledger_transaction t WHERE t.id = p.transaction_id;
ALTER TABLE ledger_transaction ENABLE TRIGGER append_only;
ALTER TABLE ledger_posting ENABLE TRIGGER append_only;

ALTER TABLE ledger_posting ALTER COLUMN period_id SET NOT NULL;
ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_account_id_fkey;
DROP INDEX ledger_posting_account;
CREATE INDEX ledger_posting_account ON ledger_posting (account_id, period_id, id);
ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_of_account FOREIGN KEY (account_id, currency)
    REFERENCES ledger_account (id, currency) ON DELETE RESTRICT;

-- A posting joins a transaction only while that is being written, and takes its month and place over from it. A
-- reversal takes as many as what it reverses; that they mirror each other is judged at COMMIT.
CREATE OR REPLACE FUNCTION refuse_late_posting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_transaction record;
BEGIN
    SELECT t.period_id, t.place_id, t.reverses INTO of_transaction FROM ledger_transaction t
    WHERE t.id = NEW.transaction_id AND t.xmin = pg_current_xact_id()::xid;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is complete', NEW.transaction_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_transaction_complete';
    END IF;
    IF of_transaction.reverses IS NOT NULL AND
       (SELECT count(*) FROM ledger_posting WHERE transaction_id = NEW.transaction_id)
       >= (SELECT count(*) FROM ledger_posting WHERE transaction_id = of_transaction.reverses) THEN
        RAISE EXCEPTION 'reversal % has more postings than what it reverses', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal_mirrors';
    END IF;
    NEW.period_id := of_transaction.period_id;
    NEW.place_id := of_transaction.place_id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION require_zero_sum(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    sums numeric[];
BEGIN
    SELECT array_agg(of_currency.fen) INTO sums
    FROM (SELECT sum(amount_fen) AS fen FROM ledger_posting WHERE transaction_id = checked GROUP BY currency)
         AS of_currency;
    IF sums IS NULL OR sums <> array_fill(0::numeric, ARRAY[cardinality(sums)]) THEN
        RAISE EXCEPTION 'ledger transaction % sums to % fen', checked, coalesce(sums::text, 'nothing')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION check_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT account_id, -amount_fen FROM ledger_posting WHERE transaction_id = NEW.reverses
        EXCEPT ALL SELECT account_id, amount_fen FROM ledger_posting WHERE transaction_id = NEW.id) THEN
        RAISE EXCEPTION 'reversal % does not mirror transaction %', NEW.id, NEW.reverses
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal_mirrors';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER ledger_reversal_mirrors ON ledger_transaction;
CREATE CONSTRAINT TRIGGER ledger_reversal_mirrors AFTER INSERT ON ledger_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION check_reversal();

-- What was posted since the last folding lies in ledger_fresh, summed for each statement that posted; folding takes the
-- rows that it sees out of it and adds them up in ledger_balance, in one statement. A transaction that commits late is
-- not seen, so its rows stay until the next time: nothing goes by the order of ids. A balance is the sum of both.
CREATE TABLE ledger_balance (
    account_id bigint NOT NULL REFERENCES ledger_account ON DELETE RESTRICT,
    place_id bigint,
    period_id bigint NOT NULL,
    debit_fen bigint NOT NULL CHECK (debit_fen >= 0),
    credit_fen bigint NOT NULL CHECK (credit_fen >= 0),
    CONSTRAINT ledger_balance_once UNIQUE NULLS NOT DISTINCT (account_id, place_id, period_id)
);
CREATE TABLE ledger_fresh (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL,
    place_id bigint,
    period_id bigint NOT NULL,
    debit_fen bigint NOT NULL,
    credit_fen bigint NOT NULL
);
CREATE INDEX ledger_fresh_account ON ledger_fresh (account_id);
CREATE VIEW ledger_total AS
SELECT account_id, place_id, period_id, sum(debit_fen)::bigint AS debit_fen, sum(credit_fen)::bigint AS credit_fen
FROM (SELECT account_id, place_id, period_id, debit_fen, credit_fen FROM ledger_balance
      UNION ALL SELECT account_id, place_id, period_id, debit_fen, credit_fen FROM ledger_fresh) AS known
GROUP BY account_id, place_id, period_id;

-- Both are written by the functions below alone, which run as the owner of the tables; the application does not.
CREATE FUNCTION refuse_hand_written_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'balances are the sums of postings'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_balance_is_summed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_balance_is_summed BEFORE INSERT OR UPDATE OR DELETE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_hand_written_balance();
CREATE TRIGGER ledger_balance_is_summed BEFORE INSERT OR UPDATE OR DELETE ON ledger_fresh
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_hand_written_balance();

CREATE FUNCTION keep_fresh_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_fresh (account_id, place_id, period_id, debit_fen, credit_fen)
    SELECT account_id, place_id, period_id, sum(greatest(amount_fen, 0)), sum(greatest(-amount_fen, 0))
    FROM new_postings GROUP BY account_id, place_id, period_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_is_fresh AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS new_postings
    FOR EACH STATEMENT EXECUTE FUNCTION keep_fresh_postings();

CREATE FUNCTION fold_ledger(at_most integer) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH taken AS (
        DELETE FROM ledger_fresh WHERE id IN (
            SELECT id FROM ledger_fresh ORDER BY id LIMIT at_most FOR UPDATE SKIP LOCKED)
        RETURNING account_id, place_id, period_id, debit_fen, credit_fen),
    folded AS (
        INSERT INTO ledger_balance AS kept (account_id, place_id, period_id, debit_fen, credit_fen)
        SELECT account_id, place_id, period_id, sum(debit_fen), sum(credit_fen) FROM taken
        GROUP BY account_id, place_id, period_id ORDER BY account_id, place_id, period_id
        ON CONFLICT ON CONSTRAINT ledger_balance_once DO UPDATE
            SET debit_fen = kept.debit_fen + excluded.debit_fen, credit_fen = kept.credit_fen + excluded.credit_fen)
    SELECT count(*)::integer FROM taken
$$;
INSERT INTO ledger_balance (account_id, place_id, period_id, debit_fen, credit_fen)
SELECT account_id, place_id, period_id, sum(greatest(amount_fen, 0)), sum(greatest(-amount_fen, 0))
FROM ledger_posting GROUP BY account_id, place_id, period_id;

-- Months close one after the other once they are over, and stay closed; no month begins before one that is closed.
CREATE FUNCTION check_period_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        (NEW.starts_on, NEW.ends_on) <> (OLD.starts_on, OLD.ends_on) OR OLD.closed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the ledger period of % stays as it is', OLD.starts_on
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_period_stays';
    END IF;
    IF NEW.closed_at IS NULL AND EXISTS (
        SELECT FROM ledger_period p WHERE p.closed_at IS NOT NULL AND p.starts_on > NEW.starts_on)
       OR NEW.closed_at IS NOT NULL AND (
        hangzhou_day(NEW.closed_at) < NEW.ends_on
        OR EXISTS (SELECT FROM ledger_period p WHERE p.closed_at IS NULL AND p.starts_on < NEW.starts_on)) THEN
        RAISE EXCEPTION 'ledger periods close in their order, each when it is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_in_order';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_period_in_order AFTER INSERT OR UPDATE OR DELETE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION check_period_order();
