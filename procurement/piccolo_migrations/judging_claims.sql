-- Judging claims: pairs that may be one piece of work, samples looked at before many are approved, disputes, and payees
-- that are checked before a batch.

CREATE TABLE claim_double (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    other_claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    ground text NOT NULL CHECK (ground IN ('same_matter', 'referral', 'overlap')),
    found_at timestamptz NOT NULL,
    decision text NOT NULL DEFAULT '' CHECK (decision IN ('', 'both', 'one')),
    refused_claim_id bigint REFERENCES claim ON DELETE RESTRICT,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    reason_zh text NOT NULL DEFAULT '',
    UNIQUE (claim_id, other_claim_id),
    CHECK (claim_id > other_claim_id),
    CONSTRAINT claim_double_decided CHECK ((decision = '') = (decided_by IS NULL) AND (decision = '') = (reason_zh = '')
                                           AND (decision = '') = (decided_at IS NULL)),
    CONSTRAINT claim_double_refused CHECK ((decision = 'one') = (refused_claim_id IS NOT NULL)
                                           AND refused_claim_id IN (claim_id, other_claim_id))
);
CREATE INDEX claim_double_other ON claim_double (other_claim_id);
CREATE INDEX claim_double_refused_claim ON claim_double (refused_claim_id) WHERE refused_claim_id IS NOT NULL;
CREATE INDEX claim_double_decided_by ON claim_double (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX claim_double_open ON claim_double (id) WHERE decision = '';
CREATE TRIGGER claim_double_is_kept BEFORE DELETE ON claim_double FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
CREATE FUNCTION check_claim_double() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decision <> '' OR (NEW.claim_id, NEW.other_claim_id, NEW.ground, NEW.found_at)
                             IS DISTINCT FROM (OLD.claim_id, OLD.other_claim_id, OLD.ground, OLD.found_at) THEN
        RAISE EXCEPTION 'a pair is decided once' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_double_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_double_frozen AFTER UPDATE ON claim_double FOR EACH ROW EXECUTE FUNCTION check_claim_double();

CREATE TABLE claim_dispute (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    raised_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    raised_at timestamptz NOT NULL,
    text_zh text NOT NULL CHECK (text_zh <> ''),
    judge_id bigint REFERENCES account ON DELETE RESTRICT,      -- who had judged the claim
    due_on date NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'upheld', 'dismissed')),
    answered_by bigint REFERENCES account ON DELETE RESTRICT,
    answered_at timestamptz,
    answer_zh text NOT NULL DEFAULT '',
    CONSTRAINT claim_dispute_by_another CHECK (answered_by <> raised_by AND answered_by <> coalesce(judge_id, 0)),
    CONSTRAINT claim_dispute_answered CHECK ((status = 'open') = (answered_by IS NULL)
                                             AND (status = 'open') = (answered_at IS NULL)
                                             AND (status = 'open') = (answer_zh = ''))
);
CREATE UNIQUE INDEX claim_dispute_one_open ON claim_dispute (claim_id) WHERE status = 'open';
CREATE INDEX claim_dispute_claim ON claim_dispute (claim_id, id);
CREATE INDEX claim_dispute_raised_by ON claim_dispute (raised_by);
CREATE INDEX claim_dispute_judge ON claim_dispute (judge_id) WHERE judge_id IS NOT NULL;
CREATE INDEX claim_dispute_answered_by ON claim_dispute (answered_by) WHERE answered_by IS NOT NULL;
CREATE TRIGGER claim_dispute_is_kept BEFORE DELETE ON claim_dispute
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();
CREATE FUNCTION check_claim_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'open' OR (NEW.claim_id, NEW.raised_by, NEW.raised_at, NEW.text_zh, NEW.judge_id, NEW.due_on)
        IS DISTINCT FROM (OLD.claim_id, OLD.raised_by, OLD.raised_at, OLD.text_zh, OLD.judge_id, OLD.due_on) THEN
        RAISE EXCEPTION 'a dispute is answered once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_dispute_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_dispute_frozen AFTER UPDATE ON claim_dispute
    FOR EACH ROW EXECUTE FUNCTION check_claim_dispute();

-- A claim goes nearer to the money only when no pair and no dispute of it is open; both are judged by the statement.
CREATE FUNCTION check_claims_undisputed() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id AND o.status <> n.status
               JOIN claim_double d ON n.id IN (d.claim_id, d.other_claim_id) AND d.decision = ''
               WHERE n.status = 'approved' AND o.status = 'accrued') THEN
        RAISE EXCEPTION 'a claim that may be paid twice is decided first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_double_undecided';
    END IF;
    IF EXISTS (SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id AND o.status <> n.status
               JOIN claim_dispute d ON d.claim_id = n.id AND d.status = 'open'
               WHERE n.status = 'approved' AND o.status = 'accrued' OR n.status = 'batched') THEN
        RAISE EXCEPTION 'a disputed claim is answered first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_disputed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_undisputed AFTER UPDATE ON claim REFERENCING OLD TABLE AS old_claims NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_claims_undisputed();

-- Before many claims are approved at once, some drawn by chance are looked at.
CREATE TABLE approval_sample (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    drawn_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    drawn_at timestamptz NOT NULL,
    seed bytea NOT NULL CHECK (octet_length(seed) = 16),
    selection_sha256 bytea NOT NULL CHECK (octet_length(selection_sha256) = 32),
    claim_count integer NOT NULL CHECK (claim_count > 0),
    UNIQUE (drawn_by, selection_sha256)    -- the same selection is not drawn again until it suits
);
CALL make_append_only('approval_sample');
CREATE TABLE sampled_claim (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sample_id bigint NOT NULL REFERENCES approval_sample ON DELETE RESTRICT,
    claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
    looked_at timestamptz,
    UNIQUE (sample_id, claim_id)
);
CREATE INDEX sampled_claim_claim ON sampled_claim (claim_id);
CREATE TRIGGER sampled_claim_is_kept BEFORE DELETE ON sampled_claim
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_deletion();

-- Two rows that may be one person are paid to the same account. Somebody may have found them to be two.
CREATE TABLE payee_clearance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    other_person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    ground_zh text NOT NULL CHECK (ground_zh <> ''),
    cleared_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    cleared_at timestamptz NOT NULL,
    UNIQUE (person_id, other_person_id),
    CHECK (person_id < other_person_id)
);
CREATE INDEX payee_clearance_other ON payee_clearance (other_person_id);
CREATE INDEX payee_clearance_cleared_by ON payee_clearance (cleared_by);
CALL make_append_only('payee_clearance');
CREATE VIEW twin_payee AS
    SELECT a.id AS person_id, b.id AS other_person_id
    FROM person a JOIN person b ON b.bank_account_digest = a.bank_account_digest AND b.id > a.id
    EXCEPT SELECT person_id, other_person_id FROM payee_clearance;
CREATE VIEW unfit_payee AS
    SELECT id AS person_id, 'official' AS ground FROM person WHERE public_official
    UNION SELECT person_id, 'twin' FROM twin_payee
    UNION SELECT other_person_id, 'twin' FROM twin_payee;
