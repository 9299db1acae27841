-- What was decided is kept: every state goes only the ways that its feature's rules know, a test compares both tables,
-- and what a decision was about no longer changes. Steps are judged by the statement, after the narrower guards.

CREATE FUNCTION refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_is_kept';
END $$;
CREATE TRIGGER claim_is_kept BEFORE DELETE ON claim FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
CREATE TRIGGER settlement_batch_is_kept BEFORE DELETE ON settlement_batch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();

-- A contract is with the supplier, and for the product, that its purchase names.
ALTER TABLE purchase ADD CONSTRAINT purchase_of_supplier
    UNIQUE (id, organization_id, product_id, product_version);
ALTER TABLE contract ADD CONSTRAINT contract_of_purchase
    FOREIGN KEY (purchase_id, organization_id, product_id, product_version)
    REFERENCES purchase (id, organization_id, product_id, product_version) ON DELETE RESTRICT;
CREATE INDEX contract_bought ON contract (purchase_id, organization_id, product_id, product_version);

-- Claims. What was priced stays as it was priced from the beginning; a correction is a new entry.
CREATE FUNCTION claim_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('accrued', 'approved'), ('accrued', 'returned'), ('accrued', 'rejected'), ('held', 'accrued'),
        ('held', 'rejected'), ('returned', 'accrued'), ('returned', 'rejected'), ('approved', 'batched'),
        ('approved', 'reversed'), ('batched', 'approved'), ('batched', 'paid'), ('paid', 'returned_by_bank'),
        ('paid', 'reversed'), ('returned_by_bank', 'batched'), ('returned_by_bank', 'reversed'))
$$;
DROP TRIGGER claim_amount_frozen ON claim;
DROP FUNCTION refuse_claim_repricing();
CREATE FUNCTION check_claim_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_claims n LEFT JOIN old_claims o ON o.id = n.id
               WHERE (n.status = o.status OR claim_may_go(o.status, n.status)) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a claim takes a step that there is not'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_in_order';
    END IF;
    IF EXISTS (
        SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id
        WHERE (n.programme_id, n.sign_up_id, n.village_order_id, n.contract_payment_id, n.contract_id, n.person_id,
               n.organization_id, n.item, n.service_day, n.place_id, n.budget_line_id, n.tariff_set_id, n.amount_fen,
               n.trace)
              IS DISTINCT FROM
              (o.programme_id, o.sign_up_id, o.village_order_id, o.contract_payment_id, o.contract_id, o.person_id,
               o.organization_id, o.item, o.service_day, o.place_id, o.budget_line_id, o.tariff_set_id, o.amount_fen,
               o.trace)
           OR o.approved_by IS NOT NULL
              AND (n.approved_by, n.approved_at) IS DISTINCT FROM (o.approved_by, o.approved_at)) THEN
        RAISE EXCEPTION 'what a claim is for, its amount, payee and approval do not change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_amount_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_steps AFTER UPDATE ON claim REFERENCING OLD TABLE AS old_claims NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_claim_steps();
CREATE FUNCTION check_claim_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_claims WHERE status NOT IN ('accrued', 'held')) THEN
        RAISE EXCEPTION 'a claim begins before it is judged'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_in_order';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_steps_begin AFTER INSERT ON claim REFERENCING NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_claim_begins();

-- Settlement: three people in their order, each once.
CREATE FUNCTION settlement_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (('computed', 'approved'), ('computed', 'cancelled'), ('approved', 'paid'))
$$;
CREATE FUNCTION check_settlement_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status <> 'computed'
       OR TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NOT settlement_may_go(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'settlement batch % takes a step that there is not', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_in_order';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.place_id, NEW.period_from, NEW.period_to, NEW.idempotency_key, NEW.input_sha256, NEW.computed_by)
        IS DISTINCT FROM
        (OLD.place_id, OLD.period_from, OLD.period_to, OLD.idempotency_key, OLD.input_sha256, OLD.computed_by)
        OR NEW.approved_by <> OLD.approved_by OR NEW.paid_by <> OLD.paid_by) THEN
        RAISE EXCEPTION 'what settlement batch % was computed from, and by whom it went, stays', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'settlement_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_step AFTER INSERT OR UPDATE ON settlement_batch
    FOR EACH ROW EXECUTE FUNCTION check_settlement_step();

-- A batch is the sum of its payments, a payment the sum of its items, each item a claim of the payee, judged at COMMIT.
CREATE OR REPLACE FUNCTION check_settlement_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM settlement_batch b,
            LATERAL (SELECT coalesce(sum(amount_fen), 0) AS fen, count(*) AS payments
                     FROM settlement_payment WHERE batch_id = b.id) AS paid,
            LATERAL (SELECT count(*) AS claims FROM settlement_item WHERE batch_id = b.id) AS made
        WHERE b.id = NEW.id AND (b.total_fen, b.payment_count, b.claim_count)
                                IS DISTINCT FROM (paid.fen, paid.payments, made.claims)
        UNION ALL
        SELECT FROM settlement_payment p LEFT JOIN settlement_item i ON i.payment_id = p.id
        WHERE p.batch_id = NEW.id GROUP BY p.id, p.amount_fen HAVING sum(i.amount_fen) IS DISTINCT FROM p.amount_fen
        UNION ALL
        SELECT FROM settlement_item i JOIN claim c ON c.id = i.claim_id JOIN settlement_payment p ON p.id = i.payment_id
        WHERE i.batch_id = NEW.id AND (i.batch_id, i.amount_fen, c.person_id, c.organization_id)
                                      IS DISTINCT FROM (p.batch_id, c.amount_fen, p.person_id, p.organization_id)
    ) THEN
        RAISE EXCEPTION 'settlement batch % does not add up', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_totals';
    END IF;
    RETURN NULL;
END $$;
-- Whoever writes a part touches its whole, which is then judged once for the statement, however many parts it wrote.
CREATE FUNCTION touch_batches_of_new_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE settlement_batch SET total_fen = total_fen WHERE id IN (SELECT batch_id FROM new_parts);
    RETURN NULL;
END $$;
CREATE FUNCTION touch_batches_of_old_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE settlement_batch SET total_fen = total_fen WHERE id IN (SELECT batch_id FROM old_parts);
    RETURN NULL;
END $$;
CREATE FUNCTION touch_batches_of_changed_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE settlement_batch SET total_fen = total_fen
    WHERE id IN (SELECT batch_id FROM new_parts UNION SELECT batch_id FROM old_parts);
    RETURN NULL;
END $$;
CREATE TRIGGER settlement_payment_added AFTER INSERT ON settlement_payment REFERENCING NEW TABLE AS new_parts
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_new_parts();
CREATE TRIGGER settlement_payment_changed AFTER UPDATE ON settlement_payment
    REFERENCING OLD TABLE AS old_parts NEW TABLE AS new_parts
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_changed_parts();
CREATE TRIGGER settlement_payment_deleted AFTER DELETE ON settlement_payment REFERENCING OLD TABLE AS old_parts
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_old_parts();
CREATE TRIGGER settlement_item_added AFTER INSERT ON settlement_item REFERENCING NEW TABLE AS new_parts
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_new_parts();
CREATE TRIGGER settlement_item_changed AFTER UPDATE ON settlement_item
    REFERENCING OLD TABLE AS old_parts NEW TABLE AS new_parts
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_changed_parts();
CREATE TRIGGER settlement_item_deleted AFTER DELETE ON settlement_item REFERENCING OLD TABLE AS old_parts
    FOR EACH STATEMENT EXECUTE FUNCTION touch_batches_of_old_parts();

-- An appropriation is decided as it was proposed, once, and kept; money comes into a line only by one that is approved.
CREATE FUNCTION refuse_appropriation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'proposed'
       OR (NEW.budget_line_id, NEW.amount_fen, NEW.document, NEW.proposed_by)
          IS DISTINCT FROM (OLD.budget_line_id, OLD.amount_fen, OLD.document, OLD.proposed_by) THEN
        RAISE EXCEPTION 'appropriation % is decided as it was proposed, and kept', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'appropriation_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appropriation_frozen BEFORE UPDATE OR DELETE ON appropriation
    FOR EACH ROW EXECUTE FUNCTION refuse_appropriation_change();
ALTER TABLE budget_movement ADD CONSTRAINT budget_movement_of_document
    CHECK (kind <> 'appropriate' OR source_type IN ('appropriation', 'budget_adjustment'));

CREATE FUNCTION require_balanced_appropriation(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    asked appropriation%ROWTYPE;
BEGIN
    SELECT * INTO asked FROM appropriation WHERE id = checked;
    IF (SELECT array_agg(ARRAY[budget_line_id, approved_fen]) FROM budget_movement
        WHERE source_type = 'appropriation' AND source_id = checked)
       IS DISTINCT FROM (CASE WHEN asked.status = 'approved' THEN
           ARRAY[ARRAY[asked.budget_line_id, asked.amount_fen]] END) THEN
        RAISE EXCEPTION 'appropriation % moves other than its document says', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'appropriation_balanced';
    END IF;
END $$;
CREATE FUNCTION check_appropriation_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_balanced_appropriation(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION check_appropriation_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_balanced_appropriation(NEW.source_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER appropriation_balanced AFTER INSERT OR UPDATE ON appropriation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_appropriation_balanced();
CREATE CONSTRAINT TRIGGER budget_movement_of_appropriation AFTER INSERT ON budget_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source_type = 'appropriation')
    EXECUTE FUNCTION check_appropriation_movement();
