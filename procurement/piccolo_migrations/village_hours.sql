-- When a village can have a service: parts of weekdays. A village that states nothing is open to all of them.

CREATE TABLE village_hour (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    weekday integer NOT NULL CHECK (weekday BETWEEN 0 AND 6),    -- 0 is Monday
    part text NOT NULL CHECK (part IN ('morning', 'afternoon', 'evening')),
    stated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    stated_at timestamptz NOT NULL,
    UNIQUE (place_id, weekday, part)
);
CREATE INDEX village_hour_stated_by ON village_hour (stated_by);
