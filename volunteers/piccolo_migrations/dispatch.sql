-- Weekly plans: what the solver proposed, what was published, why a seat stayed empty.

CREATE TABLE dispatch_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    week_start date NOT NULL CHECK (extract(isodow FROM week_start) = 1),
    status text NOT NULL CHECK (status IN ('queued', 'solving', 'solved', 'published', 'failed', 'superseded')),
    fence integer NOT NULL DEFAULT 0,      -- grows with each attempt; only the latest may write its result
    time_limit_s integer NOT NULL CHECK (time_limit_s > 0),
    instance_sha256 bytea,
    vector integer[],
    greedy_vector integer[],
    bounds jsonb NOT NULL DEFAULT '{}',
    solver_status text NOT NULL DEFAULT '',
    solver_ms integer,
    error text NOT NULL DEFAULT '',
    created_by bigint REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    published_by bigint REFERENCES account ON DELETE RESTRICT,
    published_at timestamptz,
    CHECK ((published_at IS NULL) = (status <> 'published'))
);
CREATE UNIQUE INDEX dispatch_run_underway ON dispatch_run (place_id, week_start) WHERE status IN ('queued', 'solving');
CREATE INDEX dispatch_run_place ON dispatch_run (place_id, week_start, id DESC);
CREATE INDEX dispatch_run_created_by ON dispatch_run (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX dispatch_run_published_by ON dispatch_run (published_by) WHERE published_by IS NOT NULL;

CREATE TABLE dispatch_proposal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    position_id bigint NOT NULL REFERENCES position ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    pinned boolean NOT NULL,               -- an accepted sign-up that the plan only confirms
    outcome text NOT NULL DEFAULT 'proposed' CHECK (outcome IN ('proposed', 'sent', 'taken', 'refused')),
    UNIQUE (run_id, position_id, person_id)
);
CREATE INDEX dispatch_proposal_position ON dispatch_proposal (position_id);
CREATE INDEX dispatch_proposal_person ON dispatch_proposal (person_id);

CREATE TABLE dispatch_gap (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    position_id bigint NOT NULL REFERENCES position ON DELETE RESTRICT,
    empty_seats integer NOT NULL CHECK (empty_seats > 0),
    held boolean NOT NULL,
    reason text NOT NULL,                  -- the first thing to mend
    refusals jsonb NOT NULL,               -- people by the rule that keeps them away
    UNIQUE (run_id, position_id)
);
CREATE INDEX dispatch_gap_position ON dispatch_gap (position_id);
