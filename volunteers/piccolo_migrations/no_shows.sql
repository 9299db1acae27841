-- Who signed up, did not come and did not step back: recorded, told, excused or not, with a consequence that is written.

-- The rule in force on the day of a missed shift judges it. A count that is NULL has no consequence.
CREATE TABLE no_show_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    within_days integer NOT NULL CHECK (within_days > 0),
    request_after integer CHECK (request_after > 0),  -- so many, and seats are by request only
    pause_after integer CHECK (pause_after > 0),      -- so many, and there is no seat at all
    lasts_days integer NOT NULL CHECK (lasts_days > 0),
    excuse_days integer NOT NULL CHECK (excuse_days > 0),
    effective_from timestamptz NOT NULL UNIQUE,
    CHECK (pause_after > request_after)
);
INSERT INTO no_show_rule (within_days, request_after, pause_after, lasts_days, excuse_days, effective_from)
VALUES (90, 2, 4, 30, 7, '2000-01-01');

CREATE FUNCTION no_show_rule_on(at timestamptz) RETURNS SETOF no_show_rule LANGUAGE sql STABLE AS $$
    SELECT * FROM no_show_rule WHERE effective_from <= at ORDER BY effective_from DESC LIMIT 1
$$;

-- One for each sign-up whose attendance says, or once said, that nobody came.
CREATE TABLE no_show (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    sign_up_id bigint NOT NULL UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    starts timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    corrected boolean NOT NULL DEFAULT false,  -- the station said since that they came after all
    excused boolean NOT NULL DEFAULT false,
    standing boolean NOT NULL GENERATED ALWAYS AS (NOT corrected AND NOT excused) STORED
);
CREATE INDEX no_show_person ON no_show (person_id, starts);
CREATE INDEX no_show_standing ON no_show (person_id, starts) WHERE standing;
CREATE INDEX no_show_recorded_by ON no_show (recorded_by);

INSERT INTO no_show (sign_up_id, person_id, starts, recorded_at, recorded_by)
SELECT s.id, s.person_id, s.starts, t.confirmed_at, t.confirmed_by
FROM attendance_now t JOIN sign_up s ON s.id = t.sign_up_id WHERE t.outcome = 'absent' ORDER BY t.id;

-- Kept by what stations confirm and correct, and by excuses; nobody writes one by hand.
CREATE FUNCTION record_no_show() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO no_show (sign_up_id, person_id, starts, recorded_at, recorded_by)
    SELECT s.id, s.person_id, s.starts, NEW.confirmed_at, NEW.confirmed_by FROM sign_up s WHERE s.id = NEW.sign_up_id;
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_records_no_show AFTER INSERT ON attendance
    FOR EACH ROW WHEN (NEW.outcome = 'absent') EXECUTE FUNCTION record_no_show();

CREATE FUNCTION correct_no_show() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome = 'attended' THEN
        UPDATE no_show n SET corrected = true FROM attendance t
        WHERE t.id = NEW.attendance_id AND n.sign_up_id = t.sign_up_id;
    ELSE
        INSERT INTO no_show (sign_up_id, person_id, starts, recorded_at, recorded_by)
        SELECT s.id, s.person_id, s.starts, NEW.corrected_at, NEW.corrected_by
        FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id WHERE t.id = NEW.attendance_id
        ON CONFLICT (sign_up_id) DO UPDATE SET corrected = false, recorded_at = EXCLUDED.recorded_at,
                                               recorded_by = EXCLUDED.recorded_by;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER correction_corrects_no_show AFTER INSERT ON attendance_correction
    FOR EACH ROW EXECUTE FUNCTION correct_no_show();

CREATE FUNCTION refuse_hand_written_no_show() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no-shows are kept by attendance and excuses'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'no_show_is_kept';
END $$;
CREATE TRIGGER no_show_is_kept BEFORE INSERT OR UPDATE OR DELETE ON no_show
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_hand_written_no_show();

-- What follows: the standing no-shows up to each one, counted back from it by the rule of its day. It begins when the
-- last of them was recorded, so nothing is forbidden after the fact; and it is computed, so that what falls away with a
-- correction or an accepted excuse falls away at once.
CREATE FUNCTION sign_up_bars(of_person bigint)
RETURNS TABLE (consequence text, missed integer, within_days integer, from_at timestamptz, until_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN counted.missed >= rule.pause_after THEN 'pause' ELSE 'request' END, counted.missed,
           rule.within_days, counted.since, counted.since + make_interval(days => rule.lasts_days)
    FROM no_show n CROSS JOIN LATERAL no_show_rule_on(n.starts) AS rule
    CROSS JOIN LATERAL (
        SELECT count(*)::integer AS missed, max(o.recorded_at) AS since FROM no_show o
        WHERE o.person_id = n.person_id AND o.standing AND o.starts <= n.starts
          AND o.starts > n.starts - make_interval(days => rule.within_days)) AS counted
    WHERE n.person_id = of_person AND n.standing
      AND counted.missed >= least(rule.request_after, rule.pause_after)
$$;

-- What keeps a person from signing up at an instant, the harder first; no row: nothing.
CREATE FUNCTION sign_up_bar(of_person bigint, at timestamptz)
RETURNS TABLE (consequence text, missed integer, within_days integer, from_at timestamptz, until_at timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT * FROM sign_up_bars(of_person) AS bar WHERE bar.from_at <= at AND bar.until_at > at
    ORDER BY bar.consequence = 'pause' DESC, bar.until_at DESC LIMIT 1
$$;

-- On every path; whom the station calls or chooses needs no other request. Both clocks count, the one that the sign-up
-- states and the database's own: neither helps to pass.
CREATE FUNCTION refuse_sign_up_after_no_shows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM sign_up_bars(NEW.person_id) AS bar
               WHERE (bar.consequence = 'pause'
                      OR NEW.origin IN ('self', 'exchange', 'group', 'host', 'companions', 'standing') AND NOT EXISTS (
                          SELECT FROM call_out_ask k JOIN call_out c ON c.id = k.call_out_id
                          WHERE c.position_id = NEW.position_id AND k.person_id = NEW.person_id
                            AND k.status IN ('sent', 'seen')))
                 AND (bar.from_at <= NEW.created_at AND bar.until_at > NEW.created_at
                      OR bar.from_at <= now() AND bar.until_at > now())) THEN
        RAISE EXCEPTION 'person % did not come to what they signed up for', NEW.person_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_after_no_shows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_up_after_no_shows BEFORE INSERT ON sign_up
    FOR EACH ROW EXECUTE FUNCTION refuse_sign_up_after_no_shows();

-- Why somebody did not come, in their own words, sealed with their key: illness is nobody else's business.
CREATE TABLE no_show_excuse (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    no_show_id bigint NOT NULL REFERENCES no_show ON DELETE RESTRICT,
    reason_sealed bytea NOT NULL,
    status text NOT NULL CHECK (status IN ('stated', 'accepted', 'refused', 'withdrawn')),
    stated_at timestamptz NOT NULL,
    answer text NOT NULL DEFAULT '' CHECK (length(answer) <= 300),
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    answered_at timestamptz,
    CONSTRAINT no_show_excuse_answer_says_why CHECK ((status IN ('accepted', 'refused')) = (btrim(answer) <> '')),
    CHECK ((status IN ('accepted', 'refused')) = (answered_by IS NOT NULL)),
    CHECK ((status = 'stated') = (answered_at IS NULL)),
    CHECK (answered_at >= stated_at)
);
CREATE UNIQUE INDEX no_show_excuse_once ON no_show_excuse (no_show_id) WHERE status <> 'withdrawn';
CREATE INDEX no_show_excuse_no_show ON no_show_excuse (no_show_id);
CREATE INDEX no_show_excuse_answered_by ON no_show_excuse (answered_by) WHERE answered_by IS NOT NULL;
CREATE INDEX no_show_excuse_open ON no_show_excuse (stated_at) WHERE status = 'stated';

CREATE FUNCTION check_new_excuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told record;
BEGIN
    SELECT n.standing, n.recorded_at, rule.excuse_days INTO told
    FROM no_show n CROSS JOIN LATERAL no_show_rule_on(n.starts) AS rule WHERE n.id = NEW.no_show_id;
    IF NEW.status <> 'stated' OR NOT coalesce(told.standing, false)
       OR NEW.stated_at > told.recorded_at + make_interval(days => told.excuse_days) THEN
        RAISE EXCEPTION 'no-show % takes no excuse now', NEW.no_show_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_show_excuse_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_show_excuse_in_time BEFORE INSERT ON no_show_excuse
    FOR EACH ROW EXECUTE FUNCTION check_new_excuse();

CREATE FUNCTION check_answered_excuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'stated' OR (NEW.no_show_id, NEW.reason_sealed, NEW.stated_at)
                                 IS DISTINCT FROM (OLD.no_show_id, OLD.reason_sealed, OLD.stated_at) THEN
        RAISE EXCEPTION 'excuse % was answered, or is not the same any more', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'no_show_excuse_is_answered_once';
    END IF;
    IF EXISTS (SELECT FROM no_show n JOIN person p ON p.id = n.person_id
               WHERE n.id = NEW.no_show_id AND p.account_id = NEW.answered_by) THEN
        RAISE EXCEPTION 'nobody answers their own excuse'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_show_excuse_second_party';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_show_excuse_answered BEFORE UPDATE ON no_show_excuse
    FOR EACH ROW EXECUTE FUNCTION check_answered_excuse();

CREATE FUNCTION excuse_no_show() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE no_show SET excused = true WHERE id = NEW.no_show_id;
    RETURN NULL;
END $$;
CREATE TRIGGER no_show_excuse_excuses AFTER UPDATE ON no_show_excuse
    FOR EACH ROW WHEN (NEW.status = 'accepted') EXECUTE FUNCTION excuse_no_show();
