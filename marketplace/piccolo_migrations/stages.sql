-- A product goes through its stages in order, whoever writes: the tables of marketplace/products/rules.py.

CREATE FUNCTION is_product_step(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT before = after OR (before, after) IN (
        ('draft', 'submitted'), ('changes_requested', 'submitted'), ('submitted', 'in_review'),
        ('in_review', 'listed'), ('in_review', 'changes_requested'), ('in_review', 'rejected'),
        ('listed', 'suspended'), ('suspended', 'listed'), ('listed', 'delisted'), ('suspended', 'delisted'))
        OR after = 'withdrawn' AND before NOT IN ('rejected', 'delisted')
$$;

CREATE FUNCTION is_revision_step(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT before = after OR (before, after) IN (
        ('none', 'draft'), ('draft', 'submitted'), ('changes_requested', 'submitted'), ('submitted', 'in_review'),
        ('in_review', 'changes_requested'), ('in_review', 'none'))
$$;

-- A suspension ends as it came: with the provider's own, or by a reviewer's decision to reinstate.
CREATE FUNCTION is_reinstated(suspended bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT d.verdict = 'reinstate' FROM product_decision d
                       JOIN product_version v ON v.id = d.product_version_id
                      WHERE v.product_id = suspended AND d.verdict IN ('suspend', 'reinstate')
                      ORDER BY d.id DESC LIMIT 1), false)
$$;

-- The version that was declared and taken up is the one that is decided on: no other is written or listed meanwhile.
CREATE FUNCTION keep_product_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_order boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        in_order := (NEW.status, NEW.revision) = ('draft', 'none') AND NEW.listed_version IS NULL;
    ELSE
        in_order := is_product_step(OLD.status, NEW.status)
            AND (is_revision_step(OLD.revision, NEW.revision)
                 OR NEW.revision = 'none' AND NEW.status NOT IN ('listed', 'suspended'))
            AND (NEW.listed_version IS NOT DISTINCT FROM OLD.listed_version
                 OR 'in_review' IN (OLD.status, OLD.revision) AND NEW.listed_version = OLD.latest_version)
            AND (NEW.latest_version = OLD.latest_version
                 OR OLD.status IN ('draft', 'changes_requested', 'listed', 'suspended')
                    AND OLD.revision IN ('none', 'draft', 'changes_requested'))
            AND (OLD.status <> 'suspended' OR NEW.status <> 'suspended' OR NEW.suspended_for = OLD.suspended_for)
            AND (OLD.status <> 'suspended' OR NEW.status <> 'listed' OR OLD.suspended_for = 'organization'
                 OR is_reinstated(NEW.id));
    END IF;
    IF NOT in_order THEN
        RAISE EXCEPTION 'product %: it is written, submitted, taken up and decided, in this order', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_stage_in_order';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_stage_in_order BEFORE INSERT OR UPDATE OF status, revision, latest_version, listed_version,
    suspended_for ON product FOR EACH ROW EXECUTE FUNCTION keep_product_in_order();
