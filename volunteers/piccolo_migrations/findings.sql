-- Patterns in attendance that somebody should look at: found by the night's job, once each, and decided by a person.
-- Nothing follows from a finding by itself.

CREATE TABLE finding_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    window_days integer NOT NULL CHECK (window_days > 0),           -- what the last rules look at
    overlap_minutes integer NOT NULL CHECK (overlap_minutes > 0),   -- in two places for so long
    day_minutes integer NOT NULL CHECK (day_minutes > 0),           -- more than this on one day
    person_minutes integer NOT NULL CHECK (person_minutes > 0),     -- one confirmer for so much of a person's time
    person_percent integer NOT NULL CHECK (person_percent BETWEEN 1 AND 100),
    station_minutes integer NOT NULL CHECK (station_minutes > 0),   -- or of a station's
    station_percent integer NOT NULL CHECK (station_percent BETWEEN 1 AND 100),
    pair_times integer NOT NULL CHECK (pair_times > 1),             -- two who confirm and are confirmed only together
    effective_from timestamptz NOT NULL UNIQUE
);
INSERT INTO finding_rule (window_days, overlap_minutes, day_minutes, person_minutes, person_percent, station_minutes,
                          station_percent, pair_times, effective_from)
VALUES (30, 10, 720, 1200, 90, 6000, 95, 6, '2000-01-01');

CREATE TABLE finding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN
        ('two_places', 'travel', 'long_day', 'person_confirmer', 'station_confirmer', 'pair')),
    subject text NOT NULL CHECK (subject <> ''),  -- ids, with a day or month: what makes it this finding and no other
    person_id bigint REFERENCES person ON DELETE RESTRICT,
    confirmer_id bigint REFERENCES account ON DELETE RESTRICT,
    station_id bigint NOT NULL REFERENCES station ON DELETE RESTRICT,
    evidence jsonb NOT NULL,  -- ids of sign-ups, and figures
    first_seen timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'dismissed', 'confirmed')),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 300),
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    CONSTRAINT finding_once UNIQUE (kind, subject),
    CHECK (person_id IS NOT NULL OR kind = 'station_confirmer'),
    CHECK ((confirmer_id IS NOT NULL) = (kind IN ('person_confirmer', 'station_confirmer', 'pair'))),
    CHECK ((status = 'open') = (decided_by IS NULL)),
    CHECK ((status = 'open') = (decided_at IS NULL)),
    CONSTRAINT finding_decision_says_why CHECK ((status = 'open') = (btrim(reason) = '')),
    CHECK (decided_at >= first_seen)
);
CREATE INDEX finding_open ON finding (first_seen) WHERE status = 'open';
CREATE INDEX finding_person ON finding (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX finding_confirmer ON finding (confirmer_id) WHERE confirmer_id IS NOT NULL;
CREATE INDEX finding_station ON finding (station_id);
CREATE INDEX finding_decided_by ON finding (decided_by) WHERE decided_by IS NOT NULL;

-- What was found stays as it was found; it is decided once, by nobody whom it is about.
CREATE FUNCTION check_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open'
       OR (NEW.kind, NEW.subject, NEW.person_id, NEW.confirmer_id, NEW.station_id, NEW.evidence, NEW.first_seen)
          IS DISTINCT FROM
          (OLD.kind, OLD.subject, OLD.person_id, OLD.confirmer_id, OLD.station_id, OLD.evidence, OLD.first_seen) THEN
        RAISE EXCEPTION 'finding % stays as it was found and decided', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finding_is_kept';
    END IF;
    IF NEW.decided_by = NEW.confirmer_id
       OR EXISTS (SELECT FROM person p WHERE p.id = NEW.person_id AND p.account_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'nobody decides a finding about themselves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_second_party';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_is_kept BEFORE UPDATE OR DELETE ON finding FOR EACH ROW EXECUTE FUNCTION check_finding();
