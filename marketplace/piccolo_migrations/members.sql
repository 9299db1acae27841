-- Members of an organization: who owns it, and who is invited. An owner's membership has no end in sight.

CREATE TABLE organization_owner (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    membership_id bigint NOT NULL REFERENCES membership ON DELETE RESTRICT,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    made_by bigint REFERENCES account ON DELETE RESTRICT,   -- NULL: the first member, or the one who was left
    since timestamptz NOT NULL,
    until timestamptz
);
CREATE UNIQUE INDEX organization_owner_once ON organization_owner (membership_id) WHERE until IS NULL;
CREATE INDEX organization_owner_membership ON organization_owner (membership_id);
CREATE INDEX organization_owner_organization ON organization_owner (organization_id);
CREATE INDEX organization_owner_made_by ON organization_owner (made_by) WHERE made_by IS NOT NULL;

CREATE FUNCTION has_owner(provider bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM organization_owner o JOIN membership m ON m.id = o.membership_id
                    WHERE o.organization_id = provider AND o.until IS NULL
                      AND m.organization_id = provider AND m.role = 'provider' AND m.valid_until IS NULL)
$$;

-- Whoever has been a member longest, if anybody is one for good.
CREATE FUNCTION name_owner(provider bigint, at_time timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO organization_owner (membership_id, organization_id, since)
    SELECT m.id, provider, at_time FROM membership m
     WHERE m.organization_id = provider AND m.role = 'provider' AND m.valid_until IS NULL AND NOT has_owner(provider)
     ORDER BY m.valid_from, m.id LIMIT 1
$$;

-- The first member of an organization owns it.
CREATE FUNCTION first_member_owns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM name_owner(NEW.organization_id, NEW.valid_from);
    RETURN NULL;
END $$;
CREATE TRIGGER first_member_owns AFTER INSERT ON membership FOR EACH ROW
    WHEN (NEW.role = 'provider' AND NEW.organization_id IS NOT NULL AND NEW.valid_until IS NULL)
    EXECUTE FUNCTION first_member_owns();

-- At least one owner always, looked at when the transaction ends: the organization is locked, so that two who leave
-- at once do not each count on the other. An owner whose membership ends is followed by the longest-serving member;
-- an owner who only lays the duty down must have named another.
CREATE FUNCTION organization_keeps_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM organization WHERE id = OLD.organization_id FOR NO KEY UPDATE;
    IF TG_TABLE_NAME = 'membership' THEN
        PERFORM name_owner(OLD.organization_id, now());
    END IF;
    IF NOT has_owner(OLD.organization_id) THEN
        RAISE EXCEPTION 'organization % would be left without an owner', OLD.organization_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organization_keeps_an_owner';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER organization_keeps_an_owner AFTER UPDATE OR DELETE ON organization_owner
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION organization_keeps_an_owner();
CREATE CONSTRAINT TRIGGER organization_keeps_an_owner AFTER UPDATE ON membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.role = 'provider' AND OLD.organization_id IS NOT NULL AND OLD.valid_until IS NULL
          AND (NEW.valid_until IS NOT NULL OR NEW.role <> 'provider'
               OR NEW.organization_id IS DISTINCT FROM OLD.organization_id))
    EXECUTE FUNCTION organization_keeps_an_owner();

-- Organizations from before: who applied, where that person is still a member; otherwise the longest-serving member.
INSERT INTO organization_owner (membership_id, organization_id, since)
SELECT DISTINCT ON (o.id) m.id, o.id, m.valid_from FROM organization o
  JOIN membership m ON m.organization_id = o.id AND m.role = 'provider' AND m.valid_until IS NULL
 ORDER BY o.id, m.account_id = o.applied_by DESC, m.valid_from, m.id;

-- A link that makes its reader a member; only its hash is kept, and who it was sent to as a keyed digest.
CREATE TABLE organization_invitation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    duty text NOT NULL CHECK (duty IN ('owner', 'editor')),
    token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
    phone_digest bytea,                    -- NULL: whoever holds the link
    status text NOT NULL CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn')),
    invited_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    invited_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    answered_at timestamptz,
    CHECK (expires_at > invited_at),
    CHECK ((status = 'open') = (answered_at IS NULL) AND (answered_by IS NULL) = (answered_at IS NULL)),
    CONSTRAINT invitation_accepted_by_another CHECK (status <> 'accepted' OR answered_by <> invited_by),
    CONSTRAINT invitation_accepted_in_time CHECK (status <> 'accepted' OR answered_at < expires_at)
);
CREATE INDEX organization_invitation_of ON organization_invitation (organization_id);
CREATE INDEX organization_invitation_by ON organization_invitation (invited_by);
CREATE INDEX organization_invitation_answered ON organization_invitation (answered_by) WHERE answered_by IS NOT NULL;

CREATE FUNCTION answer_invitation_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'open' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'invitation % was answered', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invitation_answered_once';
END $$;
CREATE TRIGGER invitation_answered_once BEFORE UPDATE OR DELETE ON organization_invitation
    FOR EACH ROW EXECUTE FUNCTION answer_invitation_once();
