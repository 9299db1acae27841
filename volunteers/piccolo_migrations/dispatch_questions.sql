-- What if, for a whole city and with other weights: such a question waits for its answer, which is worked out by a job.

ALTER TABLE dispatch_scenario
    ADD COLUMN weight text CHECK (weight IN ('fairness', 'preference', 'km', 'continuity')),
    ADD COLUMN weight_percent integer NOT NULL DEFAULT 100 CHECK (weight_percent BETWEEN 0 AND 1000),  -- 100: as it is
    DROP CONSTRAINT dispatch_scenario_asks_something,
    ADD CONSTRAINT dispatch_scenario_asks_something CHECK (people > 0 OR radius_km > 0 OR weight IS NOT NULL),
    ADD CONSTRAINT dispatch_scenario_weighs CHECK ((weight IS NULL) = (weight_percent = 100)),
    -- Weights are settings: nobody is sent anywhere by a thought about them.
    ADD CONSTRAINT dispatch_scenario_of_weights_is_only_a_question CHECK (weight IS NULL OR run_id IS NULL);

CREATE TABLE dispatch_question (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    rule_id bigint NOT NULL REFERENCES coverage_rule ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,     -- what is planned: a district or the city
    at_place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,  -- where the new people would be stationed
    week_start date NOT NULL CHECK (extract(isodow FROM week_start) = 1),
    people integer NOT NULL CHECK (people BETWEEN 0 AND 20),
    credential text NOT NULL CHECK (credential IN ('lawyer', 'legal_worker', 'mediator', 'notary', 'appraiser',
        'retired_judge', 'law_student', 'lecturer', 'psychologist')),
    weekday integer CHECK (weekday BETWEEN 0 AND 6),
    radius_km integer NOT NULL CHECK (radius_km BETWEEN 0 AND 100),
    weight text CHECK (weight IN ('fairness', 'preference', 'km', 'continuity')),
    weight_percent integer NOT NULL CHECK (weight_percent BETWEEN 0 AND 1000),
    asked_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    asked_at timestamptz NOT NULL,
    fence integer NOT NULL DEFAULT 0,      -- of the latest attempt
    step text NOT NULL DEFAULT '' CHECK (step IN ('', 'read', 'before', 'after')),
    alive_at timestamptz,                  -- when the worker of the latest attempt was last heard of
    finished_at timestamptz,
    error text NOT NULL DEFAULT '',
    scenario_id bigint UNIQUE REFERENCES dispatch_scenario ON DELETE RESTRICT,
    CONSTRAINT dispatch_question_asks_something CHECK (people > 0 OR radius_km > 0 OR weight IS NOT NULL),
    CONSTRAINT dispatch_question_weighs CHECK ((weight IS NULL) = (weight_percent = 100)),
    CONSTRAINT dispatch_question_ends_once CHECK (
        (finished_at IS NOT NULL)::integer = (error <> '')::integer + (scenario_id IS NOT NULL)::integer)
);
CREATE INDEX dispatch_question_waiting ON dispatch_question (id) WHERE finished_at IS NULL;
CREATE INDEX dispatch_question_rule ON dispatch_question (rule_id);
CREATE INDEX dispatch_question_place ON dispatch_question (place_id);
CREATE INDEX dispatch_question_at_place ON dispatch_question (at_place_id);
CREATE INDEX dispatch_question_asked_by ON dispatch_question (asked_by);

CREATE FUNCTION refuse_other_dispatch_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.finished_at IS NOT NULL
            OR to_jsonb(OLD) - '{fence,step,alive_at,finished_at,error,scenario_id}'::text[]
               IS DISTINCT FROM to_jsonb(NEW) - '{fence,step,alive_at,finished_at,error,scenario_id}'::text[] THEN
        RAISE EXCEPTION 'a question stays as it was asked, and is answered once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_question_is_kept';
    END IF;
    IF NEW.scenario_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM dispatch_scenario s WHERE s.id = NEW.scenario_id AND s.place_id = NEW.place_id
            AND s.rule_id = NEW.rule_id AND s.week_start = NEW.week_start AND s.made_by = NEW.asked_by) THEN
        RAISE EXCEPTION 'what answers question % is about its place, promise and week', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_question_gets_its_answer';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_question_is_kept BEFORE UPDATE OR DELETE ON dispatch_question
    FOR EACH ROW EXECUTE FUNCTION refuse_other_dispatch_question();
