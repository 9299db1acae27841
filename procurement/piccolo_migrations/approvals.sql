-- The chain of approval (审批权限): up to which amount who decides, who holds which level, who stands in for whom
-- (AB角), and every step taken. What two people set together is one row with both names; it is replaced by a later
-- one and never rewritten, so that the rows are their own history.

CREATE TABLE approval_limit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    effective_from date NOT NULL,
    section_up_to_fen bigint NOT NULL CHECK (section_up_to_fen >= 0),   -- up to here the head of section decides alone
    division_up_to_fen bigint NOT NULL,                                 -- up to here the leader in charge after them
    document text NOT NULL CHECK (document <> ''),
    status text NOT NULL CHECK (status IN ('proposed', 'confirmed', 'refused')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CONSTRAINT approval_limit_rises CHECK (division_up_to_fen > section_up_to_fen),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT approval_limit_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT approval_limit_second_person CHECK (decided_by <> proposed_by),
    -- A purchase is judged by the figures of its own day: nobody changes them afterwards.
    CONSTRAINT approval_limit_in_advance CHECK (status <> 'confirmed'
        OR effective_from > (decided_at AT TIME ZONE 'Asia/Shanghai')::date)
);
CREATE UNIQUE INDEX approval_limit_one_a_day ON approval_limit (place_id, effective_from) WHERE status = 'confirmed';
CREATE INDEX approval_limit_place ON approval_limit (place_id, effective_from DESC);
CREATE INDEX approval_limit_proposed_by ON approval_limit (proposed_by);
CREATE INDEX approval_limit_decided_by ON approval_limit (decided_by) WHERE decided_by IS NOT NULL;

CREATE TABLE approver_level (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    level text NOT NULL CHECK (level IN ('section', 'division', 'meeting')),
    starts_on date NOT NULL,
    ends_on date,                          -- the last day
    status text NOT NULL CHECK (status IN ('proposed', 'confirmed', 'refused')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT approver_level_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT approver_level_second_person CHECK (decided_by <> proposed_by),
    CONSTRAINT approver_level_not_for_oneself CHECK (account_id NOT IN (proposed_by, decided_by))
);
CREATE INDEX approver_level_account ON approver_level (account_id);
CREATE INDEX approver_level_place ON approver_level (place_id, level) WHERE status = 'confirmed';
CREATE INDEX approver_level_of_place ON approver_level (place_id);
CREATE INDEX approver_level_proposed_by ON approver_level (proposed_by);
CREATE INDEX approver_level_decided_by ON approver_level (decided_by) WHERE decided_by IS NOT NULL;

CREATE TABLE approval_deputy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,     -- who is stood in for (A角)
    deputy_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,      -- who stands in (B角)
    starts_on date NOT NULL,
    ends_on date NOT NULL,                 -- the last day: nobody stands in for ever
    status text NOT NULL CHECK (status IN ('proposed', 'confirmed', 'refused')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT approval_deputy_of_another CHECK (deputy_id <> account_id),
    CONSTRAINT approval_deputy_not_for_oneself CHECK (deputy_id NOT IN (proposed_by, decided_by)),
    -- People name their own deputy by themselves; whoever names one for somebody else needs a second person.
    CONSTRAINT approval_deputy_second_person CHECK (decided_by <> proposed_by
        AND (status <> 'confirmed' OR decided_by IS NOT NULL OR proposed_by = account_id)),
    CHECK (status <> 'proposed' OR decided_by IS NULL),
    CONSTRAINT approval_deputy_period CHECK (ends_on >= starts_on - 1),   -- one less: ended before it began
    CONSTRAINT approval_deputy_one_at_a_time EXCLUDE USING gist (
        int8range(account_id, account_id, '[]') WITH &&, daterange(starts_on, ends_on + 1) WITH &&)
        WHERE (status = 'confirmed')
);
CREATE INDEX approval_deputy_account ON approval_deputy (account_id);
CREATE INDEX approval_deputy_deputy ON approval_deputy (deputy_id);
CREATE INDEX approval_deputy_proposed_by ON approval_deputy (proposed_by);
CREATE INDEX approval_deputy_decided_by ON approval_deputy (decided_by) WHERE decided_by IS NOT NULL;

-- What two people set stays as they set it; only the last day of a level or a deputy can be brought forward.
CREATE FUNCTION refuse_rewritten_authority() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_end CONSTANT text[] := CASE WHEN TG_TABLE_NAME = 'approval_limit' THEN '{}' ELSE ARRAY['ends_on'] END;
    decided CONSTANT text[] := ARRAY['status', 'decided_by', 'decided_at', 'reason'];
    was CONSTANT jsonb := to_jsonb(OLD);
    becomes CONSTANT jsonb := to_jsonb(NEW);
BEGIN
    IF (CASE WHEN OLD.status = 'proposed' THEN (was - decided) IS DISTINCT FROM (becomes - decided)
            ELSE (was - may_end) IS DISTINCT FROM (becomes - may_end)
                 OR (becomes ->> 'ends_on')::date > (was ->> 'ends_on')::date
                 OR was ->> 'ends_on' IS NOT NULL AND becomes ->> 'ends_on' IS NULL END) THEN
        RAISE EXCEPTION 'what two people set is replaced, not rewritten'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'approval_authority_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_limit_frozen BEFORE UPDATE ON approval_limit
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_authority();
CREATE TRIGGER approver_level_frozen BEFORE UPDATE ON approver_level
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_authority();
CREATE TRIGGER approval_deputy_frozen BEFORE UPDATE ON approval_deputy
    FOR EACH ROW EXECUTE FUNCTION refuse_rewritten_authority();

CREATE FUNCTION refuse_authority_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who was allowed to decide what is kept'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'approval_authority_frozen';
END $$;
CREATE TRIGGER approval_limit_kept BEFORE DELETE OR TRUNCATE ON approval_limit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_authority_loss();
CREATE TRIGGER approver_level_kept BEFORE DELETE OR TRUNCATE ON approver_level
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_authority_loss();
CREATE TRIGGER approval_deputy_kept BEFORE DELETE OR TRUNCATE ON approval_deputy
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_authority_loss();

-- Which steps an amount asks for at a place on a day. Where nobody set figures, one second person decides.
CREATE FUNCTION approval_chain(at_place bigint, fen bigint, on_day date) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT CASE WHEN fen <= l.section_up_to_fen THEN ARRAY['section']
                    WHEN fen <= l.division_up_to_fen THEN ARRAY['section', 'division']
                    ELSE ARRAY['section', 'division', 'meeting'] END
        FROM approval_limit l JOIN place set_for ON set_for.id = l.place_id JOIN place here ON here.id = at_place
        WHERE l.status = 'confirmed' AND l.effective_from <= on_day AND starts_with(here.code, set_for.code)
        ORDER BY length(set_for.code) DESC, l.effective_from DESC LIMIT 1), ARRAY['single'])
$$;

-- Who may take a step of a level at a place on a day: its holders, and who stands in for one of them.
CREATE FUNCTION approvers_of(at_place bigint, wanted text, on_day date)
RETURNS TABLE (account_id bigint, in_stead_of bigint) LANGUAGE sql STABLE AS $$
    WITH holder AS (
        SELECT a.account_id FROM approver_level a JOIN place held ON held.id = a.place_id
        JOIN place here ON here.id = at_place
        WHERE a.status = 'confirmed' AND a.level = wanted AND starts_with(here.code, held.code)
          AND on_day >= a.starts_on AND (a.ends_on IS NULL OR on_day <= a.ends_on))
    SELECT holder.account_id, NULL::bigint FROM holder
    UNION
    SELECT d.deputy_id, holder.account_id FROM holder JOIN approval_deputy d ON d.account_id = holder.account_id
    WHERE d.status = 'confirmed' AND on_day BETWEEN d.starts_on AND d.ends_on
$$;

CREATE TABLE purchase_approval (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id bigint NOT NULL REFERENCES purchase ON DELETE RESTRICT,
    step integer NOT NULL CHECK (step BETWEEN 1 AND 3),
    level text NOT NULL CHECK (level IN ('single', 'section', 'division', 'meeting')),
    verdict text NOT NULL CHECK (verdict IN ('approved', 'refused')),
    decided_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    in_stead_of bigint REFERENCES account ON DELETE RESTRICT,   -- whom the person stood in for
    decided_at timestamptz NOT NULL,
    reason text NOT NULL DEFAULT '',
    minutes text NOT NULL DEFAULT '',                           -- the number of the meeting's minutes (办公会纪要)
    CONSTRAINT purchase_approval_once UNIQUE (purchase_id, step),
    CONSTRAINT purchase_approval_reasoned CHECK (verdict = 'approved' OR reason <> ''),
    CONSTRAINT purchase_approval_minuted CHECK (level <> 'meeting' OR verdict = 'refused' OR minutes <> ''),
    CONSTRAINT purchase_approval_deputy_of_another CHECK (in_stead_of <> decided_by)
);
CREATE INDEX purchase_approval_decided_by ON purchase_approval (decided_by);
CREATE INDEX purchase_approval_in_stead_of ON purchase_approval (in_stead_of) WHERE in_stead_of IS NOT NULL;

-- Purchases that were approved before there was a chain had one step.
INSERT INTO purchase_approval (purchase_id, step, level, verdict, decided_by, decided_at)
SELECT id, 1, 'single', 'approved', approved_by, approved_at FROM purchase
WHERE approved_by IS NOT NULL AND approved_at IS NOT NULL;
CALL make_append_only('purchase_approval');

-- 采购法 §61 and 内部控制: each step is the next one, of a person who holds its level (or stands in for one on that
-- day), and neither of the two asked for the purchase or took another step of it.
CREATE FUNCTION check_purchase_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought purchase%ROWTYPE;
    chain text[];
    taken integer;
    on_day CONSTANT date := (NEW.decided_at AT TIME ZONE 'Asia/Shanghai')::date;
    failed text := NULL;
BEGIN
    SELECT * INTO bought FROM purchase WHERE id = NEW.purchase_id FOR NO KEY UPDATE;
    chain := approval_chain(bought.place_id, bought.amount_fen,
                            (bought.requested_at AT TIME ZONE 'Asia/Shanghai')::date);
    SELECT count(*) INTO taken FROM purchase_approval WHERE purchase_id = NEW.purchase_id;
    IF bought.approved_by IS NOT NULL OR bought.status IN ('refused', 'cancelled')
       OR NEW.decided_at < bought.requested_at
       OR EXISTS (SELECT FROM contract WHERE purchase_id = NEW.purchase_id)
       OR EXISTS (SELECT FROM purchase_approval WHERE purchase_id = NEW.purchase_id AND verdict = 'refused') THEN
        failed := 'purchase_approval_of_waiting';
    ELSIF NEW.step <> taken + 1 OR NEW.level IS DISTINCT FROM chain[NEW.step] THEN
        failed := 'purchase_approval_in_order';
    ELSIF bought.requested_by IN (NEW.decided_by, NEW.in_stead_of) THEN
        failed := 'purchase_approval_not_requester';
    ELSIF EXISTS (SELECT FROM purchase_approval a WHERE a.purchase_id = NEW.purchase_id
                  AND (a.decided_by IN (NEW.decided_by, NEW.in_stead_of)
                       OR a.in_stead_of IN (NEW.decided_by, NEW.in_stead_of))) THEN
        failed := 'purchase_approval_each_another';
    ELSIF NEW.level = 'single' AND NEW.in_stead_of IS NOT NULL OR NEW.level <> 'single' AND NOT EXISTS (
        SELECT FROM approvers_of(bought.place_id, NEW.level, on_day) w
        WHERE w.account_id = NEW.decided_by AND w.in_stead_of IS NOT DISTINCT FROM NEW.in_stead_of) THEN
        failed := 'purchase_approval_by_level';
    END IF;
    IF failed IS NOT NULL THEN
        RAISE EXCEPTION 'step % of purchase % is not for account %', NEW.step, bought.reference, NEW.decided_by
            USING ERRCODE = 'check_violation', CONSTRAINT = failed;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_approval_checked BEFORE INSERT ON purchase_approval
    FOR EACH ROW EXECUTE FUNCTION check_purchase_approval();

-- A purchase is approved when the last step of its chain is, by the person of that step, and not before.
CREATE FUNCTION check_purchase_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chain CONSTANT text[] := approval_chain(NEW.place_id, NEW.amount_fen,
                                            (NEW.requested_at AT TIME ZONE 'Asia/Shanghai')::date);
BEGIN
    IF (SELECT array_agg(level ORDER BY step) FROM purchase_approval
        WHERE purchase_id = NEW.id AND verdict = 'approved') IS DISTINCT FROM chain
       OR NOT EXISTS (SELECT FROM purchase_approval WHERE purchase_id = NEW.id AND step = cardinality(chain)
                      AND decided_by = NEW.approved_by) THEN
        RAISE EXCEPTION 'purchase % has not passed every step', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_approval_complete';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER purchase_approval_complete_inserted AFTER INSERT ON purchase
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL) EXECUTE FUNCTION check_purchase_chain();
CREATE TRIGGER purchase_approval_complete AFTER UPDATE OF approved_by ON purchase
    FOR EACH ROW WHEN (NEW.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by)
    EXECUTE FUNCTION check_purchase_chain();

-- Once a step is taken, what was judged stays: the amount, the supplier and its product, the purpose, the place, the
-- line, who asked and when.
CREATE FUNCTION refuse_change_of_judged_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM purchase_approval WHERE purchase_id = NEW.id) THEN
        RAISE EXCEPTION 'purchase % is being decided: what is judged no longer changes', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_as_judged';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_as_judged BEFORE UPDATE ON purchase FOR EACH ROW
    WHEN ((NEW.amount_fen, NEW.unit_price_fen, NEW.organization_id, NEW.product_id, NEW.product_version, NEW.purpose_zh,
           NEW.place_id, NEW.budget_line_id, NEW.requested_by, NEW.requested_at)
          IS DISTINCT FROM
          (OLD.amount_fen, OLD.unit_price_fen, OLD.organization_id, OLD.product_id, OLD.product_version, OLD.purpose_zh,
           OLD.place_id, OLD.budget_line_id, OLD.requested_by, OLD.requested_at)
          OR OLD.approved_by IS NOT NULL AND NEW.approved_by IS DISTINCT FROM OLD.approved_by)
    EXECUTE FUNCTION refuse_change_of_judged_purchase();

-- Whoever took a step, or was stood in for, neither signs the contract nor accepts what is delivered.
CREATE FUNCTION takes_part_in_approval(bought bigint, person bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM purchase_approval a
                   WHERE a.purchase_id = bought AND person IN (a.decided_by, a.in_stead_of))
$$;

CREATE FUNCTION check_contract_signers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF takes_part_in_approval(NEW.purchase_id, NEW.signed_by_buyer)
       OR takes_part_in_approval(NEW.purchase_id, NEW.signed_by_provider) THEN
        RAISE EXCEPTION 'who approved purchase % does not sign contract %', NEW.purchase_id, NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_signed_by_no_approver';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER contract_signed_by_no_approver AFTER INSERT OR UPDATE OF signed_by_provider ON contract
    NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION check_contract_signers();

CREATE FUNCTION check_acceptor_took_no_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM village_order o JOIN contract c ON c.id = o.contract_id
               WHERE o.id = NEW.village_order_id AND takes_part_in_approval(c.purchase_id, NEW.acceptor_id)) THEN
        RAISE EXCEPTION 'the acceptor neither handled nor approved nor delivers the purchase'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_separate_person';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER acceptance_by_no_approver AFTER INSERT ON acceptance
    NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION check_acceptor_took_no_step();
