-- A station's regulars: who has come often, and whom the station marked. They may sign up before everybody else.

CREATE TABLE station_regular (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    station_id bigint NOT NULL REFERENCES station ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    marked_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    marked_at timestamptz NOT NULL,
    unmarked_by bigint REFERENCES account ON DELETE RESTRICT,
    unmarked_at timestamptz,
    CHECK ((unmarked_at IS NULL) = (unmarked_by IS NULL)),
    CHECK (unmarked_at >= marked_at)
);
CREATE UNIQUE INDEX station_regular_once ON station_regular (station_id, person_id) WHERE unmarked_at IS NULL;
CREATE INDEX station_regular_station ON station_regular (station_id);
CREATE INDEX station_regular_person ON station_regular (person_id);
CREATE INDEX station_regular_marked_by ON station_regular (marked_by);
CREATE INDEX station_regular_unmarked_by ON station_regular (unmarked_by) WHERE unmarked_by IS NOT NULL;

-- Nobody marks themselves.
CREATE FUNCTION refuse_own_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM person WHERE id = NEW.person_id AND account_id = NEW.marked_by) THEN
        RAISE EXCEPTION 'nobody marks themselves as a regular'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'station_regular_second_party';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER station_regular_second_party AFTER INSERT OR UPDATE ON station_regular
    FOR EACH ROW EXECUTE FUNCTION refuse_own_mark();

CREATE FUNCTION is_regular(of_station bigint, of_person bigint, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM station_regular r WHERE r.station_id = of_station AND r.person_id = of_person
                   AND r.unmarked_at IS NULL)
        OR (SELECT count(*) >= 3 FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
            WHERE s.person_id = of_person AND s.status = 'completed' AND s.starts > at - interval '180 days'
              AND a.station_id = of_station)
$$;

ALTER TABLE assignment
    ADD COLUMN regulars_until timestamptz,
    ADD CONSTRAINT assignment_regulars_before_start CHECK (regulars_until < starts);
ALTER TABLE shift_pattern
    ADD COLUMN regulars_hours integer CHECK (regulars_hours BETWEEN 1 AND 720);

-- The head start moves with the shift.
CREATE FUNCTION move_regulars_with_shift() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.regulars_until := OLD.regulars_until + (NEW.starts - OLD.starts);
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_moves_regulars BEFORE UPDATE OF starts ON assignment FOR EACH ROW
    WHEN (OLD.starts <> NEW.starts AND OLD.regulars_until = NEW.regulars_until)
    EXECUTE FUNCTION move_regulars_with_shift();

-- Until then only regulars sit down by themselves or by a plan. Three ways stay open, each with its reason: whom the
-- station chooses or hands in on a list ('chosen', 'import'), because the head start is the station's own; whom it
-- calls when somebody is missing; who stood in line, because the line let nobody in who might not have signed up.
CREATE FUNCTION refuse_seat_before_its_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT a.station_id, a.regulars_until INTO held FROM assignment a WHERE a.id = NEW.assignment_id;
    IF held.regulars_until IS NULL OR NEW.created_at >= held.regulars_until
       OR is_regular(held.station_id, NEW.person_id, NEW.created_at)
       OR EXISTS (SELECT FROM call_out_ask k JOIN call_out c ON c.id = k.call_out_id
                  WHERE c.position_id = NEW.position_id AND k.person_id = NEW.person_id
                    AND k.status IN ('sent', 'seen')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'assignment % is for its station''s regulars until %', NEW.assignment_id, held.regulars_until
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_regulars_first';
END $$;
CREATE TRIGGER sign_up_regulars_first BEFORE INSERT ON sign_up FOR EACH ROW
    WHEN (NEW.origin IN ('self', 'exchange', 'group', 'host', 'companions', 'dispatch') AND NOT (NEW.status = 'offered' AND NEW.offer_expires_at IS NOT NULL))
    EXECUTE FUNCTION refuse_seat_before_its_time();
CREATE TRIGGER sign_up_regulars_first_again BEFORE UPDATE OF person_id, assignment_id, status ON sign_up FOR EACH ROW
    WHEN (NEW.origin IN ('self', 'exchange', 'group', 'host', 'companions', 'dispatch') AND (
        (OLD.person_id, OLD.assignment_id) <> (NEW.person_id, NEW.assignment_id)
        OR OLD.status IN ('withdrawn', 'released') AND NEW.status NOT IN ('withdrawn', 'released')))
    EXECUTE FUNCTION refuse_seat_before_its_time();

CREATE FUNCTION refuse_place_in_line_before_its_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM position p JOIN assignment a ON a.id = p.assignment_id
               WHERE p.id = NEW.position_id AND NEW.joined_at < a.regulars_until
                 AND NOT is_regular(a.station_id, NEW.person_id, NEW.joined_at)) THEN
        RAISE EXCEPTION 'the line of position % is for the station''s regulars so far', NEW.position_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_regulars_first';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER waiting_entry_regulars_first AFTER INSERT ON waiting_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_place_in_line_before_its_time();
