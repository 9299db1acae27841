-- A listing stands and falls with its provider: suspended with it in the same moment, back with it, and only for that.

ALTER TABLE product ADD COLUMN suspended_for text NOT NULL DEFAULT ''
    CHECK (suspended_for IN ('', 'decision', 'licence', 'organization'));  -- '': before this was kept, or not suspended
ALTER TABLE product ADD CONSTRAINT product_suspended_for_a_reason CHECK (suspended_for = '' OR status = 'suspended');
CREATE INDEX product_suspended ON product (organization_id) WHERE suspended_for = 'organization';

-- The provider is locked for the look, so that a suspension and a listing do not pass each other.
CREATE FUNCTION require_verified_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM organization o WHERE o.id = NEW.organization_id AND o.status = 'verified' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'product %: its provider is not verified', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_listed_by_verified';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_listed_by_verified BEFORE UPDATE OF status ON product FOR EACH ROW
    WHEN (NEW.status = 'listed' AND OLD.status <> 'listed') EXECUTE FUNCTION require_verified_provider();

CREATE FUNCTION listings_follow_provider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'verified' THEN
        UPDATE product SET status = 'listed', suspended_for = ''
         WHERE organization_id = NEW.id AND status = 'suspended' AND suspended_for = 'organization';
    ELSE
        UPDATE product SET status = 'suspended', suspended_for = 'organization'
         WHERE organization_id = NEW.id AND status = 'listed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER listings_follow_provider AFTER UPDATE OF status ON organization FOR EACH ROW
    WHEN ((NEW.status = 'verified') IS DISTINCT FROM (OLD.status = 'verified'))
    EXECUTE FUNCTION listings_follow_provider();
