-- A run is a record: why it was made, with which settings, from which input, how the search went. One plan is in force.

ALTER TABLE dispatch_run
    ADD COLUMN kind text NOT NULL DEFAULT 'by_hand'
        CHECK (kind IN ('weekly', 'nightly', 'cancellation', 'by_hand', 'what_if')),
    ADD COLUMN parent_id bigint REFERENCES dispatch_run ON DELETE RESTRICT,    -- the run that this one looks at anew
    ADD COLUMN previous_id bigint REFERENCES dispatch_run ON DELETE RESTRICT,  -- the plan in force, of which much is kept
    ADD COLUMN parameters jsonb NOT NULL DEFAULT '{}',                         -- the settings used
    ADD COLUMN covers int8range,           -- the codes of all places it plans for, as numbers
    ADD COLUMN started_at timestamptz,     -- of the latest attempt
    ADD COLUMN alive_at timestamptz,       -- when the worker of the latest attempt was last heard of
    ADD COLUMN solved_at timestamptz;
CREATE INDEX dispatch_run_parent ON dispatch_run (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX dispatch_run_previous ON dispatch_run (previous_id) WHERE previous_id IS NOT NULL;
CREATE INDEX dispatch_run_input ON dispatch_run (instance_sha256) WHERE instance_sha256 IS NOT NULL;

DROP INDEX dispatch_run_underway;
CREATE UNIQUE INDEX dispatch_run_underway ON dispatch_run (place_id, week_start)
    WHERE status IN ('queued', 'solving') AND kind <> 'what_if';
CREATE UNIQUE INDEX dispatch_run_weekly_once ON dispatch_run (place_id, week_start) WHERE kind = 'weekly';

-- All places that lie in a place, or in which it lies, share a code's beginning: twelve digits make a number of it.
CREATE FUNCTION codes_below(code text) RETURNS int8range LANGUAGE sql IMMUTABLE AS $$
    SELECT int8range(rpad(code, 12, '0')::bigint, rpad(code, 12, '9')::bigint, '[]')
$$;
UPDATE dispatch_run r SET covers = codes_below(place.code) FROM place WHERE place.id = r.place_id;
ALTER TABLE dispatch_run ALTER COLUMN covers SET NOT NULL;

CREATE FUNCTION cover_dispatch_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.covers := (SELECT codes_below(code) FROM place WHERE id = NEW.place_id);
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_run_covers BEFORE INSERT OR UPDATE OF place_id, covers ON dispatch_run
    FOR EACH ROW EXECUTE FUNCTION cover_dispatch_run();

-- A plan that another takes the place of was published all the same. The last published of several is the one in force.
ALTER TABLE dispatch_run DROP CONSTRAINT dispatch_run_check, ADD CONSTRAINT dispatch_run_published_when CHECK (
    CASE status WHEN 'published' THEN published_at IS NOT NULL WHEN 'superseded' THEN true ELSE published_at IS NULL END);
UPDATE dispatch_run r SET status = 'superseded' WHERE r.status = 'published' AND EXISTS (
    SELECT FROM dispatch_run o WHERE o.status = 'published' AND o.week_start = r.week_start AND o.covers && r.covers
      AND (o.published_at, o.id) > (r.published_at, r.id));
ALTER TABLE dispatch_run
    ADD CONSTRAINT dispatch_one_plan_in_force EXCLUDE USING gist (
        covers WITH &&, daterange(week_start, week_start + 7) WITH &&) WHERE (status = 'published'),
    ADD CONSTRAINT dispatch_what_if_is_only_a_question CHECK (
        kind <> 'what_if' OR published_at IS NULL AND status <> 'published'),
    ADD CONSTRAINT dispatch_what_if_has_its_plan CHECK (kind <> 'what_if' OR parent_id IS NOT NULL),
    ADD CONSTRAINT dispatch_run_solved_from_an_input CHECK (
        status NOT IN ('solved', 'published') OR instance_sha256 IS NOT NULL);

-- What was asked for does not change, nor what it was answered from.
CREATE FUNCTION refuse_other_dispatch_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dispatch run % was asked for as it is', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_run_is_kept';
END $$;
CREATE TRIGGER dispatch_run_is_kept BEFORE UPDATE ON dispatch_run
    FOR EACH ROW WHEN ((OLD.place_id, OLD.week_start, OLD.kind, OLD.parent_id, OLD.parameters, OLD.created_by, OLD.created_at)
        IS DISTINCT FROM (NEW.place_id, NEW.week_start, NEW.kind, NEW.parent_id, NEW.parameters, NEW.created_by, NEW.created_at)
        OR OLD.status NOT IN ('queued', 'solving') AND (OLD.instance_sha256, OLD.previous_id, OLD.fence)
            IS DISTINCT FROM (NEW.instance_sha256, NEW.previous_id, NEW.fence))
    EXECUTE FUNCTION refuse_other_dispatch_run();

-- The input itself (dispatch-instance/1, gzip), once for each hash. It holds ids and coordinates of people: it goes some
-- weeks after its week, or when one of them is erased; the hash stays with the run.
CREATE TABLE dispatch_input (
    sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),  -- of the JSON, not of the gzip
    content bytea NOT NULL CHECK (octet_length(content) > 0),
    week_start date NOT NULL,
    people bigint[] NOT NULL,
    stored_at timestamptz NOT NULL
);
CREATE INDEX dispatch_input_people ON dispatch_input USING gin (people);
CREATE FUNCTION refuse_other_dispatch_input() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an input is what its hash says, or it is gone'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_input_is_kept';
END $$;
CREATE TRIGGER dispatch_input_is_kept BEFORE UPDATE ON dispatch_input
    FOR EACH ROW EXECUTE FUNCTION refuse_other_dispatch_input();

-- How the search went: each better plan, by attempt; a level that is not proven has NULL among the bounds.
CREATE TABLE dispatch_progress (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    attempt integer NOT NULL CHECK (attempt > 0),
    number integer NOT NULL CHECK (number > 0),
    stage text NOT NULL CHECK (stage <> ''),
    vector integer[] NOT NULL,
    bounds integer[] NOT NULL DEFAULT '{}',
    milliseconds integer NOT NULL CHECK (milliseconds >= 0),
    CONSTRAINT dispatch_progress_in_order UNIQUE (run_id, attempt, number)
);
CALL make_append_only('dispatch_progress');
