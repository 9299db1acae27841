-- Certificates of voluntary service: numbered without gaps within a year, never edited, revoked with a reason.

CREATE TABLE certificate_number (
    year integer PRIMARY KEY CHECK (year > 2000),
    last integer NOT NULL CHECK (last > 0)
);
CREATE TABLE certificate (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    year integer NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    code text NOT NULL UNIQUE CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    from_day date NOT NULL,
    until_day date NOT NULL,
    minutes integer NOT NULL CHECK (minutes > 0),
    attendances integer NOT NULL CHECK (attendances > 0),
    last_entry_id bigint NOT NULL REFERENCES hours_entry ON DELETE RESTRICT,  -- the chain up to here is what was certified
    content_sealed bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by bigint REFERENCES account ON DELETE RESTRICT,
    revoked_reason text NOT NULL DEFAULT '' CHECK (length(revoked_reason) <= 200),
    UNIQUE (year, number),
    CHECK (from_day <= until_day),
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CONSTRAINT certificate_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoked_reason = '')),
    CHECK (revoked_at >= issued_at)
);
CREATE INDEX certificate_person ON certificate (person_id);
CREATE INDEX certificate_last_entry ON certificate (last_entry_id);
CREATE INDEX certificate_revoked_by ON certificate (revoked_by) WHERE revoked_by IS NOT NULL;

-- What each attendance of a period earned in the end, corrections included.
CREATE FUNCTION hours_between(of_person bigint, first date, last date)
RETURNS TABLE (attendance_id bigint, minutes integer, last_entry_id bigint) LANGUAGE sql STABLE AS $$
    SELECT e.attendance_id, sum(e.minutes)::integer, max(e.id)
    FROM hours_entry e JOIN attendance t ON t.id = e.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
    WHERE e.person_id = of_person
      AND (coalesce(t.arrived_at, s.starts) AT TIME ZONE 'Asia/Shanghai')::date BETWEEN first AND last
    GROUP BY e.attendance_id
$$;

CREATE FUNCTION check_new_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT sum(h.minutes) AS minutes, count(*) FILTER (WHERE h.minutes > 0) AS attendances, max(h.last_entry_id) AS last
    INTO held FROM hours_between(NEW.person_id, NEW.from_day, NEW.until_day) AS h;
    IF (held.minutes, held.attendances, held.last)
       IS DISTINCT FROM (NEW.minutes::bigint, NEW.attendances::bigint, NEW.last_entry_id) THEN
        RAISE EXCEPTION 'a certificate says what the hours say'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_agrees_with_hours';
    END IF;
    IF NEW.number IS DISTINCT FROM (SELECT n.last FROM certificate_number n WHERE n.year = NEW.year) THEN
        RAISE EXCEPTION 'certificates are numbered without gaps'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_without_gaps';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_checked BEFORE INSERT ON certificate
    FOR EACH ROW EXECUTE FUNCTION check_new_certificate();

CREATE FUNCTION refuse_rewritten_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a certificate is revoked, never rewritten'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_is_kept';
END $$;
CREATE TRIGGER certificate_is_kept BEFORE UPDATE ON certificate FOR EACH ROW
    WHEN (OLD.revoked_at IS NOT NULL
          OR (NEW.public_id, NEW.year, NEW.number, NEW.code, NEW.person_id, NEW.from_day, NEW.until_day, NEW.minutes,
              NEW.attendances, NEW.last_entry_id, NEW.content_sealed, NEW.issued_at)
             IS DISTINCT FROM
             (OLD.public_id, OLD.year, OLD.number, OLD.code, OLD.person_id, OLD.from_day, OLD.until_day, OLD.minutes,
              OLD.attendances, OLD.last_entry_id, OLD.content_sealed, OLD.issued_at))
    EXECUTE FUNCTION refuse_rewritten_certificate();
CREATE TRIGGER certificate_is_never_deleted BEFORE DELETE ON certificate
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_certificate();
