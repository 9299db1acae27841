-- Where the station chooses: people ask for a seat, a request takes none, and nobody sits down without being chosen.

CREATE TABLE seat_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    position_id bigint NOT NULL,
    assignment_id bigint NOT NULL,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 200),
    status text NOT NULL CHECK (status IN ('asked', 'chosen', 'declined', 'withdrawn', 'ended')),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    FOREIGN KEY (position_id, assignment_id) REFERENCES position (id, assignment_id) ON DELETE RESTRICT,
    CONSTRAINT seat_request_chosen_has_its_seat CHECK ((status = 'chosen') = (sign_up_id IS NOT NULL)),
    CONSTRAINT seat_request_declined_says_why CHECK (status <> 'declined' OR reason <> ''),
    CHECK ((status = 'asked') = (answered_at IS NULL)),
    CHECK (answered_at >= asked_at)
);
CREATE UNIQUE INDEX seat_request_once ON seat_request (assignment_id, person_id) WHERE status = 'asked';
CREATE INDEX seat_request_position ON seat_request (position_id, assignment_id);
CREATE INDEX seat_request_person ON seat_request (person_id);
CREATE INDEX seat_request_open ON seat_request (assignment_id) WHERE status = 'asked';
CREATE INDEX seat_request_answered_by ON seat_request (answered_by) WHERE answered_by IS NOT NULL;

ALTER TABLE sign_up DROP CONSTRAINT sign_up_origin_check, ADD CONSTRAINT sign_up_origin_check
    CHECK (origin IN ('self', 'dispatch', 'import', 'chosen', 'host', 'exchange', 'over_quota', 'standing', 'group',
                      'companions'));

-- Where the station chooses, nobody else does: who takes a seat there, for themselves or for others, has been called by
-- the station; who was chosen had asked.
CREATE FUNCTION refuse_seat_without_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.origin = 'chosen' THEN
        IF EXISTS (SELECT FROM seat_request r WHERE r.position_id = NEW.position_id AND r.person_id = NEW.person_id
                   AND r.status = 'asked') THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.status = 'offered' OR NOT EXISTS (
            SELECT FROM assignment a WHERE a.id = NEW.assignment_id AND a.sign_up_mode = 'request')
        OR EXISTS (SELECT FROM call_out_ask k JOIN call_out c ON c.id = k.call_out_id
                   WHERE c.position_id = NEW.position_id AND k.person_id = NEW.person_id
                     AND k.status IN ('sent', 'seen')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the station chooses who comes to assignment %', NEW.assignment_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_is_asked_for';
END $$;
CREATE TRIGGER sign_up_is_asked_for BEFORE INSERT ON sign_up
    FOR EACH ROW WHEN (NEW.origin IN ('self', 'chosen', 'exchange', 'group', 'companions'))
    EXECUTE FUNCTION refuse_seat_without_request();

-- A request becomes a seat of its own person and position, or none.
CREATE FUNCTION refuse_request_with_another_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'asked' OR (NEW.position_id, NEW.person_id) <> (OLD.position_id, OLD.person_id)
       OR NEW.status = 'chosen' AND NOT EXISTS (
           SELECT FROM sign_up s WHERE s.id = NEW.sign_up_id AND s.position_id = NEW.position_id
             AND s.person_id = NEW.person_id AND s.origin = 'chosen' AND s.live) THEN
        RAISE EXCEPTION 'request % was answered, or the seat is not its own', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_request_is_answered_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_request_is_answered_once BEFORE UPDATE ON seat_request
    FOR EACH ROW EXECUTE FUNCTION refuse_request_with_another_seat();

-- Nobody waits for an answer about a shift that is called off.
CREATE FUNCTION end_requests_of_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE seat_request SET status = 'ended', answered_at = greatest(now(), asked_at)
    WHERE assignment_id = NEW.id AND status = 'asked';
    RETURN NULL;
END $$;
CREATE TRIGGER assignment_ends_requests AFTER UPDATE ON assignment
    FOR EACH ROW WHEN (OLD.status <> 'cancelled' AND NEW.status = 'cancelled')
    EXECUTE FUNCTION end_requests_of_assignment();
