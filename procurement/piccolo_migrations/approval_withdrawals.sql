-- Who turned out to be a public official, or one person registered twice, after their claim was approved: another officer
-- takes the approval back. The claim is rejected, its entries are reversed, its budget is free. Nothing that was paid.

CREATE TABLE approval_withdrawal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    approved_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,   -- whose approval was taken back
    ground text NOT NULL CHECK (ground IN ('official', 'twin')),         -- as unfit_payee said on that day
    reason_zh text NOT NULL CHECK (reason_zh <> ''),                     -- its payee reads it
    withdrawn_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    withdrawn_at timestamptz NOT NULL,
    CONSTRAINT approval_withdrawal_by_another CHECK (withdrawn_by <> approved_by)
);
CREATE INDEX approval_withdrawal_claim ON approval_withdrawal (claim_id);
CREATE INDEX approval_withdrawal_approved_by ON approval_withdrawal (approved_by);
CREATE INDEX approval_withdrawal_withdrawn_by ON approval_withdrawal (withdrawn_by);
CALL make_append_only('approval_withdrawal');

CREATE FUNCTION check_approval_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken record;
BEGIN
    SELECT c.status, c.amount_fen, c.approved_by, c.person_id INTO taken FROM claim c
    WHERE c.id = NEW.claim_id FOR NO KEY UPDATE;
    IF taken.status NOT IN ('approved', 'returned_by_bank') OR taken.amount_fen <= 0
       OR taken.approved_by IS DISTINCT FROM NEW.approved_by THEN
        RAISE EXCEPTION 'claim % is not approved and unpaid', NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_withdrawal_of_approved';
    END IF;
    IF NOT EXISTS (SELECT FROM unfit_payee u WHERE (u.person_id, u.ground) = (taken.person_id, NEW.ground)) THEN
        RAISE EXCEPTION 'the payee of claim % is paid', NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_withdrawal_of_unfit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_withdrawal_of_approved BEFORE INSERT ON approval_withdrawal
    FOR EACH ROW EXECUTE FUNCTION check_approval_withdrawal();

-- Judged at COMMIT: with the record the claim is rejected, what it booked is reversed, what it reserved is free.
CREATE FUNCTION check_withdrawal_booked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken record;
BEGIN
    SELECT c.status, c.amount_fen, c.budget_line_id INTO taken FROM claim c WHERE c.id = NEW.claim_id;
    IF taken.status <> 'rejected'
       OR EXISTS (SELECT FROM ledger_transaction t WHERE t.source_type = 'claim' AND t.source_id = NEW.claim_id
                  AND t.kind = 'accrual' AND NOT EXISTS (SELECT FROM ledger_transaction r WHERE r.reverses = t.id))
       OR NOT EXISTS (SELECT FROM budget_movement m
                      WHERE m.source_type = 'approval_withdrawal' AND m.source_id = NEW.id AND m.kind = 'release'
                        AND m.reserved_fen = -taken.amount_fen
                        AND m.budget_line_id = paying_line(taken.budget_line_id)) THEN
        RAISE EXCEPTION 'the approval of claim % is not taken back in the books and in its budget', NEW.claim_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_withdrawal_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER approval_withdrawal_booked AFTER INSERT ON approval_withdrawal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_withdrawal_booked();

-- What is approved is rejected with such a record and in its transaction, or not at all.
CREATE FUNCTION check_rejected_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM approval_withdrawal w
                   WHERE w.claim_id = NEW.id AND w.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'the approval of claim % is taken back by nobody', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_approval_withdrawn';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_approval_withdrawn AFTER UPDATE OF status ON claim FOR EACH ROW
    WHEN (NEW.status = 'rejected' AND OLD.status IN ('approved', 'returned_by_bank'))
    EXECUTE FUNCTION check_rejected_approval();

CREATE OR REPLACE FUNCTION claim_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('accrued', 'approved'), ('accrued', 'returned'), ('accrued', 'rejected'), ('held', 'accrued'),
        ('held', 'rejected'), ('returned', 'accrued'), ('returned', 'rejected'), ('rejected', 'accrued'),
        ('approved', 'batched'), ('approved', 'reversed'), ('approved', 'rejected'), ('batched', 'approved'),
        ('batched', 'paid'), ('paid', 'returned_by_bank'), ('paid', 'reversed'), ('returned_by_bank', 'batched'),
        ('returned_by_bank', 'reversed'), ('returned_by_bank', 'rejected'))
$$;
-- An objection that is upheld brings the claim back to be judged: whoever approves it then is another approval.
CREATE OR REPLACE FUNCTION check_claim_steps() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_claims n LEFT JOIN old_claims o ON o.id = n.id
               WHERE (n.status = o.status OR claim_may_go(o.status, n.status)) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a claim takes a step that there is not'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_in_order';
    END IF;
    IF EXISTS (
        SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id
        WHERE (n.programme_id, n.sign_up_id, n.village_order_id, n.contract_payment_id, n.contract_id, n.person_id,
               n.organization_id, n.item, n.service_day, n.place_id, n.tariff_set_id,
               n.closed_case_id, n.part, n.expense_id, n.mediator_post_id, n.month)
              IS DISTINCT FROM
              (o.programme_id, o.sign_up_id, o.village_order_id, o.contract_payment_id, o.contract_id, o.person_id,
               o.organization_id, o.item, o.service_day, o.place_id, o.tariff_set_id,
               o.closed_case_id, o.part, o.expense_id, o.mediator_post_id, o.month)
           OR n.budget_line_id <> o.budget_line_id
              AND (o.status = 'approved' OR n.status <> 'approved' OR n.budget_line_id <> paying_line(o.budget_line_id))
           OR (n.amount_fen, n.trace) IS DISTINCT FROM (o.amount_fen, o.trace)
              AND (o.status, o.amount_fen, o.missing_documents = '{}') IS DISTINCT FROM ('held', 0::bigint, false)
           OR o.approved_by IS NOT NULL AND (o.status, n.status) <> ('accrued', 'approved')
              AND (n.approved_by, n.approved_at) IS DISTINCT FROM (o.approved_by, o.approved_at)) THEN
        RAISE EXCEPTION 'what a claim is for, its amount, payee and approval do not change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_amount_frozen';
    END IF;
    RETURN NULL;
END $$;
