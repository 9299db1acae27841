-- A challenge is a dossier: answered by the buyer, taken to finance, suspended, decided (采购法 §52-57, 条例 §53-55,
-- 令94). It follows the recorded steps; while one holds its purchase, nothing is signed, performed or paid.

ALTER TABLE purchase ADD COLUMN held_until date;   -- the last day of finance's suspension; NULL: until it is decided

CREATE TABLE challenge (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id bigint NOT NULL REFERENCES purchase ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    status text NOT NULL CHECK (status IN ('raised', 'answered', 'upheld', 'withdrawn', 'complained', 'suspended',
                                           'resumed', 'dismissed', 'without_effect', 'overturned', 'remedied')),
    could_change_result boolean NOT NULL,
    raised_at timestamptz NOT NULL,
    holds boolean NOT NULL,
    holds_until date,
    CHECK (holds_until IS NULL OR holds),
    UNIQUE (purchase_id, number)
);

ALTER TABLE purchase_step
    ADD COLUMN challenge_id bigint REFERENCES challenge ON DELETE RESTRICT,
    DROP CONSTRAINT purchase_step_kind_check,
    ADD CONSTRAINT purchase_step_kind_check CHECK (kind IN (
        'intent', 'reserve', 'review_requirement', 'file_plan', 'set_method', 'notice', 'seal', 'open', 'evaluate',
        'award', 'publish_result', 'challenge', 'settle_challenge', 'complain', 'suspend', 'resume',
        'decide_complaint', 'reopen', 'terminate')),
    -- Finance's words are kept as they were served: with their number, and the paper itself (令94 §28, §33).
    ADD CONSTRAINT purchase_step_served CHECK (
        kind NOT IN ('suspend', 'resume', 'decide_complaint') OR number <> '' AND CASE kind
            WHEN 'suspend' THEN sha256 IS NOT NULL
            WHEN 'decide_complaint' THEN sha256 IS NOT NULL AND url <> ''
            ELSE true END);
CREATE INDEX purchase_step_challenge ON purchase_step (challenge_id) WHERE challenge_id IS NOT NULL;
DROP INDEX purchase_step_once;
CREATE UNIQUE INDEX purchase_step_once ON purchase_step (purchase_id, kind)
    WHERE kind IN ('intent', 'reserve', 'review_requirement', 'file_plan', 'set_method', 'notice', 'seal', 'open',
                   'evaluate', 'terminate');

-- What was recorded before: an answer was to the newest challenge that held the purchase, or else to the newest.
INSERT INTO challenge (purchase_id, number, status, could_change_result, raised_at, holds)
SELECT purchase_id, row_number() OVER (PARTITION BY purchase_id ORDER BY id), 'raised',
       coalesce((detail ->> 'could_change_result')::boolean, true), happened_at, false
FROM purchase_step WHERE kind = 'challenge' ORDER BY id;
ALTER TABLE purchase_step DISABLE TRIGGER USER;
UPDATE purchase_step s SET challenge_id = c.id
FROM challenge c
WHERE s.kind = 'challenge' AND c.purchase_id = s.purchase_id AND c.number = (
    SELECT count(*) FROM purchase_step x
    WHERE x.purchase_id = s.purchase_id AND x.kind = 'challenge' AND x.id <= s.id);
DO $$
DECLARE
    answer record;
BEGIN
    FOR answer IN SELECT id, purchase_id, detail ->> 'outcome' AS outcome FROM purchase_step
                  WHERE kind = 'settle_challenge' ORDER BY id LOOP
        UPDATE purchase_step SET challenge_id = (
            SELECT c.id FROM challenge c JOIN purchase_step s ON s.challenge_id = c.id AND s.kind = 'challenge'
            WHERE c.purchase_id = answer.purchase_id AND c.status = 'raised' AND s.id < answer.id
            ORDER BY c.could_change_result DESC, c.number DESC LIMIT 1)
        WHERE id = answer.id;
        UPDATE challenge SET status = CASE answer.outcome WHEN 'withdrawn' THEN 'withdrawn' ELSE 'answered' END
        WHERE id = (SELECT challenge_id FROM purchase_step WHERE id = answer.id);
    END LOOP;
END $$;
ALTER TABLE purchase_step ENABLE TRIGGER USER;
UPDATE challenge c SET holds = true FROM purchase p
WHERE p.id = c.purchase_id AND p.challenged_at IS NOT NULL AND c.status = 'raised' AND c.could_change_result;

CREATE FUNCTION challenge_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('raised', 'answered'), ('raised', 'upheld'), ('raised', 'withdrawn'), ('raised', 'complained'),
        ('answered', 'complained'),
        ('complained', 'suspended'), ('suspended', 'resumed'), ('upheld', 'remedied'), ('overturned', 'remedied'))
        OR of_status IN ('complained', 'suspended', 'resumed')
           AND to_status IN ('dismissed', 'without_effect', 'overturned', 'withdrawn')
$$;

CREATE FUNCTION refuse_hand_written_challenge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'a challenge is kept by the steps that are recorded about it'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'challenge_is_recorded';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NOT challenge_may_go(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'challenge % of purchase % takes a step that there is not', OLD.number, OLD.purchase_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'challenge_in_order';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER challenge_is_recorded BEFORE INSERT OR UPDATE OR DELETE ON challenge
    FOR EACH ROW EXECUTE FUNCTION refuse_hand_written_challenge();

-- A suspension ends by itself (采购法 §57): whoever asks, the day is looked at.
CREATE FUNCTION purchase_is_held(bought bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT challenged_at IS NOT NULL AND status <> 'terminated'
           AND (held_until IS NULL OR held_until >= (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
    FROM purchase WHERE id = bought
$$;

-- How many days after one, up to another, a purchase was held: they are no part of the time to sign (采购法 §46). What
-- a step does to the hold, it does until the next one; a complaint changes nothing by itself.
CREATE FUNCTION purchase_days_held(bought bigint, since date, until date) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT day)::integer
    FROM (SELECT kind, detail, (happened_at AT TIME ZONE 'Asia/Shanghai')::date AS first_day,
                 lead((happened_at AT TIME ZONE 'Asia/Shanghai')::date) OVER way AS next_day
          FROM purchase_step WHERE purchase_id = bought AND challenge_id IS NOT NULL AND kind <> 'complain'
          WINDOW way AS (PARTITION BY challenge_id ORDER BY id)) AS step
    CROSS JOIN LATERAL generate_series(
        greatest(first_day, since + 1),
        least(coalesce(next_day - 1, until), CASE kind WHEN 'suspend' THEN (detail ->> 'until')::date END, until),
        interval '1 day') AS day
    WHERE CASE kind WHEN 'challenge' THEN coalesce((detail ->> 'could_change_result')::boolean, true)
                    WHEN 'settle_challenge' THEN detail ->> 'outcome' = 'upheld'
                    WHEN 'suspend' THEN true
                    WHEN 'decide_complaint' THEN detail ->> 'decision' = 'overturned'
                    ELSE false END
$$;

-- A result fell, and no other one was decided since.
CREATE FUNCTION is_reopened(bought bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (SELECT kind FROM purchase_step WHERE purchase_id = bought AND kind IN ('award', 'reopen')
            ORDER BY id DESC LIMIT 1) IS NOT DISTINCT FROM 'reopen'
$$;

CREATE FUNCTION moved_challenge(step purchase_step) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    about challenge%ROWTYPE;
    becomes text;
    on_day CONSTANT date := (step.happened_at AT TIME ZONE 'Asia/Shanghai')::date;
    until CONSTANT date := CASE WHEN step.kind = 'suspend' THEN (step.detail ->> 'until')::date END;
    held boolean;
BEGIN
    IF step.kind = 'challenge' THEN
        held := coalesce((step.detail ->> 'could_change_result')::boolean, true);
        INSERT INTO challenge (purchase_id, number, status, could_change_result, raised_at, holds)
        SELECT step.purchase_id, 1 + count(*), 'raised', held, step.happened_at, held
        FROM challenge WHERE purchase_id = step.purchase_id RETURNING * INTO about;
        RETURN about.id;
    END IF;
    SELECT * INTO about FROM challenge
    WHERE purchase_id = step.purchase_id AND number = (step.detail ->> 'challenge')::integer;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such challenge of purchase %', step.purchase_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_step_of_challenge';
    END IF;
    becomes := CASE step.kind
        WHEN 'complain' THEN 'complained' WHEN 'suspend' THEN 'suspended' WHEN 'resume' THEN 'resumed'
        WHEN 'settle_challenge' THEN CASE step.detail ->> 'outcome'
            WHEN 'withdrawn' THEN 'withdrawn' WHEN 'upheld' THEN 'upheld' ELSE 'answered' END
        ELSE CASE step.detail ->> 'decision'
            WHEN 'dismissed' THEN 'dismissed' WHEN 'withdrawn' THEN 'withdrawn' WHEN 'overturned' THEN 'overturned'
            ELSE 'without_effect' END END;
    IF until IS NOT NULL AND until - on_day NOT BETWEEN 0 AND coalesce((
        SELECT law_figure('challenge.suspension', on_day, place.code)
        FROM purchase p JOIN place ON place.id = p.place_id WHERE p.id = step.purchase_id), 0) THEN
        RAISE EXCEPTION 'a suspension of purchase % lasts longer than the law allows', step.purchase_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'challenge_suspension_within_limit';
    END IF;
    -- An unanswered challenge goes on holding while finance has not ordered otherwise (条例 §54).
    held := CASE becomes
        WHEN 'upheld' THEN true WHEN 'suspended' THEN true
        WHEN 'complained' THEN about.holds
        WHEN 'overturned' THEN step.detail ->> 'remedy' IS DISTINCT FROM 'compensate'
        ELSE false END;
    UPDATE challenge SET status = becomes, holds = held, holds_until = until WHERE id = about.id;
    RETURN about.id;
END $$;

-- As before; a step about a challenge moves it, and what holds a purchase follows from all of its challenges.
CREATE OR REPLACE FUNCTION check_purchase_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought purchase%ROWTYPE;
    on_day CONSTANT date := (NEW.happened_at AT TIME ZONE 'Asia/Shanghai')::date;
    aside CONSTANT boolean := NEW.kind IN ('challenge', 'settle_challenge', 'complain', 'suspend', 'resume',
                                           'decide_complaint');
    reopened bigint;
    failed text := NULL;
BEGIN
    SELECT * INTO bought FROM purchase WHERE id = NEW.purchase_id FOR NO KEY UPDATE;
    SELECT coalesce(max(id), 0) INTO reopened FROM purchase_step
    WHERE purchase_id = NEW.purchase_id AND kind = 'reopen';
    IF bought.method <> 'tender' THEN
        failed := 'purchase_step_of_tender';
    ELSIF NEW.kind IN ('review_requirement', 'award') AND NEW.recorded_by = bought.requested_by THEN
        failed := 'purchase_step_second_person';
    ELSIF EXISTS (SELECT FROM purchase_step WHERE purchase_id = NEW.purchase_id AND happened_at > NEW.happened_at) THEN
        failed := 'purchase_step_in_order';
    ELSIF NEW.kind IN ('award', 'publish_result', 'reopen') AND EXISTS (
        SELECT FROM purchase_step WHERE purchase_id = NEW.purchase_id AND kind = NEW.kind AND id > reopened) THEN
        failed := 'purchase_step_once';
    ELSIF NOT aside AND EXISTS (SELECT FROM challenge WHERE purchase_id = NEW.purchase_id AND status = 'suspended'
                                AND holds_until >= on_day) THEN
        failed := 'purchase_is_suspended';
    ELSIF NEW.kind = 'terminate' AND EXISTS (
        SELECT FROM contract WHERE purchase_id = NEW.purchase_id AND signed_at IS NOT NULL) THEN
        failed := 'purchase_step_before_contract';
    ELSIF NEW.kind = 'reopen' AND NOT EXISTS (
        SELECT FROM challenge WHERE purchase_id = NEW.purchase_id AND status IN ('upheld', 'overturned')) THEN
        failed := 'purchase_reopened_by_challenge';
    END IF;
    IF failed IS NOT NULL THEN
        RAISE EXCEPTION 'step % of purchase % is not recorded like this', NEW.kind, bought.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = failed;
    END IF;
    IF aside THEN
        NEW.challenge_id := moved_challenge(NEW);
    ELSIF NEW.kind IN ('reopen', 'terminate') THEN
        UPDATE challenge SET status = 'remedied', holds = false, holds_until = NULL
        WHERE purchase_id = NEW.purchase_id AND status IN ('upheld', 'overturned');
    END IF;
    UPDATE purchase SET challenged_at = hold.since, held_until = hold.until
    FROM (SELECT min(raised_at) AS since, CASE WHEN bool_and(holds_until IS NOT NULL) THEN max(holds_until) END AS until
          FROM challenge WHERE purchase_id = NEW.purchase_id AND holds AND NEW.kind <> 'terminate') AS hold
    WHERE purchase.id = NEW.purchase_id
      AND (purchase.challenged_at, purchase.held_until) IS DISTINCT FROM (hold.since, hold.until);
    RETURN NEW;
END $$;

-- A result that fell is decided anew; a contract that finance revoked ends before it was published, too.
CREATE OR REPLACE FUNCTION purchase_may_go(of_method text, of_status text, to_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('intent', 'reserved'), ('ordered', 'contracted'), ('delivering', 'accepted'), ('delivering', 'terminated'),
        ('accepted', 'paid'), ('paid', 'rated'), ('rated', 'closed'))
    OR CASE WHEN of_method = 'tender' THEN (of_status, to_status) IN (
        ('reserved', 'requirement_reviewed'), ('requirement_reviewed', 'plan_filed'), ('plan_filed', 'method_set'),
        ('method_set', 'noticed'), ('noticed', 'sealed'), ('sealed', 'opened'), ('opened', 'evaluated'),
        ('evaluated', 'awarded'), ('awarded', 'result_published'), ('result_published', 'ordered'),
        ('awarded', 'evaluated'), ('result_published', 'evaluated'),
        ('contracted', 'contract_published'), ('contracted', 'terminated'), ('contract_published', 'delivering'),
        ('contract_published', 'accepted'), ('contract_published', 'terminated'))
        OR to_status = 'terminated' AND of_status IN (
            'intent', 'reserved', 'requirement_reviewed', 'plan_filed', 'method_set', 'noticed', 'sealed', 'opened',
            'evaluated', 'awarded', 'result_published', 'ordered')
    ELSE (of_status, to_status) IN (
        ('intent', 'cancelled'), ('reserved', 'cancelled'), ('approved', 'ordered'), ('approved', 'cancelled'),
        ('ordered', 'cancelled'), ('contracted', 'delivering'), ('contracted', 'accepted'),
        ('contracted', 'terminated'))
    END OR CASE of_method
        WHEN 'call_off' THEN (of_status, to_status) IN (('reserved', 'approved'), ('reserved', 'refused'))
        WHEN 'quotation' THEN (of_status, to_status) IN (
            ('reserved', 'quotations_sealed'), ('quotations_sealed', 'quotations_sealed'),
            ('quotations_sealed', 'opened'), ('quotations_sealed', 'cancelled'), ('opened', 'quotations_sealed'),
            ('opened', 'compared'), ('opened', 'cancelled'), ('compared', 'approved'), ('compared', 'refused'),
            ('compared', 'cancelled'))
        ELSE false END
$$;

-- As before; a result that fell takes its approval with it.
CREATE OR REPLACE FUNCTION refuse_change_of_judged_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM purchase_approval WHERE purchase_id = NEW.id AND (
        round = approval_round(NEW.id) AND NOT is_reopened(NEW.id)
        OR (NEW.quantity, NEW.purpose_zh, NEW.place_id, NEW.budget_line_id, NEW.requested_by, NEW.requested_at)
           IS DISTINCT FROM
           (OLD.quantity, OLD.purpose_zh, OLD.place_id, OLD.budget_line_id, OLD.requested_by, OLD.requested_at)
        OR NEW.approved_by IS DISTINCT FROM OLD.approved_by
           AND NOT (is_reopened(NEW.id) AND NEW.status = 'evaluated' AND NEW.approved_by IS NULL))) THEN
        RAISE EXCEPTION 'purchase % is being decided: what is judged no longer changes', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_as_judged';
    END IF;
    RETURN NEW;
END $$;

-- As before, until a suspension has ended by itself.
CREATE OR REPLACE FUNCTION hold_challenged_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1
       AND (NEW.challenged_at, NEW.held_until) IS DISTINCT FROM (OLD.challenged_at, OLD.held_until) THEN
        RAISE EXCEPTION 'a challenge is recorded as a step'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_challenge_is_recorded';
    END IF;
    IF NEW.status <> OLD.status AND NEW.status IN ('ordered', 'contracted', 'contract_published', 'delivering')
       AND purchase_is_held(NEW.id) THEN
        RAISE EXCEPTION 'purchase % is challenged: signing and performance stop', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_is_challenged';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION hold_challenged_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF purchase_is_held(NEW.purchase_id) THEN
        RAISE EXCEPTION 'the purchase of contract % is challenged: signing and performance stop', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_is_challenged';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER contract_held ON contract;
CREATE TRIGGER contract_held BEFORE UPDATE ON contract FOR EACH ROW
    WHEN (NEW.ordered > OLD.ordered OR OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL
          OR NEW.added > OLD.added OR NEW.ends_on > OLD.ends_on)
    EXECUTE FUNCTION hold_challenged_contract();

-- 条例 §54: performance stops. What was delivered before may be accepted. Rows moved together are many, and nothing is
-- known about their number when the plan is made: none is compared with each other.
CREATE FUNCTION hold_challenged_orders() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_orders n JOIN old_orders o ON o.id = n.id JOIN contract c ON c.id = n.contract_id
               WHERE n.status IN ('taken', 'scheduled') AND n.status <> o.status
                 AND purchase_is_held(c.purchase_id)) THEN
        RAISE EXCEPTION 'the purchase of an order is challenged: performance stops'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_is_challenged';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER village_order_held AFTER UPDATE ON village_order
    REFERENCING OLD TABLE AS old_orders NEW TABLE AS new_orders
    FOR EACH STATEMENT EXECUTE FUNCTION hold_challenged_orders();

-- Nor is anything paid: no claim is approved or taken into a batch.
CREATE FUNCTION hold_challenged_claims() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id JOIN contract c ON c.id = n.contract_id
               WHERE n.status <> o.status AND (n.status = 'batched' OR (o.status, n.status) = ('accrued', 'approved'))
                 AND purchase_is_held(c.purchase_id)) THEN
        RAISE EXCEPTION 'the purchase of a claim is challenged: nothing is paid'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_is_challenged';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_held AFTER UPDATE ON claim REFERENCING OLD TABLE AS old_claims NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION hold_challenged_claims();

-- A batch that was computed before is computed anew without them; one that was approved is with the bank already.
CREATE FUNCTION hold_challenged_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM settlement_item i JOIN claim ON claim.id = i.claim_id
               JOIN contract c ON c.id = claim.contract_id
               WHERE i.batch_id = NEW.id AND i.live AND purchase_is_held(c.purchase_id)) THEN
        RAISE EXCEPTION 'batch % pays for a purchase that is challenged', NEW.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'settlement_of_challenged';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settlement_held BEFORE UPDATE ON settlement_batch FOR EACH ROW
    WHEN (OLD.status = 'computed' AND NEW.status = 'approved') EXECUTE FUNCTION hold_challenged_batch();

-- 令94 §32: finance revokes a contract that has not been performed; the buyer's officer carries it out.
ALTER TABLE contract_termination
    DROP CONSTRAINT contract_termination_ground_check,
    ADD CONSTRAINT contract_termination_ground_check
        CHECK (ground IN ('agreement', 'breach', 'public_interest', 'revoked'));
CREATE FUNCTION check_revoked_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.proposed_for <> 'buyer' OR NOT EXISTS (
        SELECT FROM contract c JOIN challenge x ON x.purchase_id = c.purchase_id
        JOIN purchase_step s ON s.challenge_id = x.id AND s.kind = 'decide_complaint'
        WHERE c.id = NEW.contract_id AND x.status = 'overturned' AND s.detail ->> 'remedy' = 'revoke') THEN
        RAISE EXCEPTION 'nobody revoked this contract'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_termination_revoked';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER contract_termination_revoked AFTER INSERT ON contract_termination
    FOR EACH ROW WHEN (NEW.ground = 'revoked') EXECUTE FUNCTION check_revoked_contract();
