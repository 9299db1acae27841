-- What the next plan of a week has to keep from one that somebody looked at: all seats of a person, or everybody on a shift.

CREATE TABLE dispatch_lock (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    week_start date NOT NULL,
    person_id bigint REFERENCES person ON DELETE RESTRICT,
    assignment_id bigint REFERENCES assignment ON DELETE RESTRICT,
    reason text NOT NULL,
    locked_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    locked_at timestamptz NOT NULL,
    removed_by bigint REFERENCES account ON DELETE RESTRICT,
    removed_at timestamptz,
    CONSTRAINT dispatch_lock_of_a_person_or_a_shift CHECK (num_nonnulls(person_id, assignment_id) = 1),
    CONSTRAINT dispatch_lock_says_why CHECK (btrim(reason) <> ''),
    CONSTRAINT dispatch_lock_removed_by_somebody CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE UNIQUE INDEX dispatch_lock_person_once ON dispatch_lock (week_start, person_id)
    WHERE removed_at IS NULL AND person_id IS NOT NULL;
CREATE UNIQUE INDEX dispatch_lock_shift_once ON dispatch_lock (week_start, assignment_id)
    WHERE removed_at IS NULL AND assignment_id IS NOT NULL;
CREATE INDEX dispatch_lock_run ON dispatch_lock (run_id);
CREATE INDEX dispatch_lock_person ON dispatch_lock (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX dispatch_lock_assignment ON dispatch_lock (assignment_id) WHERE assignment_id IS NOT NULL;
CREATE INDEX dispatch_lock_locked_by ON dispatch_lock (locked_by);
CREATE INDEX dispatch_lock_removed_by ON dispatch_lock (removed_by) WHERE removed_by IS NOT NULL;

CREATE TABLE dispatch_lock_seat (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lock_id bigint NOT NULL REFERENCES dispatch_lock ON DELETE RESTRICT,
    position_id bigint NOT NULL REFERENCES position ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    CONSTRAINT dispatch_lock_seat_once UNIQUE (lock_id, position_id, person_id)
);
CREATE INDEX dispatch_lock_seat_position ON dispatch_lock_seat (position_id);
CREATE INDEX dispatch_lock_seat_person ON dispatch_lock_seat (person_id);
CALL make_append_only('dispatch_lock_seat');

CREATE FUNCTION refuse_other_dispatch_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lock % is removed once, never rewritten', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_lock_is_kept';
END $$;
CREATE TRIGGER dispatch_lock_is_kept BEFORE UPDATE ON dispatch_lock
    FOR EACH ROW WHEN (OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
        OR (OLD.run_id, OLD.week_start, OLD.person_id, OLD.assignment_id, OLD.reason, OLD.locked_by, OLD.locked_at)
           IS DISTINCT FROM
           (NEW.run_id, NEW.week_start, NEW.person_id, NEW.assignment_id, NEW.reason, NEW.locked_by, NEW.locked_at))
    EXECUTE FUNCTION refuse_other_dispatch_lock();
CREATE TRIGGER dispatch_lock_is_not_deleted BEFORE DELETE ON dispatch_lock
    FOR EACH ROW EXECUTE FUNCTION refuse_other_dispatch_lock();
