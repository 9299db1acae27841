-- What may be bought, from which money, in which order: frameworks, budgets, purchases, contracts, deliveries.

CREATE SEQUENCE reference_kj;
CREATE TABLE framework (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('kj'),
    title_zh text NOT NULL CHECK (title_zh <> ''),
    title_en text NOT NULL DEFAULT '',
    category text NOT NULL CHECK (category IN ('legal_education', 'consultation', 'mediation', 'legal_aid',
                                               'notarization', 'forensic_appraisal')),
    unit text NOT NULL CHECK (unit IN ('lecture', 'visit', 'half_day', 'case', 'session')),
    rate_fen bigint NOT NULL CHECK (rate_fen > 0),           -- the uniform rate of an open framework
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('scheme', 'filed', 'call_published', 'in_force', 'expired')),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    filing_number text NOT NULL DEFAULT '',                  -- the finance bureau's receipt for the scheme
    published_at timestamptz,
    CHECK (ends_on > starts_on),
    CONSTRAINT framework_two_years CHECK (ends_on <= starts_on + interval '2 years'),
    CONSTRAINT framework_filed CHECK (status = 'scheme' OR filing_number <> ''),
    CONSTRAINT framework_published CHECK (status IN ('scheme', 'filed') OR published_at IS NOT NULL),
    UNIQUE (id, rate_fen)
);
CREATE INDEX framework_place ON framework (place_id);
CREATE INDEX framework_created_by ON framework (created_by);

CREATE TABLE admission (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    framework_id bigint NOT NULL,
    rate_fen bigint NOT NULL,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('applied', 'admitted', 'refused', 'withdrawn', 'removed')),
    applied_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    applied_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    published_at timestamptz,
    ended_by bigint REFERENCES account ON DELETE RESTRICT,
    ended_at timestamptz,
    end_ground text NOT NULL DEFAULT '' CHECK (end_ground IN
        ('', 'voluntary', 'collusion', 'false_papers', 'refused_order', 'breach')),
    UNIQUE (id, rate_fen),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CONSTRAINT admission_decided CHECK (status IN ('applied', 'withdrawn') OR decided_by IS NOT NULL),
    CONSTRAINT admission_published CHECK (status <> 'admitted' OR published_at IS NOT NULL),
    CONSTRAINT admission_ended CHECK ((status IN ('withdrawn', 'removed')) = (ended_by IS NOT NULL)
                                      AND (status = 'withdrawn') = (end_ground = 'voluntary')
                                      AND (status = 'removed') = (end_ground NOT IN ('', 'voluntary'))),
    FOREIGN KEY (framework_id, rate_fen) REFERENCES framework (id, rate_fen) ON DELETE RESTRICT,
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT,
    CONSTRAINT admission_decided_by_another CHECK (decided_by <> applied_by)
);
CREATE UNIQUE INDEX admission_once ON admission (framework_id, product_id) WHERE status IN ('applied', 'admitted');
CREATE INDEX admission_product ON admission (product_id, product_version);
CREATE INDEX admission_framework ON admission (framework_id, rate_fen);
CREATE INDEX admission_organization ON admission (organization_id);
CREATE INDEX admission_applied_by ON admission (applied_by);
CREATE INDEX admission_decided_by ON admission (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX admission_ended_by ON admission (ended_by) WHERE ended_by IS NOT NULL;

CREATE TABLE programme (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code IN ('on_site', 'mediation_case', 'legal_aid_case', 'expenses', 'purchase')),
    name_zh text NOT NULL,
    name_en text NOT NULL
);
INSERT INTO programme (code, name_zh, name_en) VALUES
    ('on_site', '律师驻点服务补助', 'On-site service subsidies'),
    ('mediation_case', '人民调解个案补贴', 'Mediation case subsidies'),
    ('legal_aid_case', '法律援助案件补贴', 'Legal aid case subsidies'),
    ('expenses', '误餐交通补助', 'Meal and travel expenses'),
    ('purchase', '政府购买公共法律服务', 'Purchase of public legal services');

-- A budget line's amounts are the sum of its movements; nobody writes them by hand.
CREATE TABLE budget_line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    functional_code text NOT NULL,         -- 功能分类
    economic_code text NOT NULL,           -- 经济分类
    approved_fen bigint NOT NULL DEFAULT 0,
    reserved_fen bigint NOT NULL DEFAULT 0,
    committed_fen bigint NOT NULL DEFAULT 0,
    spent_fen bigint NOT NULL DEFAULT 0,
    UNIQUE (programme_id, place_id, year),
    CHECK (approved_fen >= 0 AND reserved_fen >= 0 AND committed_fen >= 0 AND spent_fen >= 0),
    CONSTRAINT budget_line_within_appropriation CHECK (spent_fen + committed_fen + reserved_fen <= approved_fen)
);
CREATE INDEX budget_line_place ON budget_line (place_id, year);

CREATE TABLE budget_movement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    budget_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('appropriate', 'reserve', 'commit', 'spend', 'release', 'return')),
    approved_fen bigint NOT NULL DEFAULT 0,
    reserved_fen bigint NOT NULL DEFAULT 0,
    committed_fen bigint NOT NULL DEFAULT 0,
    spent_fen bigint NOT NULL DEFAULT 0,
    source_type text NOT NULL,             -- the table that asked: appropriation, purchase, claim …
    source_id bigint NOT NULL,
    actor_id bigint REFERENCES account ON DELETE RESTRICT,
    moved_at timestamptz NOT NULL,
    CONSTRAINT budget_movement_once UNIQUE (source_type, source_id, kind, budget_line_id),
    -- Money is set aside, then bound, then spent; each kind moves it one way only.
    CONSTRAINT budget_movement_direction CHECK (CASE kind
        WHEN 'appropriate' THEN approved_fen <> 0 AND (reserved_fen, committed_fen, spent_fen) = (0, 0, 0)
        WHEN 'reserve' THEN reserved_fen > 0 AND (approved_fen, committed_fen, spent_fen) = (0, 0, 0)
        WHEN 'commit' THEN committed_fen > 0 AND reserved_fen = -committed_fen AND (approved_fen, spent_fen) = (0, 0)
        WHEN 'spend' THEN spent_fen > 0 AND reserved_fen <= 0 AND committed_fen <= 0
                          AND reserved_fen + committed_fen = -spent_fen AND approved_fen = 0
        WHEN 'release' THEN reserved_fen <= 0 AND committed_fen <= 0 AND reserved_fen + committed_fen < 0
                            AND (approved_fen, spent_fen) = (0, 0)
        ELSE spent_fen < 0 AND reserved_fen >= 0 AND committed_fen >= 0
             AND reserved_fen + committed_fen = -spent_fen AND approved_fen = 0 END)
);
CREATE INDEX budget_movement_line ON budget_movement (budget_line_id, id);
CREATE INDEX budget_movement_actor ON budget_movement (actor_id) WHERE actor_id IS NOT NULL;
CALL make_append_only('budget_movement');

CREATE FUNCTION apply_budget_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE budget_line SET
        approved_fen = budget_line.approved_fen + moved.approved,
        reserved_fen = budget_line.reserved_fen + moved.reserved,
        committed_fen = budget_line.committed_fen + moved.committed,
        spent_fen = budget_line.spent_fen + moved.spent
    FROM (SELECT budget_line_id, sum(approved_fen) AS approved, sum(reserved_fen) AS reserved,
                 sum(committed_fen) AS committed, sum(spent_fen) AS spent
          FROM new_movements GROUP BY budget_line_id) AS moved
    WHERE budget_line.id = moved.budget_line_id;
    RETURN NULL;
END $$;
CREATE TRIGGER budget_movement_applied AFTER INSERT ON budget_movement REFERENCING NEW TABLE AS new_movements
    FOR EACH STATEMENT EXECUTE FUNCTION apply_budget_movements();

CREATE FUNCTION refuse_hand_written_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND (
        TG_OP = 'INSERT' AND (NEW.approved_fen, NEW.reserved_fen, NEW.committed_fen, NEW.spent_fen) <> (0, 0, 0, 0)
        OR TG_OP = 'UPDATE' AND (NEW.approved_fen, NEW.reserved_fen, NEW.committed_fen, NEW.spent_fen)
            IS DISTINCT FROM (OLD.approved_fen, OLD.reserved_fen, OLD.committed_fen, OLD.spent_fen)) THEN
        RAISE EXCEPTION 'the amounts of a budget line are kept by its movements'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'budget_line_is_summed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_line_is_summed BEFORE INSERT OR UPDATE ON budget_line
    FOR EACH ROW EXECUTE FUNCTION refuse_hand_written_budget();

-- An appropriation is proposed by one person and decided by another.
CREATE TABLE appropriation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    budget_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    document text NOT NULL CHECK (document <> ''),
    status text NOT NULL CHECK (status IN ('proposed', 'approved', 'refused')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT appropriation_decided CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CONSTRAINT appropriation_second_person CHECK (decided_by <> proposed_by)
);
CREATE INDEX appropriation_line ON appropriation (budget_line_id);
CREATE INDEX appropriation_waiting ON appropriation (id) WHERE status = 'proposed';
CREATE INDEX appropriation_proposed_by ON appropriation (proposed_by);
CREATE INDEX appropriation_decided_by ON appropriation (decided_by) WHERE decided_by IS NOT NULL;

CREATE SEQUENCE reference_cg;
CREATE TABLE purchase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('cg'),
    method text NOT NULL CHECK (method IN ('call_off')),
    status text NOT NULL CHECK (status IN ('intent', 'reserved', 'approved', 'ordered', 'contracted', 'delivering',
                                           'accepted', 'paid', 'rated', 'closed', 'refused', 'cancelled')),
    admission_id bigint NOT NULL,
    budget_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    purpose_zh text NOT NULL CHECK (purpose_zh <> ''),
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price_fen bigint NOT NULL CHECK (unit_price_fen > 0),
    amount_fen bigint NOT NULL,
    requested_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    requested_at timestamptz NOT NULL,
    approved_by bigint REFERENCES account ON DELETE RESTRICT,
    approved_at timestamptz,
    refusal_reason text NOT NULL DEFAULT '',
    evaluation_zh text NOT NULL DEFAULT '',                  -- the performance evaluation that closes it
    CHECK (amount_fen = quantity * unit_price_fen),
    UNIQUE (id, quantity, unit_price_fen),
    CONSTRAINT purchase_at_uniform_rate FOREIGN KEY (admission_id, unit_price_fen)
        REFERENCES admission (id, rate_fen) ON DELETE RESTRICT,
    CONSTRAINT purchase_evaluated CHECK (status NOT IN ('rated', 'closed') OR evaluation_zh <> ''),
    CONSTRAINT purchase_approved_by_another CHECK (approved_by <> requested_by),
    CONSTRAINT purchase_approved_before_order CHECK (status IN ('intent', 'reserved', 'refused', 'cancelled')
                                                     OR approved_by IS NOT NULL)
);
CREATE INDEX purchase_admission ON purchase (admission_id, unit_price_fen);
CREATE INDEX purchase_budget_line ON purchase (budget_line_id);
CREATE INDEX purchase_place ON purchase (place_id, status);
CREATE INDEX purchase_requested_by ON purchase (requested_by);
CREATE INDEX purchase_approved_by ON purchase (approved_by) WHERE approved_by IS NOT NULL;

-- A contract is offered with the buyer's signature and binds from the provider's.
CREATE SEQUENCE reference_ht;
CREATE TABLE contract (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('ht'),
    purchase_id bigint NOT NULL UNIQUE,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,      -- what was bought stays what it was
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price_fen bigint NOT NULL CHECK (unit_price_fen > 0),
    ordered integer NOT NULL DEFAULT 0,
    accepted integer NOT NULL DEFAULT 0,
    starts_on date NOT NULL,
    ends_on date NOT NULL,                 -- the last day of the term
    body_zh text NOT NULL CHECK (body_zh <> ''),
    text_sha256 bytea NOT NULL,
    signed_by_buyer bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    offered_at timestamptz NOT NULL,
    signed_by_provider bigint REFERENCES account ON DELETE RESTRICT,
    signed_at timestamptz,
    CONSTRAINT contract_as_approved FOREIGN KEY (purchase_id, quantity, unit_price_fen)
        REFERENCES purchase (id, quantity, unit_price_fen) ON DELETE RESTRICT,
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT,
    CHECK (ends_on > starts_on),
    CHECK ((signed_by_provider IS NULL) = (signed_at IS NULL)),
    CONSTRAINT contract_text_is_hashed CHECK (text_sha256 = sha256(convert_to(body_zh, 'UTF8'))),
    CONSTRAINT contract_quantity CHECK (ordered BETWEEN 0 AND quantity),
    CONSTRAINT contract_accepted CHECK (accepted BETWEEN 0 AND ordered),
    CONSTRAINT contract_signed_before_orders CHECK (ordered = 0 OR signed_at IS NOT NULL),
    CONSTRAINT contract_two_parties CHECK (signed_by_buyer <> signed_by_provider)
);
CREATE INDEX contract_purchase ON contract (purchase_id, quantity, unit_price_fen);
CREATE INDEX contract_organization ON contract (organization_id);
CREATE INDEX contract_product ON contract (product_id, product_version);
CREATE INDEX contract_signed_by_buyer ON contract (signed_by_buyer);
CREATE INDEX contract_signed_by_provider ON contract (signed_by_provider) WHERE signed_by_provider IS NOT NULL;

-- Two signatures stand under one text; `ordered` and `accepted` are counted, nobody writes them by hand.
CREATE FUNCTION refuse_contract_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.ordered, NEW.accepted) <> (0, 0) THEN
            RAISE EXCEPTION 'a contract begins with nothing ordered'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_is_counted';
        END IF;
        RETURN NEW;
    END IF;
    IF pg_trigger_depth() = 1 AND (NEW.ordered, NEW.accepted) IS DISTINCT FROM (OLD.ordered, OLD.accepted) THEN
        RAISE EXCEPTION 'what is ordered and accepted under a contract is counted'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_is_counted';
    END IF;
    IF (NEW.purchase_id, NEW.organization_id, NEW.product_id, NEW.product_version, NEW.quantity, NEW.unit_price_fen,
        NEW.starts_on, NEW.ends_on, NEW.body_zh, NEW.signed_by_buyer, NEW.offered_at)
       IS DISTINCT FROM
       (OLD.purchase_id, OLD.organization_id, OLD.product_id, OLD.product_version, OLD.quantity, OLD.unit_price_fen,
        OLD.starts_on, OLD.ends_on, OLD.body_zh, OLD.signed_by_buyer, OLD.offered_at)
       OR OLD.signed_at IS NOT NULL
          AND (NEW.signed_by_provider, NEW.signed_at) IS DISTINCT FROM (OLD.signed_by_provider, OLD.signed_at) THEN
        RAISE EXCEPTION 'the terms of contract % no longer change', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'contract_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_is_frozen BEFORE INSERT OR UPDATE ON contract
    FOR EACH ROW EXECUTE FUNCTION refuse_contract_change();

-- How many units a village may order in a year.
CREATE TABLE village_quota (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    quota integer NOT NULL CHECK (quota >= 0),
    used integer NOT NULL DEFAULT 0,
    UNIQUE (place_id, year),
    UNIQUE (id, place_id, year),
    CONSTRAINT village_quota_kept CHECK (used BETWEEN 0 AND quota)
);

CREATE FUNCTION refuse_hand_written_quota_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND (TG_OP = 'INSERT' AND NEW.used <> 0
                                   OR TG_OP = 'UPDATE' AND NEW.used <> OLD.used) THEN
        RAISE EXCEPTION 'what is used of a quota is counted from its orders'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'village_quota_is_counted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER village_quota_is_counted BEFORE INSERT OR UPDATE ON village_quota
    FOR EACH ROW EXECUTE FUNCTION refuse_hand_written_quota_use();

CREATE SEQUENCE reference_dd;
CREATE TABLE village_order (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('dd'),
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    quota_id bigint NOT NULL,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    year integer NOT NULL,                 -- whose quota it uses: the year in which the service is wished
    status text NOT NULL CHECK (status IN ('placed', 'taken', 'declined', 'scheduled', 'delivered', 'accepted',
                                           'refused', 'cancelled')),
    live boolean NOT NULL GENERATED ALWAYS AS (status NOT IN ('declined', 'cancelled')) STORED,
    wished_start timestamptz NOT NULL,
    minutes integer NOT NULL CHECK (minutes BETWEEN 30 AND 480),
    note_zh text NOT NULL DEFAULT '',
    assignment_id bigint UNIQUE REFERENCES assignment ON DELETE RESTRICT,
    placed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    placed_at timestamptz NOT NULL,
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    answered_at timestamptz,
    reason text NOT NULL DEFAULT '',       -- why it was declined or cancelled
    CONSTRAINT village_order_own_quota FOREIGN KEY (quota_id, place_id, year)
        REFERENCES village_quota (id, place_id, year) ON DELETE RESTRICT,
    CONSTRAINT village_order_quota_year CHECK (year = extract(year FROM wished_start AT TIME ZONE 'Asia/Shanghai')),
    CHECK ((answered_by IS NULL) = (answered_at IS NULL)),
    CONSTRAINT village_order_answered CHECK (status IN ('placed', 'cancelled') OR answered_by IS NOT NULL),
    CONSTRAINT village_order_answered_by_another CHECK (answered_by <> placed_by),
    CONSTRAINT village_order_scheduled CHECK (status NOT IN ('scheduled', 'delivered', 'accepted', 'refused')
                                              OR assignment_id IS NOT NULL),
    CONSTRAINT village_order_reasoned CHECK (status NOT IN ('declined', 'cancelled') OR reason <> '')
);
CREATE INDEX village_order_contract ON village_order (contract_id, status);
CREATE INDEX village_order_quota ON village_order (quota_id, place_id, year);
CREATE INDEX village_order_place ON village_order (place_id, status);
CREATE INDEX village_order_placed_by ON village_order (placed_by);
CREATE INDEX village_order_answered_by ON village_order (answered_by) WHERE answered_by IS NOT NULL;

-- An order is scheduled once: the assignment that it became carries its code, so that a second attempt finds it.
CREATE UNIQUE INDEX assignment_of_order ON assignment (parties)
    WHERE status <> 'cancelled' AND parties[1] LIKE 'order:%';

CREATE FUNCTION count_orders_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contract SET ordered = ordered + gained.units
    FROM (SELECT contract_id, count(*) AS units FROM after_rows WHERE live GROUP BY contract_id) AS gained
    WHERE contract.id = gained.contract_id;
    UPDATE village_quota SET used = used + gained.units
    FROM (SELECT quota_id, count(*) AS units FROM after_rows WHERE live GROUP BY quota_id) AS gained
    WHERE village_quota.id = gained.quota_id;
    RETURN NULL;
END $$;
CREATE FUNCTION count_orders_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contract SET ordered = ordered - lost.units
    FROM (SELECT contract_id, count(*) AS units FROM before_rows WHERE live GROUP BY contract_id) AS lost
    WHERE contract.id = lost.contract_id;
    UPDATE village_quota SET used = used - lost.units
    FROM (SELECT quota_id, count(*) AS units FROM before_rows WHERE live GROUP BY quota_id) AS lost
    WHERE village_quota.id = lost.quota_id;
    RETURN NULL;
END $$;
CREATE FUNCTION count_orders_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE contract SET ordered = ordered + moved.units
    FROM (SELECT contract_id, sum(unit) AS units
          FROM (SELECT contract_id, 1 AS unit FROM after_rows WHERE live
                UNION ALL SELECT contract_id, -1 FROM before_rows WHERE live) AS changes
          GROUP BY contract_id HAVING sum(unit) <> 0) AS moved
    WHERE contract.id = moved.contract_id;
    UPDATE village_quota SET used = used + moved.units
    FROM (SELECT quota_id, sum(unit) AS units
          FROM (SELECT quota_id, 1 AS unit FROM after_rows WHERE live
                UNION ALL SELECT quota_id, -1 FROM before_rows WHERE live) AS changes
          GROUP BY quota_id HAVING sum(unit) <> 0) AS moved
    WHERE village_quota.id = moved.quota_id;
    RETURN NULL;
END $$;
CREATE TRIGGER village_order_counted_in AFTER INSERT ON village_order REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_orders_in();
CREATE TRIGGER village_order_counted_out AFTER DELETE ON village_order REFERENCING OLD TABLE AS before_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_orders_out();
CREATE TRIGGER village_order_moved AFTER UPDATE ON village_order
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_orders_moved();

CREATE TABLE acceptance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    village_order_id bigint NOT NULL UNIQUE REFERENCES village_order ON DELETE RESTRICT,
    verdict text NOT NULL CHECK (verdict IN ('accepted', 'refused')),
    people_reached integer NOT NULL CHECK (people_reached >= 0),
    rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
    opinion text NOT NULL DEFAULT '',
    acceptor_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    accepted_at timestamptz NOT NULL
);
CREATE INDEX acceptance_acceptor ON acceptance (acceptor_id);
CALL make_append_only('acceptance');

-- 采购法 §61, 条例 §45: who accepts neither handled nor approved the purchase; only what was delivered is
-- accepted, and only accepted units are payable.
CREATE FUNCTION check_acceptances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM new_acceptances n JOIN village_order o ON o.id = n.village_order_id
        JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
        WHERE n.acceptor_id IN (p.requested_by, p.approved_by, c.signed_by_buyer, c.signed_by_provider,
                                o.placed_by, o.answered_by)
    ) THEN
        RAISE EXCEPTION 'the acceptor neither handled nor approved nor delivers the purchase'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_separate_person';
    END IF;
    IF EXISTS (SELECT 1 FROM new_acceptances n JOIN village_order o ON o.id = n.village_order_id
               WHERE o.status <> 'delivered') THEN
        RAISE EXCEPTION 'only a delivered order can be accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_of_delivery';
    END IF;
    UPDATE contract SET accepted = accepted + gained.units
    FROM (SELECT o.contract_id, count(*) AS units
          FROM new_acceptances n JOIN village_order o ON o.id = n.village_order_id
          WHERE n.verdict = 'accepted' GROUP BY o.contract_id) AS gained
    WHERE contract.id = gained.contract_id;
    RETURN NULL;
END $$;
CREATE TRIGGER acceptance_checked AFTER INSERT ON acceptance REFERENCING NEW TABLE AS new_acceptances
    FOR EACH STATEMENT EXECUTE FUNCTION check_acceptances();
