-- Reminders: everybody with a confirmed seat hears once for each moment before the shift and each time it is set for.

-- How long before a shift people are reminded; each may be switched off by the person.
CREATE TABLE reminder_moment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    minutes_before integer NOT NULL UNIQUE CHECK (minutes_before BETWEEN 1 AND 20160)
);
INSERT INTO reminder_moment (minutes_before) VALUES (4320), (120);

CREATE TABLE reminder_refusal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    moment_id bigint NOT NULL REFERENCES reminder_moment ON DELETE RESTRICT,
    refused_at timestamptz NOT NULL,
    CONSTRAINT reminder_refusal_once UNIQUE (person_id, moment_id)
);
CREATE INDEX reminder_refusal_moment ON reminder_refusal (moment_id);

-- `starts` is part of the key: who was told of nine o'clock is told anew when the shift moves to ten.
CREATE TABLE reminder (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sign_up_id bigint NOT NULL REFERENCES sign_up ON DELETE RESTRICT,
    moment_id bigint NOT NULL REFERENCES reminder_moment ON DELETE RESTRICT,
    starts timestamptz NOT NULL,
    sent_at timestamptz NOT NULL,
    CONSTRAINT reminder_once UNIQUE (sign_up_id, moment_id, starts)
);
CREATE INDEX reminder_moment_sent ON reminder (moment_id);
CALL make_append_only('reminder');

CREATE FUNCTION check_reminders() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unsound record;
BEGIN
    SELECT n.sign_up_id INTO unsound FROM new_rows n JOIN sign_up s ON s.id = n.sign_up_id
    JOIN reminder_moment m ON m.id = n.moment_id
    WHERE s.status <> 'confirmed' OR s.starts <> n.starts OR n.sent_at >= n.starts
       OR n.sent_at < n.starts - make_interval(mins => m.minutes_before)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'nobody is to be reminded of sign-up % now', unsound.sign_up_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reminder_is_due';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reminder_is_due AFTER INSERT ON reminder REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION check_reminders();
