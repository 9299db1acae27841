-- Who can go: people, credentials, availability, recusals.

CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL UNIQUE REFERENCES account ON DELETE RESTRICT,
    name text NOT NULL CHECK (name <> ''),
    gender text NOT NULL CHECK (gender IN ('F', 'M')),
    corps text[] NOT NULL CHECK (corps <> '{}'
        AND corps <@ '{volunteer,lawyer,legal_worker,mediator,notary,appraiser,retired_judge,student}'),
    organization_id bigint REFERENCES organization ON DELETE RESTRICT,
    subject_key_id bigint NOT NULL REFERENCES subject_key ON DELETE RESTRICT,
    id_card_sealed bytea,
    id_card_digest bytea UNIQUE,
    bank_name text NOT NULL DEFAULT '',
    bank_account_sealed bytea,
    public_official boolean NOT NULL DEFAULT false,
    home_place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    home_east_m integer NOT NULL,
    home_north_m integer NOT NULL,
    languages text[] NOT NULL DEFAULT '{putonghua}',
    skills text[] NOT NULL DEFAULT '{}',
    preferred_kinds text[] NOT NULL DEFAULT '{}',
    max_minutes_day integer NOT NULL DEFAULT 480 CHECK (max_minutes_day > 0),
    max_minutes_week integer NOT NULL DEFAULT 960 CHECK (max_minutes_week > 0),
    max_shifts_week integer NOT NULL DEFAULT 4 CHECK (max_shifts_week > 0),
    max_travel_m integer NOT NULL DEFAULT 30000 CHECK (max_travel_m > 0),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'left')),
    privacy_notice text NOT NULL CHECK (privacy_notice <> ''),  -- the version that was agreed to
    consented_at timestamptz NOT NULL,
    joined_at timestamptz NOT NULL,
    CHECK ((id_card_sealed IS NULL) = (id_card_digest IS NULL))
);
CREATE INDEX person_organization ON person (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX person_subject_key ON person (subject_key_id);
CREATE INDEX person_home ON person (home_place_id);

-- Guarantee 4 reads this table: only what a named officer verified counts, and only until it expires.
CREATE TABLE credential (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('lawyer', 'legal_worker', 'mediator', 'notary', 'appraiser',
                                       'retired_judge', 'law_student', 'lecturer', 'psychologist')),
    number text NOT NULL CHECK (number <> ''),
    issuer_zh text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    claimed_at timestamptz NOT NULL,
    verified_by bigint REFERENCES account ON DELETE RESTRICT,
    verified_at timestamptz,
    refused_by bigint REFERENCES account ON DELETE RESTRICT,
    refused_at timestamptz,
    refused_reason text NOT NULL DEFAULT '',
    CHECK (valid_until IS NULL OR valid_until >= valid_from),
    CHECK ((verified_by IS NULL) = (verified_at IS NULL)),
    CHECK ((refused_by IS NULL) = (refused_at IS NULL)),
    CHECK ((refused_reason = '') = (refused_at IS NULL)),
    CONSTRAINT credential_one_verdict CHECK (verified_at IS NULL OR refused_at IS NULL)
);
-- A number belongs to one person; a refused claim does not keep it from its owner.
CREATE UNIQUE INDEX credential_number_once ON credential (kind, number) WHERE refused_at IS NULL;
CREATE INDEX credential_person ON credential (person_id);
CREATE INDEX credential_queue ON credential (claimed_at, id) WHERE verified_at IS NULL AND refused_at IS NULL;
CREATE INDEX credential_verified_by ON credential (verified_by) WHERE verified_by IS NOT NULL;
CREATE INDEX credential_refused_by ON credential (refused_by) WHERE refused_by IS NOT NULL;

CREATE FUNCTION refuse_own_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM person WHERE id = NEW.person_id AND account_id IN (NEW.verified_by, NEW.refused_by)) THEN
        RAISE EXCEPTION 'nobody judges their own credential'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credential_second_party';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER credential_second_party AFTER INSERT OR UPDATE ON credential
    FOR EACH ROW WHEN (NEW.verified_by IS NOT NULL OR NEW.refused_by IS NOT NULL) EXECUTE FUNCTION refuse_own_verdict();

CREATE TABLE availability (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    weekday integer NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    from_minute integer NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute integer NOT NULL CHECK (to_minute BETWEEN 1 AND 1440),
    CHECK (to_minute > from_minute),
    UNIQUE (person_id, weekday, from_minute)
);

-- A party that a person must not serve: a matter's side or an organization with a tie.
CREATE TABLE recusal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    party text NOT NULL CHECK (party <> ''),
    declared_at timestamptz NOT NULL,
    UNIQUE (person_id, party)
);

CREATE TABLE familiar_place (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    UNIQUE (person_id, place_id)
);
CREATE INDEX familiar_place_place ON familiar_place (place_id);
