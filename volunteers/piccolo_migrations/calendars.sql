-- Calendar feeds: private addresses, and how often what they show has changed.

CREATE TABLE calendar_feed (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,  -- who made it and whose rights it has
    station_id bigint REFERENCES station ON DELETE RESTRICT,  -- NULL: the person's own assignments
    token_sha256 bytea NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);
-- One address in force for a person, and for a person at a station: a new one replaces the old.
CREATE UNIQUE INDEX calendar_feed_own ON calendar_feed (account_id)
    WHERE station_id IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX calendar_feed_station ON calendar_feed (account_id, station_id)
    WHERE station_id IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX calendar_feed_account ON calendar_feed (account_id);
CREATE INDEX calendar_feed_at_station ON calendar_feed (station_id) WHERE station_id IS NOT NULL;

-- RFC 5545, SEQUENCE: rises with each change that a calendar shows; counted here, so that no path forgets it.
ALTER TABLE assignment ADD COLUMN revision integer NOT NULL DEFAULT 0 CHECK (revision >= 0),
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE sign_up ADD COLUMN revision integer NOT NULL DEFAULT 0 CHECK (revision >= 0),
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();

CREATE FUNCTION count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    NEW.changed_at := greatest(now(), OLD.changed_at);
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_revised BEFORE UPDATE ON assignment FOR EACH ROW
    WHEN ((OLD.starts, OLD.ends, OLD.status, OLD.place_id, OLD.title_zh, OLD.title_en, OLD.meeting_point_zh,
           OLD.meeting_point_en, OLD.contact_name, OLD.contact_phone)
          IS DISTINCT FROM
          (NEW.starts, NEW.ends, NEW.status, NEW.place_id, NEW.title_zh, NEW.title_en, NEW.meeting_point_zh,
           NEW.meeting_point_en, NEW.contact_name, NEW.contact_phone))
    EXECUTE FUNCTION count_revision();
CREATE TRIGGER sign_up_revised BEFORE UPDATE ON sign_up FOR EACH ROW
    WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION count_revision();
