-- What the village says of a visit, apart from the acceptance: one word for each order, never rewritten.

CREATE TABLE village_rating (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    village_order_id bigint NOT NULL UNIQUE REFERENCES village_order ON DELETE RESTRICT,
    rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
    words_zh text NOT NULL DEFAULT '',
    rated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    rated_at timestamptz NOT NULL
);
CREATE INDEX village_rating_rated_by ON village_rating (rated_by);
CALL make_append_only('village_rating');

CREATE FUNCTION check_village_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM village_order o WHERE o.id = NEW.village_order_id
                   AND o.status IN ('delivered', 'accepted', 'refused')) THEN
        RAISE EXCEPTION 'only a visit that took place can be rated'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'village_rating_after_visit';
    END IF;
    IF EXISTS (SELECT FROM village_order o JOIN contract c ON c.id = o.contract_id
               WHERE o.id = NEW.village_order_id AND (
                   o.answered_by = NEW.rated_by
                   OR EXISTS (SELECT FROM membership m
                              WHERE m.organization_id = c.organization_id AND m.account_id = NEW.rated_by
                                AND m.valid_from <= NEW.rated_at
                                AND coalesce(m.valid_until, 'infinity') > NEW.rated_at))) THEN
        RAISE EXCEPTION 'a provider does not rate its own visit'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'village_rating_by_village';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER village_rating_checked BEFORE INSERT ON village_rating
    FOR EACH ROW EXECUTE FUNCTION check_village_rating();

-- Whom villages expect, for the job that tells them when somebody is found.
CREATE INDEX village_order_expected ON village_order (wished_start) WHERE status = 'scheduled';
