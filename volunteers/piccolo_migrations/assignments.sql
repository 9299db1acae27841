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
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    CHECK (ends > starts),
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
    role_zh text NOT NULL,
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
    FOREIGN KEY (position_id, assignment_id) REFERENCES position (id, assignment_id) ON DELETE RESTRICT,
    FOREIGN KEY (assignment_id, starts, ends) REFERENCES assignment (id, starts, ends)
        ON UPDATE CASCADE ON DELETE RESTRICT,
    -- Guarantee 3: nobody in two places.
    CONSTRAINT sign_up_one_place EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, tstzrange(starts, ends, '[)') WITH &&) WHERE (live)
);
-- Guarantee 2: one live sign-up per person and assignment.
CREATE UNIQUE INDEX sign_up_once ON sign_up (assignment_id, person_id) WHERE live;
CREATE INDEX sign_up_person ON sign_up (person_id, starts);
CREATE INDEX sign_up_position ON sign_up (position_id) WHERE live;
CREATE INDEX sign_up_assignment ON sign_up (assignment_id, starts, ends);
CREATE INDEX sign_up_created_by ON sign_up (created_by) WHERE created_by IS NOT NULL;

CREATE FUNCTION count_sign_ups_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked + gained.seats
    FROM (SELECT position_id, count(*) AS seats FROM after_rows WHERE live GROUP BY position_id) AS gained
    WHERE position.id = gained.position_id;
    RETURN NULL;
END $$;
CREATE FUNCTION count_sign_ups_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked - lost.seats
    FROM (SELECT position_id, count(*) AS seats FROM before_rows WHERE live GROUP BY position_id) AS lost
    WHERE position.id = lost.position_id;
    RETURN NULL;
END $$;
CREATE FUNCTION count_sign_ups_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked + moved.seats
    FROM (SELECT position_id, sum(seat) AS seats
          FROM (SELECT position_id, 1 AS seat FROM after_rows WHERE live
                UNION ALL SELECT position_id, -1 FROM before_rows WHERE live) AS changes
          GROUP BY position_id HAVING sum(seat) <> 0) AS moved
    WHERE position.id = moved.position_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_counted_in AFTER INSERT ON sign_up REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_sign_ups_in();
CREATE TRIGGER sign_up_counted_out AFTER DELETE ON sign_up REFERENCING OLD TABLE AS before_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_sign_ups_out();
CREATE TRIGGER sign_up_moved AFTER UPDATE ON sign_up REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_sign_ups_moved();

-- `booked` is what the sign-ups say; nobody writes it by hand.
CREATE FUNCTION refuse_hand_written_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND (TG_OP = 'INSERT' AND NEW.booked <> 0
                                   OR TG_OP = 'UPDATE' AND NEW.booked <> OLD.booked) THEN
        RAISE EXCEPTION 'position.booked is kept by the sign-ups'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'position_booked_is_counted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER position_booked_is_counted BEFORE INSERT OR UPDATE ON position
    FOR EACH ROW EXECUTE FUNCTION refuse_hand_written_booked();

CREATE TABLE travel_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    speed_m_per_min integer NOT NULL CHECK (speed_m_per_min > 0),
    setup_min integer NOT NULL CHECK (setup_min >= 0),
    min_rest_min integer NOT NULL CHECK (min_rest_min >= 0),
    effective_from timestamptz NOT NULL UNIQUE
);
INSERT INTO travel_rule (speed_m_per_min, setup_min, min_rest_min, effective_from)
VALUES (500, 15, 600, '2000-01-01');

-- Minutes from one assignment's place to another's; none at the same place.
CREATE FUNCTION travel_minutes(from_east integer, from_north integer, to_east integer, to_north integer)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN from_east = to_east AND from_north = to_north THEN 0
           ELSE setup_min + ceil((abs(from_east - to_east) + abs(from_north - to_north))::numeric / speed_m_per_min)
           END::integer
    FROM travel_rule WHERE effective_from <= now() ORDER BY effective_from DESC LIMIT 1
$$;

-- Guarantees 3 (travel and rest), 4 (credential) and 5 (recusal), under the person's lock.
CREATE FUNCTION check_sign_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here assignment%ROWTYPE;
    place position%ROWTYPE;
    clash bigint;
BEGIN
    IF NOT NEW.live OR NEW.status = 'completed' THEN RETURN NULL; END IF;
    PERFORM 1 FROM person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    SELECT * INTO here FROM assignment WHERE id = NEW.assignment_id;
    SELECT * INTO place FROM position WHERE id = NEW.position_id;

    SELECT other.id INTO clash
    FROM (
        (SELECT s.id, s.ends AS first_end, NEW.starts AS second_start, s.starts AS first_start, a.east_m, a.north_m
         FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
         WHERE s.person_id = NEW.person_id AND s.live AND s.id <> NEW.id AND s.starts <= NEW.starts
         ORDER BY s.starts DESC LIMIT 1)
        UNION ALL
        (SELECT s.id, NEW.ends, s.starts, NEW.starts, a.east_m, a.north_m
         FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
         WHERE s.person_id = NEW.person_id AND s.live AND s.id <> NEW.id AND s.starts > NEW.starts
         ORDER BY s.starts LIMIT 1)
    ) AS other
    WHERE other.second_start < other.first_end
              + make_interval(mins => travel_minutes(other.east_m, other.north_m, here.east_m, here.north_m))
       OR ((other.first_start AT TIME ZONE 'Asia/Shanghai')::date
               <> (other.second_start AT TIME ZONE 'Asia/Shanghai')::date
           AND other.second_start - other.first_end < (SELECT make_interval(mins => min_rest_min) FROM travel_rule
               WHERE effective_from <= now() ORDER BY effective_from DESC LIMIT 1))
    LIMIT 1;
    IF clash IS NOT NULL THEN
        RAISE EXCEPTION 'sign-up % leaves no time for travel or rest beside %', NEW.id, clash
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'sign_up_travel_and_rest';
    END IF;

    IF place.credentials_any <> '{}' AND NOT EXISTS (
        SELECT 1 FROM credential c
        WHERE c.person_id = NEW.person_id AND c.kind = ANY (place.credentials_any) AND c.verified_at IS NOT NULL
          AND (c.valid_until IS NULL OR c.valid_until >= (NEW.ends AT TIME ZONE 'Asia/Shanghai')::date)
    ) THEN
        RAISE EXCEPTION 'person % has no verified credential for position %', NEW.person_id, NEW.position_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_credential';
    END IF;

    IF here.parties <> '{}' AND EXISTS (
        SELECT 1 FROM recusal WHERE person_id = NEW.person_id AND party = ANY (here.parties)
    ) THEN
        RAISE EXCEPTION 'person % is recused from assignment %', NEW.person_id, NEW.assignment_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_recusal';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_checked AFTER INSERT OR UPDATE OF position_id, person_id, starts, ends, status ON sign_up
    FOR EACH ROW EXECUTE FUNCTION check_sign_up();

-- Who came, confirmed by a second party; what was confirmed is never edited.
CREATE TABLE attendance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sign_up_id bigint NOT NULL UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    outcome text NOT NULL CHECK (outcome IN ('attended', 'absent')),
    arrived_at timestamptz,
    left_at timestamptz,
    minutes integer NOT NULL CHECK (minutes >= 0),
    people_served integer NOT NULL DEFAULT 0 CHECK (people_served >= 0),
    confirmed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    confirmed_at timestamptz NOT NULL,
    CHECK ((outcome = 'attended') = (arrived_at IS NOT NULL)),
    CHECK (left_at > arrived_at)
);
CREATE INDEX attendance_confirmed_by ON attendance (confirmed_by);
CALL make_append_only('attendance');

CREATE FUNCTION refuse_own_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sign_up s JOIN person p ON p.id = s.person_id
               WHERE s.id = NEW.sign_up_id AND p.account_id = NEW.confirmed_by) THEN
        RAISE EXCEPTION 'nobody confirms their own attendance'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'attendance_second_party';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_second_party AFTER INSERT ON attendance
    FOR EACH ROW EXECUTE FUNCTION refuse_own_confirmation();

-- Volunteer hours: unpaid work only, one entry per confirmed attendance.
CREATE TABLE hours_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attendance_id bigint NOT NULL UNIQUE REFERENCES attendance ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    minutes integer NOT NULL CHECK (minutes > 0),
    credited_at timestamptz NOT NULL
);
CREATE INDEX hours_entry_person ON hours_entry (person_id);
CALL make_append_only('hours_entry');

CREATE FUNCTION refuse_hours_for_paid_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id JOIN assignment a ON a.id = s.assignment_id
        WHERE t.id = NEW.attendance_id AND t.outcome = 'attended' AND s.person_id = NEW.person_id
          AND a.compensation <> 'subsidy' AND t.minutes = NEW.minutes
    ) THEN
        RAISE EXCEPTION 'hours are credited for attended unpaid work only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_for_unpaid_work';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hours_for_unpaid_work AFTER INSERT ON hours_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_hours_for_paid_work();
