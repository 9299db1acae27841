-- What if: a question about a week of a district and its answer, kept so that it can be opened again, printed and held
-- against what came true. It is published at most once, as a plan of its own.

CREATE TABLE dispatch_scenario (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    rule_id bigint NOT NULL REFERENCES coverage_rule ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,     -- the district that is planned
    at_place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,  -- where the new people would be stationed
    week_start date NOT NULL CHECK (extract(isodow FROM week_start) = 1),
    people integer NOT NULL CHECK (people BETWEEN 0 AND 20),
    credential text NOT NULL CHECK (credential IN ('lawyer', 'legal_worker', 'mediator', 'notary', 'appraiser',
        'retired_judge', 'law_student', 'lecturer', 'psychologist')),
    weekday integer CHECK (weekday BETWEEN 0 AND 6),                  -- 0: Monday; NULL: all week
    radius_km integer NOT NULL CHECK (radius_km BETWEEN 0 AND 100),
    instance_sha256 bytea NOT NULL CHECK (octet_length(instance_sha256) = 32),  -- the input goes when its time comes
    before_vector integer[] NOT NULL CHECK (cardinality(before_vector) = 6),
    after_vector integer[] NOT NULL CHECK (cardinality(after_vector) = 6),
    places integer NOT NULL CHECK (places >= 0),                      -- of the city, as the map counts them
    red_city integer NOT NULL,
    red_before integer NOT NULL,
    red_alone integer NOT NULL,                                       -- if only what there is were planned well
    red_after integer NOT NULL,
    exact boolean NOT NULL,                                           -- no plan would leave fewer red
    answer jsonb NOT NULL,
    cost jsonb NOT NULL,                                              -- in the words of the layer that knows
    milliseconds integer NOT NULL CHECK (milliseconds >= 0),
    made_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    made_at timestamptz NOT NULL,
    run_id bigint UNIQUE REFERENCES dispatch_run ON DELETE RESTRICT,
    called integer CHECK (called >= 0),                               -- how many were told that people are needed
    published_by bigint REFERENCES account ON DELETE RESTRICT,
    published_at timestamptz,
    CONSTRAINT dispatch_scenario_asks_something CHECK (people > 0 OR radius_km > 0),
    CONSTRAINT dispatch_scenario_adds_up CHECK (
        0 <= red_after AND red_after <= red_alone AND red_alone <= red_before AND red_before <= red_city AND red_city <= places),
    CONSTRAINT dispatch_scenario_published_whole CHECK (num_nulls(run_id, called, published_by, published_at) IN (0, 4))
);
CREATE INDEX dispatch_scenario_place ON dispatch_scenario (place_id, id DESC);
CREATE INDEX dispatch_scenario_at_place ON dispatch_scenario (at_place_id);
CREATE INDEX dispatch_scenario_rule ON dispatch_scenario (rule_id);
CREATE INDEX dispatch_scenario_input ON dispatch_scenario (instance_sha256);
CREATE INDEX dispatch_scenario_made_by ON dispatch_scenario (made_by);
CREATE INDEX dispatch_scenario_published_by ON dispatch_scenario (published_by) WHERE published_by IS NOT NULL;

CREATE FUNCTION refuse_other_dispatch_scenario() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.run_id IS NOT NULL OR to_jsonb(OLD) - '{run_id,called,published_by,published_at}'::text[]
            IS DISTINCT FROM to_jsonb(NEW) - '{run_id,called,published_by,published_at}'::text[] THEN
        RAISE EXCEPTION 'a question and its answer are kept, and published once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_scenario_is_kept';
    END IF;
    IF NOT EXISTS (SELECT FROM dispatch_run r WHERE r.id = NEW.run_id AND r.kind = 'by_hand' AND r.place_id = NEW.place_id
                   AND r.week_start = NEW.week_start AND r.status = 'published') THEN
        RAISE EXCEPTION 'what is published of dispatch scenario % is a plan of its district and week', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_scenario_publishes_its_plan';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_scenario_is_kept BEFORE UPDATE OR DELETE ON dispatch_scenario
    FOR EACH ROW EXECUTE FUNCTION refuse_other_dispatch_scenario();
