-- One person more than there are seats: a row of its own with actor and reason, outside `booked`, inside everything else.

ALTER TABLE sign_up ADD COLUMN over_quota boolean NOT NULL DEFAULT false;
ALTER TABLE sign_up ADD CONSTRAINT sign_up_over_quota_is_decided CHECK (NOT over_quota OR origin = 'over_quota');

CREATE TABLE over_quota (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sign_up_id bigint NOT NULL UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    reason text NOT NULL CONSTRAINT over_quota_says_why CHECK (btrim(reason) <> '' AND length(reason) <= 200),
    decided_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz NOT NULL
);
CREATE INDEX over_quota_decided_by ON over_quota (decided_by);
CALL make_append_only('over_quota');

-- Guarantee 6: whoever is beyond the quota does not count in `booked`; moved into a free seat, they do.
CREATE OR REPLACE FUNCTION count_sign_ups_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked + gained.seats
    FROM (SELECT position_id, count(*) AS seats FROM after_rows WHERE live AND NOT over_quota
          GROUP BY position_id ORDER BY position_id) AS gained
    WHERE position.id = gained.position_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION count_sign_ups_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked - lost.seats
    FROM (SELECT position_id, count(*) AS seats FROM before_rows WHERE live AND NOT over_quota
          GROUP BY position_id ORDER BY position_id) AS lost
    WHERE position.id = lost.position_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION count_sign_ups_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE position SET booked = booked + moved.seats
    FROM (SELECT position_id, sum(seat) AS seats
          FROM (SELECT position_id, 1 AS seat FROM after_rows WHERE live AND NOT over_quota
                UNION ALL SELECT position_id, -1 FROM before_rows WHERE live AND NOT over_quota) AS changes
          GROUP BY position_id HAVING sum(seat) <> 0 ORDER BY position_id) AS moved
    WHERE position.id = moved.position_id;
    RETURN NULL;
END $$;

-- The decision is about somebody beyond the quota, and about somebody else.
CREATE FUNCTION check_over_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat record;
BEGIN
    SELECT s.over_quota, p.account_id INTO seat FROM sign_up s JOIN person p ON p.id = s.person_id
    WHERE s.id = NEW.sign_up_id;
    IF seat.account_id = NEW.decided_by THEN
        RAISE EXCEPTION 'nobody adds themselves beyond the quota'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'over_quota_second_party';
    END IF;
    IF NOT seat.over_quota THEN
        RAISE EXCEPTION 'sign-up % is within the quota', NEW.sign_up_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'over_quota_beyond_capacity';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER over_quota_checked AFTER INSERT ON over_quota FOR EACH ROW EXECUTE FUNCTION check_over_quota();

-- Nobody is beyond the quota without such a decision by the end of the transaction, and nobody is put there later.
CREATE FUNCTION check_over_quota_was_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT EXISTS (SELECT FROM over_quota WHERE sign_up_id = NEW.id) THEN
        RAISE EXCEPTION 'nobody decided to add sign-up % beyond the quota', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_over_quota_was_decided';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sign_up_over_quota_was_decided AFTER INSERT ON sign_up DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.origin = 'over_quota') EXECUTE FUNCTION check_over_quota_was_decided();
CREATE TRIGGER sign_up_over_quota_from_the_start AFTER UPDATE ON sign_up FOR EACH ROW
    WHEN (NEW.over_quota AND NOT OLD.over_quota) EXECUTE FUNCTION check_over_quota_was_decided();

-- Who is beyond the quota has no seat to hand on.
CREATE OR REPLACE FUNCTION refuse_offer_of_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
    wanted record;
BEGIN
    SELECT person_id, status, over_quota INTO held FROM sign_up WHERE id = NEW.from_sign_up_id;
    SELECT person_id, status, over_quota INTO wanted FROM sign_up WHERE id = NEW.to_sign_up_id;
    IF NEW.status <> 'offered' OR held.status <> 'confirmed' OR held.over_quota OR held.person_id = NEW.to_person_id
       OR NEW.to_sign_up_id IS NOT NULL
          AND (wanted.status <> 'confirmed' OR wanted.over_quota
               OR wanted.person_id IS DISTINCT FROM NEW.to_person_id) THEN
        RAISE EXCEPTION 'exchange % offers what nobody holds', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_exchange_of_held_seats';
    END IF;
    RETURN NEW;
END $$;
