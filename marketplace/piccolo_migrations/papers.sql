-- Which reminders about a paper that ends were sent: each once.
CREATE TABLE qualification_reminder (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    qualification_id bigint NOT NULL REFERENCES qualification ON DELETE RESTRICT,
    days_before integer NOT NULL CHECK (days_before IN (60, 30, 7)),
    sent_at timestamptz NOT NULL,
    CONSTRAINT qualification_reminder_once UNIQUE (qualification_id, days_before)
);
CALL make_append_only('qualification_reminder');

-- Finding the papers that end soon.
CREATE INDEX qualification_ends ON qualification (valid_until) WHERE verified_at IS NOT NULL;
