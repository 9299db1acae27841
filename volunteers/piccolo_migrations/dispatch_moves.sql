-- What people change in a plan by hand: who, when, why, and which seats; a move is undone by another move.

CREATE TABLE dispatch_move (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    kind text NOT NULL CHECK (kind IN ('put', 'take', 'swap', 'undo')),
    undoes_id bigint REFERENCES dispatch_move ON DELETE RESTRICT,
    reason text NOT NULL,
    moved_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    moved_at timestamptz NOT NULL,
    CONSTRAINT dispatch_move_in_order UNIQUE (run_id, number),
    CONSTRAINT dispatch_move_undone_once UNIQUE (undoes_id),
    CONSTRAINT dispatch_move_says_why CHECK (kind = 'undo' OR btrim(reason) <> ''),
    CONSTRAINT dispatch_move_undoes_one CHECK ((kind = 'undo') = (undoes_id IS NOT NULL))
);
CREATE INDEX dispatch_move_moved_by ON dispatch_move (moved_by);
CALL make_append_only('dispatch_move');

CREATE TABLE dispatch_move_seat (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    move_id bigint NOT NULL REFERENCES dispatch_move ON DELETE RESTRICT,
    position_id bigint NOT NULL REFERENCES position ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    does text NOT NULL CHECK (does IN ('put', 'take')),
    CONSTRAINT dispatch_move_seat_once UNIQUE (move_id, position_id, person_id)
);
CREATE INDEX dispatch_move_seat_position ON dispatch_move_seat (position_id);
CREATE INDEX dispatch_move_seat_person ON dispatch_move_seat (person_id);
CALL make_append_only('dispatch_move_seat');

-- A proposal says which move made it what it is; somebody is only taken off by a move.
ALTER TABLE dispatch_proposal ADD COLUMN move_id bigint REFERENCES dispatch_move ON DELETE RESTRICT,
    ADD CONSTRAINT dispatch_proposal_taken_by_a_move CHECK (outcome <> 'taken' OR move_id IS NOT NULL);
CREATE INDEX dispatch_proposal_move ON dispatch_proposal (move_id) WHERE move_id IS NOT NULL;

-- What was approved stays as it was approved, until a move reopens it; publishing only writes what became of it.
CREATE FUNCTION refuse_change_of_approved_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    run_status text;
BEGIN
    SELECT status INTO run_status FROM dispatch_run
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.run_id ELSE NEW.run_id END;
    IF TG_OP <> 'DELETE' AND run_status IN ('solving', 'solved') THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND run_status IN ('approved', 'published')
        AND (OLD.run_id, OLD.position_id, OLD.person_id, OLD.pinned, OLD.move_id)
            IS NOT DISTINCT FROM (NEW.run_id, NEW.position_id, NEW.person_id, NEW.pinned, NEW.move_id)
        AND OLD.outcome = 'proposed' AND NEW.outcome IN ('sent', 'refused') THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'the plan is % and its proposals stay as they are', run_status
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_proposals_are_frozen';
END $$;
CREATE TRIGGER dispatch_proposals_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON dispatch_proposal
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approved_plan();
