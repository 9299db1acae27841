-- Coverage guarantees: what each village or town is promised, by when it is due, and the demand that is made for it.

-- A rule divides time into periods: calendar months, weeks from Monday, or so many days counted from its first day.
CREATE FUNCTION coverage_period(every text, days integer, anchor date, day date) RETURNS daterange
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE every
        WHEN 'month' THEN daterange(date_trunc('month', day::timestamp)::date,
                                    (date_trunc('month', day::timestamp) + interval '1 month')::date)
        WHEN 'week' THEN daterange(date_trunc('week', day::timestamp)::date, date_trunc('week', day::timestamp)::date + 7)
        ELSE daterange(anchor + floor((day - anchor)::numeric / days)::integer * days,
                       anchor + (floor((day - anchor)::numeric / days)::integer + 1) * days) END
$$;
-- The last day of the period after that of the last visit; at first, of the period in which the rule begins.
CREATE FUNCTION coverage_due(every text, days integer, anchor date, last_visit date) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT upper(coverage_period(every, days, anchor, greatest(anchor, coalesce(
        upper(coverage_period(every, days, anchor, last_visit)), anchor)))) - 1
$$;

CREATE TABLE coverage_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,  -- it holds for everything below
    level text NOT NULL CHECK (level IN ('village', 'town')),
    credentials_any text[] NOT NULL CONSTRAINT coverage_rule_says_whom CHECK (credentials_any <> '{}' AND credentials_any <@
        '{lawyer,legal_worker,mediator,notary,appraiser,retired_judge,law_student,lecturer,psychologist}'),
    kind text CHECK (kind IN ('duty', 'lecture', 'mediation', 'village', 'delivery', 'homevisit')),  -- NULL: any of them
    every text NOT NULL CHECK (every IN ('month', 'week', 'days')),
    days integer CHECK (days BETWEEN 2 AND 366),
    minutes integer NOT NULL CHECK (minutes BETWEEN 0 AND 720),          -- how long a visit lasts at least; 0: any
    alert_days integer NOT NULL CHECK (alert_days BETWEEN 1 AND 60),     -- before the due day the coordinator is told
    lead_days integer NOT NULL CHECK (lead_days BETWEEN 1 AND 60),       -- before the due day a shift is made
    compensation text NOT NULL CHECK (compensation IN ('unpaid', 'expenses', 'subsidy')),  -- of the shifts that are made
    insured boolean NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    document text NOT NULL DEFAULT '' CHECK (length(document) <= 200),
    reason text NOT NULL CONSTRAINT coverage_rule_says_why CHECK (btrim(reason) <> '' AND length(reason) <= 300),
    stated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    stated_at timestamptz NOT NULL,
    CONSTRAINT coverage_rule_days CHECK ((every = 'days') = (days IS NOT NULL)),
    CONSTRAINT coverage_rule_term CHECK (valid_until >= valid_from),
    CONSTRAINT coverage_rule_not_in_the_past CHECK (valid_from >= (stated_at AT TIME ZONE 'Asia/Shanghai')::date)
);
CREATE INDEX coverage_rule_place ON coverage_rule (place_id);
CREATE INDEX coverage_rule_stated_by ON coverage_rule (stated_by);
CALL make_append_only('coverage_rule');

CREATE FUNCTION check_coverage_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM place WHERE id = NEW.place_id AND (level <> 'village' OR NEW.level = 'village')) THEN
        RAISE EXCEPTION 'no town lies in place %', NEW.place_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'coverage_rule_has_places';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER coverage_rule_checked AFTER INSERT ON coverage_rule FOR EACH ROW EXECUTE FUNCTION check_coverage_rule();

-- A rule is ended, never rewritten: what was promised until then stays readable.
CREATE TABLE coverage_ending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_id bigint NOT NULL CONSTRAINT coverage_ending_once UNIQUE REFERENCES coverage_rule ON DELETE RESTRICT,
    last_day date NOT NULL,
    reason text NOT NULL CONSTRAINT coverage_ending_says_why CHECK (btrim(reason) <> '' AND length(reason) <= 300),
    ended_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    ended_at timestamptz NOT NULL,
    CONSTRAINT coverage_ending_not_in_the_past CHECK (last_day >= (ended_at AT TIME ZONE 'Asia/Shanghai')::date - 1)
);
CREATE INDEX coverage_ending_ended_by ON coverage_ending (ended_by);
CALL make_append_only('coverage_ending');

-- The shift that was made for a place and a period. A second one is made only after the first went by in vain.
CREATE TABLE coverage_demand (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_id bigint NOT NULL REFERENCES coverage_rule ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    period_start date NOT NULL,
    attempt integer NOT NULL CHECK (attempt BETWEEN 1 AND 4),
    assignment_id bigint NOT NULL UNIQUE REFERENCES assignment ON DELETE RESTRICT,
    made_at timestamptz NOT NULL,
    CONSTRAINT coverage_demand_once UNIQUE (rule_id, place_id, period_start, attempt)
);
CREATE INDEX coverage_demand_place ON coverage_demand (place_id);
CALL make_append_only('coverage_demand');

CREATE FUNCTION check_coverage_demand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n JOIN coverage_rule r ON r.id = n.rule_id
               WHERE lower(coverage_period(r.every, r.days, r.valid_from, n.period_start)) <> n.period_start) THEN
        RAISE EXCEPTION 'a demand is for a whole period of its rule'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'coverage_demand_of_a_period';
    END IF;
    IF EXISTS (SELECT FROM new_rows n JOIN coverage_rule r ON r.id = n.rule_id JOIN place held ON held.id = r.place_id
               JOIN place p ON p.id = n.place_id JOIN assignment a ON a.id = n.assignment_id
               JOIN place spot ON spot.id = a.place_id
               WHERE p.level <> r.level OR NOT starts_with(p.code, held.code) OR NOT starts_with(spot.code, p.code)) THEN
        RAISE EXCEPTION 'the shift does not serve the place that the rule promises it to'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'coverage_demand_serves_its_place';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER coverage_demand_checked AFTER INSERT ON coverage_demand REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_coverage_demand();

-- When a place is best visited: its market day or the day it is used to. The last word of a place holds.
CREATE TABLE visit_day (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    weekday integer NOT NULL CHECK (weekday BETWEEN 0 AND 6),  -- 0: Monday
    from_minute integer NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    minutes integer NOT NULL CHECK (minutes BETWEEN 30 AND 720),
    market boolean NOT NULL,
    said_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    said_at timestamptz NOT NULL,
    CONSTRAINT visit_day_ends_that_day CHECK (from_minute + minutes <= 1440)
);
CREATE INDEX visit_day_place ON visit_day (place_id, id DESC);
CREATE INDEX visit_day_said_by ON visit_day (said_by);
CALL make_append_only('visit_day');
