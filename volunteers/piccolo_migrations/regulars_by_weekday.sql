-- "Tuesday is always the same lawyer": a mark may name the weekdays that are somebody's (Monday is 0); none named is any.
ALTER TABLE station_regular ADD COLUMN weekdays smallint[] NOT NULL DEFAULT '{}'
    CONSTRAINT station_regular_weekdays CHECK (weekdays <@ '{0,1,2,3,4,5,6}'::smallint[]);

-- The weekday of a shift whose station keeps that day for somebody; NULL where every regular is as welcome as the other.
CREATE FUNCTION kept_weekday(of_station bigint, starts timestamptz) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT held.weekday FROM (
        SELECT extract(isodow FROM starts AT TIME ZONE 'Asia/Shanghai')::integer - 1 AS weekday) AS held
    WHERE EXISTS (SELECT FROM station_regular r WHERE r.station_id = of_station AND r.unmarked_at IS NULL
                  AND held.weekday = ANY (r.weekdays))
$$;
