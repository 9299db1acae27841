-- Files that are read in two steps: first a report, then, if the person says so, the rows.

CREATE TABLE file_import (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind <> ''),
    file_name text NOT NULL CHECK (file_name <> ''),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    -- A file may hold names and numbers of people: it is sealed with a key of its own, which goes a day later.
    subject_key_id bigint NOT NULL REFERENCES subject_key ON DELETE RESTRICT,
    sheet_sealed bytea,
    report_sealed bytea,
    status text NOT NULL DEFAULT 'checking' CHECK (status IN ('checking', 'checked', 'storing', 'stored', 'discarded')),
    only_good boolean NOT NULL DEFAULT false,
    row_count integer NOT NULL CHECK (row_count > 0),
    done_count integer NOT NULL DEFAULT 0 CHECK (done_count BETWEEN 0 AND row_count),
    good_count integer NOT NULL DEFAULT 0 CHECK (good_count BETWEEN 0 AND row_count),
    stored_count integer NOT NULL DEFAULT 0 CHECK (stored_count BETWEEN 0 AND row_count),
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    CHECK ((status IN ('stored', 'discarded')) = (finished_at IS NOT NULL)),
    CHECK (status = 'stored' OR stored_count = 0),
    CHECK (sheet_sealed IS NOT NULL OR status IN ('stored', 'discarded'))
);
CREATE INDEX file_import_account ON file_import (account_id, id);
CREATE INDEX file_import_subject_key ON file_import (subject_key_id);
CREATE INDEX file_import_waiting ON file_import (id) WHERE status IN ('checking', 'storing');
CREATE INDEX file_import_kept ON file_import (created_at) WHERE sheet_sealed IS NOT NULL;

-- What was stored or thrown away stays so: a second press of the button cannot store a file twice.
CREATE FUNCTION refuse_change_of_finished_import() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'import % is finished', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'file_import_is_finished';
END $$;
CREATE TRIGGER file_import_is_finished BEFORE UPDATE ON file_import
    FOR EACH ROW WHEN (OLD.status IN ('stored', 'discarded') AND (NEW.status, NEW.stored_count, NEW.finished_at)
                       IS DISTINCT FROM (OLD.status, OLD.stored_count, OLD.finished_at))
    EXECUTE FUNCTION refuse_change_of_finished_import();
