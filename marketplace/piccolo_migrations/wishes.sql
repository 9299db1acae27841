-- What nobody lists yet: a village's wish, the villages of its district that want the same, and who answers.

CREATE SEQUENCE reference_xy;
CREATE TABLE wish (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('xy'),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,    -- the village that wrote it
    category text NOT NULL CHECK (category IN ('legal_education', 'consultation', 'mediation', 'legal_aid',
                                               'notarization', 'forensic_appraisal')),
    target_group text NOT NULL CHECK (target_group <> ''),
    words_zh text NOT NULL CHECK (words_zh <> ''),
    status text NOT NULL CHECK (status IN ('open', 'answered', 'fulfilled', 'closed')),
    written_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    written_at timestamptz NOT NULL,
    closed_by bigint REFERENCES account ON DELETE RESTRICT,
    closed_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CONSTRAINT wish_without_numbers CHECK (words_zh !~ '[0-9]{7}'),  -- a telephone, an identity card
    CONSTRAINT wish_closed CHECK ((status = 'closed') = (closed_by IS NOT NULL)
                                  AND (closed_by IS NULL) = (closed_at IS NULL)
                                  AND (status = 'closed') = (reason <> ''))
);
CREATE INDEX wish_place ON wish (place_id);
CREATE INDEX wish_wall ON wish (status, id DESC);
CREATE INDEX wish_written_by ON wish (written_by);
CREATE INDEX wish_closed_by ON wish (closed_by) WHERE closed_by IS NOT NULL;

CREATE TABLE wish_support (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wish_id bigint NOT NULL REFERENCES wish ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    supported_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    supported_at timestamptz NOT NULL,
    CONSTRAINT wish_support_once UNIQUE (wish_id, place_id)
);
CREATE INDEX wish_support_place ON wish_support (place_id);
CREATE INDEX wish_support_supported_by ON wish_support (supported_by);

CREATE TABLE wish_answer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wish_id bigint NOT NULL REFERENCES wish ON DELETE RESTRICT,
    product_id bigint NOT NULL REFERENCES product ON DELETE RESTRICT,
    answered_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    answered_at timestamptz NOT NULL,
    CONSTRAINT wish_answer_once UNIQUE (wish_id, product_id)
);
CREATE INDEX wish_answer_product ON wish_answer (product_id);
CREATE INDEX wish_answer_answered_by ON wish_answer (answered_by);

CREATE FUNCTION check_wish_support() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM wish w JOIN place home ON home.id = w.place_id JOIN place mine ON mine.id = NEW.place_id
                   WHERE w.id = NEW.wish_id AND mine.level = 'village' AND left(mine.code, 6) = left(home.code, 6)) THEN
        RAISE EXCEPTION 'villages of the wish''s own district support it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_support_of_district';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wish_support_of_district BEFORE INSERT OR UPDATE ON wish_support
    FOR EACH ROW EXECUTE FUNCTION check_wish_support();

CREATE FUNCTION check_wish_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM wish w JOIN product p ON p.category = w.category
                   WHERE w.id = NEW.wish_id AND p.id = NEW.product_id) THEN
        RAISE EXCEPTION 'a product answers a wish of its own category'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_answer_of_category';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wish_answer_of_category BEFORE INSERT OR UPDATE ON wish_answer
    FOR EACH ROW EXECUTE FUNCTION check_wish_answer();

-- What is answered has an answer of its category, what is fulfilled a product that was listed.
CREATE FUNCTION is_answered(answered bigint, as_status text, of_category text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM wish_answer a JOIN product p ON p.id = a.product_id
                    WHERE a.wish_id = answered AND p.category = of_category
                      AND (as_status = 'answered' OR p.listed_version IS NOT NULL))
$$;

CREATE FUNCTION check_wish_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('answered', 'fulfilled') AND NOT is_answered(NEW.id, NEW.status, NEW.category) THEN
        RAISE EXCEPTION 'wish %: no product answers it', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_has_answer';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wish_has_answer BEFORE INSERT OR UPDATE OF status, category ON wish
    FOR EACH ROW EXECUTE FUNCTION check_wish_status();

-- The wish is locked, so that two answers that go at once do not each count on the other.
CREATE FUNCTION keep_wish_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM wish WHERE id = OLD.wish_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM wish w WHERE w.id = OLD.wish_id AND w.status IN ('answered', 'fulfilled')
               AND NOT is_answered(w.id, w.status, w.category)) THEN
        RAISE EXCEPTION 'wish %: this is its only answer', OLD.wish_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_has_answer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER wish_has_answer AFTER UPDATE OR DELETE ON wish_answer
    FOR EACH ROW EXECUTE FUNCTION keep_wish_answered();

-- What others want too does not become another wish: its kind, its people and its village stay.
CREATE FUNCTION keep_wish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.category, NEW.target_group, NEW.place_id) <> (OLD.category, OLD.target_group, OLD.place_id)
       AND EXISTS (SELECT FROM wish_support WHERE wish_id = NEW.id) THEN
        RAISE EXCEPTION 'wish %: villages support it as it is', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'wish_supported_as_it_is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wish_supported_as_it_is BEFORE UPDATE ON wish FOR EACH ROW EXECUTE FUNCTION keep_wish();
