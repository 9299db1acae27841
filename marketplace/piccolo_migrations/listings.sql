-- What the catalogue is searched by: one narrow row for each product that was ever listed, kept by the products' own
-- triggers, so that a search joins nothing; its words are written by marketplace.products.listings.
CREATE TABLE listing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL UNIQUE REFERENCES product ON DELETE RESTRICT,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    category text NOT NULL,
    target_group text NOT NULL,
    unit text NOT NULL,
    priced boolean NOT NULL,                       -- somebody pays for it
    shown boolean NOT NULL,                        -- it is listed, and its provider is verified
    listed_at timestamptz NOT NULL,
    bought boolean NOT NULL DEFAULT false,         -- a public body pays, so that residents do not
    rating_count integer NOT NULL DEFAULT 0 CHECK (rating_count >= 0),
    rating_sum integer NOT NULL DEFAULT 0,
    words_version integer NOT NULL DEFAULT 0,      -- the vocabulary that its words were indexed with; 0: to be indexed
    free boolean NOT NULL GENERATED ALWAYS AS (bought OR NOT priced) STORED,
    stars integer NOT NULL GENERATED ALWAYS AS (CASE WHEN rating_count = 0 THEN 0 ELSE rating_sum / rating_count END) STORED,
    heads tsvector NOT NULL DEFAULT '',            -- names and summary: small, what answers are ranked by
    search tsvector NOT NULL DEFAULT '',           -- everything
    CONSTRAINT listing_rating CHECK (rating_sum BETWEEN rating_count AND 5 * rating_count)
);
CREATE INDEX listing_organization ON listing (organization_id);
CREATE INDEX listing_newest ON listing (product_id DESC) WHERE shown;
CREATE INDEX listing_since ON listing (listed_at) WHERE shown;
CREATE INDEX listing_facets ON listing (category, target_group, stars, free) WHERE shown;
CREATE INDEX listing_search ON listing USING gin (search) WITH (fastupdate = off);
CREATE INDEX listing_to_index ON listing (words_version);

CREATE FUNCTION follow_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO listing (product_id, organization_id, category, target_group, unit, priced, shown, listed_at)
    SELECT NEW.id, NEW.organization_id, NEW.category, v.target_group, v.unit, v.ceiling_fen > 0,
           NEW.status = 'listed' AND o.status = 'verified', coalesce(NEW.listed_at, NEW.created_at)
    FROM product_version v JOIN organization o ON o.id = NEW.organization_id
    WHERE v.product_id = NEW.id AND v.number = NEW.listed_version
    ON CONFLICT (product_id) DO UPDATE SET target_group = excluded.target_group, unit = excluded.unit,
        priced = excluded.priced, shown = excluded.shown, listed_at = excluded.listed_at,
        words_version = CASE WHEN TG_OP = 'UPDATE' AND NEW.listed_version IS NOT DISTINCT FROM OLD.listed_version
                             THEN listing.words_version ELSE 0 END;
    RETURN NULL;
END $$;
CREATE TRIGGER product_has_listing AFTER INSERT OR UPDATE OF status, listed_version, listed_at ON product
    FOR EACH ROW WHEN (NEW.listed_version IS NOT NULL) EXECUTE FUNCTION follow_product();

-- A provider that is verified no longer takes its products out of the catalogue; one with a new name is found by it.
CREATE FUNCTION follow_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM product WHERE organization_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
    UPDATE listing l SET shown = p.status = 'listed' AND NEW.status = 'verified',
        words_version = CASE WHEN (NEW.name_zh, NEW.name_en) = (OLD.name_zh, OLD.name_en) THEN l.words_version ELSE 0 END
    FROM product p WHERE p.id = l.product_id AND p.organization_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organization_shows_listings AFTER UPDATE OF status, name_zh, name_en ON organization
    FOR EACH ROW WHEN ((OLD.status, OLD.name_zh, OLD.name_en) IS DISTINCT FROM (NEW.status, NEW.name_zh, NEW.name_en))
    EXECUTE FUNCTION follow_organization();

INSERT INTO listing (product_id, organization_id, category, target_group, unit, priced, shown, listed_at, heads, search)
SELECT p.id, p.organization_id, p.category, v.target_group, v.unit, v.ceiling_fen > 0,
       p.status = 'listed' AND o.status = 'verified', coalesce(p.listed_at, p.created_at), p.search, p.search
FROM product p JOIN organization o ON o.id = p.organization_id
JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version;
ALTER TABLE product DROP COLUMN search;
