-- "The lawyer didn't come": who could is asked, some at a time, until somebody does. Never two winners for one seat.

-- When a withdrawal is late, how many are asked at once, how long each has, and how long their link lives.
CREATE TABLE call_out_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    late_hours integer NOT NULL CHECK (late_hours > 0),
    asked_at_once integer NOT NULL CHECK (asked_at_once > 0),
    answer_minutes integer NOT NULL CHECK (answer_minutes > 0),
    head_start_minutes integer NOT NULL CHECK (head_start_minutes > 0),
    link_minutes integer NOT NULL CHECK (link_minutes >= answer_minutes),
    effective_from timestamptz NOT NULL UNIQUE
);
INSERT INTO call_out_rule (late_hours, asked_at_once, answer_minutes, head_start_minutes, link_minutes, effective_from)
VALUES (24, 3, 5, 2, 30, '2000-01-01');

-- One for each position: opened again when somebody leaves again, so that those in line keep their turn.
CREATE TABLE call_out (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    position_id bigint NOT NULL UNIQUE REFERENCES position ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('open', 'covered', 'exhausted', 'cancelled')),
    cause text NOT NULL CHECK (cause IN ('withdrawn', 'released', 'absent', 'by_hand')),
    missing integer NOT NULL CONSTRAINT call_out_missing CHECK (missing >= 0),
    wave integer NOT NULL DEFAULT 0 CHECK (wave >= 0),
    next_wave_at timestamptz,
    opened_at timestamptz NOT NULL,
    opened_by bigint REFERENCES account ON DELETE RESTRICT,
    ended_at timestamptz,
    CONSTRAINT call_out_covered_when_nobody_is_missing CHECK ((status = 'covered') = (missing = 0)),
    CHECK ((status = 'open') = (ended_at IS NULL)),
    CHECK ((status = 'open') = (next_wave_at IS NOT NULL)),
    CHECK (ended_at >= opened_at)
);
CREATE INDEX call_out_due ON call_out (next_wave_at) WHERE status = 'open';
CREATE INDEX call_out_opened_by ON call_out (opened_by) WHERE opened_by IS NOT NULL;

CREATE TABLE call_out_ask (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    call_out_id bigint NOT NULL REFERENCES call_out ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
    earlier_sha256 bytea UNIQUE,  -- the link before, of who is asked again: the page they have open goes on
    status text NOT NULL CHECK (status IN ('sent', 'seen', 'accepted', 'declined', 'too_late', 'expired')),
    wave integer NOT NULL CHECK (wave > 0),
    rank integer NOT NULL CHECK (rank > 0),
    distance_m integer NOT NULL CHECK (distance_m >= 0),
    line integer CHECK (line > 0),
    sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    sent_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    UNIQUE (call_out_id, person_id),
    CHECK (sent_at < answer_by AND answer_by <= expires_at),
    CHECK ((status = 'accepted') = (sign_up_id IS NOT NULL)),
    CHECK ((status = 'too_late') = (line IS NOT NULL)),
    CHECK ((status IN ('accepted', 'declined')) = (answered_at IS NOT NULL))
);
CREATE INDEX call_out_ask_person ON call_out_ask (person_id);
CREATE INDEX call_out_ask_waiting ON call_out_ask (expires_at) WHERE status IN ('sent', 'seen');
CREATE UNIQUE INDEX call_out_ask_line ON call_out_ask (call_out_id, line) WHERE line IS NOT NULL;

-- An ask begins by being sent; what was answered stays as it was answered.
CREATE FUNCTION refuse_unsound_ask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'an ask begins by being sent'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'call_out_ask_begins_sent';
    END IF;
    RAISE EXCEPTION 'ask % was answered and does not change any more', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'call_out_ask_is_final';
END $$;
CREATE TRIGGER call_out_ask_begins_sent BEFORE INSERT ON call_out_ask
    FOR EACH ROW WHEN (NEW.status <> 'sent') EXECUTE FUNCTION refuse_unsound_ask();
CREATE TRIGGER call_out_ask_is_final BEFORE UPDATE ON call_out_ask
    FOR EACH ROW WHEN (OLD.status IN ('accepted', 'declined')) EXECUTE FUNCTION refuse_unsound_ask();

-- A yes counts once, with a live seat of the person's own, and only while somebody is missing.
CREATE FUNCTION count_accepted_ask() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM sign_up s JOIN call_out c ON c.position_id = s.position_id
                   WHERE s.id = NEW.sign_up_id AND c.id = NEW.call_out_id AND s.person_id = NEW.person_id AND s.live) THEN
        RAISE EXCEPTION 'ask % has no seat of its own', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'call_out_ask_seated';
    END IF;
    UPDATE call_out SET missing = missing - 1,
           status = CASE missing WHEN 1 THEN 'covered' ELSE status END,
           next_wave_at = CASE missing WHEN 1 THEN NULL ELSE next_wave_at END,
           ended_at = CASE missing WHEN 1 THEN NEW.answered_at ELSE ended_at END
    WHERE id = NEW.call_out_id AND status IN ('open', 'exhausted');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody is missing any more for ask %', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'call_out_one_winner';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER call_out_ask_counted AFTER UPDATE OF status ON call_out_ask
    FOR EACH ROW WHEN (NEW.status = 'accepted') EXECUTE FUNCTION count_accepted_ask();

-- Nobody writes that fewer are missing unless fewer seats are free.
CREATE FUNCTION refuse_hand_written_missing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM position p WHERE p.id = NEW.position_id AND p.capacity - p.booked > NEW.missing) THEN
        RAISE EXCEPTION 'call_out.missing is kept by the answers'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'call_out_missing_is_counted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER call_out_missing_is_counted BEFORE UPDATE OF missing ON call_out
    FOR EACH ROW WHEN (NEW.missing < OLD.missing AND OLD.status IN ('open', 'exhausted') AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION refuse_hand_written_missing();
