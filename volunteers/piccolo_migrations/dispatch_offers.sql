-- What a plan asks of people: one invitation for all that somebody is asked at once, and an offer for each seat. The seat
-- itself is a sign-up that is held as offered, like one from a waiting list, so that nobody else takes it meanwhile.

ALTER TABLE dispatch_setting ADD COLUMN asking text CHECK (asking IN ('ask', 'send'));
ALTER TABLE dispatch_setting DISABLE TRIGGER append_only;
UPDATE dispatch_setting SET asking = 'ask' WHERE place_id IS NULL;
ALTER TABLE dispatch_setting ENABLE TRIGGER append_only;
ALTER TABLE dispatch_setting DROP CONSTRAINT dispatch_setting_everywhere_is_complete,
    ADD CONSTRAINT dispatch_setting_everywhere_is_complete CHECK (place_id IS NOT NULL OR num_nulls(planned_level, fairness,
        preference, km, continuity, time_limit_s, answer_hours, weeks_ahead, acceptance_floor, asking) = 0);

CREATE TABLE dispatch_invitation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    run_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    cause text NOT NULL CHECK (cause IN ('plan', 'stand_by', 'repair')),
    vacancy_id bigint UNIQUE REFERENCES dispatch_vacancy ON DELETE RESTRICT,
    token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
    sent_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL,        -- of the offer that is due first
    CONSTRAINT dispatch_invitation_leaves_time CHECK (answer_by > sent_at),
    CONSTRAINT dispatch_invitation_fills_a_vacancy CHECK ((cause = 'plan') = (vacancy_id IS NULL))
);
CREATE UNIQUE INDEX dispatch_invitation_once ON dispatch_invitation (run_id, person_id) WHERE cause = 'plan';
CREATE INDEX dispatch_invitation_run ON dispatch_invitation (run_id);
CREATE INDEX dispatch_invitation_person ON dispatch_invitation (person_id);
CALL make_append_only('dispatch_invitation');

CREATE TABLE dispatch_offer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    invitation_id bigint NOT NULL REFERENCES dispatch_invitation ON DELETE RESTRICT,
    sign_up_id bigint NOT NULL UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('offered', 'accepted', 'declined', 'expired', 'ended')),
    reason text NOT NULL DEFAULT '' CHECK (reason IN ('', 'busy', 'far', 'health', 'unsuitable', 'other')),
    answered_at timestamptz,
    CONSTRAINT dispatch_offer_answered_when CHECK ((status = 'offered') = (answered_at IS NULL)),
    CONSTRAINT dispatch_offer_reason_of_a_no CHECK (reason = '' OR status IN ('offered', 'declined'))
);
CREATE INDEX dispatch_offer_invitation ON dispatch_offer (invitation_id);

-- An offer begins with a seat that is held for its person until an instant.
CREATE FUNCTION refuse_offer_without_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'offered' OR NOT EXISTS (
        SELECT FROM sign_up s JOIN dispatch_invitation i ON i.id = NEW.invitation_id
        WHERE s.id = NEW.sign_up_id AND s.person_id = i.person_id AND s.status = 'offered' AND s.origin = 'dispatch'
          AND s.offer_expires_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an offer begins with a seat that is held for its person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_offer_holds_a_seat';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_offer_holds_a_seat BEFORE INSERT ON dispatch_offer
    FOR EACH ROW EXECUTE FUNCTION refuse_offer_without_seat();

-- What becomes of the seat becomes of the offer, whoever decides it, and nothing else does.
CREATE FUNCTION offer_status_of(sign_up_status text, ended_reason text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN sign_up_status = 'offered' THEN 'offered'
                WHEN sign_up_status IN ('confirmed', 'checked_in') THEN 'accepted'
                WHEN sign_up_status = 'withdrawn' THEN 'declined'
                WHEN ended_reason = 'offer_expired' THEN 'expired' ELSE 'ended' END
$$;
CREATE FUNCTION refuse_other_dispatch_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'offered' OR (OLD.invitation_id, OLD.sign_up_id) IS DISTINCT FROM (NEW.invitation_id, NEW.sign_up_id) THEN
        RAISE EXCEPTION 'offer % was answered, or is not the same any more', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_offer_is_answered_once';
    END IF;
    IF NEW.status <> (SELECT offer_status_of(s.status, s.ended_reason) FROM sign_up s WHERE s.id = NEW.sign_up_id) THEN
        RAISE EXCEPTION 'offer % and its seat say different things', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_offer_agrees';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_offer_is_answered_once BEFORE UPDATE ON dispatch_offer
    FOR EACH ROW EXECUTE FUNCTION refuse_other_dispatch_offer();
CREATE FUNCTION settle_dispatch_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE dispatch_offer o SET status = offer_status_of(NEW.status, NEW.ended_reason),
           reason = CASE NEW.status WHEN 'withdrawn' THEN o.reason ELSE '' END,
           answered_at = coalesce(NEW.ended_at, NEW.accepted_at, now())
    WHERE o.sign_up_id = NEW.id AND o.status = 'offered';
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_settles_dispatch_offer AFTER UPDATE ON sign_up
    FOR EACH ROW WHEN (OLD.status = 'offered' AND NEW.status <> 'offered') EXECUTE FUNCTION settle_dispatch_offer();

-- When an offer was accepted is on record, and that is what is judged; without a record it is now.
ALTER TABLE sign_up ADD COLUMN accepted_at timestamptz;
CREATE OR REPLACE FUNCTION refuse_late_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('confirmed', 'checked_in') AND OLD.offer_expires_at <= coalesce(NEW.accepted_at, now()) THEN
        RAISE EXCEPTION 'the offer of sign-up % has expired', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_offer_in_time';
    END IF;
    RETURN NEW;
END $$;

-- An offer ends with its shift's start at the latest, also when the shift is moved to an earlier time.
CREATE FUNCTION shorten_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.offer_expires_at := NEW.starts;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_up_offer_shortens BEFORE UPDATE OF starts ON sign_up
    FOR EACH ROW WHEN (NEW.offer_expires_at > NEW.starts) EXECUTE FUNCTION shorten_offer();

-- A seat that came free may be offered to somebody else at once.
ALTER TABLE dispatch_vacancy DROP CONSTRAINT dispatch_vacancy_outcome_check, ADD CONSTRAINT dispatch_vacancy_outcome_check
    CHECK (outcome IN ('offered', 'replanned', 'filled', 'called', 'over'));
