-- Reports from the place of a shift: closed, nobody there, unsafe. Told once, answered once, by somebody else.

CREATE TABLE trouble (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    sign_up_id bigint NOT NULL REFERENCES sign_up ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('closed', 'nobody', 'unsafe', 'other')),
    said text NOT NULL DEFAULT '' CHECK (length(said) <= 300),
    reported_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'answered')),
    answer text NOT NULL DEFAULT '' CHECK (length(answer) <= 300),
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    answered_at timestamptz,
    CONSTRAINT trouble_once UNIQUE (sign_up_id, kind),
    CONSTRAINT trouble_other_says_what CHECK (kind <> 'other' OR btrim(said) <> ''),
    CHECK ((status = 'open') = (answered_by IS NULL)),
    CHECK ((status = 'open') = (answered_at IS NULL)),
    CONSTRAINT trouble_answer_says_what CHECK ((status = 'open') = (btrim(answer) = '')),
    CHECK (answered_at >= reported_at)
);
CREATE INDEX trouble_open ON trouble (reported_at) WHERE status = 'open';
CREATE INDEX trouble_answered_by ON trouble (answered_by) WHERE answered_by IS NOT NULL;

-- Whoever has the shift, from an hour before it until a day after.
CREATE FUNCTION check_new_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'open' OR NOT EXISTS (
            SELECT FROM sign_up s WHERE s.id = NEW.sign_up_id AND s.status NOT IN ('offered', 'withdrawn', 'released')
              AND NEW.reported_at BETWEEN s.starts - interval '1 hour' AND s.ends + interval '24 hours') THEN
        RAISE EXCEPTION 'nothing is to be reported about sign-up % now', NEW.sign_up_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trouble_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trouble_in_time BEFORE INSERT ON trouble FOR EACH ROW EXECUTE FUNCTION check_new_trouble();

CREATE FUNCTION check_answered_trouble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open'
       OR (NEW.public_id, NEW.sign_up_id, NEW.kind, NEW.said, NEW.reported_at)
          IS DISTINCT FROM (OLD.public_id, OLD.sign_up_id, OLD.kind, OLD.said, OLD.reported_at) THEN
        RAISE EXCEPTION 'report % stays as it was told and answered', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'trouble_is_kept';
    END IF;
    IF EXISTS (SELECT FROM sign_up s JOIN person p ON p.id = s.person_id
               WHERE s.id = NEW.sign_up_id AND p.account_id = NEW.answered_by) THEN
        RAISE EXCEPTION 'nobody answers their own report'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trouble_second_party';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trouble_is_kept BEFORE UPDATE OR DELETE ON trouble
    FOR EACH ROW EXECUTE FUNCTION check_answered_trouble();
