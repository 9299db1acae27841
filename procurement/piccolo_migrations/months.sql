-- Orders never outrun what a provider can deliver in a month, and none lies on a day on which it does not come.

CREATE FUNCTION hangzhou_day(instant timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (instant AT TIME ZONE 'Asia/Shanghai')::date
$$;
CREATE FUNCTION hangzhou_month(instant timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('month', instant AT TIME ZONE 'Asia/Shanghai')::date
$$;

CREATE TABLE product_month (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES product ON DELETE RESTRICT,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    units integer,                         -- as the provider states it; NULL while nothing is stated
    taken integer NOT NULL DEFAULT 0,      -- live orders of the month, under whatever contract
    UNIQUE (product_id, month),
    CONSTRAINT product_capacity_kept CHECK (taken >= 0 AND (units IS NULL OR taken <= units))
);
INSERT INTO product_month (product_id, month, taken)
SELECT c.product_id, hangzhou_month(o.wished_start), count(*)
FROM village_order o JOIN contract c ON c.id = o.contract_id WHERE o.live GROUP BY 1, 2;

CREATE FUNCTION refuse_hand_written_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.taken = 0 THEN
        NEW.units := product_capacity_in(NEW.product_id, NEW.month);
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what is taken of a month is counted from its orders, what it holds is stated'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'product_month_is_counted';
END $$;
CREATE TRIGGER product_month_is_counted BEFORE INSERT OR UPDATE OR DELETE ON product_month
    FOR EACH ROW EXECUTE FUNCTION refuse_hand_written_month();

-- Who orders shares the product's row, who states capacity or a day off has it alone: neither misses the other.
-- Then the months, by id. Called by the triggers, and by whoever wants to read what will be judged.
CREATE FUNCTION open_product_months(products bigint[], months date[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE id = ANY (products) ORDER BY id FOR SHARE;
    INSERT INTO product_month (product_id, month)
    SELECT DISTINCT d.product_id, d.month FROM unnest(products, months) AS d (product_id, month) ORDER BY 1, 2
    ON CONFLICT (product_id, month) DO NOTHING;
    PERFORM FROM product_month m
    WHERE (m.product_id, m.month) IN (SELECT * FROM unnest(products, months)) ORDER BY m.id FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION move_product_months(products bigint[], months date[], changes integer[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM open_product_months(products, months);
    UPDATE product_month m SET taken = m.taken + d.change
    FROM (SELECT product_id, month, sum(change) AS change
          FROM unnest(products, months, changes) AS d (product_id, month, change)
          GROUP BY product_id, month HAVING sum(change) <> 0) AS d
    WHERE m.product_id = d.product_id AND m.month = d.month;
END $$;

CREATE FUNCTION refuse_blackout_days(products bigint[], days date[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(products, days) AS d (product_id, day)
               JOIN product_blackout x ON x.product_id = d.product_id AND x.day = d.day) THEN
        RAISE EXCEPTION 'the provider does not come on this day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'village_order_on_blackout';
    END IF;
END $$;

CREATE FUNCTION count_months_in() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE products bigint[]; months date[]; days date[];
BEGIN
    SELECT array_agg(c.product_id), array_agg(hangzhou_month(o.wished_start)), array_agg(hangzhou_day(o.wished_start))
    INTO products, months, days FROM after_rows o JOIN contract c ON c.id = o.contract_id WHERE o.live;
    IF products IS NOT NULL THEN
        PERFORM move_product_months(products, months, array_fill(1, ARRAY[cardinality(products)]));
        PERFORM refuse_blackout_days(products, days);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION count_months_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE products bigint[]; months date[];
BEGIN
    SELECT array_agg(c.product_id), array_agg(hangzhou_month(o.wished_start))
    INTO products, months FROM before_rows o JOIN contract c ON c.id = o.contract_id WHERE o.live;
    IF products IS NOT NULL THEN
        PERFORM move_product_months(products, months, array_fill(-1, ARRAY[cardinality(products)]));
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION count_months_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE products bigint[]; months date[]; changes integer[]; days date[];
BEGIN
    SELECT array_agg(product_id), array_agg(month), array_agg(change) INTO products, months, changes
    FROM (SELECT c.product_id, hangzhou_month(d.wished_start) AS month, sum(d.unit)::integer AS change
          FROM (SELECT contract_id, wished_start, 1 AS unit FROM after_rows WHERE live
                UNION ALL SELECT contract_id, wished_start, -1 FROM before_rows WHERE live) AS d
          JOIN contract c ON c.id = d.contract_id GROUP BY 1, 2 HAVING sum(d.unit) <> 0) AS moved;
    IF products IS NOT NULL THEN
        PERFORM move_product_months(products, months, changes);
    END IF;
    SELECT array_agg(c.product_id), array_agg(hangzhou_month(n.wished_start)), array_agg(hangzhou_day(n.wished_start))
    INTO products, months, days
    FROM after_rows n LEFT JOIN before_rows b ON b.id = n.id JOIN contract c ON c.id = n.contract_id
    WHERE n.live AND (b.live IS NOT TRUE OR b.contract_id <> n.contract_id
                      OR hangzhou_day(b.wished_start) <> hangzhou_day(n.wished_start));
    IF products IS NOT NULL THEN
        PERFORM open_product_months(products, months);
        PERFORM refuse_blackout_days(products, days);
    END IF;
    RETURN NULL;
END $$;
-- Named so that they run after the counts of contract and quota: the lock order is contract, quota, product, month.
CREATE TRIGGER village_order_timed_in AFTER INSERT ON village_order REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_months_in();
CREATE TRIGGER village_order_timed_out AFTER DELETE ON village_order REFERENCING OLD TABLE AS before_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_months_out();
CREATE TRIGGER village_order_timed_over AFTER UPDATE ON village_order
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_months_moved();

CREATE FUNCTION follow_product_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.product_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.product_id; END IF;
    PERFORM FROM product WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    UPDATE product_month SET units = product_capacity_in(product_id, month)
    WHERE product_id = ANY (touched) AND units IS DISTINCT FROM product_capacity_in(product_id, month);
    RETURN NULL;
END $$;
CREATE TRIGGER product_capacity_followed AFTER INSERT OR UPDATE OR DELETE ON product_capacity
    FOR EACH ROW EXECUTE FUNCTION follow_product_capacity();

CREATE FUNCTION refuse_blackout_over_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE id = NEW.product_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM village_order o JOIN contract c ON c.id = o.contract_id
               WHERE c.product_id = NEW.product_id AND o.live AND hangzhou_day(o.wished_start) = NEW.day) THEN
        RAISE EXCEPTION 'orders lie on %', NEW.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_blackout_free';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_blackout_free BEFORE INSERT OR UPDATE ON product_blackout
    FOR EACH ROW EXECUTE FUNCTION refuse_blackout_over_orders();
