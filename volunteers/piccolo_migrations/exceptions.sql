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

-- Rule 1 of the dispatch format, for lists and call-outs: nothing keeps the person away, and one stretch holds it all.
CREATE FUNCTION is_away(of_person bigint, first timestamptz, last timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM availability_exception x WHERE x.person_id = of_person AND x.kind = 'away'
                   AND x.starts < last AND x.ends > first)
$$;
CREATE FUNCTION minute_of_week(at timestamptz) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT (extract(isodow FROM at AT TIME ZONE 'Asia/Shanghai')::integer - 1) * 1440
           + floor(extract(epoch FROM (at AT TIME ZONE 'Asia/Shanghai')::time) / 60)::integer
$$;
CREATE FUNCTION is_free(of_person bigint, first timestamptz, last timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT is_away(of_person, first, last) AND (
        coalesce((  -- the week's windows twice over, in minutes since Monday: they join at midnight
            SELECT range_agg(int4range(w.weekday * 1440 + w.from_minute + again, w.weekday * 1440 + w.to_minute + again))
            FROM availability w CROSS JOIN (VALUES (0), (10080)) AS week(again) WHERE w.person_id = of_person)
        @> int4range(minute_of_week(first), minute_of_week(first) + ceil(extract(epoch FROM last - first) / 60)::integer),
        false)
        OR EXISTS (SELECT FROM availability_exception x WHERE x.person_id = of_person AND x.kind = 'free'
                   AND x.starts <= first AND x.ends >= last))
$$;

-- Whether a person goes to a place: near enough to home, or a place they serve; codes begin with their parent's.
CREATE FUNCTION goes_to(goer person, wanted_place bigint, at_east integer, at_north integer)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT abs(at_east - goer.home_east_m) + abs(at_north - goer.home_north_m) <= goer.max_travel_m
        OR EXISTS (SELECT FROM served_place v JOIN place served ON served.id = v.place_id
                   JOIN place wanted ON wanted.id = wanted_place AND wanted.code LIKE served.code || '%'
                   WHERE v.person_id = goer.id)
$$;
