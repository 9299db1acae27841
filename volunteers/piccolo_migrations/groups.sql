-- Several people of one organization on one assignment at once: all or none, or as many as fit.

CREATE TABLE group_sign_up (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    assignment_id bigint NOT NULL REFERENCES assignment ON DELETE RESTRICT,
    all_or_none boolean NOT NULL,
    wanted integer NOT NULL CHECK (wanted > 0),
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL
);
CREATE INDEX group_sign_up_organization ON group_sign_up (organization_id);
CREATE INDEX group_sign_up_assignment ON group_sign_up (assignment_id);
CREATE INDEX group_sign_up_created_by ON group_sign_up (created_by);
CALL make_append_only('group_sign_up');

CREATE TABLE group_member (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id bigint NOT NULL REFERENCES group_sign_up ON DELETE RESTRICT,
    sign_up_id bigint NOT NULL UNIQUE REFERENCES sign_up ON DELETE RESTRICT
);
CREATE INDEX group_member_group ON group_member (group_id);
CALL make_append_only('group_member');

-- All or none means all by the end of the transaction; nobody makes a group of nobody.
CREATE FUNCTION check_group_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seated integer := (SELECT count(*) FROM group_member WHERE group_id = NEW.id);
BEGIN
    IF seated = 0 OR seated > NEW.wanted OR NEW.all_or_none AND seated < NEW.wanted THEN
        RAISE EXCEPTION 'group % seats % of % people', NEW.id, seated, NEW.wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'group_is_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER group_is_whole AFTER INSERT ON group_sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_group_is_whole();

-- A group's people belong to its organization and sit on its assignment.
CREATE FUNCTION check_group_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM group_member m JOIN group_sign_up g ON g.id = m.group_id
                   JOIN person p ON p.id = NEW.person_id AND p.organization_id = g.organization_id
                   WHERE m.sign_up_id = NEW.id AND g.assignment_id = NEW.assignment_id) THEN
        RAISE EXCEPTION 'sign-up % belongs to no group', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_is_of_its_group';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sign_up_is_of_its_group AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.origin = 'group') EXECUTE FUNCTION check_group_seat();
