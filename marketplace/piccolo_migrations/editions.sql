-- The catalogue's yearly editions, and the year's flagship projects (法治惠民实事项目).

CREATE TABLE catalogue_edition (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    year integer NOT NULL UNIQUE CHECK (year BETWEEN 2000 AND 2100),
    status text NOT NULL CHECK (status IN ('draft', 'published')),
    drawn_up_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    drawn_up_at timestamptz NOT NULL,
    published_by bigint REFERENCES account ON DELETE RESTRICT,
    published_at timestamptz,
    CONSTRAINT catalogue_edition_published CHECK ((status = 'published') = (published_by IS NOT NULL)
                                                  AND (published_by IS NULL) = (published_at IS NULL)),
    CONSTRAINT catalogue_edition_second_person CHECK (published_by <> drawn_up_by)
);
CREATE INDEX catalogue_edition_drawn_up_by ON catalogue_edition (drawn_up_by);
CREATE INDEX catalogue_edition_published_by ON catalogue_edition (published_by) WHERE published_by IS NOT NULL;

CREATE TABLE catalogue_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition_id bigint NOT NULL REFERENCES catalogue_edition ON DELETE RESTRICT,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,
    proposal text NOT NULL CHECK (proposal IN ('new', 'keep', 'adjust', 'retire')),
    decision text NOT NULL CHECK (decision IN ('new', 'keep', 'adjust', 'retire')),
    reason text NOT NULL DEFAULT '',
    units integer NOT NULL CHECK (units >= 0),               -- accepted in the year before
    ratings integer NOT NULL CHECK (ratings >= 0),
    rating_sum integer NOT NULL CHECK (rating_sum BETWEEN ratings AND ratings * 5),
    UNIQUE (edition_id, product_id),
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT,
    CONSTRAINT catalogue_entry_departure_reasoned CHECK (decision = proposal OR reason <> '')
);
CREATE INDEX catalogue_entry_product ON catalogue_entry (product_id, product_version);

-- What was published stays what it was.
CREATE FUNCTION freeze_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'catalogue_edition' THEN
        IF OLD.status <> 'published' THEN
            RETURN coalesce(NEW, OLD);
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM catalogue_edition e
                      WHERE e.id IN (NEW.edition_id, OLD.edition_id) AND e.status = 'published') THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'a published edition of the catalogue does not change'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'catalogue_edition_frozen';
END $$;
CREATE TRIGGER catalogue_edition_frozen BEFORE UPDATE OR DELETE ON catalogue_edition
    FOR EACH ROW EXECUTE FUNCTION freeze_edition();
CREATE TRIGGER catalogue_entry_frozen BEFORE INSERT OR UPDATE OR DELETE ON catalogue_entry
    FOR EACH ROW EXECUTE FUNCTION freeze_edition();

CREATE SEQUENCE reference_ss;
CREATE TABLE flagship_project (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('ss'),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    title_zh text NOT NULL CHECK (title_zh <> ''),
    title_en text NOT NULL DEFAULT '',
    promise_zh text NOT NULL CHECK (promise_zh <> ''),       -- what the public may expect by the end of the year
    unit text NOT NULL CHECK (unit IN ('lecture', 'visit', 'half_day', 'case', 'session')),
    target integer NOT NULL CHECK (target > 0),
    status text NOT NULL CHECK (status IN ('proposed', 'adopted', 'completed', 'dropped')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    closed_by bigint REFERENCES account ON DELETE RESTRICT,
    closed_at timestamptz,
    reached integer CHECK (reached >= 0),                    -- units accepted when it was closed
    result_zh text NOT NULL DEFAULT '',
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((closed_by IS NULL) = (closed_at IS NULL)),
    CONSTRAINT flagship_decided_by_another CHECK (decided_by <> proposed_by),
    CONSTRAINT flagship_adopted CHECK (status IN ('proposed', 'dropped') OR decided_by IS NOT NULL),
    CONSTRAINT flagship_closed CHECK ((status = 'completed') = (closed_by IS NOT NULL)
                                      AND (status <> 'completed' OR reached IS NOT NULL AND result_zh <> '')),
    CONSTRAINT flagship_dropped_with_reason CHECK (status <> 'dropped' OR result_zh <> '')
);
CREATE INDEX flagship_project_year ON flagship_project (year, place_id);
CREATE INDEX flagship_project_place ON flagship_project (place_id);
CREATE INDEX flagship_project_proposed_by ON flagship_project (proposed_by);
CREATE INDEX flagship_project_decided_by ON flagship_project (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX flagship_project_closed_by ON flagship_project (closed_by) WHERE closed_by IS NOT NULL;

CREATE TABLE flagship_product (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id bigint NOT NULL REFERENCES flagship_project ON DELETE RESTRICT,
    product_id bigint NOT NULL REFERENCES product ON DELETE RESTRICT,
    UNIQUE (project_id, product_id)
);
CREATE INDEX flagship_product_product ON flagship_product (product_id);
CALL make_append_only('flagship_product');
