-- A deduction whose payee receives nothing more is given back in cash: the cashier records what the bank statement says,
-- a second person confirms it, the books take it in, and the deduction is settled like one that a payment bore.

CREATE TABLE deduction_repayment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    received_on date NOT NULL,
    document text NOT NULL CHECK (document <> ''),               -- the line of the bank's statement
    status text NOT NULL CHECK (status IN ('recorded', 'confirmed', 'refused')),
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT deduction_repayment_decided CHECK ((status = 'recorded') = (decided_by IS NULL)),
    CONSTRAINT deduction_repayment_reasoned CHECK ((status = 'refused') = (reason <> '')),
    CONSTRAINT deduction_repayment_second_person CHECK (decided_by <> recorded_by)
);
CREATE UNIQUE INDEX deduction_repayment_once ON deduction_repayment (claim_id) WHERE status <> 'refused';
-- One line of a bank statement is one sum of one day: it settles nothing twice.
CREATE UNIQUE INDEX deduction_repayment_document_once ON deduction_repayment (document, received_on, amount_fen)
    WHERE status <> 'refused';
CREATE INDEX deduction_repayment_claim ON deduction_repayment (claim_id);
CREATE INDEX deduction_repayment_recorded_by ON deduction_repayment (recorded_by);
CREATE INDEX deduction_repayment_decided_by ON deduction_repayment (decided_by) WHERE decided_by IS NOT NULL;

CREATE FUNCTION check_deduction_repayment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed record;
BEGIN
    SELECT c.status, c.part, c.amount_fen, p.account_id INTO owed FROM claim c LEFT JOIN person p ON p.id = c.person_id
    WHERE c.id = NEW.claim_id FOR NO KEY UPDATE OF c;
    IF NEW.status <> 'recorded' OR owed.part <> 'deduction' OR owed.status NOT IN ('approved', 'returned_by_bank') THEN
        RAISE EXCEPTION 'claim % is no open deduction, or a batch holds it', NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_repayment_of_open';
    END IF;
    IF NEW.amount_fen <> -owed.amount_fen THEN
        RAISE EXCEPTION 'deduction % is given back wholly', NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_repayment_whole';
    END IF;
    IF NEW.received_on > hangzhou_day(NEW.recorded_at) THEN
        RAISE EXCEPTION 'what is given back was received before'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_repayment_received';
    END IF;
    IF NEW.recorded_by = owed.account_id THEN
        RAISE EXCEPTION 'nobody records their own money'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_repayment_second_person';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deduction_repayment_of_open BEFORE INSERT ON deduction_repayment
    FOR EACH ROW EXECUTE FUNCTION check_deduction_repayment();

-- It is decided once, as it was recorded, and kept.
CREATE FUNCTION refuse_repayment_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'recorded'
       OR (NEW.public_id, NEW.claim_id, NEW.amount_fen, NEW.received_on, NEW.document, NEW.recorded_by, NEW.recorded_at)
          IS DISTINCT FROM
          (OLD.public_id, OLD.claim_id, OLD.amount_fen, OLD.received_on, OLD.document, OLD.recorded_by, OLD.recorded_at)
    THEN
        RAISE EXCEPTION 'repayment % is decided once, as it was recorded', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'deduction_repayment_frozen';
    END IF;
    IF NEW.decided_by = (SELECT p.account_id FROM claim c JOIN person p ON p.id = c.person_id WHERE c.id = NEW.claim_id) THEN
        RAISE EXCEPTION 'nobody confirms their own money'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_repayment_second_person';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deduction_repayment_frozen BEFORE UPDATE OR DELETE ON deduction_repayment
    FOR EACH ROW EXECUTE FUNCTION refuse_repayment_change();

-- Judged at COMMIT: what is confirmed settled its deduction, is in the books, and its budget line has it back, once.
CREATE FUNCTION check_repayment_booked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owed record;
BEGIN
    SELECT c.status, c.person_id, c.budget_line_id, coalesce(deduction_given_back(c.id), false) AS given_back INTO owed
    FROM claim c WHERE c.id = NEW.claim_id;
    IF owed.status <> 'paid'
       OR (SELECT array_agg(format('%s %s', a.kind, p.amount_fen) ORDER BY p.amount_fen)
           FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id = t.id
           JOIN ledger_account a ON a.id = p.account_id
           WHERE t.source_type = 'deduction_repayment' AND t.source_id = NEW.id
             AND (a.kind = 'asset' OR a.person_id = owed.person_id))
          IS DISTINCT FROM ARRAY[format('liability %s', -NEW.amount_fen), format('asset %s', NEW.amount_fen)]
       OR (SELECT sum(m.approved_fen - m.spent_fen)::bigint FROM budget_movement m
           WHERE m.source_type = 'deduction_repayment' AND m.source_id = NEW.id AND m.kind = 'return'
             AND m.budget_line_id IN (owed.budget_line_id, paying_line(owed.budget_line_id)))
          IS DISTINCT FROM (CASE WHEN NOT owed.given_back THEN NEW.amount_fen END) THEN
        RAISE EXCEPTION 'repayment % is not in the books', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deduction_repayment_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER deduction_repayment_booked AFTER UPDATE ON deduction_repayment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'confirmed') EXECUTE FUNCTION check_repayment_booked();

-- A claim is settled without a batch by such money alone; what somebody gave back, or says to have, enters no batch.
CREATE FUNCTION check_claim_repaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'paid' AND NOT EXISTS (
        SELECT FROM deduction_repayment r WHERE r.claim_id = NEW.id AND r.status = 'confirmed') THEN
        RAISE EXCEPTION 'claim % is paid by nothing', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_paid_by_repayment';
    END IF;
    IF NEW.status = 'batched' AND EXISTS (
        SELECT FROM deduction_repayment r WHERE r.claim_id = NEW.id AND r.status <> 'refused') THEN
        RAISE EXCEPTION 'deduction % is given back in cash', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_repaid';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_paid_by_repayment AFTER UPDATE OF status ON claim FOR EACH ROW
    WHEN (NEW.status = 'paid' AND OLD.status IN ('approved', 'returned_by_bank')) EXECUTE FUNCTION check_claim_repaid();
CREATE TRIGGER claim_repaid AFTER UPDATE OF status ON claim FOR EACH ROW
    WHEN (NEW.status = 'batched' AND NEW.amount_fen < 0) EXECUTE FUNCTION check_claim_repaid();

CREATE OR REPLACE FUNCTION claim_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('accrued', 'approved'), ('accrued', 'returned'), ('accrued', 'rejected'), ('held', 'accrued'),
        ('held', 'rejected'), ('returned', 'accrued'), ('returned', 'rejected'), ('rejected', 'accrued'),
        ('approved', 'batched'), ('approved', 'reversed'), ('approved', 'rejected'), ('approved', 'paid'),
        ('batched', 'approved'), ('batched', 'paid'), ('paid', 'returned_by_bank'), ('paid', 'reversed'),
        ('returned_by_bank', 'batched'), ('returned_by_bank', 'reversed'), ('returned_by_bank', 'rejected'),
        ('returned_by_bank', 'paid'))
$$;

ALTER TABLE settlement_left_out DROP CONSTRAINT settlement_left_out_reason,
    ADD CONSTRAINT settlement_left_out_reason CHECK (reason IN (
        'short_of_money', 'account_returned', 'challenged', 'disputed', 'official', 'shared_account', 'in_question',
        'nothing_to_deduct_from', 'repaid'));
CREATE OR REPLACE VIEW waiting_claim AS
SELECT c.id, c.status, c.person_id, c.organization_id, c.budget_line_id, c.place_id, place.code AS place_code,
       c.service_day, c.approved_at, c.amount_fen, settlement_turn(c.approved_at, c.amount_fen, c.id) AS turn,
       CASE WHEN c.amount_fen < 0
                 AND c.id IN (SELECT claim_id FROM deduction_repayment WHERE status = 'recorded') THEN 'repaid'
            WHEN (coalesce(c.person_id, 0), coalesce(c.organization_id, 0))
                 IN (SELECT person_id, organization_id FROM returned_account) THEN 'account_returned'
            WHEN EXISTS (SELECT FROM contract k WHERE k.id = c.contract_id AND purchase_is_held(k.purchase_id))
                 THEN 'challenged'
            WHEN c.id IN (SELECT claim_id FROM claim_dispute WHERE status = 'open') THEN 'disputed'
            WHEN c.person_id IN (SELECT person_id FROM unfit_payee WHERE ground = 'official') THEN 'official'
            WHEN c.person_id IN (SELECT person_id FROM unfit_payee WHERE ground = 'twin') THEN 'shared_account'
       END AS bar
FROM claim c JOIN place ON place.id = c.place_id
WHERE c.status IN ('approved', 'returned_by_bank');

-- The money: where its entry belongs, whose movement it is, and that it may arrive in the line that stands in for a
-- closed one.
CALL add_ledger_source('deduction_repayment',
    'SELECT c.place_id FROM deduction_repayment r JOIN claim c ON c.id = r.claim_id WHERE r.id = of_id');
CREATE OR REPLACE VIEW budget_moved AS
SELECT m.id, m.budget_line_id, m.kind, m.approved_fen, m.reserved_fen, m.committed_fen, m.spent_fen, m.closed_fen,
       m.source_type, m.source_id, m.moved_at,
       CASE WHEN m.source_type IN ('purchase', 'purchase_award') THEN m.source_id
            ELSE coalesce(c.purchase_id, r.purchase_id, award.purchase_id, ended.purchase_id) END AS purchase_id,
       CASE WHEN claim.contract_id IS NULL THEN coalesce(claim.id, ended.claim_id) END AS claim_id
FROM budget_movement m
LEFT JOIN settlement_item paid ON m.source_type = 'settlement_item' AND paid.id = m.source_id
LEFT JOIN approval_withdrawal taken ON m.source_type = 'approval_withdrawal' AND taken.id = m.source_id
LEFT JOIN deduction_repayment repaid ON m.source_type = 'deduction_repayment' AND repaid.id = m.source_id
LEFT JOIN claim ON claim.id = CASE m.source_type WHEN 'claim' THEN m.source_id
                                   ELSE coalesce(paid.claim_id, taken.claim_id, repaid.claim_id) END
LEFT JOIN contract_amendment a ON m.source_type = 'contract_amendment' AND a.id = m.source_id
LEFT JOIN advance_return back ON m.source_type = 'advance_return' AND back.id = m.source_id
LEFT JOIN contract c ON c.id = coalesce(claim.contract_id, a.contract_id, back.contract_id)
LEFT JOIN tender_award award ON m.source_type = 'tender_award' AND award.id = m.source_id
LEFT JOIN quotation_comparison q ON m.source_type = 'quotation_comparison' AND q.id = m.source_id
LEFT JOIN quotation_opening opening ON opening.id = q.opening_id LEFT JOIN quotation_round r ON r.id = opening.round_id
LEFT JOIN year_closing_item ended ON m.source_type = 'year_closing_item' AND ended.id = m.source_id;

ALTER TABLE budget_movement DROP CONSTRAINT budget_movement_of_document;
ALTER TABLE budget_movement ADD CONSTRAINT budget_movement_of_document CHECK (CASE
    WHEN kind = 'appropriate' THEN source_type IN ('appropriation', 'budget_adjustment')
    WHEN kind = 'return' AND approved_fen > 0 THEN
        source_type IN ('settlement_item', 'advance_return', 'deduction_repayment')
    ELSE (kind IN ('lapse', 'carry_out', 'carry_in')) = (source_type = 'year_closing_item') END);
-- The guard of what comes back to a closed year stays as it is for its own two; this one is for the third.
CREATE FUNCTION check_repaid_to_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM deduction_repayment r JOIN claim c ON c.id = r.claim_id JOIN budget_line l ON l.id = c.budget_line_id
        WHERE r.id = NEW.source_id AND r.amount_fen = NEW.approved_fen AND l.closing_id IS NOT NULL
          AND paying_line(l.id) = NEW.budget_line_id) THEN
        RAISE EXCEPTION 'what comes back as new money was spent on a line that is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_return_of_closed_year';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER budget_return_of_closed_year ON budget_movement;
CREATE TRIGGER budget_return_of_closed_year BEFORE INSERT ON budget_movement FOR EACH ROW
    WHEN (NEW.kind = 'return' AND NEW.approved_fen > 0 AND NEW.source_type <> 'deduction_repayment')
    EXECUTE FUNCTION check_brought_back();
CREATE TRIGGER budget_repayment_of_closed_year BEFORE INSERT ON budget_movement FOR EACH ROW
    WHEN (NEW.kind = 'return' AND NEW.approved_fen > 0 AND NEW.source_type = 'deduction_repayment')
    EXECUTE FUNCTION check_repaid_to_closed_year();
