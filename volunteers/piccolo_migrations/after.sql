-- After the work: hours as one chain per person, certificates that pin it, residents' thanks.

-- Hours. Each entry carries the hash of the one before; a correction is an entry of its own.
ALTER TABLE hours_entry
    ADD COLUMN kind text NOT NULL DEFAULT 'credit' CHECK (kind IN ('credit', 'correction')),
    ADD COLUMN reason text NOT NULL DEFAULT '',
    ADD COLUMN recorded_by bigint REFERENCES account ON DELETE RESTRICT,
    ADD COLUMN number integer,
    ADD COLUMN previous_sha256 bytea,
    ADD COLUMN entry_sha256 bytea;
ALTER TABLE hours_entry DROP CONSTRAINT hours_entry_attendance_id_key, DROP CONSTRAINT hours_entry_minutes_check;
CREATE UNIQUE INDEX hours_entry_credit_once ON hours_entry (attendance_id) WHERE kind = 'credit';
CREATE INDEX hours_entry_attendance ON hours_entry (attendance_id);
CREATE INDEX hours_entry_recorded_by ON hours_entry (recorded_by);

CREATE FUNCTION microseconds(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((extract(epoch FROM at) * 1000000)::bigint::text, '-')
$$;

-- What an entry attests: itself, and the whole way to it: sign-up, arrival and leaving, who confirmed it and when.
CREATE FUNCTION hours_entry_hash(entry hours_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(entry.previous_sha256 || convert_to(concat_ws('|',
        'hours-1', entry.person_id, entry.number, entry.kind, entry.attendance_id, entry.minutes, entry.recorded_by,
        microseconds(entry.credited_at), t.sign_up_id, t.outcome, microseconds(t.arrived_at), microseconds(t.left_at),
        t.minutes, t.confirmed_by, microseconds(t.confirmed_at), entry.reason), 'UTF8'))
    FROM attendance t WHERE t.id = entry.attendance_id
$$;

-- What was credited before this migration becomes the beginning of each person's chain.
ALTER TABLE hours_entry DISABLE TRIGGER append_only;
UPDATE hours_entry h SET recorded_by = t.confirmed_by, number = counted.number
FROM attendance t, (SELECT id, row_number() OVER (PARTITION BY person_id ORDER BY id) AS number FROM hours_entry) AS counted
WHERE t.id = h.attendance_id AND counted.id = h.id;
DO $$
DECLARE
    entry hours_entry;
    last_person bigint;
    last_hash bytea;
BEGIN
    FOR entry IN SELECT * FROM hours_entry ORDER BY person_id, number LOOP
        entry.previous_sha256 := CASE WHEN entry.person_id = last_person THEN last_hash
                                      ELSE decode(repeat('00', 32), 'hex') END;
        last_person := entry.person_id;
        last_hash := hours_entry_hash(entry);
        UPDATE hours_entry SET previous_sha256 = entry.previous_sha256, entry_sha256 = last_hash WHERE id = entry.id;
    END LOOP;
END $$;
ALTER TABLE hours_entry ENABLE TRIGGER append_only;
ALTER TABLE hours_entry
    ALTER COLUMN recorded_by SET NOT NULL,
    ALTER COLUMN number SET NOT NULL,
    ALTER COLUMN previous_sha256 SET NOT NULL,
    ALTER COLUMN entry_sha256 SET NOT NULL,
    ADD CONSTRAINT hours_entry_number UNIQUE (person_id, number),
    ADD CONSTRAINT hours_entry_says_why CHECK ((kind = 'correction') = (btrim(reason) <> '')),
    ADD CONSTRAINT hours_entry_minutes CHECK (minutes > 0 OR kind = 'correction' AND minutes < 0);
DROP INDEX hours_entry_person;  -- hours_entry_number begins with the person too

-- The link is made here, whoever writes: under the person's lock, so that no two entries follow the same one.
CREATE FUNCTION link_hours_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    PERFORM FROM person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    SELECT number, entry_sha256 INTO last FROM hours_entry WHERE person_id = NEW.person_id ORDER BY number DESC LIMIT 1;
    IF NEW.kind = 'credit' THEN
        NEW.recorded_by := (SELECT confirmed_by FROM attendance WHERE id = NEW.attendance_id);
    END IF;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.previous_sha256 := coalesce(last.entry_sha256, decode(repeat('00', 32), 'hex'));
    NEW.entry_sha256 := hours_entry_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER hours_entry_linked BEFORE INSERT ON hours_entry FOR EACH ROW EXECUTE FUNCTION link_hours_entry();

-- Nothing without a confirmed attendance, nothing for paid work, nothing by oneself, never less than nothing and
-- never more than one can have been there (one hour before to three hours after the shift).
-- Who came after all earns the hours: a correction may credit what was first recorded as a no-show, and take it back.
CREATE OR REPLACE FUNCTION refuse_hours_for_paid_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unearned record;
BEGIN
    SELECT n.id INTO unearned FROM new_rows n
    JOIN attendance t ON t.id = n.attendance_id
    JOIN sign_up s ON s.id = t.sign_up_id
    JOIN assignment a ON a.id = s.assignment_id
    WHERE s.person_id <> n.person_id
       OR NOT earns_hours(a.compensation, (a.starts AT TIME ZONE 'Asia/Shanghai')::date)
       OR (n.kind = 'credit' AND (t.outcome <> 'attended' OR t.minutes <> n.minutes))
       OR (n.kind = 'correction' AND n.minutes > 0 AND t.outcome <> 'attended' AND NOT EXISTS (
               SELECT FROM attendance_now held WHERE held.id = t.id AND held.outcome = 'attended'))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'hours are credited for attended unpaid work only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_for_unpaid_work';
    END IF;
    SELECT n.id INTO unearned FROM new_rows n JOIN person p ON p.id = n.person_id
    WHERE p.account_id = n.recorded_by LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody records their own hours'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_second_party';
    END IF;
    SELECT t.id INTO unearned FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id
    CROSS JOIN LATERAL (SELECT sum(h.minutes) AS minutes FROM hours_entry h WHERE h.attendance_id = t.id) AS credited
    WHERE t.id IN (SELECT attendance_id FROM new_rows WHERE kind = 'correction')
      AND NOT credited.minutes BETWEEN 0 AND extract(epoch FROM s.ends - s.starts) / 60 + 240
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'attendance % cannot have lasted that long', unearned.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hours_plausible';
    END IF;
    RETURN NULL;
END $$;
