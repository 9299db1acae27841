-- The day itself: who arrived and left, seen by a second party; what was done; corrections, no-shows, what looks odd.

-- Arriving and leaving, each once for a sign-up; `step` is the 30 seconds of the code that was shown (RFC 6238),
-- NULL where the station tapped the name. No code is taken twice.
CREATE TABLE check_in (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sign_up_id bigint NOT NULL REFERENCES sign_up ON DELETE RESTRICT,
    moment text NOT NULL CHECK (moment IN ('in', 'out')),
    step bigint CHECK (step >= 0),
    at timestamptz NOT NULL,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    CONSTRAINT check_in_once UNIQUE (sign_up_id, moment),
    CONSTRAINT check_in_code_once UNIQUE (sign_up_id, step)
);
CREATE INDEX check_in_recorded_by ON check_in (recorded_by);
CREATE INDEX check_in_at ON check_in (at);
CALL make_append_only('check_in');

CREATE FUNCTION check_check_in() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat record;
BEGIN
    SELECT s.status, s.starts, s.ends, p.account_id INTO seat
    FROM sign_up s JOIN person p ON p.id = s.person_id WHERE s.id = NEW.sign_up_id;
    IF seat.account_id = NEW.recorded_by THEN
        RAISE EXCEPTION 'nobody checks themselves in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'check_in_second_party';
    END IF;
    IF NEW.at < seat.starts - interval '1 hour' OR NEW.at > seat.ends + interval '3 hours' THEN
        RAISE EXCEPTION 'sign-up % is not worked at that time', NEW.sign_up_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'check_in_in_time';
    END IF;
    IF seat.status <> 'checked_in' THEN
        RAISE EXCEPTION 'sign-up % is %', NEW.sign_up_id, seat.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'check_in_agrees';
    END IF;
    IF NEW.moment = 'out' AND NOT EXISTS (
        SELECT FROM check_in c WHERE c.sign_up_id = NEW.sign_up_id AND c.moment = 'in' AND c.at < NEW.at
          AND (NEW.step IS NULL OR c.step IS NULL OR c.step < NEW.step)) THEN
        RAISE EXCEPTION 'sign-up % has not arrived', NEW.sign_up_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'check_in_before_out';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER check_in_checked AFTER INSERT ON check_in FOR EACH ROW EXECUTE FUNCTION check_check_in();

-- What was done on a shift: how many people came, by what moved them. A later entry replaces the one before; once the
-- station has confirmed, only a correction changes the number.
CREATE FUNCTION log_people(counts jsonb) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(sum(value::integer), 0)::integer FROM jsonb_each_text(counts)
$$;
CREATE TABLE duty_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sign_up_id bigint NOT NULL REFERENCES sign_up ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    people integer NOT NULL CHECK (people BETWEEN 0 AND 2000),
    counts jsonb NOT NULL,
    note_sealed bytea,  -- with the key of the person whose shift it was
    written_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    written_at timestamptz NOT NULL,
    CONSTRAINT duty_log_number UNIQUE (sign_up_id, number),
    CONSTRAINT duty_log_adds_up CHECK (counts = '{}' OR people = log_people(counts))
);
CREATE INDEX duty_log_written_by ON duty_log (written_by);
CALL make_append_only('duty_log');

CREATE FUNCTION check_duty_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sign_up s WHERE s.id = NEW.sign_up_id AND s.status IN ('confirmed', 'checked_in')
                   AND s.starts <= NEW.written_at) THEN
        RAISE EXCEPTION 'sign-up % takes no log now', NEW.sign_up_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'duty_log_while_open';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER duty_log_checked AFTER INSERT ON duty_log FOR EACH ROW EXECUTE FUNCTION check_duty_log();

-- What the station confirms is what the log says, where there is one.
CREATE FUNCTION check_attendance_against_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unsound record;
BEGIN
    SELECT n.id INTO unsound FROM new_rows n
    CROSS JOIN LATERAL (SELECT l.people FROM duty_log l WHERE l.sign_up_id = n.sign_up_id
                        ORDER BY l.number DESC LIMIT 1) AS said
    WHERE n.outcome = 'attended' AND n.people_served <> said.people LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'attendance % and its log say different things', unsound.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_agrees_with_log';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_checked_against_log AFTER INSERT ON attendance REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_attendance_against_log();

-- Corrections: what was confirmed stays, what holds now is what the last correction says, and it says why.
CREATE TABLE attendance_correction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attendance_id bigint NOT NULL REFERENCES attendance ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    outcome_before text NOT NULL,
    arrived_before timestamptz,
    left_before timestamptz,
    minutes_before integer NOT NULL,
    people_before integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('attended', 'absent')),
    arrived_at timestamptz,
    left_at timestamptz,
    minutes integer NOT NULL,
    people_served integer NOT NULL CHECK (people_served BETWEEN 0 AND 2000),
    reason text NOT NULL CHECK (reason <> '' AND length(reason) <= 300),
    corrected_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    corrected_at timestamptz NOT NULL,
    CONSTRAINT attendance_correction_number UNIQUE (attendance_id, number),
    CHECK ((outcome = 'attended') = (arrived_at IS NOT NULL)),
    CHECK ((outcome = 'attended') = (left_at IS NOT NULL)),
    CHECK (left_at > arrived_at AND left_at <= corrected_at),
    CHECK (outcome = 'attended' OR people_served = 0),
    CHECK (minutes = coalesce(floor(extract(epoch FROM left_at - arrived_at) / 60), 0)),
    CONSTRAINT attendance_correction_changes CHECK (
        (outcome_before, arrived_before, left_before, people_before)
        IS DISTINCT FROM (outcome, arrived_at, left_at, people_served))
);
CREATE INDEX attendance_correction_corrected_by ON attendance_correction (corrected_by);
CALL make_append_only('attendance_correction');

-- What holds now.
CREATE VIEW attendance_now AS
SELECT t.id, t.sign_up_id, t.confirmed_by, t.confirmed_at, coalesce(c.number, 0) AS corrections,
       coalesce(c.outcome, t.outcome) AS outcome,
       CASE WHEN c.id IS NULL THEN t.arrived_at ELSE c.arrived_at END AS arrived_at,
       CASE WHEN c.id IS NULL THEN t.left_at ELSE c.left_at END AS left_at,
       coalesce(c.minutes, t.minutes) AS minutes, coalesce(c.people_served, t.people_served) AS people_served
FROM attendance t LEFT JOIN LATERAL (
    SELECT * FROM attendance_correction k WHERE k.attendance_id = t.id ORDER BY k.number DESC LIMIT 1) AS c ON true;

CREATE FUNCTION check_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT t.*, p.account_id INTO held FROM attendance_now t JOIN sign_up s ON s.id = t.sign_up_id
    JOIN person p ON p.id = s.person_id WHERE t.id = NEW.attendance_id;
    IF held.account_id = NEW.corrected_by THEN
        RAISE EXCEPTION 'nobody corrects their own attendance'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_correction_second_party';
    END IF;
    IF (held.outcome, held.arrived_at, held.left_at, held.minutes, held.people_served, held.corrections + 1)
       IS DISTINCT FROM (NEW.outcome_before, NEW.arrived_before, NEW.left_before, NEW.minutes_before,
                         NEW.people_before, NEW.number) THEN
        RAISE EXCEPTION 'correction % of attendance % does not continue what holds', NEW.number, NEW.attendance_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_correction_continues';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_correction_checked BEFORE INSERT ON attendance_correction
    FOR EACH ROW EXECUTE FUNCTION check_correction();
