-- Tenders: the provincial platform runs them, their steps are recorded here and never change.

ALTER TABLE purchase ADD COLUMN challenged_at timestamptz;   -- a challenge that could change the result is open

CREATE TABLE purchase_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id bigint NOT NULL REFERENCES purchase ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('intent', 'reserve', 'review_requirement', 'file_plan', 'set_method', 'notice',
                                       'seal', 'open', 'evaluate', 'award', 'publish_result', 'challenge',
                                       'settle_challenge', 'terminate')),
    happened_at timestamptz NOT NULL,
    number text NOT NULL DEFAULT '',
    url text NOT NULL DEFAULT '',
    sha256 bytea CHECK (octet_length(sha256) = 32),
    detail jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object'),
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT purchase_step_not_ahead CHECK (happened_at <= recorded_at),
    CONSTRAINT purchase_step_notice_hashed CHECK (kind <> 'notice' OR sha256 IS NOT NULL AND url <> '' AND number <> '')
);
CREATE UNIQUE INDEX purchase_step_once ON purchase_step (purchase_id, kind)
    WHERE kind NOT IN ('challenge', 'settle_challenge');
CREATE INDEX purchase_step_purchase ON purchase_step (purchase_id, id);
CREATE INDEX purchase_step_recorded_by ON purchase_step (recorded_by);
CALL make_append_only('purchase_step');

-- 需求办法 §33: who wrote the requirement does not review it. While a challenge could change the result (采购法 §57),
-- signing and performance stop.
CREATE FUNCTION check_purchase_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought purchase%ROWTYPE;
BEGIN
    SELECT * INTO bought FROM purchase WHERE id = NEW.purchase_id FOR NO KEY UPDATE;
    IF bought.method <> 'tender' THEN
        RAISE EXCEPTION 'only tenders have recorded steps'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_step_of_tender';
    END IF;
    IF NEW.kind IN ('review_requirement', 'award') AND NEW.recorded_by = bought.requested_by THEN
        RAISE EXCEPTION 'who wrote the requirement neither reviews it nor decides the award'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_step_second_person';
    END IF;
    IF EXISTS (SELECT FROM purchase_step WHERE purchase_id = NEW.purchase_id AND happened_at > NEW.happened_at) THEN
        RAISE EXCEPTION 'steps are recorded in the order in which they happened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_step_in_order';
    END IF;
    IF NEW.kind = 'challenge' AND (NEW.detail ->> 'could_change_result')::boolean THEN
        UPDATE purchase SET challenged_at = NEW.happened_at WHERE id = NEW.purchase_id;
    ELSIF NEW.kind IN ('settle_challenge', 'terminate') THEN
        UPDATE purchase SET challenged_at = NULL WHERE id = NEW.purchase_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_step_checked BEFORE INSERT ON purchase_step
    FOR EACH ROW EXECUTE FUNCTION check_purchase_step();

CREATE FUNCTION hold_challenged_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND NEW.challenged_at IS DISTINCT FROM OLD.challenged_at THEN
        RAISE EXCEPTION 'a challenge is recorded as a step'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_challenge_is_recorded';
    END IF;
    IF NEW.challenged_at IS NOT NULL AND NEW.status <> OLD.status
       AND NEW.status IN ('ordered', 'contracted', 'contract_published', 'delivering') THEN
        RAISE EXCEPTION 'purchase % is challenged: signing and performance stop', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_is_challenged';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_held BEFORE UPDATE ON purchase
    FOR EACH ROW EXECUTE FUNCTION hold_challenged_purchase();

CREATE FUNCTION hold_challenged_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM purchase WHERE id = NEW.purchase_id AND challenged_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the purchase of contract % is challenged: signing and performance stop', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_is_challenged';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_held BEFORE UPDATE ON contract FOR EACH ROW
    WHEN (NEW.ordered > OLD.ordered OR OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL)
    EXECUTE FUNCTION hold_challenged_contract();
