-- Recusal (采购法实施条例 art. 9): ties that an officer declares, and ties by membership, bar every step of a review.

CREATE TABLE declared_interest (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('employment', 'board', 'ownership', 'family', 'other')),
    since date NOT NULL,
    until date,                            -- NULL: it goes on
    declared_at timestamptz NOT NULL,
    CHECK (until IS NULL OR until >= since),
    CONSTRAINT declared_interest_once UNIQUE (account_id, organization_id, kind, since)
);
CREATE INDEX declared_interest_organization ON declared_interest (organization_id);

-- What was declared stays; only an end may be added, once.
CREATE FUNCTION keep_declared_interest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.until IS NULL AND NEW.until IS NOT NULL
       AND (NEW.id, NEW.public_id, NEW.account_id, NEW.organization_id, NEW.kind, NEW.since, NEW.declared_at)
         = (OLD.id, OLD.public_id, OLD.account_id, OLD.organization_id, OLD.kind, OLD.since, OLD.declared_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a declared interest may be ended once and otherwise stays'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'declared_interest_stays';
END $$;
CREATE TRIGGER declared_interest_stays BEFORE UPDATE OR DELETE ON declared_interest
    FOR EACH ROW EXECUTE FUNCTION keep_declared_interest();

-- For how many years a past tie bars: the dated figure of the rulebook, the nearest jurisdiction first.
CREATE FUNCTION recusal_years(on_day date) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT r.value::integer FROM law_rule r
                      WHERE r.rule_key = 'marketplace.recusal' AND r.effective_from <= on_day
                        AND (r.effective_to IS NULL OR r.effective_to > on_day)
                        AND (r.jurisdiction = 'CN' OR starts_with('3301', r.jurisdiction))
                      ORDER BY r.jurisdiction = 'CN', length(r.jurisdiction) DESC LIMIT 1), 3)
$$;

-- Work, office and shares bar for years after they ended; family bars as long as it lasts.
CREATE FUNCTION is_tied(officer bigint, provider bigint, at_time timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH at_day AS (SELECT (at_time AT TIME ZONE 'Asia/Shanghai')::date AS today),
         past AS (SELECT today, make_interval(years => recusal_years(today)) AS years FROM at_day)
    SELECT EXISTS (SELECT FROM membership m, past WHERE m.organization_id = provider AND m.account_id = officer
                      AND coalesce(m.valid_until, 'infinity') > at_time - past.years)
        OR EXISTS (SELECT FROM declared_interest i, past WHERE i.organization_id = provider AND i.account_id = officer
                      AND (i.until IS NULL
                           OR i.until >= CASE WHEN i.kind IN ('family', 'other') THEN past.today
                                              ELSE (past.today - past.years)::date END))
$$;

-- Who took which version up for review.
CREATE TABLE review_start (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_version_id bigint NOT NULL,
    author_id bigint NOT NULL,
    reviewer_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    begun_at timestamptz NOT NULL,
    FOREIGN KEY (product_version_id, author_id) REFERENCES product_version (id, author_id) ON DELETE RESTRICT,
    CONSTRAINT review_started_once UNIQUE (product_version_id),
    CONSTRAINT product_begun_by_another CHECK (reviewer_id <> author_id)
);
CREATE INDEX review_start_version ON review_start (product_version_id, author_id);
CREATE INDEX review_start_reviewer ON review_start (reviewer_id);
CALL make_append_only('review_start');

CREATE FUNCTION refuse_tied_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_tied(NEW.reviewer_id,
               (SELECT p.organization_id FROM product p JOIN product_version v ON v.product_id = p.id
                 WHERE v.id = NEW.product_version_id),
               CASE TG_TABLE_NAME WHEN 'review_start' THEN (to_jsonb(NEW) ->> 'begun_at')::timestamptz
                                  ELSE (to_jsonb(NEW) ->> 'decided_at')::timestamptz END) THEN
        RAISE EXCEPTION 'account % has a tie to the provider', NEW.reviewer_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_reviewer_without_tie';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_reviewer_without_tie AFTER INSERT ON review_start
    FOR EACH ROW EXECUTE FUNCTION refuse_tied_reviewer();
CREATE TRIGGER product_reviewer_without_tie AFTER INSERT ON product_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_tied_reviewer();

CREATE FUNCTION require_begun_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM review_start r JOIN product_version v ON v.id = r.product_version_id
                    WHERE v.product_id = NEW.id AND v.number = NEW.latest_version) THEN
        RAISE EXCEPTION 'product %: nobody took version % up', NEW.id, NEW.latest_version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_review_begun_by_name';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_review_begun_by_name BEFORE UPDATE OF status, revision ON product FOR EACH ROW
    WHEN (NEW.status = 'in_review' AND OLD.status <> 'in_review'
          OR NEW.revision = 'in_review' AND OLD.revision <> 'in_review')
    EXECUTE FUNCTION require_begun_review();

CREATE FUNCTION refuse_tied_officer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_tied(NEW.decided_by, NEW.id, NEW.decided_at) THEN
        RAISE EXCEPTION 'account % has a tie to organization %', NEW.decided_by, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organization_decided_without_tie';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organization_decided_without_tie AFTER UPDATE OF decided_by, decided_at ON organization FOR EACH ROW
    WHEN (NEW.decided_by IS NOT NULL AND NEW.decided_at IS NOT NULL)
    EXECUTE FUNCTION refuse_tied_officer();

CREATE FUNCTION refuse_tied_verifier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_tied(NEW.verified_by, NEW.organization_id, NEW.verified_at) THEN
        RAISE EXCEPTION 'account % has a tie to organization %', NEW.verified_by, NEW.organization_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'qualification_verified_without_tie';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER qualification_verified_without_tie AFTER INSERT OR UPDATE OF verified_by ON qualification FOR EACH ROW
    WHEN (NEW.verified_by IS NOT NULL) EXECUTE FUNCTION refuse_tied_verifier();

-- What a reviewer asks to be changed, by the names of fields.
ALTER TABLE product_decision ADD COLUMN fields text[] NOT NULL DEFAULT '{}';
ALTER TABLE product_decision ADD CONSTRAINT product_fields_of_a_request
    CHECK (fields = '{}' OR verdict = 'request_changes');
