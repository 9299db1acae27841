-- What the rules cost a plan: asked once for each plan, worked out one rule after the other, each answer kept as it comes.

CREATE TABLE dispatch_costing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    fence integer NOT NULL DEFAULT 0,      -- of the latest attempt
    error text NOT NULL DEFAULT '',
    asked_by bigint REFERENCES account ON DELETE RESTRICT,
    asked_at timestamptz NOT NULL,
    alive_at timestamptz,                  -- when the worker of the latest attempt was last heard of
    finished_at timestamptz,
    CONSTRAINT dispatch_costing_once UNIQUE (run_id),
    CONSTRAINT dispatch_costing_failed_when CHECK (error = '' OR finished_at IS NOT NULL)
);
CREATE INDEX dispatch_costing_waiting ON dispatch_costing (id) WHERE finished_at IS NULL;
CREATE INDEX dispatch_costing_asked_by ON dispatch_costing (asked_by);

CREATE FUNCTION check_dispatch_costing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM dispatch_run WHERE id = NEW.run_id AND vector IS NOT NULL) THEN
        RAISE EXCEPTION 'run % has no plan yet', NEW.run_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_costing_of_a_plan';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_costing_of_a_plan BEFORE INSERT OR UPDATE OF run_id ON dispatch_costing
    FOR EACH ROW EXECUTE FUNCTION check_dispatch_costing();

CREATE TABLE dispatch_rule_cost (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    costing_id bigint NOT NULL REFERENCES dispatch_costing ON DELETE RESTRICT,
    relaxation text NOT NULL CHECK (relaxation IN ('nothing', 'reach', 'free_time', 'week_limit', 'day_limit',
        'shift_limit', 'rest', 'absence', 'preference')),  -- never a credential, never a recusal
    amount integer NOT NULL CHECK (amount >= 0),
    before integer[] NOT NULL,             -- the plan, measured by the looser rule
    after integer[] NOT NULL,              -- the best plan found by the looser rule
    proven boolean NOT NULL,               -- whether no plan leaves fewer shifts and seats without people
    moved integer NOT NULL CHECK (moved >= 0),
    milliseconds integer NOT NULL CHECK (milliseconds >= 0),
    worked_out_at timestamptz NOT NULL,
    CONSTRAINT dispatch_rule_cost_once UNIQUE (costing_id, relaxation),
    CONSTRAINT dispatch_rule_cost_whole CHECK (cardinality(before) = 6 AND cardinality(after) = 6)
);
CALL make_append_only('dispatch_rule_cost');
