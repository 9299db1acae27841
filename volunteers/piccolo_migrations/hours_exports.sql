-- Hours handed to the national volunteer platform: which record was in which file, so that none is handed in twice and
-- a correction follows as a row of its own.

CREATE TABLE hours_export (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    from_day date NOT NULL,
    until_day date NOT NULL,
    encoding text NOT NULL CHECK (encoding IN ('gb18030', 'utf8')),
    full_numbers boolean NOT NULL,
    made_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    made_at timestamptz NOT NULL,
    CHECK (from_day <= until_day)
);
CREATE INDEX hours_export_made_by ON hours_export (made_by);
CALL make_append_only('hours_export');

CREATE TABLE hours_export_row (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    export_id bigint NOT NULL REFERENCES hours_export ON DELETE RESTRICT,
    attendance_id bigint NOT NULL REFERENCES attendance ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),  -- 1 is the record, what follows are its corrections
    minutes integer NOT NULL CHECK (minutes >= 0),
    minutes_before integer NOT NULL CHECK (minutes_before >= 0),
    CONSTRAINT hours_export_row_once UNIQUE (attendance_id, number),
    CONSTRAINT hours_export_row_says_something CHECK (minutes <> minutes_before),
    CHECK (number > 1 OR minutes_before = 0)
);
CREATE INDEX hours_export_row_export ON hours_export_row (export_id, id);
CALL make_append_only('hours_export_row');

-- A row says what the chain of hours says, and continues what was handed in before.
CREATE FUNCTION check_hours_export_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unsound record;
BEGIN
    SELECT n.id INTO unsound FROM new_rows n
    LEFT JOIN hours_export_row b ON b.attendance_id = n.attendance_id AND b.number = n.number - 1
    WHERE n.minutes <> (SELECT coalesce(sum(h.minutes), 0) FROM hours_entry h WHERE h.attendance_id = n.attendance_id)
       OR n.minutes_before <> coalesce(b.minutes, 0) OR n.number > 1 AND b.id IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'export row % does not say what the hours say', unsound.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_export_row_continues';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hours_export_row_checked AFTER INSERT ON hours_export_row REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_hours_export_rows();
