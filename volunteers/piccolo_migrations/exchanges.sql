-- Somebody else goes: a substitute takes a seat, or two people exchange theirs. Nobody's place is free in between.

CREATE TABLE seat_exchange (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('substitution', 'swap')),
    from_sign_up_id bigint NOT NULL REFERENCES sign_up ON DELETE RESTRICT,
    to_sign_up_id bigint REFERENCES sign_up ON DELETE RESTRICT,
    to_person_id bigint REFERENCES person ON DELETE RESTRICT,  -- NULL while a link waits for whoever opens it
    by_link boolean NOT NULL,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 200),
    status text NOT NULL CHECK (status IN ('offered', 'accepted', 'declined', 'withdrawn', 'expired')),
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    given_sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    taken_sign_up_id bigint UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    CONSTRAINT seat_exchange_swap_names_a_seat CHECK ((kind = 'swap') = (to_sign_up_id IS NOT NULL)),
    CONSTRAINT seat_exchange_names_somebody CHECK (
        CASE WHEN by_link THEN kind = 'substitution' AND (to_person_id IS NOT NULL) = (status = 'accepted')
             ELSE to_person_id IS NOT NULL END),
    CONSTRAINT seat_exchange_accepted_in_time CHECK (status <> 'accepted' OR answered_at < expires_at),
    CHECK ((status = 'offered') = (answered_at IS NULL)),
    CHECK (offered_at < expires_at),
    CHECK (answered_at >= offered_at),
    CHECK (status = 'accepted' OR num_nonnulls(given_sign_up_id, taken_sign_up_id) = 0)
);
CREATE UNIQUE INDEX seat_exchange_one_open ON seat_exchange (from_sign_up_id) WHERE status = 'offered';
CREATE INDEX seat_exchange_from ON seat_exchange (from_sign_up_id);
CREATE INDEX seat_exchange_to ON seat_exchange (to_sign_up_id);
CREATE INDEX seat_exchange_person ON seat_exchange (to_person_id);
CREATE INDEX seat_exchange_due ON seat_exchange (expires_at) WHERE status = 'offered';

-- One offers what one holds, for what the other one holds.
CREATE FUNCTION refuse_offer_of_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
    wanted record;
BEGIN
    SELECT person_id, status INTO held FROM sign_up WHERE id = NEW.from_sign_up_id;
    SELECT person_id, status INTO wanted FROM sign_up WHERE id = NEW.to_sign_up_id;
    IF NEW.status <> 'offered' OR held.status <> 'confirmed' OR held.person_id = NEW.to_person_id
       OR NEW.to_sign_up_id IS NOT NULL
          AND (wanted.status <> 'confirmed' OR wanted.person_id IS DISTINCT FROM NEW.to_person_id) THEN
        RAISE EXCEPTION 'exchange % offers what nobody holds', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_exchange_of_held_seats';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_exchange_of_held_seats BEFORE INSERT ON seat_exchange
    FOR EACH ROW EXECUTE FUNCTION refuse_offer_of_nothing();

-- An answer is final; an accepted offer is only told, once, which seats it made.
CREATE FUNCTION refuse_second_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'exchange % was answered or would change its meaning', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'seat_exchange_is_answered_once';
END $$;
CREATE TRIGGER seat_exchange_is_answered_once BEFORE UPDATE ON seat_exchange FOR EACH ROW
    WHEN (OLD.status <> 'offered' AND (OLD.status <> 'accepted' OR OLD.given_sign_up_id IS NOT NULL
              OR (NEW.status, NEW.to_person_id, NEW.answered_at)
                 IS DISTINCT FROM (OLD.status, OLD.to_person_id, OLD.answered_at))
          OR NOT OLD.by_link AND NEW.to_person_id <> OLD.to_person_id
          OR (NEW.kind, NEW.from_sign_up_id, NEW.to_sign_up_id, NEW.by_link, NEW.offered_at, NEW.expires_at)
             IS DISTINCT FROM
             (OLD.kind, OLD.from_sign_up_id, OLD.to_sign_up_id, OLD.by_link, OLD.offered_at, OLD.expires_at))
    EXECUTE FUNCTION refuse_second_answer();

-- Accepted means changed, both ways, by the end of the transaction.
CREATE FUNCTION check_exchange_is_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM seat_exchange o
        JOIN sign_up f ON f.id = o.from_sign_up_id
        JOIN sign_up g ON g.id = o.given_sign_up_id AND g.live AND g.origin = 'exchange'
                      AND g.position_id = f.position_id AND g.person_id = o.to_person_id
        LEFT JOIN sign_up t ON t.id = o.to_sign_up_id
        LEFT JOIN sign_up k ON k.id = o.taken_sign_up_id AND k.live AND k.origin = 'exchange'
                           AND k.position_id = t.position_id AND k.person_id = f.person_id
        WHERE o.id = NEW.id AND CASE o.kind
              WHEN 'substitution' THEN f.ended_reason = 'substituted' AND o.taken_sign_up_id IS NULL
              ELSE f.ended_reason = 'swapped' AND t.ended_reason = 'swapped' AND k.id IS NOT NULL END) THEN
        RAISE EXCEPTION 'exchange % was accepted and not carried out', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_exchange_is_complete';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER seat_exchange_is_complete AFTER UPDATE ON seat_exchange DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'accepted') EXECUTE FUNCTION check_exchange_is_complete();

-- Nobody is let go as substituted, and nobody is seated in exchange, without an accepted offer that says so.
CREATE FUNCTION check_sign_up_was_exchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM seat_exchange WHERE status = 'accepted'
                   AND NEW.id IN (from_sign_up_id, to_sign_up_id, given_sign_up_id, taken_sign_up_id)) THEN
        RAISE EXCEPTION 'sign-up % was exchanged by no offer', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_was_exchanged';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sign_up_was_exchanged AFTER UPDATE ON sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.ended_reason IN ('substituted', 'swapped')) EXECUTE FUNCTION check_sign_up_was_exchanged();
CREATE CONSTRAINT TRIGGER sign_up_came_by_exchange AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.origin = 'exchange' OR NEW.ended_reason IN ('substituted', 'swapped'))
    EXECUTE FUNCTION check_sign_up_was_exchanged();

-- Who no longer holds a seat offers it no longer, and nobody waits for it; in the order of ids, whoever writes.
CREATE FUNCTION end_exchanges_of_sign_ups() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone bigint[] := ARRAY(SELECT id FROM before_rows WHERE status = 'confirmed'
                           EXCEPT SELECT id FROM after_rows WHERE status = 'confirmed');
BEGIN
    IF gone = '{}' THEN RETURN NULL; END IF;
    UPDATE seat_exchange SET status = 'expired', answered_at = greatest(now(), offered_at)
    WHERE id IN (SELECT id FROM seat_exchange
                 WHERE status = 'offered' AND (from_sign_up_id = ANY (gone) OR to_sign_up_id = ANY (gone))
                 ORDER BY id FOR NO KEY UPDATE);
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_ends_exchanges AFTER UPDATE ON sign_up
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION end_exchanges_of_sign_ups();
