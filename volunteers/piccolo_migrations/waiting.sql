-- The waiting list of a position: one line, in public order, with timed offers.

ALTER TABLE sign_up ADD COLUMN offer_expires_at timestamptz,
    ADD CONSTRAINT sign_up_offer_ends_before_start CHECK (offer_expires_at <= starts);
CREATE INDEX sign_up_offer_due ON sign_up (offer_expires_at) WHERE status = 'offered' AND offer_expires_at IS NOT NULL;
ALTER TABLE sign_up DROP CONSTRAINT sign_up_ended_reason_check, ADD CONSTRAINT sign_up_ended_reason_check
    CHECK (ended_reason IN ('', 'own_wish', 'cancelled', 'rescheduled', 'capacity_cut', 'credential', 'recusal', 'left',
                            'offer_expired', 'training', 'substituted', 'swapped'));

CREATE TABLE waiting_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    position_id bigint NOT NULL REFERENCES position ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    line integer NOT NULL CHECK (line > 0),  -- order in the line; gaps are left by those who went
    status text NOT NULL CHECK (status IN
        ('waiting', 'offered', 'accepted', 'declined', 'expired', 'passed_over', 'left', 'ended')),
    live boolean NOT NULL GENERATED ALWAYS AS (status IN ('waiting', 'offered')) STORED,
    sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    joined_at timestamptz NOT NULL,
    CONSTRAINT waiting_entry_offer_has_its_seat
        CHECK ((sign_up_id IS NOT NULL) = (status IN ('offered', 'accepted', 'declined', 'expired')))
);
CREATE UNIQUE INDEX waiting_entry_once ON waiting_entry (position_id, person_id) WHERE live;
CREATE INDEX waiting_entry_line ON waiting_entry (position_id, line, id) WHERE live;
CREATE INDEX waiting_entry_position ON waiting_entry (position_id);
CREATE INDEX waiting_entry_person ON waiting_entry (person_id);

-- Why the order is not simply that of arrival: who was moved or passed over, by whom, for what reason.
CREATE TABLE waiting_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    waiting_entry_id bigint NOT NULL REFERENCES waiting_entry ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('moved', 'passed_over')),
    from_place integer NOT NULL CHECK (from_place > 0),
    to_place integer CHECK (to_place > 0),
    reason text NOT NULL CHECK (reason <> ''),
    decided_by bigint REFERENCES account ON DELETE RESTRICT,  -- NULL: the rules of sign-up themselves
    decided_at timestamptz NOT NULL,
    CHECK ((kind = 'moved') = (to_place IS NOT NULL)),
    CHECK (kind = 'passed_over' OR decided_by IS NOT NULL)
);
CREATE INDEX waiting_event_entry ON waiting_event (waiting_entry_id);
CREATE INDEX waiting_event_decided_by ON waiting_event (decided_by) WHERE decided_by IS NOT NULL;
CALL make_append_only('waiting_event');

-- Nobody is offered a seat before those who stand in front of them.
CREATE FUNCTION refuse_offer_out_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM waiting_entry w WHERE w.position_id = NEW.position_id AND w.status = 'waiting'
               AND (w.line, w.id) < (NEW.line, NEW.id)) THEN
        RAISE EXCEPTION 'waiting entry % is not the next in line', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'waiting_entry_in_turn';
    END IF;
    IF NOT EXISTS (SELECT FROM sign_up s WHERE s.id = NEW.sign_up_id AND s.position_id = NEW.position_id
                   AND s.person_id = NEW.person_id AND s.status = 'offered' AND s.offer_expires_at IS NOT NULL) THEN
        RAISE EXCEPTION 'waiting entry % has no timed offer of its own', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'waiting_entry_offer_is_timed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER waiting_entry_in_turn AFTER INSERT OR UPDATE ON waiting_entry
    FOR EACH ROW WHEN (NEW.status = 'offered') EXECUTE FUNCTION refuse_offer_out_of_turn();

-- What becomes of an offer becomes of the place in line, whoever decides it.
CREATE FUNCTION settle_waiting_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE waiting_entry SET status = CASE
        WHEN NEW.status IN ('confirmed', 'checked_in') THEN 'accepted'
        WHEN NEW.status = 'withdrawn' THEN 'declined'
        ELSE 'expired' END
    WHERE sign_up_id = NEW.id AND status = 'offered';
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_settles_waiting AFTER UPDATE ON sign_up
    FOR EACH ROW WHEN (OLD.status = 'offered' AND NEW.status <> 'offered') EXECUTE FUNCTION settle_waiting_entry();

-- An offer is accepted in time or not at all.
CREATE FUNCTION refuse_late_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('confirmed', 'checked_in') AND OLD.offer_expires_at <= now() THEN
        RAISE EXCEPTION 'the offer of sign-up % has expired', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_offer_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_up_offer_in_time BEFORE UPDATE ON sign_up
    FOR EACH ROW WHEN (OLD.status = 'offered' AND OLD.offer_expires_at IS NOT NULL AND NEW.status <> 'offered')
    EXECUTE FUNCTION refuse_late_acceptance();

-- Whoever waits when a shift is called off or closed for good waits no longer; whoever has a seat does not wait.
CREATE FUNCTION end_waiting_of_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE waiting_entry w SET status = 'ended' FROM position p
    WHERE p.id = w.position_id AND p.assignment_id = NEW.id AND w.status = 'waiting';
    RETURN NULL;
END $$;
CREATE TRIGGER assignment_ends_waiting AFTER UPDATE ON assignment
    FOR EACH ROW WHEN (OLD.status <> 'cancelled' AND NEW.status = 'cancelled') EXECUTE FUNCTION end_waiting_of_assignment();

-- The lock order for a use case that gives a seat back: the position, then everybody it concerns in the order of ids.
CREATE FUNCTION lock_seat_then_line(wanted_position bigint, of_account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found_person bigint;
BEGIN
    PERFORM FROM position WHERE id = wanted_position FOR NO KEY UPDATE;
    SELECT id INTO found_person FROM person WHERE account_id = of_account;
    PERFORM FROM person WHERE id = found_person
        OR id IN (SELECT person_id FROM waiting_entry WHERE position_id = wanted_position AND status = 'waiting')
    ORDER BY id FOR NO KEY UPDATE;
    RETURN found_person;
END $$;
