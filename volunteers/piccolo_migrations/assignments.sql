-- What there is to do, who signed up, who came. The guarantees of sign-up live here, whoever writes.

CREATE SEQUENCE reference_rw;
CREATE TABLE assignment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('rw'),
    kind text NOT NULL CHECK (kind IN ('duty', 'lecture', 'mediation', 'village', 'delivery', 'homevisit')),
    title_zh text NOT NULL CHECK (title_zh <> ''),
    title_en text NOT NULL DEFAULT '',
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    station_id bigint NOT NULL REFERENCES station ON DELETE RESTRICT,  -- who answers for it and confirms
    east_m integer NOT NULL,
    north_m integer NOT NULL,
    starts timestamptz NOT NULL,
    ends timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'open', 'closed', 'cancelled')),
    compensation text NOT NULL CHECK (compensation IN ('unpaid', 'expenses', 'subsidy')),
    insured boolean NOT NULL,
    green boolean NOT NULL DEFAULT false,
    continuity boolean NOT NULL DEFAULT false,
    parties text[] NOT NULL DEFAULT '{}',
    briefing_zh text NOT NULL DEFAULT '',
    briefing_en text NOT NULL DEFAULT '',
    cancelled_reason text NOT NULL DEFAULT '',
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    CHECK (ends > starts),
    CHECK ((status = 'cancelled') = (cancelled_reason <> '')),
    UNIQUE (id, starts, ends)
);
CREATE INDEX assignment_open ON assignment (starts, id) WHERE status = 'open';
CREATE INDEX assignment_place ON assignment (place_id, starts);
CREATE INDEX assignment_station ON assignment (station_id, starts);
CREATE INDEX assignment_created_by ON assignment (created_by);

-- Guarantee 1: each position owns its capacity and what is booked of it.
CREATE TABLE position (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    assignment_id bigint NOT NULL REFERENCES assignment ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    role_zh text NOT NULL CHECK (role_zh <> ''),
    role_en text NOT NULL DEFAULT '',
    credentials_any text[] NOT NULL DEFAULT '{}',
    skills_all text[] NOT NULL DEFAULT '{}',
    languages_all text[] NOT NULL DEFAULT '{}',
    gender text CHECK (gender IN ('F', 'M')),
    minimum integer NOT NULL CHECK (minimum >= 0),
    capacity integer NOT NULL CHECK (capacity > 0),
    booked integer NOT NULL DEFAULT 0,
    CHECK (minimum <= capacity),
    CONSTRAINT position_capacity CHECK (booked BETWEEN 0 AND capacity),
    UNIQUE (assignment_id, number),
    UNIQUE (id, assignment_id)
);

CREATE TABLE sign_up (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    position_id bigint NOT NULL,
    assignment_id bigint NOT NULL,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    starts timestamptz NOT NULL,
    ends timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN
        ('offered', 'confirmed', 'checked_in', 'completed', 'absent', 'withdrawn', 'released')),
    live boolean NOT NULL GENERATED ALWAYS AS
        (status IN ('offered', 'confirmed', 'checked_in', 'completed')) STORED,
    origin text NOT NULL CHECK (origin IN ('self', 'dispatch', 'import')),
    created_by bigint REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_reason text NOT NULL DEFAULT '' CHECK (ended_reason IN
        ('', 'own_wish', 'cancelled', 'rescheduled', 'capacity_cut', 'credential', 'recusal', 'left')),
    CHECK ((status IN ('withdrawn', 'released')) = (ended_at IS NOT NULL)),
    CHECK ((ended_at IS NULL) = (ended_reason = '')),
    FOREIGN KEY (position_id, assignment_id) REFERENCES position (id, assignment_id) ON DELETE RESTRICT,
    FOREIGN KEY (assignment_id, starts, ends) REFERENCES assignment (id, starts, ends)
        ON UPDATE CASCADE ON DELETE RESTRICT
);
-- Guarantee 2: one live sign-up per person and assignment. Made before the next, so that it is the one to speak.
CREATE UNIQUE INDEX sign_up_once ON sign_up (assignment_id, person_id) WHERE live;
-- Guarantee 3: nobody in two places.
ALTER TABLE sign_up ADD CONSTRAINT sign_up_one_place EXCLUDE USING gist (
    int8range(person_id, person_id, '[]') WITH &&, tstzrange(starts, ends, '[)') WITH &&) WHERE (live);
CREATE INDEX sign_up_person ON sign_up (person_id, starts);
CREATE INDEX sign_up_position ON sign_up (position_id) WHERE live;
CREATE INDEX sign_up_assignment ON sign_up (assignment_id, starts, ends);
CREATE INDEX sign_up_unconfirmed ON sign_up (ends) WHERE status IN ('confirmed', 'checked_in');
CREATE INDEX sign_up_created_by ON sign_up (created_by) WHERE created_by IS NOT NULL;

-- Guarantee 1: `booked` is what the live sign-ups say. These triggers sort before `sign_up_checked`, so that raw
-- SQL too locks positions first and people second.
CREATE FUNCTION count_sign_ups_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked + gained.seats
    FROM (SELECT position_id, count(*) AS seats FROM after_rows WHERE live
          GROUP BY position_id ORDER BY position_id) AS gained
    WHERE position.id = gained.position_id;
    RETURN NULL;
END $$;
CREATE FUNCTION count_sign_ups_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked - lost.seats
    FROM (SELECT position_id, count(*) AS seats FROM before_rows WHERE live
          GROUP BY position_id ORDER BY position_id) AS lost
    WHERE position.id = lost.position_id;
    RETURN NULL;
END $$;
CREATE FUNCTION count_sign_ups_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked + moved.seats
    FROM (SELECT position_id, sum(seat) AS seats
          FROM (SELECT position_id, 1 AS seat FROM after_rows WHERE live
                UNION ALL SELECT position_id, -1 FROM before_rows WHERE live) AS changes
          GROUP BY position_id HAVING sum(seat) <> 0 ORDER BY position_id) AS moved
    WHERE position.id = moved.position_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_booked_in AFTER INSERT ON sign_up REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_sign_ups_in();
CREATE TRIGGER sign_up_booked_out AFTER DELETE ON sign_up REFERENCING OLD TABLE AS before_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_sign_ups_out();
CREATE TRIGGER sign_up_booked_moved AFTER UPDATE ON sign_up REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_sign_ups_moved();

-- Nobody writes `booked` by hand: only the counting triggers, one level deeper, pass.
CREATE FUNCTION refuse_hand_written_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'position.booked is kept by the sign-ups'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'position_booked_is_counted';
END $$;
CREATE TRIGGER position_booked_starts_at_nothing BEFORE INSERT ON position
    FOR EACH ROW WHEN (NEW.booked <> 0) EXECUTE FUNCTION refuse_hand_written_booked();
CREATE TRIGGER position_booked_is_counted BEFORE UPDATE OF booked ON position
    FOR EACH ROW WHEN (NEW.booked <> OLD.booked AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION refuse_hand_written_booked();

CREATE TABLE travel_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    speed_m_per_min integer NOT NULL CHECK (speed_m_per_min > 0),
    setup_min integer NOT NULL CHECK (setup_min >= 0),
    min_rest_min integer NOT NULL CHECK (min_rest_min >= 0),
    effective_from timestamptz NOT NULL UNIQUE
);
INSERT INTO travel_rule (speed_m_per_min, setup_min, min_rest_min, effective_from)
VALUES (500, 15, 600, '2000-01-01');

-- Rule 6 of the dispatch format: minutes from one place to another; none at the same place.
CREATE FUNCTION travel_minutes(rule travel_rule, from_east integer, from_north integer, to_east integer, to_north integer)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN from_east = to_east AND from_north = to_north THEN 0
           ELSE rule.setup_min + (abs(from_east - to_east) + abs(from_north - to_north)
                                  + rule.speed_m_per_min - 1) / rule.speed_m_per_min END
$$;

-- Guarantees 3 (travel and rest), 4 (credential) and 5 (recusal), for any number of sign-ups at once.
-- Comparing with the neighbours in time is enough: travel obeys the triangle inequality.
CREATE FUNCTION refuse_unfit_sign_ups(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    unfit record;
BEGIN
    IF ids = '{}' THEN RETURN; END IF;
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        -- Its snapshot would not show what others committed while this waited for the lock below.
        RAISE EXCEPTION 'sign-ups are written in read committed or serializable transactions'
            USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM FROM person WHERE id IN (SELECT person_id FROM sign_up WHERE id = ANY (ids)) ORDER BY id FOR NO KEY UPDATE;

    SELECT s.id, a.status INTO unfit FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
    WHERE s.id = ANY (ids) AND a.status IN ('draft', 'cancelled') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % is for a % assignment', unfit.id, unfit.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_open';
    END IF;

    SELECT s.id, near.id AS beside INTO unfit
    FROM sign_up s
    JOIN assignment here ON here.id = s.assignment_id
    CROSS JOIN (SELECT travel_rule AS rule FROM travel_rule
                WHERE effective_from <= now() ORDER BY effective_from DESC LIMIT 1) AS in_force
    CROSS JOIN LATERAL (
        (SELECT n.id, n.assignment_id, n.starts AS first_start, n.ends AS first_end, s.starts AS second_start
         FROM sign_up n WHERE n.person_id = s.person_id AND n.live AND n.starts < s.starts
         ORDER BY n.starts DESC LIMIT 1)
        UNION ALL
        (SELECT n.id, n.assignment_id, s.starts, s.ends, n.starts
         FROM sign_up n WHERE n.person_id = s.person_id AND n.live AND n.starts > s.starts
         ORDER BY n.starts LIMIT 1)
    ) AS near
    JOIN assignment there ON there.id = near.assignment_id
    WHERE s.id = ANY (ids) AND (
        near.second_start < near.first_end
            + make_interval(mins => travel_minutes(rule, there.east_m, there.north_m, here.east_m, here.north_m))
        OR ((near.first_start AT TIME ZONE 'Asia/Shanghai')::date
                <> (near.second_start AT TIME ZONE 'Asia/Shanghai')::date
            AND near.second_start < near.first_end + make_interval(mins => (rule).min_rest_min)))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % leaves no time for travel or rest beside %', unfit.id, unfit.beside
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'sign_up_travel_and_rest';
    END IF;

    SELECT s.id INTO unfit FROM sign_up s JOIN position p ON p.id = s.position_id
    WHERE s.id = ANY (ids) AND p.credentials_any <> '{}' AND NOT EXISTS (
        SELECT FROM credential c
        WHERE c.person_id = s.person_id AND c.kind = ANY (p.credentials_any) AND c.verified_at IS NOT NULL
          AND c.valid_from <= (s.starts AT TIME ZONE 'Asia/Shanghai')::date
          AND (c.valid_until IS NULL OR c.valid_until >= (s.ends AT TIME ZONE 'Asia/Shanghai')::date))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % has no verified credential on its day', unfit.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_credential';
    END IF;

    SELECT s.id INTO unfit FROM sign_up s
    JOIN assignment a ON a.id = s.assignment_id
    JOIN recusal r ON r.person_id = s.person_id AND r.party = ANY (a.parties)
    WHERE s.id = ANY (ids) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % is for a party its person is recused from', unfit.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_recusal';
    END IF;
END $$;

-- The lock order in one round trip: the position, then the person behind the account (NULL: nobody).
CREATE FUNCTION lock_seat_then_person(wanted_position bigint, of_account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found_person bigint;
BEGIN
    PERFORM FROM position WHERE id = wanted_position FOR NO KEY UPDATE;
    SELECT id INTO found_person FROM person WHERE account_id = of_account FOR NO KEY UPDATE;
    RETURN found_person;
END $$;

CREATE FUNCTION check_new_sign_ups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_unfit_sign_ups(ARRAY(SELECT id FROM after_rows WHERE live));
    RETURN NULL;
END $$;
-- EXCEPT rather than a join of the two tables: transition tables have no index.
CREATE FUNCTION check_moved_sign_ups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_unfit_sign_ups(ARRAY(SELECT id FROM (
        SELECT id, position_id, person_id, starts, ends FROM after_rows WHERE live
        EXCEPT SELECT id, position_id, person_id, starts, ends FROM before_rows WHERE live) AS moved));
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_checked AFTER INSERT ON sign_up REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_new_sign_ups();
CREATE TRIGGER sign_up_checked_again AFTER UPDATE ON sign_up
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_moved_sign_ups();

-- What was confirmed is never edited.
CREATE FUNCTION refuse_change_of_final_sign_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'sign-up % was confirmed and does not change any more', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sign_up_is_final';
END $$;
CREATE TRIGGER sign_up_is_final BEFORE UPDATE ON sign_up
    FOR EACH ROW WHEN (OLD.status IN ('completed', 'absent')) EXECUTE FUNCTION refuse_change_of_final_sign_up();

-- The same checks when the other side changes. The positions' locks keep sign-ups in flight apart from the change.
CREATE FUNCTION check_sign_ups_of_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM position WHERE assignment_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
    IF NEW.status IN ('draft', 'cancelled') AND EXISTS (SELECT FROM sign_up WHERE assignment_id = NEW.id AND live) THEN
        RAISE EXCEPTION 'assignment % still has people on it', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assignment_cancelled_is_empty';
    END IF;
    PERFORM refuse_unfit_sign_ups(ARRAY(
        SELECT id FROM sign_up WHERE assignment_id = NEW.id AND status IN ('offered', 'confirmed', 'checked_in')));
    RETURN NULL;
END $$;
CREATE TRIGGER assignment_change_checked AFTER UPDATE ON assignment
    FOR EACH ROW WHEN ((OLD.status, OLD.east_m, OLD.north_m, OLD.parties)
                       IS DISTINCT FROM (NEW.status, NEW.east_m, NEW.north_m, NEW.parties))
    EXECUTE FUNCTION check_sign_ups_of_assignment();

CREATE FUNCTION check_sign_ups_of_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_unfit_sign_ups(ARRAY(
        SELECT id FROM sign_up WHERE position_id = NEW.id AND status IN ('offered', 'confirmed', 'checked_in')));
    RETURN NULL;
END $$;
CREATE TRIGGER position_change_checked AFTER UPDATE OF credentials_any ON position
    FOR EACH ROW WHEN (OLD.credentials_any <> NEW.credentials_any) EXECUTE FUNCTION check_sign_ups_of_position();

CREATE FUNCTION check_sign_ups_of_recused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    PERFORM refuse_unfit_sign_ups(ARRAY(
        SELECT s.id FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
        WHERE s.person_id = NEW.person_id AND s.status IN ('offered', 'confirmed', 'checked_in')
          AND NEW.party = ANY (a.parties)));
    RETURN NULL;
END $$;
CREATE TRIGGER recusal_checked AFTER INSERT OR UPDATE ON recusal
    FOR EACH ROW EXECUTE FUNCTION check_sign_ups_of_recused();

-- Who came, confirmed by a second party; what was confirmed is never edited.
CREATE TABLE attendance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sign_up_id bigint NOT NULL UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    outcome text NOT NULL CHECK (outcome IN ('attended', 'absent')),
    arrived_at timestamptz,
    left_at timestamptz,
    minutes integer NOT NULL,
    people_served integer NOT NULL DEFAULT 0 CHECK (people_served >= 0),
    confirmed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    confirmed_at timestamptz NOT NULL,
    CHECK ((outcome = 'attended') = (arrived_at IS NOT NULL)),
    CHECK ((outcome = 'attended') = (left_at IS NOT NULL)),
    CHECK (left_at > arrived_at AND left_at <= confirmed_at),
    CHECK (outcome = 'attended' OR people_served = 0),
    CONSTRAINT attendance_minutes_are_counted CHECK (
        minutes = coalesce(floor(extract(epoch FROM left_at - arrived_at) / 60), 0))
);
CREATE INDEX attendance_confirmed_by ON attendance (confirmed_by);
CALL make_append_only('attendance');

CREATE FUNCTION check_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unsound record;
BEGIN
    SELECT n.id INTO unsound FROM new_rows n JOIN sign_up s ON s.id = n.sign_up_id
    JOIN person p ON p.id = s.person_id WHERE p.account_id = n.confirmed_by LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody confirms their own attendance'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_second_party';
    END IF;
    SELECT n.id INTO unsound FROM new_rows n JOIN sign_up s ON s.id = n.sign_up_id
    WHERE n.confirmed_at < s.starts LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody attends before the shift has started'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_after_start';
    END IF;
    SELECT n.id INTO unsound FROM new_rows n JOIN sign_up s ON s.id = n.sign_up_id
    WHERE s.status <> CASE n.outcome WHEN 'attended' THEN 'completed' ELSE 'absent' END LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'attendance % and its sign-up say different things', unsound.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_agrees';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_checked AFTER INSERT ON attendance REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_attendance();

-- Volunteer hours: one entry per confirmed attendance, for unpaid work only; work with reimbursed expenses counts
-- from the day on which a verified rule row says so.
CREATE TABLE hours_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attendance_id bigint NOT NULL UNIQUE REFERENCES attendance ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    minutes integer NOT NULL CHECK (minutes > 0),
    credited_at timestamptz NOT NULL
);
CREATE INDEX hours_entry_person ON hours_entry (person_id);
CALL make_append_only('hours_entry');

CREATE FUNCTION earns_hours(compensation text, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE compensation WHEN 'unpaid' THEN true WHEN 'expenses' THEN EXISTS (
        SELECT FROM law_rule WHERE rule_key = 'volunteers.hours.with_expenses' AND value = 1
          AND effective_from <= on_day AND (effective_to IS NULL OR effective_to > on_day)) ELSE false END
$$;

CREATE FUNCTION refuse_hours_for_paid_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unearned record;
BEGIN
    SELECT n.id INTO unearned FROM new_rows n
    JOIN attendance t ON t.id = n.attendance_id
    JOIN sign_up s ON s.id = t.sign_up_id
    JOIN assignment a ON a.id = s.assignment_id
    WHERE t.outcome <> 'attended' OR s.person_id <> n.person_id OR t.minutes <> n.minutes
       OR NOT earns_hours(a.compensation, (a.starts AT TIME ZONE 'Asia/Shanghai')::date)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'hours are credited for attended unpaid work only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_for_unpaid_work';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hours_for_unpaid_work AFTER INSERT ON hours_entry REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_hours_for_paid_work();
