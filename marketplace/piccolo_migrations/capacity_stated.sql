-- Whatever is submitted says how much of it can be had in a month. What was submitted before this was asked for keeps
-- its listing, and is asked with its next version.

CREATE FUNCTION require_stated_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM product_capacity c WHERE c.product_id = NEW.id) THEN
        RAISE EXCEPTION 'product % is submitted without a word on how much of it can be had in a month', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_capacity_stated';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_capacity_stated BEFORE UPDATE OF status, revision ON product FOR EACH ROW
    WHEN ('submitted' IN (NEW.status, NEW.revision) AND 'submitted' NOT IN (OLD.status, OLD.revision))
    EXECUTE FUNCTION require_stated_capacity();

-- What was once said can be said anew, and not be taken back.
CREATE FUNCTION keep_stated_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE id = OLD.product_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM product_capacity c WHERE c.product_id = OLD.product_id)
       AND EXISTS (SELECT FROM product p WHERE p.id = OLD.product_id AND p.status <> 'draft') THEN
        RAISE EXCEPTION 'the last word on what can be had of product % in a month stays', OLD.product_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'product_capacity_remains';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER product_capacity_remains AFTER DELETE OR UPDATE OF product_id ON product_capacity
    FOR EACH ROW EXECUTE FUNCTION keep_stated_capacity();
