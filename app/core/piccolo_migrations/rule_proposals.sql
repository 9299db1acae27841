-- A figure of the law is replaced by two people: one proposes the new one with its source, another confirms it. What was
-- confirmed stays as it was confirmed; a later figure ends it and never rewrites it.

ALTER TABLE law_rule
    ADD COLUMN entered_by bigint REFERENCES account ON DELETE RESTRICT,   -- NULL: it came with the program
    ADD CONSTRAINT law_rule_second_person CHECK (verified_by <> entered_by);
CREATE INDEX law_rule_entered_by ON law_rule (entered_by) WHERE entered_by IS NOT NULL;

CREATE TABLE law_rule_proposal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    law_rule_id bigint NOT NULL REFERENCES law_rule ON DELETE RESTRICT,   -- what is replaced or set right
    value numeric NOT NULL CHECK (value >= 0),
    document text NOT NULL CHECK (document <> ''),
    article text NOT NULL CHECK (article <> ''),
    effective_from date NOT NULL,
    note_zh text NOT NULL DEFAULT '',
    note_en text NOT NULL DEFAULT '',
    status text NOT NULL CHECK (status IN ('proposed', 'confirmed', 'refused')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK (status <> 'refused' OR reason <> ''),
    CONSTRAINT law_rule_proposal_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT law_rule_proposal_second_person CHECK (decided_by <> proposed_by)
);
CREATE UNIQUE INDEX law_rule_proposal_open ON law_rule_proposal (law_rule_id) WHERE status = 'proposed';
CREATE INDEX law_rule_proposal_rule ON law_rule_proposal (law_rule_id);
CREATE INDEX law_rule_proposal_proposed_by ON law_rule_proposal (proposed_by);
CREATE INDEX law_rule_proposal_decided_by ON law_rule_proposal (decided_by) WHERE decided_by IS NOT NULL;

CREATE FUNCTION refuse_rewritten_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided CONSTANT text[] := ARRAY['status', 'decided_by', 'decided_at', 'reason'];
BEGIN
    IF OLD.status <> 'proposed' OR to_jsonb(OLD) - decided IS DISTINCT FROM to_jsonb(NEW) - decided THEN
        RAISE EXCEPTION 'a proposal is decided once, as it was proposed'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'law_rule_proposal_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER law_rule_proposal_frozen BEFORE UPDATE ON law_rule_proposal
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_proposal();

-- A confirmed figure judges purchases of its days for ever: it may end, and nothing else of it changes.
CREATE FUNCTION refuse_rewritten_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.verified_by IS NOT NULL AND (
        to_jsonb(OLD) - 'effective_to' IS DISTINCT FROM to_jsonb(NEW) - 'effective_to'
        OR OLD.effective_to IS NOT NULL AND (NEW.effective_to IS NULL OR NEW.effective_to > OLD.effective_to)) THEN
        RAISE EXCEPTION 'figure % was confirmed: it is replaced from a day on, never rewritten', OLD.rule_key
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'law_rule_confirmed_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER law_rule_frozen BEFORE UPDATE ON law_rule FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_rule();

CREATE FUNCTION refuse_lost_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'by what was decided is kept'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'law_rule_is_kept';
END $$;
CREATE TRIGGER law_rule_kept BEFORE DELETE OR TRUNCATE ON law_rule
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_rule();
CREATE TRIGGER law_rule_proposal_kept BEFORE DELETE OR TRUNCATE ON law_rule_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_rule();
