-- How many units a month a provider can deliver, from a month on until it says otherwise, and the days on which it
-- does not come. What is taken of it is counted by the layer that knows orders (procurement: product_month).

CREATE TABLE product_capacity (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES product ON DELETE RESTRICT,
    from_month date NOT NULL CHECK (extract(day FROM from_month) = 1),
    units integer NOT NULL CHECK (units BETWEEN 0 AND 9999),
    stated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    stated_at timestamptz NOT NULL,
    UNIQUE (product_id, from_month)
);
CREATE INDEX product_capacity_stated_by ON product_capacity (stated_by);

CREATE TABLE product_blackout (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES product ON DELETE RESTRICT,
    day date NOT NULL,
    note_zh text NOT NULL DEFAULT '',
    stated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    stated_at timestamptz NOT NULL,
    UNIQUE (product_id, day)
);
CREATE INDEX product_blackout_stated_by ON product_blackout (stated_by);

-- NULL: nothing is stated for the month.
CREATE FUNCTION product_capacity_in(of_product bigint, in_month date) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT units FROM product_capacity WHERE product_id = of_product AND from_month <= in_month
    ORDER BY from_month DESC LIMIT 1
$$;
