-- The provider may propose the early end as well: the buyer's officer answers, another person of the buyer decides.
-- Neither party ends a contract alone (采购法 §50), so whatever the provider proposes needs the officer's yes.

ALTER TABLE contract_termination
    ADD COLUMN proposed_for text NOT NULL DEFAULT 'buyer' CHECK (proposed_for IN ('buyer', 'provider')),
    ADD COLUMN answered_by_buyer bigint REFERENCES account ON DELETE RESTRICT,   -- the officer who said yes
    ADD COLUMN answered_at timestamptz,
    DROP CONSTRAINT contract_termination_agreed,
    DROP CONSTRAINT contract_termination_by_both,
    DROP CONSTRAINT contract_termination_fault,
    DROP CONSTRAINT contract_termination_two_parties,
    DROP CONSTRAINT contract_termination_second_person,
    ADD CONSTRAINT contract_termination_answered CHECK ((answered_by_buyer IS NULL) = (answered_at IS NULL)),
    ADD CONSTRAINT contract_termination_agreed CHECK (CASE proposed_for
        WHEN 'provider' THEN signed_by_provider IS NULL
        ELSE answered_by_buyer IS NULL
             AND (ground = 'agreement' OR signed_by_provider IS NULL AND status NOT IN ('agreed', 'declined')) END),
    ADD CONSTRAINT contract_termination_by_both CHECK (status NOT IN ('agreed', 'in_force') OR CASE proposed_for
        WHEN 'provider' THEN answered_by_buyer IS NOT NULL
        ELSE ground <> 'agreement' OR signed_by_provider IS NOT NULL END),
    ADD CONSTRAINT contract_termination_fault CHECK (ground <> 'breach' OR at_fault <> 'none'
        AND (proposed_for = 'buyer' OR at_fault <> 'provider')),
    ADD CONSTRAINT contract_termination_two_parties
        CHECK (signed_by_provider <> proposed_by AND answered_by_buyer <> proposed_by),
    ADD CONSTRAINT contract_termination_second_person CHECK (status NOT IN ('in_force', 'refused')
        OR ended_by <> proposed_by AND ended_by IS DISTINCT FROM signed_by_provider
           AND ended_by IS DISTINCT FROM answered_by_buyer);
CREATE INDEX contract_termination_answered_by ON contract_termination (answered_by_buyer)
    WHERE answered_by_buyer IS NOT NULL;

-- As before, and: who proposed for whom, and what the officer answered, stays too.
CREATE OR REPLACE FUNCTION guard_contract_termination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        OLD.status NOT IN ('proposed', 'agreed', 'in_force') OR OLD.settled_at IS NOT NULL
        OR OLD.status = 'in_force' AND (NEW.status, NEW.ended_by, NEW.ended_at) <> (OLD.status, OLD.ended_by, OLD.ended_at)
        OR OLD.agreed_at IS NOT NULL
           AND (NEW.signed_by_provider, NEW.agreed_at) IS DISTINCT FROM (OLD.signed_by_provider, OLD.agreed_at)
        OR OLD.answered_at IS NOT NULL
           AND (NEW.answered_by_buyer, NEW.answered_at) IS DISTINCT FROM (OLD.answered_by_buyer, OLD.answered_at)
        OR (NEW.contract_id, NEW.ground, NEW.reason_zh, NEW.cure_by, NEW.at_fault, NEW.compensation_fen,
            NEW.proposed_for, NEW.proposed_by, NEW.proposed_at)
           IS DISTINCT FROM
           (OLD.contract_id, OLD.ground, OLD.reason_zh, OLD.cure_by, OLD.at_fault, OLD.compensation_fen,
            OLD.proposed_for, OLD.proposed_by, OLD.proposed_at)) THEN
        RAISE EXCEPTION 'the grounds and the decision of a termination no longer change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_termination_is_frozen';
    END IF;
    IF NEW.status = 'in_force' AND (TG_OP = 'INSERT' OR OLD.status <> 'in_force') THEN
        UPDATE contract SET terminated_at = NEW.ended_at WHERE id = NEW.contract_id AND signed_at IS NOT NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'only a signed contract is terminated'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_termination_of_signed_contract';
        END IF;
    END IF;
    IF NEW.settled_at IS NOT NULL AND EXISTS (
        SELECT FROM village_order WHERE contract_id = NEW.contract_id
           AND status IN ('placed', 'taken', 'scheduled', 'delivered')) THEN
        RAISE EXCEPTION 'orders of the terminated contract are still open'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_termination_nothing_open';
    END IF;
    RETURN NEW;
END $$;

-- Each side acts through its own people: the provider's proposal is a member's, and no member of the provider
-- proposes, answers or decides for the buyer.
CREATE FUNCTION works_for_provider(person_account bigint, of_contract bigint, at_time timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM contract c JOIN membership m ON m.organization_id = c.organization_id
                   WHERE c.id = of_contract AND m.account_id = person_account
                     AND m.valid_from <= at_time AND coalesce(m.valid_until, 'infinity') > at_time)
$$;
CREATE FUNCTION check_termination_side() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT'
       AND works_for_provider(NEW.proposed_by, NEW.contract_id, NEW.proposed_at) <> (NEW.proposed_for = 'provider')
       OR NEW.answered_by_buyer IS NOT NULL
          AND works_for_provider(NEW.answered_by_buyer, NEW.contract_id, NEW.answered_at)
       OR NEW.status IN ('in_force', 'refused') AND works_for_provider(NEW.ended_by, NEW.contract_id, NEW.ended_at) THEN
        RAISE EXCEPTION 'each party proposes, answers and decides through its own people'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_termination_side';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contract_termination_side AFTER INSERT OR UPDATE OF status, answered_by_buyer, ended_by
    ON contract_termination FOR EACH ROW EXECUTE FUNCTION check_termination_side();
