-- What departs from the weekly windows: days away, and hours free beside them. And the places a person serves.

CREATE TABLE availability_exception (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('away', 'free')),
    starts timestamptz NOT NULL,
    ends timestamptz NOT NULL,
    said_at timestamptz NOT NULL,
    CHECK (ends > starts),
    CONSTRAINT availability_exception_one_at_a_time EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, tstzrange(starts, ends, '[)') WITH &&)
);
CREATE INDEX availability_exception_person ON availability_exception (person_id, starts);

-- Towns and districts a person goes to although they lie beyond the distance they named.
CREATE TABLE served_place (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    UNIQUE (person_id, place_id)
);
CREATE INDEX served_place_place ON served_place (place_id);
