-- A run of several cities is planned in parts: divided once, each part by whichever worker comes, then joined.

CREATE TABLE dispatch_division (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    instance_sha256 bytea NOT NULL CHECK (octet_length(instance_sha256) = 32),  -- of the week that was divided
    content bytea NOT NULL CHECK (octet_length(content) > 0),  -- what the joining needs to know (JSON, gzip): no people
    divided_at timestamptz NOT NULL,
    CONSTRAINT dispatch_division_once UNIQUE (run_id, instance_sha256)
);
CALL make_append_only('dispatch_division');

-- The part's own week lies with the other inputs under its hash, and goes with them.
CREATE TABLE dispatch_part (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    division_id bigint NOT NULL REFERENCES dispatch_division ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number >= 0),
    name text NOT NULL CHECK (name <> ''),
    instance_sha256 bytea NOT NULL CHECK (octet_length(instance_sha256) = 32),
    start jsonb NOT NULL,                  -- rows of a plan to begin with: ids of shifts, positions and people
    time_limit_s integer NOT NULL CHECK (time_limit_s > 0),
    fence integer NOT NULL DEFAULT 0,      -- of the latest attempt
    alive_at timestamptz,                  -- when the worker of the latest attempt was last heard of
    planned jsonb,                         -- the part's plan, written once
    planned_at timestamptz,
    CONSTRAINT dispatch_part_once UNIQUE (division_id, number),
    CONSTRAINT dispatch_part_planned_when CHECK ((planned IS NULL) = (planned_at IS NULL)),
    CONSTRAINT dispatch_part_planned_by_somebody CHECK (planned IS NULL OR fence > 0)
);
CREATE INDEX dispatch_part_waiting ON dispatch_part (division_id, number) WHERE planned IS NULL;

-- What a part is does not change, nor its plan once it is there; a fence only rises.
CREATE FUNCTION refuse_other_dispatch_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'part % of division % is kept', OLD.number, OLD.division_id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_part_is_kept';
END $$;
CREATE TRIGGER dispatch_part_is_kept BEFORE UPDATE ON dispatch_part
    FOR EACH ROW WHEN (OLD.planned IS NOT NULL OR NEW.fence < OLD.fence
        OR (OLD.division_id, OLD.number, OLD.name, OLD.instance_sha256, OLD.start, OLD.time_limit_s)
            IS DISTINCT FROM (NEW.division_id, NEW.number, NEW.name, NEW.instance_sha256, NEW.start, NEW.time_limit_s))
    EXECUTE FUNCTION refuse_other_dispatch_part();
CREATE TRIGGER dispatch_part_is_not_deleted BEFORE DELETE ON dispatch_part
    FOR EACH ROW EXECUTE FUNCTION refuse_other_dispatch_part();
