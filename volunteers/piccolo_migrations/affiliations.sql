-- Belonging to an organization: asked for by the person, confirmed by the organization, left at any time.

CREATE TABLE affiliation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    origin text NOT NULL CHECK (origin IN ('asked', 'register')),
    status text NOT NULL CHECK (status IN ('asked', 'confirmed', 'refused', 'withdrawn', 'left', 'dismissed')),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 200),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    ended_at timestamptz,
    CHECK ((answered_at IS NULL) = (status IN ('asked', 'withdrawn'))),
    CHECK (origin = 'register' OR (answered_at IS NULL) = (answered_by IS NULL)),
    CHECK ((ended_at IS NULL) = (status IN ('asked', 'confirmed', 'refused'))),
    CONSTRAINT affiliation_says_why CHECK ((reason <> '') = (status IN ('refused', 'dismissed')))
);
CREATE UNIQUE INDEX affiliation_one_at_a_time ON affiliation (person_id) WHERE status IN ('asked', 'confirmed');
CREATE INDEX affiliation_person ON affiliation (person_id);
CREATE INDEX affiliation_organization ON affiliation (organization_id, status);
CREATE INDEX affiliation_answered_by ON affiliation (answered_by) WHERE answered_by IS NOT NULL;

INSERT INTO affiliation (person_id, organization_id, origin, status, asked_at, answered_at)
SELECT id, organization_id, 'register', 'confirmed', joined_at, joined_at FROM person WHERE organization_id IS NOT NULL;

CREATE FUNCTION check_affiliation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.status NOT IN ('asked', 'confirmed')
            OR (NEW.person_id, NEW.organization_id, NEW.origin, NEW.asked_at)
               IS DISTINCT FROM (OLD.person_id, OLD.organization_id, OLD.origin, OLD.asked_at)) THEN
        IF NEW.status = OLD.status AND NEW.reason = OLD.reason AND NEW.note = '' THEN
            RETURN NEW;  -- what a person wrote is forgotten when they are
        END IF;
        RAISE EXCEPTION 'affiliation % has ended or would change its meaning', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'affiliation_is_kept';
    END IF;
    IF EXISTS (SELECT FROM person WHERE id = NEW.person_id AND account_id = NEW.answered_by) THEN
        RAISE EXCEPTION 'nobody confirms their own affiliation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'affiliation_second_party';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER affiliation_checked BEFORE INSERT OR UPDATE ON affiliation
    FOR EACH ROW EXECUTE FUNCTION check_affiliation();

-- The person's organization is the confirmed affiliation, whichever of the two is written.
CREATE FUNCTION follow_affiliation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE person SET organization_id = (
        SELECT a.organization_id FROM affiliation a WHERE a.person_id = NEW.person_id AND a.status = 'confirmed')
    WHERE id = NEW.person_id;
    RETURN NULL;
END $$;
CREATE TRIGGER affiliation_is_followed AFTER INSERT OR UPDATE ON affiliation
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION follow_affiliation();

CREATE FUNCTION follow_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE affiliation SET status = CASE status WHEN 'asked' THEN 'withdrawn' ELSE 'left' END,
               ended_at = greatest(now(), asked_at)
        WHERE person_id = NEW.id AND status IN ('asked', 'confirmed');
    END IF;
    IF NEW.organization_id IS NOT NULL THEN
        INSERT INTO affiliation (person_id, organization_id, origin, status, asked_at, answered_at)
        VALUES (NEW.id, NEW.organization_id, 'register', 'confirmed', now(), now());
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER person_joins_with_organization AFTER INSERT ON person
    FOR EACH ROW WHEN (NEW.organization_id IS NOT NULL) EXECUTE FUNCTION follow_person();
CREATE TRIGGER person_changes_organization AFTER UPDATE OF organization_id ON person
    FOR EACH ROW WHEN (NEW.organization_id IS DISTINCT FROM OLD.organization_id AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION follow_person();
