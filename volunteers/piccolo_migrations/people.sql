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
    joined_at timestamptz NOT NULL,
    CHECK ((id_card_sealed IS NULL) = (id_card_digest IS NULL))
);
CREATE INDEX person_organization ON person (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX person_subject_key ON person (subject_key_id);
CREATE INDEX person_home ON person (home_place_id);

CREATE TABLE credential (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('lawyer', 'legal_worker', 'mediator', 'notary', 'appraiser',
                                       'retired_judge', 'law_student', 'lecturer')),
    number text NOT NULL,
    issuer_zh text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    verified_by bigint REFERENCES account ON DELETE RESTRICT,
    verified_at timestamptz,
    refused_reason text NOT NULL DEFAULT '',
    CHECK (valid_until IS NULL OR valid_until >= valid_from),
    CHECK ((verified_by IS NULL) = (verified_at IS NULL)),
    UNIQUE (kind, number)
);
CREATE INDEX credential_person ON credential (person_id);
CREATE INDEX credential_verified_by ON credential (verified_by) WHERE verified_by IS NOT NULL;

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
