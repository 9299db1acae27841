-- A grade that brings less than what was approved. Nothing is edited: what is approved and waits is reversed and claimed
-- anew; what a batch holds or has paid is made good by a claim below zero, which the next payment deducts.

ALTER TABLE claim DROP CONSTRAINT claim_amount_fen_check, DROP CONSTRAINT claim_part;
ALTER TABLE claim
    ADD CONSTRAINT claim_part CHECK (part IN ('', 'base', 'quality', 'deduction')
                                     AND (part = '') = (closed_case_id IS NULL)),
    ADD CONSTRAINT claim_below_zero CHECK ((amount_fen < 0) = (part = 'deduction'));
ALTER TABLE settlement_item DROP CONSTRAINT settlement_item_amount_fen_check,
    ADD CONSTRAINT settlement_item_amount CHECK (amount_fen <> 0);
ALTER TABLE settlement_left_out DROP CONSTRAINT settlement_left_out_amount_fen_check,
    ADD CONSTRAINT settlement_left_out_amount CHECK (amount_fen <> 0),
    DROP CONSTRAINT settlement_left_out_reason,
    ADD CONSTRAINT settlement_left_out_reason CHECK (reason IN (
        'short_of_money', 'account_returned', 'challenged', 'disputed', 'official', 'shared_account', 'in_question',
        'nothing_to_deduct_from'));

-- What lives of a graded case is never more than the case is worth with its grade, and just that once something is
-- deducted. Judged at COMMIT with the grade and with each claim of the case that begins or ceases to count.
CREATE FUNCTION require_worth_of_grade(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    worth bigint := (SELECT graded_fen FROM closed_case WHERE id = checked);
    claimed record;
BEGIN
    IF worth IS NULL THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(amount_fen), 0) AS fen, coalesce(bool_or(amount_fen < 0), false) AS deducts INTO claimed
    FROM claim WHERE closed_case_id = checked AND claim_lives(status);
    IF claimed.fen > worth OR claimed.deducts AND claimed.fen < worth THEN
        RAISE EXCEPTION 'case % is worth % fen with its grade, not %', checked, worth, claimed.fen
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_worth_its_grade';
    END IF;
END $$;
CREATE FUNCTION check_worth_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_worth_of_grade(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION check_worth_of_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_worth_of_grade(NEW.closed_case_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER case_worth_its_grade AFTER UPDATE OF graded_fen ON closed_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.graded_fen IS NOT NULL) EXECUTE FUNCTION check_worth_of_case();
CREATE CONSTRAINT TRIGGER case_worth_its_grade AFTER INSERT ON claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closed_case_id IS NOT NULL)
    EXECUTE FUNCTION check_worth_of_claim();
CREATE CONSTRAINT TRIGGER case_worth_its_grade_still AFTER UPDATE OF status ON claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.closed_case_id IS NOT NULL AND claim_lives(NEW.status) <> claim_lives(OLD.status))
    EXECUTE FUNCTION check_worth_of_claim();

-- A claim is reversed in the books and its money set free, or it is not reversed.
CREATE FUNCTION check_reversed_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_transaction t JOIN ledger_transaction back ON back.reverses = t.id
                   WHERE t.source_type = 'claim' AND t.source_id = NEW.id AND t.kind = 'accrual')
       OR NOT EXISTS (SELECT FROM budget_movement m
                      WHERE m.source_type = 'claim' AND m.source_id = NEW.id AND m.kind = 'release') THEN
        RAISE EXCEPTION 'claim % is not reversed in the books and in its budget', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_reversal_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claim_reversal_booked AFTER UPDATE OF status ON claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'reversed' AND OLD.status <> 'reversed')
    EXECUTE FUNCTION check_reversed_claim();

-- Nobody is overtaken by a deduction: it takes no money.
CREATE OR REPLACE FUNCTION check_left_out_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT n.batch_id, min(settlement_turn(c.approved_at, c.amount_fen, c.id)) AS turn
                     FROM new_left_out n JOIN claim c ON c.id = n.claim_id
                     WHERE n.reason = 'short_of_money' GROUP BY n.batch_id) AS first
        JOIN settlement_item i ON i.batch_id = first.batch_id AND i.amount_fen > 0 JOIN claim c ON c.id = i.claim_id
        WHERE settlement_turn(c.approved_at, c.amount_fen, c.id) > first.turn) THEN
        RAISE EXCEPTION 'a claim is left out for one whose turn is later'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_left_out_in_turn';
    END IF;
    RETURN NULL;
END $$;

-- A deduction gives its budget back when it is deducted; the bank returning that payment spends it again.
CREATE OR REPLACE FUNCTION require_booked_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_transaction t JOIN ledger_transaction back ON back.reverses = t.id
        WHERE t.source_type = 'settlement_payment' AND t.source_id = NEW.payment_id
          AND t.kind IN ('instruction', 'payout')) <> 2
       OR EXISTS (
        SELECT FROM settlement_item i JOIN claim c ON c.id = i.claim_id
        LEFT JOIN budget_movement m ON m.source_type = 'settlement_item' AND m.source_id = i.id
             AND m.kind = CASE WHEN i.amount_fen > 0 THEN 'return' ELSE 'spend' END
        WHERE i.payment_id = NEW.payment_id AND (c.status, m.budget_line_id, m.spent_fen)
                                  IS DISTINCT FROM ('returned_by_bank', c.budget_line_id, -i.amount_fen)) THEN
        RAISE EXCEPTION 'a payment that came back is booked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_return_booked';
    END IF;
    RETURN NULL;
END $$;

-- What was graded down before, and was to be put right by hand, is deducted as well.
INSERT INTO claim (programme_id, status, closed_case_id, part, person_id, item, service_day, place_id, budget_line_id,
                   tariff_set_id, amount_fen, trace, missing_documents, accrued_at)
SELECT base.programme_id, 'accrued', k.id, 'deduction', base.person_id, base.item, base.service_day, base.place_id,
       base.budget_line_id, base.tariff_set_id, k.graded_fen - claimed.fen,
       jsonb_build_array(
           jsonb_build_object('key', 'worth', 'values', jsonb_build_object(
               'amount', to_char(k.graded_fen / 100.0, 'FM9999999999990.00'))),
           jsonb_build_object('key', 'earlier', 'values', jsonb_build_object(
               'amount', to_char(claimed.fen / 100.0, 'FM9999999999990.00'))),
           jsonb_build_object('key', 'take_back', 'values', jsonb_build_object(
               'amount', to_char((claimed.fen - k.graded_fen) / 100.0, 'FM9999999999990.00')))),
       '{}', now()
FROM closed_case k JOIN claim base ON base.closed_case_id = k.id AND base.part = 'base'
CROSS JOIN LATERAL (SELECT sum(c.amount_fen)::bigint AS fen FROM claim c
                    WHERE c.closed_case_id = k.id AND claim_lives(c.status)) AS claimed
WHERE k.graded_fen < claimed.fen ORDER BY k.id;
