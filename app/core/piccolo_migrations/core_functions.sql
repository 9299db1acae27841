-- What every package's schema builds on: append-only tables, human references, audit, scheduled work.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
END $$;

CREATE PROCEDURE make_append_only(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION refuse_change()', target);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', target);
END $$;

-- A number that people read to each other, such as CP-2026-000123; gaps are allowed.
CREATE FUNCTION next_reference(kind text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN format('%s-%s-%s', upper(kind), to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY'),
                  lpad(nextval(('reference_' || lower(kind))::regclass)::text, 6, '0'));
END $$;

CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    occurred_at timestamptz NOT NULL,
    actor_id bigint,                       -- account; NULL: the program itself
    actor_kind text NOT NULL CHECK (actor_kind IN ('session', 'token', 'system', 'anonymous')),
    action text NOT NULL,
    object_type text NOT NULL,
    object_id bigint NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',    -- ids and codes, never names or free text
    request_id text NOT NULL DEFAULT '',
    content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32)
);
CREATE INDEX audit_event_object ON audit_event (object_type, object_id, id);
CREATE INDEX audit_event_actor ON audit_event (actor_id, id);
CREATE INDEX audit_event_transaction ON audit_event (transaction_id);
CALL make_append_only('audit_event');

-- The chain: a sealer takes committed events in batches; each batch hashes the one before it.
CREATE TABLE audit_batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number bigint NOT NULL UNIQUE CHECK (number > 0),
    sealed_at timestamptz NOT NULL,
    settled xid8 NOT NULL,                 -- every event of a transaction below this one is sealed
    event_count integer NOT NULL CHECK (event_count > 0),
    merkle_root bytea NOT NULL CHECK (octet_length(merkle_root) = 32),
    previous_sha256 bytea NOT NULL CHECK (octet_length(previous_sha256) = 32),
    batch_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(batch_sha256) = 32)
);
CALL make_append_only('audit_batch');

CREATE TABLE audit_seal (
    event_id bigint PRIMARY KEY REFERENCES audit_event ON DELETE RESTRICT,
    batch_id bigint NOT NULL REFERENCES audit_batch ON DELETE RESTRICT,
    position integer NOT NULL CHECK (position >= 0),
    UNIQUE (batch_id, position)
);
CALL make_append_only('audit_seal');

-- A fact that a lower layer announces and an upper layer's job reads.
CREATE TABLE fact (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    subject_id bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    UNIQUE (topic, subject_id)
);
CALL make_append_only('fact');

CREATE TABLE job_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job text NOT NULL,
    slot timestamptz NOT NULL,
    attempt integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
    status text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'lost')),
    worker text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    result jsonb NOT NULL DEFAULT '{}',
    error text NOT NULL DEFAULT '',
    UNIQUE (job, slot, attempt)
);
CREATE INDEX job_run_recent ON job_run (job, started_at DESC);
CREATE UNIQUE INDEX job_run_once ON job_run (job, slot) WHERE status = 'succeeded';

CREATE TABLE working_day_exception (
    day date PRIMARY KEY,
    working boolean NOT NULL,              -- true: a make-up working day; false: a public holiday
    name_zh text NOT NULL,
    source text NOT NULL
);
