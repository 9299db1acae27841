-- "Every Tuesday": who comes each week is seated first when the shifts of a pattern are made, in the order of agreeing.

-- A pattern's positions are written anew when it changes, so a standing sign-up names one by its number.
CREATE TABLE standing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    pattern_id bigint NOT NULL REFERENCES shift_pattern ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    weekday smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),  -- 0 is Monday
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    status text NOT NULL CHECK (status IN ('proposed', 'active', 'declined', 'ended')),
    proposed_by bigint REFERENCES account ON DELETE RESTRICT,  -- NULL: the person's own wish
    created_at timestamptz NOT NULL,
    agreed_by bigint REFERENCES account ON DELETE RESTRICT,
    agreed_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT standing_for_a_term CHECK (valid_until BETWEEN valid_from AND valid_from + 366),
    CONSTRAINT standing_is_agreed CHECK (status <> 'active' OR agreed_at IS NOT NULL),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL)),
    CHECK ((status IN ('declined', 'ended')) = (ended_at IS NOT NULL)),
    CHECK (ended_at >= created_at)
);
CREATE UNIQUE INDEX standing_once ON standing (pattern_id, weekday, person_id) WHERE status IN ('proposed', 'active');
CREATE INDEX standing_pattern ON standing (pattern_id, agreed_at, id);
CREATE INDEX standing_person ON standing (person_id);
CREATE INDEX standing_proposed_by ON standing (proposed_by);
CREATE INDEX standing_agreed_by ON standing (agreed_by);

CREATE TABLE standing_pause (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    standing_id bigint NOT NULL REFERENCES standing ON DELETE RESTRICT,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    CONSTRAINT standing_pause_once EXCLUDE USING gist (
        int8range(standing_id, standing_id, '[]') WITH &&, daterange(first_day, last_day, '[]') WITH &&)
);
CREATE INDEX standing_pause_of ON standing_pause (standing_id);

-- What became of it on each shift: a seat, or why not. Decided once; a seat given back is not taken again by itself.
CREATE TABLE standing_shift (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    standing_id bigint NOT NULL REFERENCES standing ON DELETE RESTRICT,
    assignment_id bigint NOT NULL REFERENCES assignment ON DELETE RESTRICT,
    sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    reasons text NOT NULL DEFAULT '',
    decided_at timestamptz NOT NULL,
    CONSTRAINT standing_shift_seat_or_reason CHECK ((sign_up_id IS NULL) = (reasons <> '')),
    CONSTRAINT standing_shift_once UNIQUE (standing_id, assignment_id)
);
CREATE INDEX standing_shift_assignment ON standing_shift (assignment_id);
CALL make_append_only('standing_shift');

-- It is the person who agrees; what was agreed is kept, and what has ended stays so.
CREATE FUNCTION check_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.agreed_by IS NOT NULL
       AND NOT EXISTS (SELECT FROM person WHERE id = NEW.person_id AND account_id = NEW.agreed_by) THEN
        RAISE EXCEPTION 'nobody agrees for somebody else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_with_consent';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.status IN ('declined', 'ended')
       OR OLD.status = 'active' AND NEW.status = 'proposed'
       OR OLD.agreed_at IS NOT NULL AND NEW.agreed_at IS DISTINCT FROM OLD.agreed_at
       OR (NEW.pattern_id, NEW.number, NEW.weekday, NEW.person_id, NEW.proposed_by, NEW.created_at)
          IS DISTINCT FROM (OLD.pattern_id, OLD.number, OLD.weekday, OLD.person_id, OLD.proposed_by, OLD.created_at)) THEN
        RAISE EXCEPTION 'standing % has ended or would change its meaning', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'standing_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER standing_checked BEFORE INSERT OR UPDATE ON standing FOR EACH ROW EXECUTE FUNCTION check_standing();

-- Nobody is seated in the name of a standing sign-up that does not say so: its person, position, weekday, term, agreed
-- to, not paused; and where the station chooses, asked for by the station.
CREATE FUNCTION check_standing_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM standing_shift d JOIN standing t ON t.id = d.standing_id
        JOIN assignment a ON a.id = d.assignment_id JOIN position p ON p.id = NEW.position_id
        WHERE d.sign_up_id = NEW.id AND d.assignment_id = NEW.assignment_id AND t.person_id = NEW.person_id
          AND t.status = 'active' AND a.pattern_id = t.pattern_id AND p.number = t.number
          AND t.weekday = extract(isodow FROM a.pattern_day) - 1
          AND a.pattern_day BETWEEN t.valid_from AND t.valid_until
          AND (a.sign_up_mode <> 'request' OR t.proposed_by IS NOT NULL)
          AND NOT EXISTS (SELECT FROM standing_pause u WHERE u.standing_id = t.id
                          AND a.pattern_day BETWEEN u.first_day AND u.last_day)) THEN
        RAISE EXCEPTION 'sign-up % stands for nothing', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_is_standing';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sign_up_is_standing AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.origin = 'standing') EXECUTE FUNCTION check_standing_seat();

-- Who has left comes no more, and a pattern that has ended needs nobody.
CREATE FUNCTION end_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE standing SET status = 'ended', ended_at = greatest(now(), created_at)
    WHERE id IN (SELECT id FROM standing
                 WHERE status IN ('proposed', 'active')
                   AND CASE TG_TABLE_NAME WHEN 'person' THEN person_id ELSE pattern_id END = NEW.id
                 ORDER BY id FOR NO KEY UPDATE);
    RETURN NULL;
END $$;
CREATE TRIGGER person_ends_standing AFTER UPDATE OF status ON person
    FOR EACH ROW WHEN (NEW.status = 'left' AND OLD.status <> 'left') EXECUTE FUNCTION end_standing();
CREATE TRIGGER pattern_ends_standing AFTER UPDATE OF status ON shift_pattern
    FOR EACH ROW WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION end_standing();
