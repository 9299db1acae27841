-- A line of the bank's file that came back is recorded with its reason, booked back, and paid again once its payee
-- has named an account anew. Without that record no payment and no claim counts as returned.

-- The account that a payment went to, sealed as it was: the bank's file is written anew from it.
ALTER TABLE settlement_payment ADD COLUMN bank_name text NOT NULL DEFAULT '', ADD COLUMN account_sealed bytea;
CREATE FUNCTION refuse_another_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the account that payment % went to stays', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'settlement_account_frozen';
END $$;
CREATE TRIGGER settlement_account_frozen BEFORE UPDATE ON settlement_payment FOR EACH ROW
    WHEN (OLD.account_sealed IS NOT NULL
          AND (NEW.account_sealed, NEW.bank_name) IS DISTINCT FROM (OLD.account_sealed, OLD.bank_name))
    EXECUTE FUNCTION refuse_another_account();

CREATE TABLE bank_return (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id bigint NOT NULL REFERENCES settlement_payment ON DELETE RESTRICT,
    reason_zh text NOT NULL CHECK (reason_zh <> ''),         -- the bank's words
    document text NOT NULL CHECK (document <> ''),           -- its voucher
    returned_on date NOT NULL,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT bank_return_once UNIQUE (payment_id)
);
CREATE INDEX bank_return_recorded_by ON bank_return (recorded_by);
CALL make_append_only('bank_return');

CREATE FUNCTION check_bank_return() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid record;
BEGIN
    SELECT b.status, hangzhou_day(b.paid_at) AS paid_on INTO paid FROM settlement_batch b
    WHERE b.id = (SELECT batch_id FROM settlement_payment WHERE id = NEW.payment_id) FOR NO KEY UPDATE;
    IF paid.status IS DISTINCT FROM 'paid' OR NEW.returned_on NOT BETWEEN paid.paid_on AND hangzhou_day(NEW.recorded_at)
    THEN
        RAISE EXCEPTION 'what comes back was paid before'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_return_of_paid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_return_of_paid BEFORE INSERT ON bank_return FOR EACH ROW EXECUTE FUNCTION check_bank_return();

-- With the record the entries of the payment are reversed, its budget is given back, and its claims wait again.
CREATE FUNCTION require_booked_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_transaction t JOIN ledger_transaction back ON back.reverses = t.id
        WHERE t.source_type = 'settlement_payment' AND t.source_id = NEW.payment_id
          AND t.kind IN ('instruction', 'payout')) <> 2
       OR EXISTS (
        SELECT FROM settlement_item i JOIN claim c ON c.id = i.claim_id
        LEFT JOIN budget_movement m ON m.source_type = 'settlement_item' AND m.source_id = i.id AND m.kind = 'return'
        WHERE i.payment_id = NEW.payment_id AND (c.status, m.budget_line_id, m.spent_fen)
                                  IS DISTINCT FROM ('returned_by_bank', c.budget_line_id, -i.amount_fen)) THEN
        RAISE EXCEPTION 'a payment that came back is booked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_return_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bank_return_booked AFTER INSERT ON bank_return
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_booked_return();
CREATE FUNCTION touch_batches_of_returns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE settlement_batch SET total_fen = total_fen
    WHERE id IN (SELECT p.batch_id FROM new_returns n JOIN settlement_payment p ON p.id = n.payment_id);
    RETURN NULL;
END $$;
CREATE TRIGGER bank_return_added AFTER INSERT ON bank_return REFERENCING NEW TABLE AS new_returns
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_returns();

-- A payment stands as its batch does unless it came back; its items live until then, or until the batch is cancelled.
CREATE FUNCTION check_settlement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_written_again(NEW) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM settlement_item i LEFT JOIN bank_return r ON r.payment_id = i.payment_id
        WHERE i.batch_id = NEW.id AND i.live = (NEW.status = 'cancelled' OR r.id IS NOT NULL)) THEN
        RAISE EXCEPTION 'the claims of batch % are paid by it until it is cancelled or the bank returns them', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_item_lives';
    END IF;
    IF EXISTS (
        SELECT FROM settlement_payment p LEFT JOIN bank_return r ON r.payment_id = p.id
        WHERE p.batch_id = NEW.id AND p.status <> CASE WHEN r.id IS NOT NULL THEN 'returned'
                                                       WHEN NEW.status = 'paid' THEN 'paid' ELSE 'pending' END) THEN
        RAISE EXCEPTION 'the payments of batch % stand otherwise than it does', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_payment_stands';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_stands AFTER INSERT OR UPDATE ON settlement_batch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_settlement_stands();

CREATE FUNCTION check_returned_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_claims n WHERE n.status = 'returned_by_bank' AND (
            NOT EXISTS (SELECT FROM settlement_item i JOIN bank_return r ON r.payment_id = i.payment_id
                        WHERE i.claim_id = n.id)
            OR EXISTS (SELECT FROM settlement_item i WHERE i.claim_id = n.id AND i.live))) THEN
        RAISE EXCEPTION 'the bank returned no payment of this claim'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_was_returned';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_was_returned AFTER UPDATE ON claim REFERENCING NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_returned_claims();

-- Payees whose account of today is one that money came back from; 0 stands for none.
CREATE VIEW returned_account AS
SELECT DISTINCT coalesce(p.person_id, 0) AS person_id, coalesce(p.organization_id, 0) AS organization_id
FROM bank_return r JOIN settlement_payment p ON p.id = r.payment_id
LEFT JOIN person ON person.id = p.person_id LEFT JOIN organization o ON o.id = p.organization_id
WHERE p.account_sealed = coalesce(person.bank_account_sealed, o.bank_account_sealed);

CREATE FUNCTION check_account_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_payments n JOIN returned_account x
               ON (x.person_id, x.organization_id) = (coalesce(n.person_id, 0), coalesce(n.organization_id, 0))
               WHERE n.status <> 'returned') THEN
        RAISE EXCEPTION 'money came back from this account: nothing is paid to it before it is corrected'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_account_corrected';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_account_corrected AFTER INSERT ON settlement_payment REFERENCING NEW TABLE AS new_payments
    FOR EACH STATEMENT EXECUTE FUNCTION check_account_corrected();
CREATE TRIGGER settlement_account_corrected_still AFTER UPDATE ON settlement_payment
    REFERENCING NEW TABLE AS new_payments FOR EACH STATEMENT EXECUTE FUNCTION check_account_corrected();

-- A claim whose payee has named another account waits for the next batch, as an approved one does.
CREATE OR REPLACE FUNCTION nudge_waits(of_step text, order_status text, claim_status text, batch_status text)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE of_step
        WHEN 'acceptance' THEN order_status = 'delivered'
        WHEN 'approval' THEN claim_status = 'accrued'
        WHEN 'batching' THEN claim_status IN ('approved', 'returned_by_bank')
        WHEN 'checking' THEN claim_status = 'batched' AND batch_status = 'computed'
        ELSE claim_status = 'batched' AND batch_status = 'approved' END
$$;

-- Of what was paid before this was kept, the account of today is the one that is known.
UPDATE settlement_payment p SET bank_name = coalesce(found.bank_name, ''), account_sealed = found.account_sealed
FROM (SELECT pay.id, coalesce(person.bank_name, o.bank_name) AS bank_name,
             coalesce(person.bank_account_sealed, o.bank_account_sealed) AS account_sealed
      FROM settlement_payment pay LEFT JOIN person ON person.id = pay.person_id
      LEFT JOIN organization o ON o.id = pay.organization_id WHERE pay.status = 'paid') AS found
WHERE found.id = p.id;
