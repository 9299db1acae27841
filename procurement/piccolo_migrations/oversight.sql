-- The audit view: what asks to be looked at again, what an auditor said about it, and seeded random samples.

-- One thing that stands out, as it stood in the night that found it. What no longer holds is closed and kept; figures
-- that changed close the row and open another.
CREATE TABLE review_flag (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN
        ('splitting', 'short_period', 'single_response', 'identical_prices', 'fixed_ratio', 'all_excluded', 'low_price',
         'capture', 'overlap', 'billed_twice', 'paid_early', 'same_person', 'no_opinion', 'late_notice')),
    subject text NOT NULL CHECK (subject <> ''),             -- what makes it this flag and no other
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    budget_line_id bigint REFERENCES budget_line ON DELETE RESTRICT,
    purchase_id bigint REFERENCES purchase ON DELETE RESTRICT,
    village_order_id bigint REFERENCES village_order ON DELETE RESTRICT,
    claim_id bigint REFERENCES claim ON DELETE RESTRICT,
    organization_id bigint REFERENCES organization ON DELETE RESTRICT,
    person_id bigint REFERENCES person ON DELETE RESTRICT,
    measured bigint,                                         -- NULL: what should have happened has not
    threshold bigint NOT NULL,
    unit text NOT NULL CHECK (unit IN ('fen', 'days', 'suppliers', 'percent', 'minutes', 'times', 'people')),
    n integer NOT NULL,
    minimum integer NOT NULL CHECK (minimum > 0),
    parts jsonb NOT NULL,                                    -- the other inputs, and the references compared
    document text NOT NULL,
    article text NOT NULL,
    verified boolean NOT NULL,
    found_at timestamptz NOT NULL,
    closed_at timestamptz CHECK (closed_at >= found_at),
    CONSTRAINT review_flag_enough CHECK (n >= minimum)
);
CREATE UNIQUE INDEX review_flag_once ON review_flag (kind, subject) WHERE closed_at IS NULL;
CREATE INDEX review_flag_place ON review_flag (place_id, year);
CREATE INDEX review_flag_budget_line ON review_flag (budget_line_id) WHERE budget_line_id IS NOT NULL;
CREATE INDEX review_flag_purchase ON review_flag (purchase_id) WHERE purchase_id IS NOT NULL;
CREATE INDEX review_flag_village_order ON review_flag (village_order_id) WHERE village_order_id IS NOT NULL;
CREATE INDEX review_flag_claim ON review_flag (claim_id) WHERE claim_id IS NOT NULL;
CREATE INDEX review_flag_organization ON review_flag (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX review_flag_person ON review_flag (person_id) WHERE person_id IS NOT NULL;

CREATE FUNCTION refuse_flag_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL
       OR to_jsonb(NEW) - 'closed_at' <> to_jsonb(OLD) - 'closed_at' THEN
        RAISE EXCEPTION 'flag % stays as it was found', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'review_flag_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_flag_is_kept BEFORE UPDATE OR DELETE ON review_flag
    FOR EACH ROW EXECUTE FUNCTION refuse_flag_change();

-- What an auditor said after looking: open -> referred -> explained, or explained at once; an explanation is the end.
CREATE TABLE flag_review (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    flag_id bigint NOT NULL REFERENCES review_flag ON DELETE RESTRICT,
    outcome text NOT NULL CHECK (outcome IN ('explained', 'referred')),
    words_zh text NOT NULL CHECK (btrim(words_zh) <> '' AND length(words_zh) <= 500),
    reviewed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    reviewed_at timestamptz NOT NULL,
    CONSTRAINT flag_review_once UNIQUE (flag_id, outcome)
);
CREATE INDEX flag_review_by ON flag_review (reviewed_by);
CALL make_append_only('flag_review');

-- The lock makes two auditors, and the night's job, wait for each other. Nobody explains what they did themselves.
CREATE FUNCTION check_flag_review() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    flag record;
BEGIN
    SELECT * INTO flag FROM review_flag WHERE id = NEW.flag_id FOR NO KEY UPDATE;
    IF flag.closed_at IS NOT NULL
       OR EXISTS (SELECT FROM flag_review r WHERE r.flag_id = NEW.flag_id AND r.outcome = 'explained') THEN
        RAISE EXCEPTION 'flag % is not open any more', NEW.flag_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'flag_review_while_open';
    END IF;
    IF EXISTS (SELECT FROM purchase p LEFT JOIN contract c ON c.purchase_id = p.id
               WHERE p.id = flag.purchase_id
                 AND NEW.reviewed_by IN (p.requested_by, p.approved_by, c.signed_by_buyer, c.signed_by_provider))
       OR EXISTS (SELECT FROM acceptance a WHERE a.village_order_id = flag.village_order_id
                  AND a.acceptor_id = NEW.reviewed_by)
       OR EXISTS (SELECT FROM claim WHERE claim.id = flag.claim_id AND claim.approved_by = NEW.reviewed_by)
       OR EXISTS (SELECT FROM person WHERE person.id = flag.person_id AND person.account_id = NEW.reviewed_by) THEN
        RAISE EXCEPTION 'nobody reviews what they did themselves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'flag_review_second_party';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER flag_review_checked BEFORE INSERT ON flag_review FOR EACH ROW EXECUTE FUNCTION check_flag_review();

-- A sample: whoever knows the seed and the population draws the same one.
CREATE SEQUENCE reference_cy;
CREATE TABLE audit_sample (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('cy'),
    population text NOT NULL CHECK (population IN ('contract', 'unit', 'claim')),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    seed text NOT NULL CHECK (seed <> '' AND length(seed) <= 60 AND seed !~ '[\n\r]'),
    size integer NOT NULL CHECK (size BETWEEN 1 AND 100),
    population_count integer NOT NULL CHECK (population_count >= size),
    population_refs text[] NOT NULL CHECK (cardinality(population_refs) = population_count),
    population_sha256 bytea NOT NULL,
    drawn_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    drawn_at timestamptz NOT NULL,
    -- of the sorted references, each ended by a line feed
    CONSTRAINT audit_sample_population_hashed CHECK (population_sha256 =
        sha256(convert_to(array_to_string(population_refs, E'\n') || E'\n', 'UTF8')))
);
CREATE INDEX audit_sample_place ON audit_sample (place_id, year);
CREATE INDEX audit_sample_drawn_by ON audit_sample (drawn_by);
CALL make_append_only('audit_sample');

CREATE TABLE audit_sample_item (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    sample_id bigint NOT NULL REFERENCES audit_sample ON DELETE RESTRICT,
    position integer NOT NULL CHECK (position > 0),
    reference text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT audit_sample_item_once UNIQUE (sample_id, position),
    UNIQUE (sample_id, reference)
);
CALL make_append_only('audit_sample_item');

-- Judged at COMMIT: the items are exactly the smallest digests of the population, in their order.
CREATE FUNCTION check_sample_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(array_agg(ROW (i.reference, i.digest) ORDER BY i.position), '{}')
        FROM audit_sample_item i WHERE i.sample_id = NEW.id)
       IS DISTINCT FROM
       (SELECT array_agg(ROW (d.reference, d.digest) ORDER BY d.digest)
        FROM (SELECT reference, sha256(convert_to(NEW.seed || E'\n' || reference, 'UTF8')) AS digest
              FROM unnest(NEW.population_refs) AS reference ORDER BY digest LIMIT NEW.size) AS d) THEN
        RAISE EXCEPTION 'sample % is not the one that its seed draws', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_sample_drawn';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_sample_drawn AFTER INSERT ON audit_sample DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_sample_drawn();
CREATE FUNCTION refuse_late_sample_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_sample s WHERE s.id = NEW.sample_id AND s.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'sample % is drawn', NEW.sample_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_sample_drawn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_sample_item_in_time BEFORE INSERT ON audit_sample_item
    FOR EACH ROW EXECUTE FUNCTION refuse_late_sample_item();

CREATE TABLE sample_finding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id bigint NOT NULL REFERENCES audit_sample_item ON DELETE RESTRICT,
    outcome text NOT NULL CHECK (outcome IN ('sound', 'question')),
    words_zh text NOT NULL DEFAULT '' CHECK (length(words_zh) <= 500),
    found_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    found_at timestamptz NOT NULL,
    CONSTRAINT sample_finding_reasoned CHECK (outcome = 'sound' OR btrim(words_zh) <> '')
);
CREATE INDEX sample_finding_item ON sample_finding (item_id, id);
CREATE INDEX sample_finding_by ON sample_finding (found_by);
CALL make_append_only('sample_finding');

-- The evidence of a sample, packed once by a job; the bytes lie in the store under their hash.
CREATE TABLE sample_bundle (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sample_id bigint NOT NULL UNIQUE REFERENCES audit_sample ON DELETE RESTRICT,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    byte_count bigint NOT NULL CHECK (byte_count > 0),
    made_at timestamptz NOT NULL
);
CALL make_append_only('sample_bundle');
