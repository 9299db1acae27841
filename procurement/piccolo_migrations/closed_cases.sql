-- Facts that claims accrue from besides shifts and orders: closed cases and stages, expenses, months of a post.
-- 司发通〔2019〕27号 pays legal aid by case and stage, tied to its quality; 财行〔2007〕179号 pays mediation by the case.

CREATE SEQUENCE reference_aj;
CREATE TABLE closed_case (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('aj'),
    kind text NOT NULL CHECK (kind IN ('legal_aid', 'mediation')),
    agency_zh text NOT NULL CHECK (agency_zh <> ''),
    matter text NOT NULL CHECK (matter <> ''),              -- the agency's own number
    referred_matter text NOT NULL DEFAULT '',               -- its number at the agency that referred it
    item text NOT NULL CHECK (item <> ''),
    stage text NOT NULL DEFAULT '' CHECK (stage IN ('', 'investigation', 'prosecution', 'trial')),
    class text NOT NULL DEFAULT '',
    outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'agreed_written', 'agreed_oral', 'failed')),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    accepted_on date NOT NULL,
    closed_on date NOT NULL,
    early_percent integer CHECK (early_percent BETWEEN -100 AND 0),
    early_reason_zh text NOT NULL DEFAULT '',
    channel text NOT NULL CHECK (channel IN ('page', 'file', 'program')),
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    grade text NOT NULL DEFAULT '',
    graded_by bigint REFERENCES account ON DELETE RESTRICT,
    graded_at timestamptz,
    graded_fen bigint CHECK (graded_fen >= 0),              -- what the case is worth with its grade
    withdrawn_by bigint REFERENCES account ON DELETE RESTRICT,
    withdrawn_at timestamptz,
    withdrawn_reason_zh text NOT NULL DEFAULT '',
    title_zh text GENERATED ALWAYS AS (CASE kind WHEN 'mediation' THEN '人民调解 ' ELSE '法律援助 ' END || matter) STORED,
    title_en text GENERATED ALWAYS AS
        (CASE kind WHEN 'mediation' THEN 'Mediation ' ELSE 'Legal aid ' END || matter) STORED,
    CONSTRAINT closed_case_days CHECK (closed_on >= accepted_on),
    CONSTRAINT closed_case_graded CHECK ((grade = '') = (graded_by IS NULL) AND (grade = '') = (graded_at IS NULL)),
    CONSTRAINT closed_case_early CHECK ((early_percent IS NULL) = (early_reason_zh = '')),
    CONSTRAINT closed_case_withdrawn CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)
                                            AND (withdrawn_at IS NULL) = (withdrawn_reason_zh = ''))
);
CREATE UNIQUE INDEX closed_case_once ON closed_case (agency_zh, matter, item, stage, person_id)
    WHERE withdrawn_at IS NULL;
CREATE INDEX closed_case_matter ON closed_case (matter) WHERE withdrawn_at IS NULL;
CREATE INDEX closed_case_referred ON closed_case (referred_matter) WHERE referred_matter <> '';
CREATE INDEX closed_case_person ON closed_case (person_id, id DESC);
CREATE INDEX closed_case_place ON closed_case (place_id, id DESC);
CREATE INDEX closed_case_recorded_by ON closed_case (recorded_by);
CREATE INDEX closed_case_graded_by ON closed_case (graded_by) WHERE graded_by IS NOT NULL;
CREATE INDEX closed_case_withdrawn_by ON closed_case (withdrawn_by) WHERE withdrawn_by IS NOT NULL;

-- What was recorded stays; a grade is given once, a record is withdrawn once, and never by its own provider.
CREATE FUNCTION check_closed_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind, NEW.agency_zh, NEW.matter, NEW.referred_matter, NEW.item, NEW.stage, NEW.class, NEW.outcome,
        NEW.person_id, NEW.place_id, NEW.accepted_on, NEW.closed_on, NEW.early_percent, NEW.early_reason_zh,
        NEW.channel, NEW.recorded_by, NEW.recorded_at)
       IS DISTINCT FROM
       (OLD.kind, OLD.agency_zh, OLD.matter, OLD.referred_matter, OLD.item, OLD.stage, OLD.class, OLD.outcome,
        OLD.person_id, OLD.place_id, OLD.accepted_on, OLD.closed_on, OLD.early_percent, OLD.early_reason_zh,
        OLD.channel, OLD.recorded_by, OLD.recorded_at)
       OR OLD.grade <> '' AND (NEW.grade, NEW.graded_by, NEW.graded_at)
                              IS DISTINCT FROM (OLD.grade, OLD.graded_by, OLD.graded_at)
       OR OLD.graded_fen IS NOT NULL AND NEW.graded_fen IS DISTINCT FROM OLD.graded_fen
       OR OLD.withdrawn_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'what case % recorded, its grade and its withdrawal do not change', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'closed_case_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_case_frozen AFTER UPDATE ON closed_case FOR EACH ROW EXECUTE FUNCTION check_closed_case();
CREATE FUNCTION check_closed_case_people() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    provider bigint := (SELECT account_id FROM person WHERE id = NEW.person_id);
BEGIN
    IF provider IN (NEW.recorded_by, NEW.graded_by) THEN
        RAISE EXCEPTION 'nobody records or grades a case of their own'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_case_by_another';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_case_by_another AFTER INSERT OR UPDATE ON closed_case
    FOR EACH ROW EXECUTE FUNCTION check_closed_case_people();
CREATE TRIGGER closed_case_is_kept BEFORE DELETE ON closed_case FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();

-- What of a case's file has been handed in, by name; its scan is an attachment.
CREATE TABLE case_document (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    closed_case_id bigint NOT NULL REFERENCES closed_case ON DELETE RESTRICT,
    name_zh text NOT NULL CHECK (name_zh <> ''),
    handed_in_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    handed_in_at timestamptz NOT NULL,
    UNIQUE (closed_case_id, name_zh)
);
CREATE INDEX case_document_handed_in_by ON case_document (handed_in_by);
CALL make_append_only('case_document');

-- What somebody spent for the work, with receipts; an officer judges it like any claim.
CREATE SEQUENCE reference_bx;
CREATE TABLE expense (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('bx'),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('meal', 'travel', 'lodging', 'copying', 'other')),
    spent_on date NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    reason_zh text NOT NULL CHECK (reason_zh <> ''),
    sign_up_id bigint REFERENCES sign_up ON DELETE RESTRICT,
    handed_in_at timestamptz NOT NULL,
    title_zh text GENERATED ALWAYS AS
        (CASE kind WHEN 'meal' THEN '误餐费' WHEN 'travel' THEN '交通费' WHEN 'lodging' THEN '住宿费'
                   WHEN 'copying' THEN '复印费' ELSE '其他费用' END) STORED,
    title_en text GENERATED ALWAYS AS
        (CASE kind WHEN 'meal' THEN 'Meals' WHEN 'travel' THEN 'Travel' WHEN 'lodging' THEN 'Lodging'
                   WHEN 'copying' THEN 'Copying' ELSE 'Other costs' END) STORED
);
CREATE INDEX expense_person ON expense (person_id, id DESC);
CREATE INDEX expense_place ON expense (place_id);
CREATE INDEX expense_sign_up ON expense (sign_up_id) WHERE sign_up_id IS NOT NULL;
CALL make_append_only('expense');
CREATE TABLE expense_receipt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    expense_id bigint NOT NULL REFERENCES expense ON DELETE RESTRICT,
    sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32)  -- one receipt is paid once, whoever brings it
);
CREATE INDEX expense_receipt_of ON expense_receipt (expense_id);
CALL make_append_only('expense_receipt');

-- A full-time mediator's base by the month, as the document of appointment says.
CREATE TABLE mediator_post (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    agency_zh text NOT NULL CHECK (agency_zh <> ''),
    document text NOT NULL CHECK (document <> ''),
    monthly_fen bigint NOT NULL CHECK (monthly_fen > 0),
    from_day date NOT NULL,
    until_day date,                        -- the last day, as far as it is known
    recorded_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    recorded_at timestamptz NOT NULL,
    title_zh text GENERATED ALWAYS AS ('专职调解员 ' || agency_zh) STORED,
    title_en text GENERATED ALWAYS AS ('Full-time mediator, ' || agency_zh) STORED,
    CHECK (until_day >= from_day),
    -- Nobody is full-time at two committees.
    CONSTRAINT mediator_post_one_at_a_time EXCLUDE USING gist
        (int8range(person_id, person_id, '[]') WITH &&, daterange(from_day, until_day, '[]') WITH &&)
);
CREATE INDEX mediator_post_person ON mediator_post (person_id);
CREATE INDEX mediator_post_place ON mediator_post (place_id);
CREATE INDEX mediator_post_recorded_by ON mediator_post (recorded_by);
CREATE FUNCTION check_mediator_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.person_id, NEW.place_id, NEW.agency_zh, NEW.document, NEW.monthly_fen, NEW.from_day, NEW.recorded_by)
       IS DISTINCT FROM
       (OLD.person_id, OLD.place_id, OLD.agency_zh, OLD.document, OLD.monthly_fen, OLD.from_day, OLD.recorded_by) THEN
        RAISE EXCEPTION 'a post stays as its document says; only its end is still open'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'mediator_post_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mediator_post_frozen AFTER UPDATE ON mediator_post
    FOR EACH ROW EXECUTE FUNCTION check_mediator_post();
CREATE TRIGGER mediator_post_is_kept BEFORE DELETE ON mediator_post
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();

-- A claim is for one thing. A case has two: the base when it closes, the rest once its quality is graded.
ALTER TABLE claim
    ADD COLUMN closed_case_id bigint REFERENCES closed_case ON DELETE RESTRICT,
    ADD COLUMN part text NOT NULL DEFAULT '',
    ADD COLUMN expense_id bigint UNIQUE REFERENCES expense ON DELETE RESTRICT,
    ADD COLUMN mediator_post_id bigint REFERENCES mediator_post ON DELETE RESTRICT,
    ADD COLUMN month date,
    ADD COLUMN judged_by bigint REFERENCES account ON DELETE RESTRICT,
    DROP CONSTRAINT claim_of_one_thing, DROP CONSTRAINT claim_of_contract, DROP CONSTRAINT claim_priced_by;
ALTER TABLE claim
    ADD CONSTRAINT claim_of_one_thing CHECK (num_nonnulls(sign_up_id, village_order_id, contract_payment_id,
                                                          closed_case_id, expense_id, mediator_post_id) = 1),
    ADD CONSTRAINT claim_of_contract CHECK ((contract_id IS NOT NULL)
                                            = (num_nonnulls(village_order_id, contract_payment_id) = 1)),
    ADD CONSTRAINT claim_priced_by CHECK ((tariff_set_id IS NOT NULL) = (num_nonnulls(sign_up_id, closed_case_id) = 1)),
    ADD CONSTRAINT claim_part CHECK (part IN ('', 'base', 'quality') AND (part = '') = (closed_case_id IS NULL)),
    ADD CONSTRAINT claim_month CHECK ((month IS NULL) = (mediator_post_id IS NULL) AND extract(day FROM month) = 1),
    ADD CONSTRAINT claim_documents_gate CHECK (status <> 'accrued' OR missing_documents = '{}');
CREATE UNIQUE INDEX claim_case_part ON claim (closed_case_id, part) WHERE closed_case_id IS NOT NULL;
CREATE UNIQUE INDEX claim_post_month ON claim (mediator_post_id, month) WHERE mediator_post_id IS NOT NULL;
CREATE INDEX claim_judged_by ON claim (judged_by) WHERE judged_by IS NOT NULL;

CREATE OR REPLACE FUNCTION claim_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('accrued', 'approved'), ('accrued', 'returned'), ('accrued', 'rejected'), ('held', 'accrued'),
        ('held', 'rejected'), ('returned', 'accrued'), ('returned', 'rejected'), ('rejected', 'accrued'),
        ('approved', 'batched'), ('approved', 'reversed'), ('batched', 'approved'), ('batched', 'paid'),
        ('paid', 'returned_by_bank'), ('paid', 'reversed'), ('returned_by_bank', 'batched'),
        ('returned_by_bank', 'reversed'))
$$;
-- What lacks documents is not priced yet: completing them prices it, once. Everything else stays as it was priced.
CREATE OR REPLACE FUNCTION check_claim_steps() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_claims n LEFT JOIN old_claims o ON o.id = n.id
               WHERE (n.status = o.status OR claim_may_go(o.status, n.status)) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a claim takes a step that there is not'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_in_order';
    END IF;
    IF EXISTS (
        SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id
        WHERE (n.programme_id, n.sign_up_id, n.village_order_id, n.contract_payment_id, n.contract_id, n.person_id,
               n.organization_id, n.item, n.service_day, n.place_id, n.budget_line_id, n.tariff_set_id,
               n.closed_case_id, n.part, n.expense_id, n.mediator_post_id, n.month)
              IS DISTINCT FROM
              (o.programme_id, o.sign_up_id, o.village_order_id, o.contract_payment_id, o.contract_id, o.person_id,
               o.organization_id, o.item, o.service_day, o.place_id, o.budget_line_id, o.tariff_set_id,
               o.closed_case_id, o.part, o.expense_id, o.mediator_post_id, o.month)
           OR (n.amount_fen, n.trace) IS DISTINCT FROM (o.amount_fen, o.trace)
              AND (o.status, o.amount_fen, o.missing_documents = '{}') IS DISTINCT FROM ('held', 0::bigint, false)
           OR o.approved_by IS NOT NULL
              AND (n.approved_by, n.approved_at) IS DISTINCT FROM (o.approved_by, o.approved_at)) THEN
        RAISE EXCEPTION 'what a claim is for, its amount, payee and approval do not change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_amount_frozen';
    END IF;
    RETURN NULL;
END $$;
-- Documents are there when they were handed in, and only then does a claim of a case go on.
CREATE FUNCTION check_claim_documents() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id, unnest(o.missing_documents) AS missing
        WHERE n.closed_case_id IS NOT NULL AND NOT missing = ANY (n.missing_documents)
          AND NOT EXISTS (SELECT FROM case_document d
                          WHERE d.closed_case_id = n.closed_case_id AND d.name_zh = missing)) THEN
        RAISE EXCEPTION 'a document is there when it was handed in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_documents_handed_in';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_documents_handed_in AFTER UPDATE ON claim
    REFERENCING OLD TABLE AS old_claims NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_claim_documents();
