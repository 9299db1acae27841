-- A version is taken up when it was submitted, decided on when it was taken up, and goes where the verdict says.
-- A verdict about a listing finds it listed or suspended. Whoever writes a step of a review moves the product with it.

CREATE FUNCTION is_in_turn(verdict text, version integer, at product) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN verdict = 'begin' THEN version = at.latest_version AND 'submitted' IN (at.status, at.revision)
        WHEN verdict IN ('list', 'request_changes', 'reject')
            THEN version = at.latest_version AND 'in_review' IN (at.status, at.revision)
        ELSE version IS NOT DISTINCT FROM at.listed_version
            AND at.status = ANY (CASE verdict WHEN 'suspend' THEN '{listed}' WHEN 'reinstate' THEN '{suspended}'
                                              ELSE '{listed,suspended}' END::text[]) END
$$;

CREATE FUNCTION require_verdict_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    verdict text := coalesce(to_jsonb(NEW) ->> 'verdict', 'begin');
    decided product_version%ROWTYPE;
    at product%ROWTYPE;
BEGIN
    SELECT * INTO decided FROM product_version WHERE id = NEW.product_version_id;
    SELECT * INTO at FROM product WHERE id = decided.product_id FOR NO KEY UPDATE;
    IF NOT is_in_turn(verdict, decided.number, at) OR verdict <> 'begin' AND EXISTS (
        SELECT FROM product_decision d JOIN product_version v ON v.id = d.product_version_id
        WHERE v.product_id = at.id AND d.id <> NEW.id AND d.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'product %: it is not the turn of % for version %', at.id, verdict, decided.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_verdict_in_turn';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER product_verdict_in_turn AFTER INSERT ON review_start
    FOR EACH ROW EXECUTE FUNCTION require_verdict_in_turn();
CREATE TRIGGER product_verdict_in_turn AFTER INSERT ON product_decision
    FOR EACH ROW EXECUTE FUNCTION require_verdict_in_turn();

-- A verdict that could still be given when its transaction ends has moved nothing.
CREATE FUNCTION require_verdict_followed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM product_version v JOIN product p ON p.id = v.product_id
               WHERE v.id = NEW.product_version_id
                 AND is_in_turn(coalesce(to_jsonb(NEW) ->> 'verdict', 'begin'), v.number, p)) THEN
        RAISE EXCEPTION 'a step of a review moves its product'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_verdict_followed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER product_verdict_followed AFTER INSERT ON review_start
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_verdict_followed();
CREATE CONSTRAINT TRIGGER product_verdict_followed AFTER INSERT ON product_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_verdict_followed();

-- What only a verdict does, no update does without one. Becoming listed is product_listing_decided's.
CREATE FUNCTION last_verdict(of_product bigint, of_version integer, among text[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT d.verdict FROM product_decision d JOIN product_version v ON v.id = d.product_version_id
    WHERE v.product_id = of_product AND v.number = of_version AND d.verdict = ANY (among) ORDER BY d.id DESC LIMIT 1
$$;
CREATE FUNCTION require_verdict_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed text := CASE
        WHEN NEW.status = 'changes_requested' AND OLD.status = 'in_review'
             OR NEW.revision = 'changes_requested' AND OLD.revision = 'in_review' THEN 'request_changes'
        WHEN NEW.status = 'rejected' AND OLD.status <> 'rejected' THEN 'reject'
        WHEN OLD.revision = 'in_review' AND NEW.revision = 'none' AND NEW.status IN ('listed', 'suspended')
             THEN CASE WHEN NEW.listed_version = NEW.latest_version THEN 'list' ELSE 'reject' END END;
    on_listing text := CASE
        WHEN NEW.status = 'suspended' AND OLD.status <> 'suspended' AND NEW.suspended_for IN ('', 'decision')
             THEN 'suspend'
        WHEN NEW.status = 'delisted' AND OLD.status <> 'delisted' THEN 'delist' END;
BEGIN
    IF needed <> coalesce(last_verdict(NEW.id, NEW.latest_version, '{list,request_changes,reject}'), '')
       OR on_listing <> coalesce(last_verdict(NEW.id, NEW.listed_version, '{suspend,reinstate,delist}'), '') THEN
        RAISE EXCEPTION 'product %: nobody decided this', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_verdict_given';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_verdict_given BEFORE UPDATE OF status, revision ON product
    FOR EACH ROW EXECUTE FUNCTION require_verdict_given();
