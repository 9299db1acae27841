-- Friends go together: a group that gathers by a link and is seated as a whole, or not at all.

CREATE TABLE companion_group (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    position_id bigint NOT NULL REFERENCES position ON DELETE RESTRICT,
    assignment_id bigint NOT NULL REFERENCES assignment ON DELETE RESTRICT,
    made_by bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    size integer NOT NULL CHECK (size BETWEEN 2 AND 6),
    token_sha256 bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),  -- the link itself is kept nowhere
    status text NOT NULL CHECK (status IN ('gathering', 'seated', 'dissolved', 'expired')),
    made_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT companion_group_one_day CHECK (until > made_at AND until <= made_at + interval '24 hours'),
    CONSTRAINT companion_group_seated_in_time CHECK (status <> 'seated' OR ended_at < until),
    CHECK ((status = 'gathering') = (ended_at IS NULL)),
    CHECK (ended_at >= made_at)
);
CREATE UNIQUE INDEX companion_group_one_open ON companion_group (made_by, assignment_id) WHERE status = 'gathering';
CREATE INDEX companion_group_made_by ON companion_group (made_by);
CREATE INDEX companion_group_position ON companion_group (position_id);
CREATE INDEX companion_group_assignment ON companion_group (assignment_id);
CREATE INDEX companion_group_due ON companion_group (until) WHERE status = 'gathering';

CREATE TABLE companion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id bigint NOT NULL REFERENCES companion_group ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    agreed_at timestamptz NOT NULL,
    left_at timestamptz,
    sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    CHECK (left_at >= agreed_at),
    CHECK (left_at IS NULL OR sign_up_id IS NULL)
);
CREATE UNIQUE INDEX companion_once ON companion (group_id, person_id) WHERE left_at IS NULL;
CREATE INDEX companion_group_id ON companion (group_id);
CREATE INDEX companion_person ON companion (person_id);

-- A group begins open, on a position of its assignment, and ends before the shift begins.
CREATE FUNCTION refuse_untimely_companions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'gathering' OR NOT EXISTS (
            SELECT FROM position p JOIN assignment a ON a.id = p.assignment_id
            WHERE p.id = NEW.position_id AND a.id = NEW.assignment_id AND NEW.until < a.starts) THEN
        RAISE EXCEPTION 'a group gathers on a shift that lies ahead'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companion_group_before_the_shift';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER companion_group_before_the_shift BEFORE INSERT ON companion_group
    FOR EACH ROW EXECUTE FUNCTION refuse_untimely_companions();

-- What ended stays ended, and nothing but the link changes before.
CREATE FUNCTION refuse_other_companions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'group % has ended or would become another one', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'companion_group_is_final';
END $$;
CREATE TRIGGER companion_group_is_final BEFORE UPDATE ON companion_group FOR EACH ROW
    WHEN (OLD.status <> 'gathering'
          OR (NEW.public_id, NEW.position_id, NEW.assignment_id, NEW.made_by, NEW.size, NEW.made_at, NEW.until)
             IS DISTINCT FROM
             (OLD.public_id, OLD.position_id, OLD.assignment_id, OLD.made_by, OLD.size, OLD.made_at, OLD.until))
    EXECUTE FUNCTION refuse_other_companions();
CREATE TRIGGER companion_group_is_kept BEFORE DELETE ON companion_group
    FOR EACH ROW EXECUTE FUNCTION refuse_other_companions();

-- People come and go while the group gathers; never more than it has places.
CREATE FUNCTION check_companion() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gathered record;
BEGIN
    SELECT status, size INTO gathered FROM companion_group WHERE id = coalesce(NEW.group_id, OLD.group_id)
        FOR NO KEY UPDATE;
    IF TG_OP = 'DELETE' OR gathered.status <> 'gathering'
       OR TG_OP = 'UPDATE' AND ((NEW.group_id, NEW.person_id, NEW.agreed_at)
                                IS DISTINCT FROM (OLD.group_id, OLD.person_id, OLD.agreed_at) OR OLD.left_at IS NOT NULL)
       OR (SELECT count(*) FROM companion WHERE group_id = NEW.group_id AND left_at IS NULL) > gathered.size THEN
        RAISE EXCEPTION 'nobody joins or leaves group % any more', coalesce(NEW.group_id, OLD.group_id)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companion_while_gathering';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER companion_while_gathering AFTER INSERT OR UPDATE OR DELETE ON companion
    FOR EACH ROW EXECUTE FUNCTION check_companion();

-- Seated means all of them, each on a seat of their own, by the end of the transaction.
CREATE FUNCTION check_companions_are_seated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size <> (SELECT count(*) FROM companion c WHERE c.group_id = NEW.id AND c.left_at IS NULL)
       OR NEW.size <> (
            SELECT count(*) FROM companion c JOIN sign_up s ON s.id = c.sign_up_id
            WHERE c.group_id = NEW.id AND c.left_at IS NULL AND s.live AND s.person_id = c.person_id
              AND s.position_id = NEW.position_id AND s.origin = 'companions') THEN
        RAISE EXCEPTION 'group % is not seated as a whole', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companions_are_seated';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER companions_are_seated AFTER UPDATE ON companion_group DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'seated') EXECUTE FUNCTION check_companions_are_seated();

-- Nobody is seated as a companion who did not agree to it.
CREATE FUNCTION check_sign_up_of_companions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM companion c JOIN companion_group g ON g.id = c.group_id
                   WHERE c.sign_up_id = NEW.id AND c.person_id = NEW.person_id AND g.status = 'seated') THEN
        RAISE EXCEPTION 'sign-up % belongs to no seated group', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_of_companions';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sign_up_of_companions AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.origin = 'companions') EXECUTE FUNCTION check_sign_up_of_companions();

-- Nobody gathers for a shift that is called off.
CREATE FUNCTION end_companions_of_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE companion_group SET status = 'expired', ended_at = greatest(now(), made_at)
    WHERE id IN (SELECT id FROM companion_group WHERE assignment_id = NEW.id AND status = 'gathering'
                 ORDER BY id FOR NO KEY UPDATE);
    RETURN NULL;
END $$;
CREATE TRIGGER assignment_ends_companions AFTER UPDATE ON assignment
    FOR EACH ROW WHEN (OLD.status <> 'cancelled' AND NEW.status = 'cancelled')
    EXECUTE FUNCTION end_companions_of_assignment();
