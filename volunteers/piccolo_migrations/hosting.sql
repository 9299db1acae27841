-- Organizations that sign people up in their name: who may, with whose consent, and each single act.

CREATE TABLE host (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    appointed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    appointed_at timestamptz NOT NULL,
    ended_by bigint REFERENCES account ON DELETE RESTRICT,
    ended_at timestamptz,
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX host_once ON host (organization_id) WHERE ended_at IS NULL;
CREATE INDEX host_organization ON host (organization_id);
CREATE INDEX host_appointed_by ON host (appointed_by);
CREATE INDEX host_ended_by ON host (ended_by) WHERE ended_by IS NOT NULL;

CREATE TABLE host_consent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    origin text NOT NULL CHECK (origin IN ('paper', 'online')),
    agreed_to text NOT NULL CHECK (agreed_to <> ''),  -- the words themselves, as they were read
    given_on date NOT NULL,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    revoked_by bigint REFERENCES account ON DELETE RESTRICT,
    revoked_at timestamptz,
    CHECK (given_on <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
CREATE UNIQUE INDEX host_consent_once ON host_consent (person_id, organization_id) WHERE revoked_at IS NULL;
CREATE INDEX host_consent_person ON host_consent (person_id);
CREATE INDEX host_consent_organization ON host_consent (organization_id);
CREATE INDEX host_consent_recorded_by ON host_consent (recorded_by);
CREATE INDEX host_consent_revoked_by ON host_consent (revoked_by) WHERE revoked_by IS NOT NULL;

CREATE FUNCTION refuse_rewritten_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consent % is revoked once, never rewritten', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'host_consent_is_kept';
END $$;
CREATE TRIGGER host_consent_is_kept BEFORE UPDATE ON host_consent FOR EACH ROW
    WHEN (OLD.revoked_at IS NOT NULL
          OR (NEW.person_id, NEW.organization_id, NEW.origin, NEW.agreed_to, NEW.given_on, NEW.recorded_by, NEW.recorded_at)
             IS DISTINCT FROM
             (OLD.person_id, OLD.organization_id, OLD.origin, OLD.agreed_to, OLD.given_on, OLD.recorded_by, OLD.recorded_at))
    EXECUTE FUNCTION refuse_rewritten_consent();
CREATE TRIGGER host_consent_is_not_deleted BEFORE DELETE ON host_consent
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_consent();

-- Who acted when in whose name.
CREATE TABLE host_act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host_consent_id bigint NOT NULL REFERENCES host_consent ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('profile', 'sign_up', 'withdrawal')),
    sign_up_id bigint REFERENCES sign_up ON DELETE RESTRICT,
    acted_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    acted_at timestamptz NOT NULL,
    CHECK ((kind = 'profile') = (sign_up_id IS NULL))
);
CREATE INDEX host_act_consent ON host_act (host_consent_id);
CREATE INDEX host_act_sign_up ON host_act (sign_up_id) WHERE sign_up_id IS NOT NULL;
CREATE INDEX host_act_acted_by ON host_act (acted_by);
CALL make_append_only('host_act');

-- Whether an account acts for a host that a person has let act for them.
CREATE FUNCTION may_act_for(actor bigint, of_person bigint) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT EXISTS (
        SELECT FROM host_consent c JOIN host h ON h.organization_id = c.organization_id AND h.ended_at IS NULL
        JOIN membership m ON m.organization_id = c.organization_id AND m.account_id = actor AND m.role = 'provider'
         AND (m.valid_until IS NULL OR m.valid_until > now())
        WHERE c.person_id = of_person AND c.revoked_at IS NULL)
$$;

CREATE FUNCTION refuse_uncovered_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM host_consent c WHERE c.id = NEW.host_consent_id AND c.revoked_at IS NULL
                   AND may_act_for(NEW.acted_by, c.person_id)) THEN
        RAISE EXCEPTION 'nobody acts for a person without their consent'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'host_act_is_covered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER host_act_is_covered BEFORE INSERT ON host_act FOR EACH ROW EXECUTE FUNCTION refuse_uncovered_act();

CREATE FUNCTION refuse_hosted_sign_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT may_act_for(NEW.created_by, NEW.person_id) THEN
        RAISE EXCEPTION 'nobody is signed up by a host without their consent'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_host_consent';
    END IF;
    IF EXISTS (SELECT FROM assignment a WHERE a.id = NEW.assignment_id AND a.sign_up_mode = 'request') THEN
        RAISE EXCEPTION 'the station chooses who comes to assignment %', NEW.assignment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_is_asked_for';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_up_host_consent BEFORE INSERT ON sign_up
    FOR EACH ROW WHEN (NEW.origin = 'host') EXECUTE FUNCTION refuse_hosted_sign_up();

-- At the end of the transaction each seat that a host took has its act.
CREATE FUNCTION refuse_unrecorded_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM host_act x WHERE x.sign_up_id = NEW.id AND x.kind = 'sign_up'
                   AND x.acted_by = NEW.created_by) THEN
        RAISE EXCEPTION 'sign-up % was made by a host and not recorded', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_host_act';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sign_up_host_act AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.origin = 'host') EXECUTE FUNCTION refuse_unrecorded_act();
