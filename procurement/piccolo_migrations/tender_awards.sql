-- A tender's result is recorded once, by the first approver; the others approve or refuse what they see. Another result
-- is another round: its chain of approval begins anew.

CREATE TABLE tender_award (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id bigint NOT NULL REFERENCES purchase ON DELETE RESTRICT,
    round integer NOT NULL CHECK (round > 0),
    happened_at timestamptz NOT NULL,
    detail jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object'),
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,
    unit_price_fen bigint NOT NULL CHECK (unit_price_fen > 0),
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    UNIQUE (purchase_id, round),
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT
);
CREATE INDEX tender_award_organization ON tender_award (organization_id);
CREATE INDEX tender_award_product ON tender_award (product_id, product_version);
CREATE INDEX tender_award_recorded_by ON tender_award (recorded_by);

INSERT INTO tender_award (purchase_id, round, happened_at, detail, organization_id, product_id, product_version,
                          unit_price_fen, recorded_by, recorded_at)
SELECT p.id, 1, s.happened_at, s.detail, p.organization_id, p.product_id, p.product_version, p.unit_price_fen,
       s.recorded_by, s.recorded_at
FROM purchase_step s JOIN purchase p ON p.id = s.purchase_id WHERE s.kind = 'award' AND p.organization_id IS NOT NULL;
CALL make_append_only('tender_award');

ALTER TABLE purchase_approval
    ADD COLUMN round integer NOT NULL DEFAULT 1 CHECK (round > 0),   -- of the tender's result that it is about
    DROP CONSTRAINT purchase_approval_once,
    ADD CONSTRAINT purchase_approval_once UNIQUE (purchase_id, round, step);

-- The round that is being decided; only tenders have more than one.
CREATE FUNCTION approval_round(bought bigint) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(round), 1) FROM tender_award WHERE purchase_id = bought
$$;

CREATE FUNCTION check_tender_award() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought purchase%ROWTYPE;
    failed text := NULL;
BEGIN
    SELECT * INTO bought FROM purchase WHERE id = NEW.purchase_id FOR NO KEY UPDATE;
    IF bought.method <> 'tender' OR bought.status <> 'evaluated' OR bought.approved_by IS NOT NULL THEN
        failed := 'tender_award_of_evaluated';
    ELSIF NEW.recorded_by = bought.requested_by THEN
        failed := 'tender_award_second_person';
    ELSIF NEW.round <> 1 + greatest(
            coalesce((SELECT max(round) FROM tender_award WHERE purchase_id = NEW.purchase_id), 0),
            coalesce((SELECT max(round) FROM purchase_approval WHERE purchase_id = NEW.purchase_id), 0)) THEN
        failed := 'tender_award_in_order';
    ELSIF NOT EXISTS (
        SELECT FROM purchase_step s JOIN organization o ON o.id = NEW.organization_id
        WHERE s.purchase_id = NEW.purchase_id AND s.kind = 'evaluate'
          AND o.uscc = (regexp_split_to_array(btrim(s.detail ->> 'ranking', E' \n\r\t'), '\s+'))
                       [(NEW.detail ->> 'rank')::integer]) THEN
        failed := 'tender_award_of_ranked';
    END IF;
    IF failed IS NOT NULL THEN
        RAISE EXCEPTION 'purchase % does not take this result', bought.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = failed;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tender_award_checked BEFORE INSERT ON tender_award
    FOR EACH ROW EXECUTE FUNCTION check_tender_award();

-- As before, for the round that is being decided; a tender's approval is about a recorded result.
CREATE OR REPLACE FUNCTION check_purchase_approval() RETURNS trigger LANGUAGE plpgsql AS $$
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
    SELECT count(*) INTO taken FROM purchase_approval WHERE purchase_id = NEW.purchase_id AND round = NEW.round;
    IF bought.approved_by IS NOT NULL OR bought.status IN ('refused', 'cancelled')
       OR NEW.decided_at < bought.requested_at
       OR EXISTS (SELECT FROM contract WHERE purchase_id = NEW.purchase_id)
       OR EXISTS (SELECT FROM purchase_approval
                  WHERE purchase_id = NEW.purchase_id AND round = NEW.round AND verdict = 'refused') THEN
        failed := 'purchase_approval_of_waiting';
    ELSIF bought.method = 'tender' AND NOT EXISTS (
        SELECT FROM tender_award WHERE purchase_id = NEW.purchase_id AND round = NEW.round) THEN
        failed := 'purchase_approval_of_award';
    ELSIF NEW.round <> approval_round(NEW.purchase_id)
          OR NEW.step <> taken + 1 OR NEW.level IS DISTINCT FROM chain[NEW.step] THEN
        failed := 'purchase_approval_in_order';
    ELSIF bought.requested_by IN (NEW.decided_by, NEW.in_stead_of) THEN
        failed := 'purchase_approval_not_requester';
    ELSIF EXISTS (SELECT FROM purchase_approval a WHERE a.purchase_id = NEW.purchase_id AND a.round = NEW.round
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

CREATE OR REPLACE FUNCTION check_purchase_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chain CONSTANT text[] := approval_chain(NEW.place_id, NEW.amount_fen,
                                            (NEW.requested_at AT TIME ZONE 'Asia/Shanghai')::date);
    of_round CONSTANT integer := approval_round(NEW.id);
BEGIN
    IF (SELECT array_agg(level ORDER BY step) FROM purchase_approval
        WHERE purchase_id = NEW.id AND round = of_round AND verdict = 'approved') IS DISTINCT FROM chain
       OR NOT EXISTS (SELECT FROM purchase_approval WHERE purchase_id = NEW.id AND round = of_round
                      AND step = cardinality(chain) AND decided_by = NEW.approved_by) THEN
        RAISE EXCEPTION 'purchase % has not passed every step', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_approval_complete';
    END IF;
    RETURN NULL;
END $$;

-- As before; supplier, product and price change with a new round of a tender's result, before anybody judged it.
CREATE OR REPLACE FUNCTION refuse_change_of_judged_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM purchase_approval WHERE purchase_id = NEW.id AND (
        round = approval_round(NEW.id)
        OR (NEW.quantity, NEW.purpose_zh, NEW.place_id, NEW.budget_line_id, NEW.requested_by, NEW.requested_at,
            NEW.approved_by)
           IS DISTINCT FROM
           (OLD.quantity, OLD.purpose_zh, OLD.place_id, OLD.budget_line_id, OLD.requested_by, OLD.requested_at,
            OLD.approved_by))) THEN
        RAISE EXCEPTION 'purchase % is being decided: what is judged no longer changes', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_as_judged';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_unrecorded_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM tender_award a WHERE a.purchase_id = NEW.id AND a.round = approval_round(NEW.id)
          AND (a.organization_id, a.product_id, a.product_version, a.unit_price_fen)
            = (NEW.organization_id, NEW.product_id, NEW.product_version, NEW.unit_price_fen)) THEN
        RAISE EXCEPTION 'supplier, product and price of tender % are those of its recorded result', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_as_awarded';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_as_awarded BEFORE UPDATE ON purchase FOR EACH ROW
    WHEN (NEW.method = 'tender' AND
          (NEW.organization_id, NEW.product_id, NEW.product_version, NEW.unit_price_fen)
          IS DISTINCT FROM (OLD.organization_id, OLD.product_id, OLD.product_version, OLD.unit_price_fen))
    EXECUTE FUNCTION refuse_unrecorded_award();

CREATE FUNCTION check_award_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM purchase p JOIN tender_award a ON a.purchase_id = p.id AND a.round = approval_round(p.id)
        WHERE p.id = NEW.purchase_id AND p.approved_by = NEW.recorded_by AND a.detail = NEW.detail) THEN
        RAISE EXCEPTION 'an award is the result that its last approver decided'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_step_as_awarded';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER purchase_step_as_awarded AFTER INSERT ON purchase_step FOR EACH ROW
    WHEN (NEW.kind = 'award') EXECUTE FUNCTION check_award_step();
