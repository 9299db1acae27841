-- Pairing: a village and its lawyer or firm, for a term; proposed by an officer, agreed by who is to come, ended with a reason.

CREATE FUNCTION pairing_credentials(pairing_kind text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE pairing_kind WHEN 'adviser' THEN '{lawyer,legal_worker}'::text[]
                WHEN 'mediation' THEN '{mediator,lawyer,retired_judge}'::text[] ELSE '{}'::text[] END
$$;
CREATE FUNCTION pairing_organizations(pairing_kind text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE pairing_kind WHEN 'adviser' THEN '{law_firm}'::text[]
                WHEN 'mediation' THEN '{law_firm,association,service_institution}'::text[]
                ELSE '{law_firm,association,service_institution,foundation,notary_office,appraisal_institution}'::text[]
           END
$$;
-- The wheel ships no btree_gist: kinds are numbered so that a range can compare them.
CREATE FUNCTION pairing_kind_number(pairing_kind text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE pairing_kind WHEN 'adviser' THEN 1 WHEN 'mediation' THEN 2 ELSE 3 END
$$;

CREATE TABLE pairing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('adviser', 'mediation', 'education')),
    person_id bigint REFERENCES person ON DELETE RESTRICT,
    organization_id bigint REFERENCES organization ON DELETE RESTRICT,
    from_day date NOT NULL,
    until_day date NOT NULL,
    status text NOT NULL CHECK (status IN ('proposed', 'active', 'ended')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    agreed_how text NOT NULL DEFAULT '' CHECK (agreed_how IN ('', 'tap', 'paper')),
    agreed_by bigint REFERENCES account ON DELETE RESTRICT,  -- who tapped, or the officer who holds the paper
    agreed_at timestamptz,
    ending text NOT NULL DEFAULT '' CHECK (ending IN ('', 'decline', 'withdraw', 'end', 'expire', 'leave')),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    ended_by bigint REFERENCES account ON DELETE RESTRICT,  -- NULL: the term's own end, or the person's leaving
    ended_at timestamptz,
    CONSTRAINT pairing_one_party CHECK (num_nonnulls(person_id, organization_id) = 1),
    CONSTRAINT pairing_term CHECK (until_day >= from_day AND until_day <= from_day + 1096),
    CHECK ((agreed_at IS NULL) = (agreed_how = '') AND (agreed_at IS NULL) = (agreed_by IS NULL)),
    CONSTRAINT pairing_active_is_agreed CHECK (status <> 'active' OR agreed_at IS NOT NULL),
    CONSTRAINT pairing_proposed_is_not CHECK (status <> 'proposed' OR agreed_at IS NULL),
    CHECK ((status = 'ended') = (ended_at IS NOT NULL) AND (status = 'ended') = (ending <> '')),
    CONSTRAINT pairing_says_why CHECK (ending NOT IN ('decline', 'withdraw', 'end') OR reason <> ''),
    CHECK (ending IN ('', 'expire', 'leave') OR ended_by IS NOT NULL)
);
-- One of a kind at a time for a village.
ALTER TABLE pairing ADD CONSTRAINT pairing_one_at_a_time EXCLUDE USING gist (
    int8range(place_id, place_id, '[]') WITH &&,
    int4range(pairing_kind_number(kind), pairing_kind_number(kind), '[]') WITH &&,
    daterange(from_day, until_day, '[]') WITH &&) WHERE (status = 'active');
CREATE INDEX pairing_place ON pairing (place_id, status);
CREATE INDEX pairing_person ON pairing (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX pairing_organization ON pairing (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX pairing_ending ON pairing (until_day) WHERE status IN ('proposed', 'active');
CREATE INDEX pairing_proposed_by ON pairing (proposed_by);
CREATE INDEX pairing_agreed_by ON pairing (agreed_by) WHERE agreed_by IS NOT NULL;
CREATE INDEX pairing_ended_by ON pairing (ended_by) WHERE ended_by IS NOT NULL;

-- A village, who may do the work on its first day, and nobody else's yes.
CREATE FUNCTION check_pairing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM place WHERE id = NEW.place_id AND level = 'village') THEN
        RAISE EXCEPTION 'a pairing is for a village or a community'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_of_a_village';
    END IF;
    IF NEW.person_id IS NOT NULL AND (
        NOT EXISTS (SELECT FROM person WHERE id = NEW.person_id AND status <> 'left')
        OR pairing_credentials(NEW.kind) <> '{}' AND NOT EXISTS (
            SELECT FROM credential c WHERE c.person_id = NEW.person_id AND c.kind = ANY (pairing_credentials(NEW.kind))
              AND c.verified_at IS NOT NULL AND c.valid_from <= NEW.from_day
              AND (c.valid_until IS NULL OR c.valid_until >= NEW.from_day))) THEN
        RAISE EXCEPTION 'person % may not do this for a village', NEW.person_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_licensed';
    END IF;
    IF NEW.organization_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM organization o WHERE o.id = NEW.organization_id AND o.status = 'verified'
          AND o.kind = ANY (pairing_organizations(NEW.kind))) THEN
        RAISE EXCEPTION 'organization % may not do this for a village', NEW.organization_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_licensed';
    END IF;
    IF NEW.agreed_how = 'tap' AND NOT EXISTS (SELECT FROM person WHERE id = NEW.person_id AND account_id = NEW.agreed_by)
       AND NOT EXISTS (SELECT FROM membership m WHERE m.account_id = NEW.agreed_by
                       AND m.organization_id = NEW.organization_id) THEN
        RAISE EXCEPTION 'only who is to come agrees'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pairing_agreed_by_party';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pairing_checked AFTER INSERT ON pairing FOR EACH ROW EXECUTE FUNCTION check_pairing();
CREATE TRIGGER pairing_checked_again AFTER UPDATE ON pairing
    FOR EACH ROW WHEN (OLD.status = 'proposed' AND NEW.status = 'active') EXECUTE FUNCTION check_pairing();

-- What was proposed is agreed or ended, never rewritten; an ended pairing stays as it was.
CREATE FUNCTION refuse_rewritten_pairing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'pairing % has ended or would change its meaning', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'pairing_is_kept';
END $$;
CREATE TRIGGER pairing_is_kept BEFORE UPDATE ON pairing FOR EACH ROW
    WHEN (OLD.status = 'ended' OR OLD.status = 'active' AND NEW.status = 'proposed'
          OR OLD.status = 'active' AND (OLD.agreed_how, OLD.agreed_by, OLD.agreed_at)
                                       IS DISTINCT FROM (NEW.agreed_how, NEW.agreed_by, NEW.agreed_at)
          OR (OLD.public_id, OLD.place_id, OLD.kind, OLD.person_id, OLD.organization_id, OLD.from_day, OLD.until_day,
              OLD.proposed_by, OLD.proposed_at)
             IS DISTINCT FROM
             (NEW.public_id, NEW.place_id, NEW.kind, NEW.person_id, NEW.organization_id, NEW.from_day, NEW.until_day,
              NEW.proposed_by, NEW.proposed_at))
    EXECUTE FUNCTION refuse_rewritten_pairing();
CREATE TRIGGER pairing_is_never_deleted BEFORE DELETE ON pairing FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_pairing();

-- Who leaves is no village's lawyer any more.
CREATE FUNCTION end_pairings_of_leaver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pairing SET status = 'ended', ending = 'leave', ended_at = greatest(now(), proposed_at)
    WHERE person_id = NEW.id AND status IN ('proposed', 'active');
    RETURN NULL;
END $$;
CREATE TRIGGER person_leaves_pairings AFTER UPDATE OF status ON person
    FOR EACH ROW WHEN (OLD.status <> 'left' AND NEW.status = 'left') EXECUTE FUNCTION end_pairings_of_leaver();
