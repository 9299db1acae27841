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

-- A paper that was verified stays as it was verified; a renewed one is another row.
CREATE FUNCTION keep_verified_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'qualification % was verified as it is', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'qualification_verified_stays';
END $$;
CREATE TRIGGER qualification_verified_stays BEFORE UPDATE ON qualification FOR EACH ROW
    WHEN (OLD.verified_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) EXECUTE FUNCTION keep_verified_paper();
CREATE TRIGGER qualification_verified_kept BEFORE DELETE ON qualification FOR EACH ROW
    WHEN (OLD.verified_at IS NOT NULL) EXECUTE FUNCTION keep_verified_paper();
