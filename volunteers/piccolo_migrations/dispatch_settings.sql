-- How weeks are planned: dated settings of a place, which everything below it inherits until it says otherwise.

CREATE TABLE dispatch_setting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    place_id bigint REFERENCES place ON DELETE RESTRICT,  -- NULL: everywhere; the columns that are NULL hold as above
    planned_level text CHECK (planned_level IN ('city', 'district', 'never')),  -- for which places the scheduler plans
    fairness integer CHECK (fairness BETWEEN 0 AND 1000),      -- weights of the dispatch format's burden
    preference integer CHECK (preference BETWEEN 0 AND 1000),
    km integer CHECK (km BETWEEN 0 AND 1000),
    continuity integer CHECK (continuity BETWEEN 0 AND 1000),
    time_limit_s integer CHECK (time_limit_s BETWEEN 1 AND 900),
    answer_hours integer CHECK (answer_hours BETWEEN 1 AND 336),
    weeks_ahead integer CHECK (weeks_ahead BETWEEN 1 AND 8),
    acceptance_floor integer CHECK (acceptance_floor BETWEEN 0 AND 100),  -- in a hundred; 0: rates are not used
    reason text NOT NULL,
    stated_by bigint REFERENCES account ON DELETE RESTRICT,
    stated_at timestamptz NOT NULL,
    effective_from timestamptz NOT NULL,
    CONSTRAINT dispatch_setting_says_why CHECK (btrim(reason) <> ''),
    CONSTRAINT dispatch_setting_says_who CHECK (stated_by IS NOT NULL OR stated_at = '2000-01-01Z'),
    CONSTRAINT dispatch_setting_not_in_the_past CHECK (effective_from >= stated_at),
    CONSTRAINT dispatch_setting_everywhere_is_complete CHECK (place_id IS NOT NULL OR num_nulls(
        planned_level, fairness, preference, km, continuity, time_limit_s, answer_hours, weeks_ahead, acceptance_floor) = 0)
);
CREATE INDEX dispatch_setting_place ON dispatch_setting (place_id, effective_from DESC, id DESC);
CREATE INDEX dispatch_setting_stated_by ON dispatch_setting (stated_by) WHERE stated_by IS NOT NULL;
CALL make_append_only('dispatch_setting');

INSERT INTO dispatch_setting (planned_level, fairness, preference, km, continuity, time_limit_s, answer_hours, weeks_ahead,
                              acceptance_floor, reason, stated_at, effective_from)
VALUES ('district', 10, 3, 1, 5, 60, 48, 1, 30, 'as installed', '2000-01-01Z', '2000-01-01Z');
