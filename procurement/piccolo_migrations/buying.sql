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
    published_at timestamptz,
    CHECK (ends_on > starts_on),
    CONSTRAINT framework_two_years CHECK (ends_on <= starts_on + interval '2 years'),
    UNIQUE (id, rate_fen)
);
CREATE INDEX framework_place ON framework (place_id);
CREATE INDEX framework_created_by ON framework (created_by);

CREATE TABLE admission (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    framework_id bigint NOT NULL,
    rate_fen bigint NOT NULL,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('applied', 'admitted', 'refused', 'removed')),
    applied_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    applied_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason text NOT NULL DEFAULT '',
    published_at timestamptz,
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
    kind text NOT NULL CHECK (kind IN ('appropriate', 'reserve', 'commit', 'spend', 'release')),
    approved_fen bigint NOT NULL DEFAULT 0,
    reserved_fen bigint NOT NULL DEFAULT 0,
    committed_fen bigint NOT NULL DEFAULT 0,
    spent_fen bigint NOT NULL DEFAULT 0,
    source_type text NOT NULL,             -- appropriation, purchase, claim or batch
    source_id bigint NOT NULL,
    actor_id bigint REFERENCES account ON DELETE RESTRICT,
    moved_at timestamptz NOT NULL,
    UNIQUE (source_type, source_id, kind, budget_line_id)
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

-- An appropriation is proposed by one person and approved by another.
CREATE TABLE appropriation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    budget_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    document text NOT NULL CHECK (document <> ''),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    approved_by bigint REFERENCES account ON DELETE RESTRICT,
    approved_at timestamptz,
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CONSTRAINT appropriation_second_person CHECK (approved_by <> proposed_by)
);
CREATE INDEX appropriation_line ON appropriation (budget_line_id);
CREATE INDEX appropriation_proposed_by ON appropriation (proposed_by);
CREATE INDEX appropriation_approved_by ON appropriation (approved_by) WHERE approved_by IS NOT NULL;

CREATE SEQUENCE reference_cg;
CREATE TABLE purchase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('cg'),
    method text NOT NULL CHECK (method IN ('call_off')),
    status text NOT NULL CHECK (status IN ('intent', 'reserved', 'approved', 'ordered', 'contracted', 'delivering',
                                           'accepted', 'paid', 'rated', 'closed', 'refused', 'cancelled')),
    admission_id bigint NOT NULL REFERENCES admission ON DELETE RESTRICT,
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
    CHECK (amount_fen = quantity * unit_price_fen),
    CONSTRAINT purchase_approved_by_another CHECK (approved_by <> requested_by),
    CONSTRAINT purchase_approved_before_order CHECK (status IN ('intent', 'reserved', 'refused', 'cancelled')
                                                     OR approved_by IS NOT NULL)
);
CREATE INDEX purchase_admission ON purchase (admission_id);
CREATE INDEX purchase_budget_line ON purchase (budget_line_id);
CREATE INDEX purchase_place ON purchase (place_id, status);
CREATE INDEX purchase_requested_by ON purchase (requested_by);
CREATE INDEX purchase_approved_by ON purchase (approved_by) WHERE approved_by IS NOT NULL;

CREATE SEQUENCE reference_ht;
CREATE TABLE contract (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('ht'),
    purchase_id bigint NOT NULL UNIQUE REFERENCES purchase ON DELETE RESTRICT,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,      -- what was bought stays what it was
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price_fen bigint NOT NULL CHECK (unit_price_fen > 0),
    ordered integer NOT NULL DEFAULT 0,
    accepted integer NOT NULL DEFAULT 0,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    text_sha256 bytea NOT NULL,
    signed_by_buyer bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    signed_by_provider bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    signed_at timestamptz NOT NULL,
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT,
    CHECK (ends_on > starts_on),
    CONSTRAINT contract_quantity CHECK (ordered BETWEEN 0 AND quantity),
    CONSTRAINT contract_accepted CHECK (accepted BETWEEN 0 AND ordered),
    CONSTRAINT contract_two_parties CHECK (signed_by_buyer <> signed_by_provider)
);
CREATE INDEX contract_organization ON contract (organization_id);
CREATE INDEX contract_product ON contract (product_id, product_version);
CREATE INDEX contract_signed_by_buyer ON contract (signed_by_buyer);
CREATE INDEX contract_signed_by_provider ON contract (signed_by_provider);

-- How many units a village may order in a year.
CREATE TABLE village_quota (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    quota integer NOT NULL CHECK (quota >= 0),
    used integer NOT NULL DEFAULT 0,
    UNIQUE (place_id, year),
    CONSTRAINT village_quota_kept CHECK (used BETWEEN 0 AND quota)
);

CREATE SEQUENCE reference_dd;
CREATE TABLE village_order (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('dd'),
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    quota_id bigint NOT NULL REFERENCES village_quota ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
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
    decline_reason text NOT NULL DEFAULT ''
);
CREATE INDEX village_order_contract ON village_order (contract_id, status);
CREATE INDEX village_order_quota ON village_order (quota_id);
CREATE INDEX village_order_place ON village_order (place_id, status);
CREATE INDEX village_order_placed_by ON village_order (placed_by);
CREATE INDEX village_order_answered_by ON village_order (answered_by) WHERE answered_by IS NOT NULL;

CREATE FUNCTION count_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') AND OLD.live THEN
        UPDATE contract SET ordered = ordered - 1 WHERE id = OLD.contract_id;
        UPDATE village_quota SET used = used - 1 WHERE id = OLD.quota_id;
    END IF;
    IF TG_OP IN ('UPDATE', 'INSERT') AND NEW.live THEN
        UPDATE contract SET ordered = ordered + 1 WHERE id = NEW.contract_id;
        UPDATE village_quota SET used = used + 1 WHERE id = NEW.quota_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER village_order_counted AFTER INSERT OR DELETE ON village_order
    FOR EACH ROW EXECUTE FUNCTION count_orders();
CREATE TRIGGER village_order_recounted AFTER UPDATE OF status, contract_id, quota_id ON village_order
    FOR EACH ROW WHEN (OLD.live IS DISTINCT FROM NEW.live OR OLD.contract_id <> NEW.contract_id
                       OR OLD.quota_id <> NEW.quota_id) EXECUTE FUNCTION count_orders();

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

-- 采购法 §61, 条例 §45: who accepts neither handled nor approved the purchase; only accepted units are payable.
CREATE FUNCTION check_acceptance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
        WHERE o.id = NEW.village_order_id
          AND NEW.acceptor_id IN (p.requested_by, p.approved_by, c.signed_by_provider, o.answered_by)
    ) THEN
        RAISE EXCEPTION 'the acceptor neither handled nor approved nor delivers the purchase'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_separate_person';
    END IF;
    IF NEW.verdict = 'accepted' THEN
        UPDATE contract SET accepted = accepted + 1
        FROM village_order o WHERE o.id = NEW.village_order_id AND contract.id = o.contract_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER acceptance_checked AFTER INSERT ON acceptance FOR EACH ROW EXECUTE FUNCTION check_acceptance();
