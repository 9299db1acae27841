-- How assignments are composed: what they say beforehand, and the weekly patterns they come from.

ALTER TABLE assignment
    ADD COLUMN sign_up_mode text NOT NULL DEFAULT 'instant'
        CONSTRAINT assignment_sign_up_mode CHECK (sign_up_mode IN ('instant', 'request')),
    ADD COLUMN contact_name text NOT NULL DEFAULT '',
    ADD COLUMN contact_phone text NOT NULL DEFAULT '',
    ADD COLUMN meeting_point_zh text NOT NULL DEFAULT '',
    ADD COLUMN meeting_point_en text NOT NULL DEFAULT '',
    ADD COLUMN questions_zh text NOT NULL DEFAULT '',
    ADD COLUMN questions_en text NOT NULL DEFAULT '',
    ADD COLUMN limits_zh text NOT NULL DEFAULT '',
    ADD COLUMN limits_en text NOT NULL DEFAULT '';

CREATE TABLE shift_pattern (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    station_id bigint NOT NULL REFERENCES station ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('duty', 'lecture', 'mediation', 'village', 'delivery', 'homevisit')),
    title_zh text NOT NULL CHECK (title_zh <> ''),
    title_en text NOT NULL DEFAULT '',
    weekdays integer[] NOT NULL CHECK (weekdays <> '{}' AND weekdays <@ '{0,1,2,3,4,5,6}'),
    from_minute integer NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    minutes integer NOT NULL CHECK (minutes BETWEEN 1 AND 720),
    holidays text NOT NULL CHECK (holidays IN ('skip', 'keep')),
    exchanged_days boolean NOT NULL,  -- also on Saturdays and Sundays that are worked in exchange for a holiday
    skipped_days date[] NOT NULL DEFAULT '{}',
    valid_from date NOT NULL,
    valid_until date,
    weeks_ahead integer NOT NULL CHECK (weeks_ahead BETWEEN 1 AND 12),
    compensation text NOT NULL CHECK (compensation IN ('unpaid', 'expenses', 'subsidy')),
    insured boolean NOT NULL,
    continuity boolean NOT NULL DEFAULT false,
    sign_up_mode text NOT NULL CHECK (sign_up_mode IN ('instant', 'request')),
    contact_name text NOT NULL DEFAULT '',
    contact_phone text NOT NULL DEFAULT '',
    meeting_point_zh text NOT NULL DEFAULT '',
    meeting_point_en text NOT NULL DEFAULT '',
    questions_zh text NOT NULL DEFAULT '',
    questions_en text NOT NULL DEFAULT '',
    limits_zh text NOT NULL DEFAULT '',
    limits_en text NOT NULL DEFAULT '',
    briefing_zh text NOT NULL DEFAULT '',
    briefing_en text NOT NULL DEFAULT '',
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'ended')),
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    CHECK (valid_until IS NULL OR valid_until >= valid_from)
);
CREATE INDEX shift_pattern_station ON shift_pattern (station_id);
CREATE INDEX shift_pattern_place ON shift_pattern (place_id);
CREATE INDEX shift_pattern_created_by ON shift_pattern (created_by);

CREATE TABLE shift_pattern_position (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pattern_id bigint NOT NULL REFERENCES shift_pattern ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    role_zh text NOT NULL CHECK (role_zh <> ''),
    role_en text NOT NULL DEFAULT '',
    credentials_any text[] NOT NULL DEFAULT '{}',
    skills_all text[] NOT NULL DEFAULT '{}',
    languages_all text[] NOT NULL DEFAULT '{}',
    gender text CHECK (gender IN ('F', 'M')),
    minimum integer NOT NULL CHECK (minimum >= 0),
    capacity integer NOT NULL CHECK (capacity > 0),
    CHECK (minimum <= capacity),
    UNIQUE (pattern_id, number)
);

-- One shift for each day of a pattern, however often it is generated; a day called off by hand stays called off.
ALTER TABLE assignment
    ADD COLUMN pattern_id bigint REFERENCES shift_pattern ON DELETE RESTRICT,
    ADD COLUMN pattern_day date,
    ADD CONSTRAINT assignment_pattern_names_its_day CHECK ((pattern_id IS NULL) = (pattern_day IS NULL));
CREATE UNIQUE INDEX assignment_pattern_once ON assignment (pattern_id, pattern_day) WHERE pattern_id IS NOT NULL;

-- A pattern that has ended makes no more shifts, whoever writes.
CREATE FUNCTION refuse_shift_of_resting_pattern() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM shift_pattern WHERE id = NEW.pattern_id AND (status <> 'active'
               OR NEW.pattern_day < valid_from OR NEW.pattern_day > coalesce(valid_until, 'infinity'))) THEN
        RAISE EXCEPTION 'pattern % makes no shift on %', NEW.pattern_id, NEW.pattern_day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_pattern_in_force';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER assignment_pattern_in_force AFTER INSERT ON assignment
    FOR EACH ROW WHEN (NEW.pattern_id IS NOT NULL) EXECUTE FUNCTION refuse_shift_of_resting_pattern();
