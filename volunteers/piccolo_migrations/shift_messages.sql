-- What a station says to everybody on a shift: a few times a day at most, never the same twice, never edited.

CREATE TABLE shift_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    assignment_id bigint NOT NULL REFERENCES assignment ON DELETE RESTRICT,
    body text NOT NULL CHECK (btrim(body) <> '' AND length(body) <= 300),
    to_waiting boolean NOT NULL,  -- also to those who wait or ask for a seat
    people integer NOT NULL CHECK (people > 0),
    day date NOT NULL,
    number integer NOT NULL CONSTRAINT shift_message_rate CHECK (number BETWEEN 1 AND 5),
    sent_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    sent_at timestamptz NOT NULL,
    CONSTRAINT shift_message_number UNIQUE (assignment_id, day, number),
    CONSTRAINT shift_message_said_once UNIQUE (assignment_id, day, body)
);
CREATE INDEX shift_message_sent_by ON shift_message (sent_by);
CALL make_append_only('shift_message');

-- Day and number are counted here, under the assignment's lock, whoever writes.
CREATE FUNCTION count_shift_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM assignment WHERE id = NEW.assignment_id FOR NO KEY UPDATE;
    NEW.day := (NEW.sent_at AT TIME ZONE 'Asia/Shanghai')::date;
    NEW.number := 1 + (SELECT count(*) FROM shift_message WHERE assignment_id = NEW.assignment_id AND day = NEW.day);
    RETURN NEW;
END $$;
CREATE TRIGGER shift_message_counted BEFORE INSERT ON shift_message
    FOR EACH ROW EXECUTE FUNCTION count_shift_message();
