-- A plan is approved by somebody before it is published, and what was approved is what is published.

ALTER TABLE dispatch_run
    DROP CONSTRAINT dispatch_run_status_check,
    DROP CONSTRAINT dispatch_run_solved_from_an_input,
    DROP CONSTRAINT dispatch_what_if_is_only_a_question,
    ADD COLUMN approved_by bigint REFERENCES account ON DELETE RESTRICT,
    ADD COLUMN approved_at timestamptz;
UPDATE dispatch_run SET approved_by = published_by, approved_at = published_at WHERE published_at IS NOT NULL;
CREATE INDEX dispatch_run_approved_by ON dispatch_run (approved_by) WHERE approved_by IS NOT NULL;
ALTER TABLE dispatch_run
    ADD CONSTRAINT dispatch_run_status_check CHECK (
        status IN ('queued', 'solving', 'solved', 'approved', 'published', 'failed', 'superseded')),
    ADD CONSTRAINT dispatch_run_solved_from_an_input CHECK (
        status NOT IN ('solved', 'approved', 'published') OR instance_sha256 IS NOT NULL),
    ADD CONSTRAINT dispatch_what_if_is_only_a_question CHECK (
        kind <> 'what_if' OR published_at IS NULL AND status NOT IN ('approved', 'published')),
    ADD CONSTRAINT dispatch_run_approved_when CHECK (
        CASE WHEN status = 'approved' THEN approved_at IS NOT NULL WHEN status IN ('published', 'superseded') THEN true
             ELSE approved_at IS NULL END),
    ADD CONSTRAINT dispatch_run_published_after_approval CHECK (
        published_at IS NULL OR approved_at IS NOT NULL AND approved_at <= published_at);

CREATE FUNCTION refuse_unapproved_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'nobody has approved dispatch run %', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_run_approved_first';
END $$;
CREATE TRIGGER dispatch_run_approved_first BEFORE UPDATE OF status ON dispatch_run
    FOR EACH ROW WHEN (NEW.status = 'published' AND OLD.status NOT IN ('approved', 'published'))
    EXECUTE FUNCTION refuse_unapproved_plan();
