-- What those who were there said counts only as far as people were there; what an evaluation was made from is kept.

-- A delivery's code is on a screen for anybody to photograph: no more ratings than people, as the service log says.
-- The lock makes ratings of one delivery wait for each other.
CREATE FUNCTION limit_delivery_ratings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ordered bigint;
    most integer;
BEGIN
    SELECT id INTO ordered FROM village_order WHERE assignment_id = NEW.assignment_id FOR NO KEY UPDATE;
    SELECT people INTO most FROM service_log WHERE village_order_id = ordered ORDER BY id DESC LIMIT 1;
    IF (SELECT count(*) FROM shift_rating WHERE assignment_id = NEW.assignment_id) >= most THEN
        RAISE EXCEPTION 'everybody who was there has spoken'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shift_rating_within_people';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shift_rating_within_people BEFORE INSERT ON shift_rating
    FOR EACH ROW EXECUTE FUNCTION limit_delivery_ratings();

-- The figures that stood beside the words of a purchase's performance evaluation (令102 §20).
CREATE TABLE purchase_evaluation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id bigint NOT NULL UNIQUE REFERENCES purchase ON DELETE RESTRICT,
    ordered integer NOT NULL CHECK (ordered >= 0),
    accepted integer NOT NULL CHECK (accepted >= 0),
    refused integer NOT NULL CHECK (refused >= 0),
    put_right integer NOT NULL CHECK (put_right >= 0),
    declined integer NOT NULL CHECK (declined >= 0),
    missed integer NOT NULL CHECK (missed >= 0),
    late integer NOT NULL CHECK (late >= 0),
    people integer NOT NULL CHECK (people >= 0),
    opinions integer NOT NULL CHECK (opinions >= 0),
    stars integer NOT NULL CHECK (stars BETWEEN opinions AND 5 * opinions),
    score integer NOT NULL CHECK (score BETWEEN 0 AND 1000),  -- tenths of a point of 100
    evaluated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    evaluated_at timestamptz NOT NULL
);
CREATE INDEX purchase_evaluation_by ON purchase_evaluation (evaluated_by);
CALL make_append_only('purchase_evaluation');
