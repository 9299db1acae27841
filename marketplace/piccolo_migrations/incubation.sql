-- Growing an organization: taken in, brought through three stages by a mentor, graduated by somebody else.

CREATE TABLE incubation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('applied', 'diagnosis', 'capacity', 'practice', 'graduated', 'refused',
                                           'left')),
    aim_zh text NOT NULL CHECK (aim_zh <> ''),     -- what the organization wants to become able to do
    mentor_id bigint REFERENCES account ON DELETE RESTRICT,
    applied_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    applied_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT incubation_has_mentor CHECK (status IN ('applied', 'refused', 'left') OR mentor_id IS NOT NULL),
    CONSTRAINT incubation_decided CHECK (status IN ('applied', 'left') OR decided_by IS NOT NULL),
    CONSTRAINT incubation_decided_by_another CHECK (decided_by <> applied_by),
    CONSTRAINT incubation_graduated_by_another CHECK (status <> 'graduated' OR decided_by <> mentor_id)
);
CREATE UNIQUE INDEX incubation_once ON incubation (organization_id) WHERE status NOT IN ('refused', 'left');
CREATE INDEX incubation_organization ON incubation (organization_id);
CREATE INDEX incubation_mentor ON incubation (mentor_id) WHERE mentor_id IS NOT NULL;
CREATE INDEX incubation_applied_by ON incubation (applied_by);
CREATE INDEX incubation_decided_by ON incubation (decided_by) WHERE decided_by IS NOT NULL;

CREATE TABLE incubation_milestone (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incubation_id bigint NOT NULL REFERENCES incubation ON DELETE RESTRICT,
    stage text NOT NULL CHECK (stage IN ('diagnosis', 'capacity', 'practice')),
    code text NOT NULL CHECK (code IN ('papers', 'charter', 'needs', 'team', 'training', 'product', 'admission',
                                       'deliveries', 'satisfaction')),
    evidence_zh text NOT NULL CHECK (evidence_zh <> ''),
    stated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    stated_at timestamptz NOT NULL,
    confirmed_by bigint REFERENCES account ON DELETE RESTRICT,
    confirmed_at timestamptz,
    UNIQUE (incubation_id, code),
    CONSTRAINT incubation_milestone_stage CHECK (stage = CASE
        WHEN code IN ('papers', 'charter', 'needs') THEN 'diagnosis'
        WHEN code IN ('team', 'training', 'product') THEN 'capacity' ELSE 'practice' END),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT incubation_milestone_second_person CHECK (confirmed_by <> stated_by)
);
CREATE INDEX incubation_milestone_stated_by ON incubation_milestone (stated_by);
CREATE INDEX incubation_milestone_confirmed_by ON incubation_milestone (confirmed_by) WHERE confirmed_by IS NOT NULL;

CREATE TABLE mentoring_session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incubation_id bigint NOT NULL REFERENCES incubation ON DELETE RESTRICT,
    held_on date NOT NULL,
    minutes integer NOT NULL CHECK (minutes BETWEEN 15 AND 480),
    topic_zh text NOT NULL CHECK (topic_zh <> ''),
    next_zh text NOT NULL CHECK (next_zh <> ''),    -- what was agreed until the next time
    mentor_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    logged_at timestamptz NOT NULL,
    CONSTRAINT mentoring_session_not_ahead CHECK (held_on <= (logged_at AT TIME ZONE 'Asia/Shanghai')::date)
);
CREATE INDEX mentoring_session_incubation ON mentoring_session (incubation_id, held_on);
CREATE INDEX mentoring_session_mentor ON mentoring_session (mentor_id);
CALL make_append_only('mentoring_session');

-- No stage is left, and nobody graduates, before its three milestones are confirmed.
CREATE FUNCTION require_milestones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('capacity', 'practice', 'graduated') AND (
        SELECT count(*) FROM incubation_milestone m
        WHERE m.incubation_id = NEW.id AND m.confirmed_at IS NOT NULL
          AND m.stage = ANY (CASE NEW.status WHEN 'capacity' THEN ARRAY['diagnosis']
                                             WHEN 'practice' THEN ARRAY['diagnosis', 'capacity']
                                             ELSE ARRAY['diagnosis', 'capacity', 'practice'] END)
    ) < (CASE NEW.status WHEN 'capacity' THEN 3 WHEN 'practice' THEN 6 ELSE 9 END) THEN
        RAISE EXCEPTION 'incubation %: milestones of the stage before are not confirmed', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'incubation_milestones';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incubation_milestones BEFORE INSERT OR UPDATE OF status ON incubation
    FOR EACH ROW EXECUTE FUNCTION require_milestones();

-- What was confirmed stays confirmed as it was said.
CREATE FUNCTION freeze_milestone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a confirmed milestone does not change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'incubation_milestone_frozen';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER incubation_milestone_frozen BEFORE UPDATE OR DELETE ON incubation_milestone
    FOR EACH ROW EXECUTE FUNCTION freeze_milestone();
