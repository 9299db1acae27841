-- What follows two signatures: supplements of at most a tenth and a longer term (采购法 §49-50), an early end,
-- and what the law wants published and filed.

ALTER TABLE contract
    ADD COLUMN added integer NOT NULL DEFAULT 0 CHECK (added >= 0),   -- units of its amendments in force
    ADD COLUMN terminated_at timestamptz,
    DROP CONSTRAINT contract_quantity,
    ADD CONSTRAINT contract_quantity CHECK (ordered BETWEEN 0 AND quantity + added);

CREATE TABLE contract_amendment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    status text NOT NULL CHECK (status IN ('proposed', 'agreed', 'in_force', 'declined', 'refused', 'withdrawn')),
    added integer NOT NULL CHECK (added >= 0),
    ends_on date,                          -- the new last day of the term
    reason_zh text NOT NULL CHECK (reason_zh <> ''),
    body_zh text NOT NULL CHECK (body_zh <> ''),
    text_sha256 bytea NOT NULL,
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    signed_by_provider bigint REFERENCES account ON DELETE RESTRICT,
    agreed_at timestamptz,
    approved_by bigint REFERENCES account ON DELETE RESTRICT,
    approved_at timestamptz,
    ended_by bigint REFERENCES account ON DELETE RESTRICT,
    ended_at timestamptz,
    end_reason text NOT NULL DEFAULT '',   -- why it was declined, refused or withdrawn
    UNIQUE (contract_id, number),
    CHECK ((signed_by_provider IS NULL) = (agreed_at IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL) AND (ended_by IS NULL) = (end_reason = '')),
    CONSTRAINT contract_amendment_one_matter CHECK ((added > 0) <> (ends_on IS NOT NULL)),
    CONSTRAINT contract_amendment_text_is_hashed CHECK (text_sha256 = sha256(convert_to(body_zh, 'UTF8'))),
    CONSTRAINT contract_amendment_agreed CHECK (status NOT IN ('agreed', 'in_force', 'refused')
                                                OR signed_by_provider IS NOT NULL),
    CONSTRAINT contract_amendment_approved CHECK ((status = 'in_force') = (approved_by IS NOT NULL)),
    CONSTRAINT contract_amendment_ended CHECK ((status IN ('declined', 'refused', 'withdrawn'))
                                               = (ended_by IS NOT NULL)),
    CONSTRAINT contract_amendment_two_parties CHECK (signed_by_provider <> proposed_by),
    CONSTRAINT contract_amendment_second_person CHECK (approved_by <> proposed_by AND approved_by <> signed_by_provider)
);
CREATE UNIQUE INDEX contract_amendment_one_open ON contract_amendment (contract_id)
    WHERE status IN ('proposed', 'agreed');
CREATE INDEX contract_amendment_proposed_by ON contract_amendment (proposed_by);
CREATE INDEX contract_amendment_signed_by ON contract_amendment (signed_by_provider)
    WHERE signed_by_provider IS NOT NULL;
CREATE INDEX contract_amendment_approved_by ON contract_amendment (approved_by) WHERE approved_by IS NOT NULL;
CREATE INDEX contract_amendment_ended_by ON contract_amendment (ended_by) WHERE ended_by IS NOT NULL;

-- The figure of the law in force on a day: the nearest jurisdiction first, as the rulebook decides it.
CREATE FUNCTION law_figure(wanted text, on_day date, place_code text) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT value FROM law_rule
    WHERE rule_key = wanted AND effective_from <= on_day AND (effective_to IS NULL OR effective_to > on_day)
      AND (jurisdiction = 'CN' OR starts_with(place_code, jurisdiction))
    ORDER BY jurisdiction = 'CN', length(jurisdiction) DESC LIMIT 1
$$;

-- An amendment's words never change; once in force it is part of the contract, within a share of its price.
CREATE FUNCTION guard_contract_amendment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought contract%ROWTYPE;
    place_code text;
    share numeric;
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        OLD.status NOT IN ('proposed', 'agreed')
        OR (NEW.contract_id, NEW.number, NEW.added, NEW.ends_on, NEW.reason_zh, NEW.body_zh, NEW.proposed_by,
            NEW.proposed_at)
           IS DISTINCT FROM
           (OLD.contract_id, OLD.number, OLD.added, OLD.ends_on, OLD.reason_zh, OLD.body_zh, OLD.proposed_by,
            OLD.proposed_at)
        OR OLD.agreed_at IS NOT NULL
           AND (NEW.signed_by_provider, NEW.agreed_at) IS DISTINCT FROM (OLD.signed_by_provider, OLD.agreed_at)) THEN
        RAISE EXCEPTION 'what was agreed in an amendment no longer changes'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_amendment_is_frozen';
    END IF;
    IF NEW.status <> 'in_force' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO bought FROM contract WHERE id = NEW.contract_id FOR NO KEY UPDATE;
    IF bought.signed_at IS NULL OR bought.terminated_at IS NOT NULL THEN
        RAISE EXCEPTION 'contract % is not in force', bought.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_amendment_of_living_contract';
    END IF;
    SELECT place.code INTO place_code FROM purchase p JOIN place ON place.id = p.place_id WHERE p.id = bought.purchase_id;
    share := law_figure('contract.supplement', (NEW.approved_at AT TIME ZONE 'Asia/Shanghai')::date, place_code);
    -- One price for all units, so a share of the quantity is the same share of the price.
    IF NEW.added > 0 AND (bought.added + NEW.added) * 100 > bought.quantity * coalesce(share, 0) THEN
        RAISE EXCEPTION 'supplements of contract % exceed % per cent of its price', bought.reference, share
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_supplements_within_share';
    END IF;
    UPDATE contract SET added = added + NEW.added, ends_on = coalesce(NEW.ends_on, ends_on) WHERE id = bought.id;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_amendment_guarded BEFORE INSERT OR UPDATE OR DELETE ON contract_amendment
    FOR EACH ROW EXECUTE FUNCTION guard_contract_amendment();
CREATE TRIGGER contract_amendment_kept BEFORE TRUNCATE ON contract_amendment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A contract ends early by agreement, by a breach not cured in time, or because the public interest asks it.
CREATE TABLE contract_termination (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('proposed', 'agreed', 'in_force', 'cured', 'declined', 'refused',
                                           'withdrawn')),
    ground text NOT NULL CHECK (ground IN ('agreement', 'breach', 'public_interest')),
    reason_zh text NOT NULL CHECK (reason_zh <> ''),
    cure_by date,                          -- a breach: until when the provider may put it right
    at_fault text NOT NULL CHECK (at_fault IN ('none', 'buyer', 'provider', 'both')),
    compensation_fen bigint NOT NULL DEFAULT 0 CHECK (compensation_fen >= 0),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    signed_by_provider bigint REFERENCES account ON DELETE RESTRICT,
    agreed_at timestamptz,
    ended_by bigint REFERENCES account ON DELETE RESTRICT,        -- who decided it, or took it off the table
    ended_at timestamptz,
    end_reason text NOT NULL DEFAULT '',
    settled_at timestamptz,                -- nothing is open any more, and the rest of the money is free
    released_fen bigint CHECK (released_fen >= 0),
    CHECK ((signed_by_provider IS NULL) = (agreed_at IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CHECK ((settled_at IS NULL) = (released_fen IS NULL)),
    CONSTRAINT contract_termination_ended CHECK ((status IN ('proposed', 'agreed')) = (ended_by IS NULL)),
    CONSTRAINT contract_termination_reasoned CHECK (status NOT IN ('cured', 'declined', 'refused', 'withdrawn')
                                                    OR end_reason <> ''),
    CONSTRAINT contract_termination_settled CHECK (settled_at IS NULL OR status = 'in_force'),
    CONSTRAINT contract_termination_notice CHECK ((ground = 'breach') = (cure_by IS NOT NULL)),
    CONSTRAINT contract_termination_agreed CHECK (
        ground = 'agreement' OR signed_by_provider IS NULL AND status NOT IN ('agreed', 'declined')),
    CONSTRAINT contract_termination_by_both CHECK (ground <> 'agreement' OR status NOT IN ('agreed', 'in_force')
                                                   OR signed_by_provider IS NOT NULL),
    CONSTRAINT contract_termination_cure_first CHECK (status <> 'in_force' OR ground <> 'breach'
        OR (ended_at AT TIME ZONE 'Asia/Shanghai')::date > cure_by),
    CONSTRAINT contract_termination_fault CHECK (ground <> 'breach' OR at_fault <> 'none'),
    CONSTRAINT contract_termination_compensated CHECK (compensation_fen = 0 OR at_fault <> 'none'),
    CONSTRAINT contract_termination_two_parties CHECK (signed_by_provider <> proposed_by),
    CONSTRAINT contract_termination_second_person CHECK (
        status NOT IN ('in_force', 'refused') OR ended_by <> proposed_by AND ended_by IS DISTINCT FROM signed_by_provider)
);
CREATE UNIQUE INDEX contract_termination_one ON contract_termination (contract_id)
    WHERE status IN ('proposed', 'agreed', 'in_force');
CREATE INDEX contract_termination_contract ON contract_termination (contract_id);
CREATE INDEX contract_termination_proposed_by ON contract_termination (proposed_by);
CREATE INDEX contract_termination_signed_by ON contract_termination (signed_by_provider)
    WHERE signed_by_provider IS NOT NULL;
CREATE INDEX contract_termination_ended_by ON contract_termination (ended_by) WHERE ended_by IS NOT NULL;
CREATE INDEX contract_termination_unsettled ON contract_termination (id)
    WHERE status = 'in_force' AND settled_at IS NULL;

CREATE FUNCTION guard_contract_termination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (
        OLD.status NOT IN ('proposed', 'agreed', 'in_force') OR OLD.settled_at IS NOT NULL
        OR OLD.status = 'in_force' AND (NEW.status, NEW.ended_by, NEW.ended_at) <> (OLD.status, OLD.ended_by, OLD.ended_at)
        OR OLD.agreed_at IS NOT NULL
           AND (NEW.signed_by_provider, NEW.agreed_at) IS DISTINCT FROM (OLD.signed_by_provider, OLD.agreed_at)
        OR (NEW.contract_id, NEW.ground, NEW.reason_zh, NEW.cure_by, NEW.at_fault, NEW.compensation_fen,
            NEW.proposed_by, NEW.proposed_at)
           IS DISTINCT FROM
           (OLD.contract_id, OLD.ground, OLD.reason_zh, OLD.cure_by, OLD.at_fault, OLD.compensation_fen,
            OLD.proposed_by, OLD.proposed_at)) THEN
        RAISE EXCEPTION 'the grounds and the decision of a termination no longer change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_termination_is_frozen';
    END IF;
    IF NEW.status = 'in_force' AND (TG_OP = 'INSERT' OR OLD.status <> 'in_force') THEN
        UPDATE contract SET terminated_at = NEW.ended_at WHERE id = NEW.contract_id AND signed_at IS NOT NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'only a signed contract is terminated'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_termination_of_signed_contract';
        END IF;
    END IF;
    IF NEW.settled_at IS NOT NULL AND EXISTS (
        SELECT FROM village_order WHERE contract_id = NEW.contract_id
           AND status IN ('placed', 'taken', 'scheduled', 'delivered')) THEN
        RAISE EXCEPTION 'orders of the terminated contract are still open'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_termination_nothing_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_termination_guarded BEFORE INSERT OR UPDATE OR DELETE ON contract_termination
    FOR EACH ROW EXECUTE FUNCTION guard_contract_termination();
CREATE TRIGGER contract_termination_kept BEFORE TRUNCATE ON contract_termination
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- 条例 §50, 采购法 §47: where and when a contract was published, and its copy filed.
CREATE TABLE contract_notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('published', 'filed')),
    done_on date NOT NULL,
    url text NOT NULL DEFAULT '',          -- of the published contract
    number text NOT NULL DEFAULT '',       -- of the receipt for the copy
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT contract_notice_once UNIQUE (contract_id, kind),
    CONSTRAINT contract_notice_evidence CHECK (CASE kind WHEN 'published' THEN url <> '' ELSE number <> '' END),
    CONSTRAINT contract_notice_not_ahead CHECK (done_on <= (recorded_at AT TIME ZONE 'Asia/Shanghai')::date)
);
CREATE INDEX contract_notice_recorded_by ON contract_notice (recorded_by);
CALL make_append_only('contract_notice');

-- As before, and: amendments add units and days, a termination stops orders; nobody writes these by hand.
CREATE OR REPLACE FUNCTION refuse_contract_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.ordered, NEW.accepted, NEW.added) <> (0, 0, 0) OR NEW.terminated_at IS NOT NULL THEN
            RAISE EXCEPTION 'a contract begins with nothing ordered'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_is_counted';
        END IF;
        RETURN NEW;
    END IF;
    IF pg_trigger_depth() = 1 AND (NEW.ordered, NEW.accepted, NEW.added) IS DISTINCT FROM
                                  (OLD.ordered, OLD.accepted, OLD.added) THEN
        RAISE EXCEPTION 'what is ordered, accepted and added under a contract is counted'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_is_counted';
    END IF;
    IF NEW.terminated_at IS NOT NULL AND NEW.ordered > OLD.ordered THEN
        RAISE EXCEPTION 'contract % has ended: nothing more is ordered', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_is_terminated';
    END IF;
    IF (NEW.purchase_id, NEW.organization_id, NEW.product_id, NEW.product_version, NEW.quantity, NEW.unit_price_fen,
        NEW.starts_on, NEW.body_zh, NEW.signed_by_buyer, NEW.offered_at)
       IS DISTINCT FROM
       (OLD.purchase_id, OLD.organization_id, OLD.product_id, OLD.product_version, OLD.quantity, OLD.unit_price_fen,
        OLD.starts_on, OLD.body_zh, OLD.signed_by_buyer, OLD.offered_at)
       OR pg_trigger_depth() = 1
          AND (NEW.ends_on, NEW.terminated_at) IS DISTINCT FROM (OLD.ends_on, OLD.terminated_at)
       OR OLD.signed_at IS NOT NULL
          AND (NEW.signed_by_provider, NEW.signed_at) IS DISTINCT FROM (OLD.signed_by_provider, OLD.signed_at) THEN
        RAISE EXCEPTION 'the terms of contract % no longer change', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_is_frozen';
    END IF;
    RETURN NEW;
END $$;
