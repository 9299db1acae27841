-- Induction and training as a gate: what it is, who completed it, which seats ask for it.

CREATE SEQUENCE reference_px;
CREATE TABLE training (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('px'),
    station_id bigint NOT NULL REFERENCES station ON DELETE RESTRICT,  -- who holds it and records who came
    title_zh text NOT NULL CHECK (title_zh <> ''),
    title_en text NOT NULL DEFAULT '',
    purpose_zh text NOT NULL DEFAULT '',
    purpose_en text NOT NULL DEFAULT '',
    where_zh text NOT NULL CHECK (where_zh <> ''),
    where_en text NOT NULL DEFAULT '',
    valid_months integer CHECK (valid_months BETWEEN 1 AND 120),  -- NULL: for ever
    status text NOT NULL CHECK (status IN ('offered', 'ended')),
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL
);
CREATE INDEX training_station ON training (station_id);
CREATE INDEX training_created_by ON training (created_by);

-- Completed under the eyes of a second party; taken back with a reason, never rewritten.
CREATE TABLE training_completion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    training_id bigint NOT NULL REFERENCES training ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    completed_on date NOT NULL,
    valid_until date,
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    revoked_by bigint REFERENCES account ON DELETE RESTRICT,
    revoked_at timestamptz,
    revoked_reason text NOT NULL DEFAULT '' CHECK (length(revoked_reason) <= 200),
    CONSTRAINT training_completion_is_over CHECK (completed_on <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL)),
    CHECK ((revoked_reason = '') = (revoked_at IS NULL))
);
CREATE UNIQUE INDEX training_completion_once ON training_completion (training_id, person_id, completed_on)
    WHERE revoked_at IS NULL;
CREATE INDEX training_completion_training ON training_completion (training_id);
CREATE INDEX training_completion_person ON training_completion (person_id, training_id);
CREATE INDEX training_completion_recorded_by ON training_completion (recorded_by);
CREATE INDEX training_completion_revoked_by ON training_completion (revoked_by) WHERE revoked_by IS NOT NULL;

CREATE FUNCTION complete_training() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM person WHERE id = NEW.person_id AND account_id = NEW.recorded_by) THEN
        RAISE EXCEPTION 'nobody records their own training'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'training_second_party';
    END IF;
    -- The last day on which it counts follows from the training, whoever writes.
    NEW.valid_until := (SELECT (NEW.completed_on + make_interval(months => t.valid_months))::date - 1
                        FROM training t WHERE t.id = NEW.training_id);
    RETURN NEW;
END $$;
CREATE TRIGGER training_second_party BEFORE INSERT ON training_completion
    FOR EACH ROW EXECUTE FUNCTION complete_training();

CREATE FUNCTION refuse_rewritten_completion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.revoked_at IS NOT NULL
       OR (NEW.training_id, NEW.person_id, NEW.completed_on, NEW.valid_until, NEW.recorded_by, NEW.recorded_at)
          IS DISTINCT FROM
          (OLD.training_id, OLD.person_id, OLD.completed_on, OLD.valid_until, OLD.recorded_by, OLD.recorded_at) THEN
        RAISE EXCEPTION 'completion % is taken back once, never rewritten', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'training_completion_is_kept';
    END IF;
    IF EXISTS (SELECT FROM person WHERE id = NEW.person_id AND account_id = NEW.revoked_by) THEN
        RAISE EXCEPTION 'nobody takes their own training back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'training_second_party';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER training_completion_is_kept BEFORE UPDATE OR DELETE ON training_completion
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_completion();

-- Seats name trainings by their references, as they name credentials by their kinds.
ALTER TABLE position ADD COLUMN trainings_all text[] NOT NULL DEFAULT '{}';
ALTER TABLE shift_pattern_position ADD COLUMN trainings_all text[] NOT NULL DEFAULT '{}';
CREATE INDEX position_trainings ON position USING gin (trainings_all) WHERE trainings_all <> '{}';

CREATE FUNCTION refuse_unknown_training() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(NEW.trainings_all) AS wanted
               WHERE NOT EXISTS (SELECT FROM training t WHERE t.reference = wanted)) THEN
        RAISE EXCEPTION 'a seat asks for a training that does not exist'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'position_trainings_exist';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER position_trainings_exist BEFORE INSERT OR UPDATE OF trainings_all ON position
    FOR EACH ROW WHEN (NEW.trainings_all <> '{}') EXECUTE FUNCTION refuse_unknown_training();
CREATE TRIGGER position_trainings_exist BEFORE INSERT OR UPDATE OF trainings_all ON shift_pattern_position
    FOR EACH ROW WHEN (NEW.trainings_all <> '{}') EXECUTE FUNCTION refuse_unknown_training();

CREATE FUNCTION refuse_lost_training() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'training % may be named by seats: end it instead', OLD.reference
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'training_is_kept';
END $$;
CREATE TRIGGER training_is_kept BEFORE DELETE ON training FOR EACH ROW EXECUTE FUNCTION refuse_lost_training();
CREATE TRIGGER training_keeps_its_reference BEFORE UPDATE OF reference ON training
    FOR EACH ROW WHEN (OLD.reference <> NEW.reference) EXECUTE FUNCTION refuse_lost_training();

-- Whether a person completed all that is wanted, on each day of service.
CREATE FUNCTION is_trained(of_person bigint, wanted text[], first timestamptz, last timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT wanted = '{}' OR NOT EXISTS (
        SELECT FROM unnest(wanted) AS named (reference) WHERE NOT EXISTS (
            SELECT FROM training t JOIN training_completion c ON c.training_id = t.id
            WHERE t.reference = named.reference AND c.person_id = of_person AND c.revoked_at IS NULL
              AND c.completed_on <= (first AT TIME ZONE 'Asia/Shanghai')::date
              AND (c.valid_until IS NULL OR c.valid_until >= (last AT TIME ZONE 'Asia/Shanghai')::date)))
$$;

-- Like the credential: no seat without it, on any path. These triggers sort after `sign_up_checked`, under its locks.
CREATE FUNCTION refuse_untrained_sign_ups(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    untrained bigint;
BEGIN
    SELECT s.id INTO untrained FROM sign_up s JOIN position p ON p.id = s.position_id
    WHERE s.id = ANY (ids) AND p.trainings_all <> '{}' AND NOT is_trained(s.person_id, p.trainings_all, s.starts, s.ends)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % lacks a training that its seat asks for', untrained
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_training';
    END IF;
END $$;
-- Asked where the other conditions of a seat are, about the same rows.
CREATE OR REPLACE FUNCTION check_new_sign_ups() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := ARRAY(SELECT id FROM after_rows WHERE live);
BEGIN
    PERFORM refuse_unfit_sign_ups(ids), refuse_untrained_sign_ups(ids);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION check_moved_sign_ups() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := ARRAY(SELECT id FROM (
        SELECT id, position_id, person_id, starts, ends FROM after_rows WHERE live
        EXCEPT SELECT id, position_id, person_id, starts, ends FROM before_rows WHERE live) AS moved);
BEGIN
    PERFORM refuse_unfit_sign_ups(ids), refuse_untrained_sign_ups(ids);
    RETURN NULL;
END $$;

CREATE FUNCTION check_training_of_position() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_untrained_sign_ups(ARRAY(
        SELECT id FROM sign_up WHERE position_id = NEW.id AND status IN ('offered', 'confirmed', 'checked_in')));
    RETURN NULL;
END $$;
CREATE TRIGGER position_training_checked AFTER UPDATE OF trainings_all ON position
    FOR EACH ROW WHEN (OLD.trainings_all <> NEW.trainings_all) EXECUTE FUNCTION check_training_of_position();
