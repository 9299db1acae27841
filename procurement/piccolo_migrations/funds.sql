-- Donated money apart from fiscal, money moved between lines by one document, and warnings about slow lines.

-- 条例 §2, 杭州市法律援助条例 §5: donations are kept in an account of their own. A programme spends one kind of money;
-- its lines, and what is put into them, are of that kind.
ALTER TABLE programme ADD COLUMN fund text NOT NULL DEFAULT 'fiscal' CHECK (fund IN ('fiscal', 'donated'));
ALTER TABLE programme ADD CONSTRAINT programme_fund UNIQUE (id, fund);
ALTER TABLE programme DROP CONSTRAINT programme_code_check;
ALTER TABLE programme ADD CONSTRAINT programme_code_check CHECK (code IN
    ('on_site', 'mediation_case', 'legal_aid_case', 'expenses', 'purchase', 'donation'));
INSERT INTO programme (code, name_zh, name_en, fund) VALUES ('donation', '社会捐赠项目', 'Donated funds', 'donated');

ALTER TABLE budget_line ADD COLUMN fund text NOT NULL DEFAULT 'fiscal' CHECK (fund IN ('fiscal', 'donated'));
ALTER TABLE budget_line ADD CONSTRAINT budget_line_of_one_fund FOREIGN KEY (programme_id, fund)
    REFERENCES programme (id, fund) ON DELETE RESTRICT;
ALTER TABLE budget_line ADD CONSTRAINT budget_line_year_and_fund UNIQUE (id, year, fund);
ALTER TABLE budget_line ADD CONSTRAINT budget_line_fund UNIQUE (id, fund);
CREATE INDEX budget_line_programme_fund ON budget_line (programme_id, fund);

ALTER TABLE appropriation ADD COLUMN fund text NOT NULL DEFAULT 'fiscal' CHECK (fund IN ('fiscal', 'donated'));
ALTER TABLE appropriation ADD CONSTRAINT appropriation_of_one_fund FOREIGN KEY (budget_line_id, fund)
    REFERENCES budget_line (id, fund) ON DELETE RESTRICT;
CREATE INDEX appropriation_line_fund ON appropriation (budget_line_id, fund);

-- One document takes money out of one line and puts it into another (调剂): the same year, the same kind of money.
CREATE TABLE budget_adjustment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    from_line_id bigint NOT NULL,
    to_line_id bigint NOT NULL,
    year integer NOT NULL,
    fund text NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    document text NOT NULL CHECK (document <> ''),
    status text NOT NULL CHECK (status IN ('proposed', 'approved', 'refused')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CONSTRAINT budget_adjustment_two_lines CHECK (from_line_id <> to_line_id),
    CONSTRAINT budget_adjustment_from FOREIGN KEY (from_line_id, year, fund)
        REFERENCES budget_line (id, year, fund) ON DELETE RESTRICT,
    CONSTRAINT budget_adjustment_to FOREIGN KEY (to_line_id, year, fund)
        REFERENCES budget_line (id, year, fund) ON DELETE RESTRICT,
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT budget_adjustment_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT budget_adjustment_second_person CHECK (decided_by <> proposed_by)
);
CREATE INDEX budget_adjustment_from_line ON budget_adjustment (from_line_id, year, fund);
CREATE INDEX budget_adjustment_to_line ON budget_adjustment (to_line_id, year, fund);
CREATE INDEX budget_adjustment_waiting ON budget_adjustment (id) WHERE status = 'proposed';
CREATE INDEX budget_adjustment_proposed_by ON budget_adjustment (proposed_by);
CREATE INDEX budget_adjustment_decided_by ON budget_adjustment (decided_by) WHERE decided_by IS NOT NULL;

CREATE FUNCTION refuse_adjustment_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'proposed'
       OR (NEW.from_line_id, NEW.to_line_id, NEW.amount_fen, NEW.document, NEW.proposed_by)
          IS DISTINCT FROM (OLD.from_line_id, OLD.to_line_id, OLD.amount_fen, OLD.document, OLD.proposed_by) THEN
        RAISE EXCEPTION 'adjustment % is decided as it was proposed, and kept', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'budget_adjustment_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_adjustment_frozen BEFORE UPDATE OR DELETE ON budget_adjustment
    FOR EACH ROW EXECUTE FUNCTION refuse_adjustment_change();

-- Both sides or neither, judged at COMMIT: what leaves one line arrives in the other, and only when it is approved.
CREATE FUNCTION require_balanced_adjustment(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    asked budget_adjustment%ROWTYPE;
BEGIN
    SELECT * INTO asked FROM budget_adjustment WHERE id = checked;
    IF (SELECT array_agg(ARRAY[budget_line_id, approved_fen] ORDER BY approved_fen) FROM budget_movement
        WHERE source_type = 'budget_adjustment' AND source_id = checked)
       IS DISTINCT FROM (CASE WHEN asked.status = 'approved' THEN
           ARRAY[ARRAY[asked.from_line_id, -asked.amount_fen], ARRAY[asked.to_line_id, asked.amount_fen]] END) THEN
        RAISE EXCEPTION 'adjustment % moves other than its document says', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_adjustment_balanced';
    END IF;
END $$;
CREATE FUNCTION check_adjustment_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_balanced_adjustment(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION check_adjustment_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_balanced_adjustment(NEW.source_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER budget_adjustment_balanced AFTER INSERT OR UPDATE ON budget_adjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_adjustment_balanced();
CREATE CONSTRAINT TRIGGER budget_movement_of_adjustment AFTER INSERT ON budget_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source_type = 'budget_adjustment')
    EXECUTE FUNCTION check_adjustment_movement();
CREATE INDEX budget_movement_source ON budget_movement (source_type, source_id);

-- The officers are told once about a line that is spent too slowly for the time of the year.
CREATE TABLE budget_warning (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    budget_line_id bigint NOT NULL UNIQUE REFERENCES budget_line ON DELETE RESTRICT,
    spent_fen bigint NOT NULL,
    approved_fen bigint NOT NULL,
    warned_at timestamptz NOT NULL
);
CALL make_append_only('budget_warning');
