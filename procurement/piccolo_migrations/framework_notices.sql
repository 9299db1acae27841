-- Each step of a framework is published under a number of its own, and stays published (令110 §19, §20, §40).

CREATE SEQUENCE reference_gg;
CREATE TABLE framework_notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('gg'),
    framework_id bigint NOT NULL REFERENCES framework ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('call', 'admission', 'force', 'supplement', 'exit', 'removal', 'expiry')),
    admission_id bigint REFERENCES admission ON DELETE RESTRICT,
    published_at timestamptz NOT NULL,
    CONSTRAINT framework_notice_subject
        CHECK ((admission_id IS NOT NULL) = (kind IN ('admission', 'supplement', 'exit', 'removal')))
);
CREATE UNIQUE INDEX framework_notice_once ON framework_notice (framework_id, kind) WHERE admission_id IS NULL;
CREATE UNIQUE INDEX framework_notice_once_of_admission
    ON framework_notice (admission_id, (kind IN ('admission', 'supplement'))) WHERE admission_id IS NOT NULL;
CREATE INDEX framework_notice_framework ON framework_notice (framework_id, id);
CREATE INDEX framework_notice_published ON framework_notice (published_at DESC, id DESC);
CALL make_append_only('framework_notice');

INSERT INTO framework_notice (framework_id, kind, admission_id, published_at)
SELECT framework_id, kind, admission_id, published_at FROM (
    SELECT f.id AS framework_id, 'call' AS kind, NULL::bigint AS admission_id, f.published_at
    FROM framework f WHERE f.published_at IS NOT NULL
    UNION ALL
    SELECT e.object_id, CASE e.action WHEN 'framework.in_force' THEN 'force' ELSE 'expiry' END, NULL, min(e.occurred_at)
    FROM audit_event e JOIN framework f ON f.id = e.object_id
    WHERE e.object_type = 'framework' AND (e.action = 'framework.in_force' OR e.action = 'framework.expired')
    GROUP BY e.object_id, e.action
    UNION ALL
    SELECT a.framework_id, CASE WHEN a.published_at > (
               SELECT min(e.occurred_at) FROM audit_event e WHERE e.object_type = 'framework'
               AND e.object_id = a.framework_id AND e.action = 'framework.in_force') THEN 'supplement'
           ELSE 'admission' END, a.id, a.published_at
    FROM admission a WHERE a.published_at IS NOT NULL
    UNION ALL
    SELECT a.framework_id, CASE a.status WHEN 'removed' THEN 'removal' ELSE 'exit' END, a.id, a.ended_at
    FROM admission a WHERE a.published_at IS NOT NULL AND a.ended_at IS NOT NULL
) AS behind ORDER BY published_at, kind, admission_id;

-- Judged at COMMIT: no step is taken without its notice, whoever writes it.
CREATE FUNCTION require_framework_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM framework f
        CROSS JOIN LATERAL unnest(CASE f.status WHEN 'call_published' THEN ARRAY['call']
                                                WHEN 'in_force' THEN ARRAY['call', 'force']
                                                WHEN 'expired' THEN ARRAY['call', 'expiry'] END) AS needed (kind)
        WHERE f.id = NEW.id AND NOT EXISTS (
            SELECT 1 FROM framework_notice n WHERE n.framework_id = f.id AND n.kind = needed.kind)) THEN
        RAISE EXCEPTION 'framework % took a step that is not published', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'framework_step_published';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER framework_step_published AFTER INSERT OR UPDATE OF status ON framework
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_framework_notice();

CREATE FUNCTION require_admission_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM admission a
        WHERE a.id = NEW.id AND a.published_at IS NOT NULL AND (
            NOT EXISTS (SELECT 1 FROM framework_notice n
                        WHERE n.admission_id = a.id AND n.kind IN ('admission', 'supplement'))
            OR a.ended_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM framework_notice n WHERE n.admission_id = a.id AND n.kind IN ('exit', 'removal')))) THEN
        RAISE EXCEPTION 'admission % changed without a notice', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'admission_step_published';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER admission_step_published AFTER INSERT OR UPDATE OF status, published_at, ended_at ON admission
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_admission_notice();
