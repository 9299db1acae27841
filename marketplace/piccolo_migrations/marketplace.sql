-- What there is, and who asks: places, organizations, products.

CREATE TABLE place (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code ~ '^[0-9]{4}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?$'),
    level text NOT NULL CHECK (level IN ('city', 'district', 'town', 'village')),
    parent_id bigint REFERENCES place ON DELETE RESTRICT,
    name_zh text NOT NULL,
    name_en text NOT NULL,                 -- pinyin, made at import
    rural boolean NOT NULL,
    short_of_lawyers boolean NOT NULL DEFAULT false,
    longitude double precision NOT NULL,
    latitude double precision NOT NULL,
    approximate boolean NOT NULL,          -- the point is derived, not surveyed
    east_m integer NOT NULL,               -- metres in the city's plane, for distances
    north_m integer NOT NULL,
    boundary jsonb,                        -- GeoJSON geometry, districts only
    CHECK ((level = 'city') = (parent_id IS NULL)),
    CHECK (length(code) = CASE level WHEN 'city' THEN 4 WHEN 'district' THEN 6 WHEN 'town' THEN 9 ELSE 12 END)
);
CREATE INDEX place_parent ON place (parent_id);
CREATE INDEX place_code_prefix ON place (code text_pattern_ops);

CREATE TABLE station (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('city', 'district', 'town', 'village', 'workstation')),
    name_zh text NOT NULL,
    name_en text NOT NULL,
    phone text NOT NULL DEFAULT '',
    east_m integer NOT NULL,
    north_m integer NOT NULL,
    open boolean NOT NULL DEFAULT true,
    UNIQUE (place_id, kind, name_zh)
);

CREATE TABLE organization (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    uscc text NOT NULL UNIQUE CHECK (uscc ~ '^[0-9A-HJ-NP-RTUWXY]{18}$'),
    kind text NOT NULL CHECK (kind IN
        ('association', 'service_institution', 'foundation', 'law_firm', 'notary_office', 'appraisal_institution')),
    name_zh text NOT NULL,
    name_en text NOT NULL DEFAULT '',
    profile_zh text NOT NULL DEFAULT '',
    profile_en text NOT NULL DEFAULT '',
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('applied', 'verified', 'refused', 'suspended')),
    subject_key_id bigint NOT NULL REFERENCES subject_key ON DELETE RESTRICT,
    bank_name text NOT NULL DEFAULT '',
    bank_account_sealed bytea,
    applied_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    applied_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    decision_reason text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),  -- of the profile, for edits made at the same time
    CONSTRAINT organization_decided_by_another CHECK (decided_by <> applied_by)
);
CREATE INDEX organization_place ON organization (place_id);
CREATE INDEX organization_subject_key ON organization (subject_key_id);
CREATE INDEX organization_applied_by ON organization (applied_by);
CREATE INDEX organization_decided_by ON organization (decided_by) WHERE decided_by IS NOT NULL;
ALTER TABLE membership ADD FOREIGN KEY (organization_id) REFERENCES organization ON DELETE RESTRICT;

CREATE TABLE qualification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('registration', 'law_practice', 'notarization', 'forensic_appraisal',
                                       'financial_report', 'tax_and_social_security', 'capability', 'no_violation')),
    number text NOT NULL CHECK (number <> ''),
    issuer_zh text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    added_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    added_at timestamptz NOT NULL,
    verified_by bigint REFERENCES account ON DELETE RESTRICT,
    verified_at timestamptz,
    refused_reason text NOT NULL DEFAULT '',
    CHECK (valid_until IS NULL OR valid_until >= valid_from),
    CHECK ((verified_by IS NULL) = (verified_at IS NULL)),
    CHECK (refused_reason = '' OR verified_by IS NULL),
    CONSTRAINT qualification_verified_by_another CHECK (verified_by <> added_by),
    UNIQUE (organization_id, kind, number, valid_from)       -- a renewed paper is a new row
);
CREATE INDEX qualification_verified_by ON qualification (verified_by) WHERE verified_by IS NOT NULL;
CREATE INDEX qualification_added_by ON qualification (added_by);

CREATE SEQUENCE reference_cp;
CREATE TABLE product (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE DEFAULT next_reference('cp'),
    organization_id bigint NOT NULL REFERENCES organization ON DELETE RESTRICT,
    category text NOT NULL CHECK (category IN ('legal_education', 'consultation', 'mediation', 'legal_aid',
                                               'notarization', 'forensic_appraisal')),
    status text NOT NULL CHECK (status IN ('draft', 'submitted', 'in_review', 'changes_requested', 'listed',
                                           'suspended', 'delisted', 'rejected', 'withdrawn')),
    -- A listed product stays listed while its next version is written and reviewed.
    revision text NOT NULL DEFAULT 'none'
        CHECK (revision IN ('none', 'draft', 'submitted', 'in_review', 'changes_requested')),
    latest_version integer NOT NULL DEFAULT 1 CHECK (latest_version > 0),
    listed_version integer,
    submitted_at timestamptz,
    listed_at timestamptz,
    search tsvector NOT NULL DEFAULT '',
    created_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    CONSTRAINT product_listed_has_version CHECK (status NOT IN ('listed', 'suspended') OR listed_version IS NOT NULL),
    CONSTRAINT product_revision_of_listed CHECK (revision = 'none' OR status IN ('listed', 'suspended'))
);
CREATE INDEX product_organization ON product (organization_id);
CREATE INDEX product_catalogue ON product (status, category, id DESC);
CREATE INDEX product_review ON product (submitted_at) WHERE submitted_at IS NOT NULL;
CREATE INDEX product_search ON product USING gin (search);
CREATE INDEX product_created_by ON product (created_by);

-- Every save is a new version; a version never changes, so that an order can pin it.
CREATE TABLE product_version (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES product ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    title_zh text NOT NULL CHECK (title_zh <> ''),
    title_en text NOT NULL DEFAULT '',
    summary_zh text NOT NULL,              -- a draft may still be incomplete: '' where nothing is written yet
    summary_en text NOT NULL DEFAULT '',
    content_zh text NOT NULL,              -- what is done
    standard_zh text NOT NULL,             -- how well
    staffing_zh text NOT NULL,             -- by whom
    process_zh text NOT NULL,              -- in which steps
    target_group text NOT NULL,
    unit text NOT NULL CHECK (unit IN ('', 'lecture', 'visit', 'half_day', 'case', 'session')),
    minutes integer NOT NULL CHECK (minutes BETWEEN 30 AND 480),
    people integer NOT NULL DEFAULT 1 CHECK (people BETWEEN 1 AND 10),
    credentials_any text[] NOT NULL DEFAULT '{}',
    skills_all text[] NOT NULL DEFAULT '{}',
    ceiling_fen bigint NOT NULL CHECK (ceiling_fen >= 0),
    content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
    author_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    created_at timestamptz NOT NULL,
    UNIQUE (product_id, number),
    UNIQUE (id, author_id)
);
CREATE INDEX product_version_author ON product_version (author_id);
CALL make_append_only('product_version');
ALTER TABLE product ADD CONSTRAINT product_listed_version_exists
    FOREIGN KEY (id, listed_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT;

-- Where a version is offered: a place covers all below it.
CREATE TABLE product_area (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL,
    product_version integer NOT NULL,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    UNIQUE (product_id, product_version, place_id),
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number) ON DELETE RESTRICT
);
CREATE INDEX product_area_place ON product_area (place_id);
CALL make_append_only('product_area');

CREATE TABLE product_decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_version_id bigint NOT NULL,
    author_id bigint NOT NULL,
    reviewer_id bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    verdict text NOT NULL CHECK (verdict IN ('list', 'request_changes', 'reject', 'suspend', 'reinstate', 'delist')),
    reasons text NOT NULL CHECK (reasons <> ''),
    decided_at timestamptz NOT NULL,
    FOREIGN KEY (product_version_id, author_id) REFERENCES product_version (id, author_id) ON DELETE RESTRICT,
    CONSTRAINT product_reviewer_is_not_author CHECK (reviewer_id <> author_id)
);
-- A version is reviewed once: what was sent back comes again as a new version.
CREATE UNIQUE INDEX product_reviewed_once ON product_decision (product_version_id)
    WHERE verdict IN ('list', 'request_changes', 'reject');
CREATE INDEX product_decision_reviewer ON product_decision (reviewer_id);
CREATE INDEX product_decision_version ON product_decision (product_version_id, author_id);
CALL make_append_only('product_decision');

-- Nothing becomes public without a second person's decision to list exactly this version.
CREATE FUNCTION require_listing_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.listed_version IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM product_decision d JOIN product_version v ON v.id = d.product_version_id
        WHERE v.product_id = NEW.id AND v.number = NEW.listed_version AND d.verdict = 'list') THEN
        RAISE EXCEPTION 'product %: version % was never decided to be listed', NEW.id, NEW.listed_version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_listing_decided';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_listing_decided BEFORE INSERT OR UPDATE OF listed_version ON product
    FOR EACH ROW EXECUTE FUNCTION require_listing_decision();
