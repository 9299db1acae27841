-- How long it takes from place to place where somebody knows better than the estimate from coordinates.

CREATE TABLE travel_time (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    to_place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    minutes integer NOT NULL CONSTRAINT travel_time_within_a_day CHECK (minutes BETWEEN 1 AND 600),
    stated_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    stated_at timestamptz NOT NULL,
    CONSTRAINT travel_time_once UNIQUE (from_place_id, to_place_id),
    CONSTRAINT travel_time_between_two CHECK (from_place_id <> to_place_id)
);
CREATE INDEX travel_time_to ON travel_time (to_place_id);
CREATE INDEX travel_time_stated_by ON travel_time (stated_by);
