-- Who said that they would step in: for one position, or at a station in a part of each week. They are called first.

CREATE TABLE stand_by (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person_id bigint NOT NULL REFERENCES person ON DELETE RESTRICT,
    position_id bigint REFERENCES position ON DELETE RESTRICT,
    station_id bigint REFERENCES station ON DELETE RESTRICT,
    weekday smallint CHECK (weekday BETWEEN 0 AND 6),  -- 0 is Monday
    from_minute smallint CHECK (from_minute BETWEEN 0 AND 1439),
    to_minute smallint CHECK (to_minute BETWEEN 1 AND 1440),
    status text NOT NULL CHECK (status IN ('ready', 'ended')),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT stand_by_for_one_shift_or_each_week CHECK (
        num_nonnulls(position_id, station_id) = 1
        AND num_nonnulls(station_id, weekday, from_minute, to_minute) IN (0, 4)),
    CHECK (from_minute < to_minute),
    CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
    CHECK (ended_at >= created_at)
);
CREATE UNIQUE INDEX stand_by_once_a_shift ON stand_by (person_id, position_id) WHERE status = 'ready';
ALTER TABLE stand_by ADD CONSTRAINT stand_by_once_a_week EXCLUDE USING gist (
    int8range(person_id, person_id, '[]') WITH &&, int8range(station_id, station_id, '[]') WITH &&,
    int4range(weekday * 1440 + from_minute, weekday * 1440 + to_minute) WITH &&)
    WHERE (status = 'ready' AND station_id IS NOT NULL);
CREATE INDEX stand_by_person ON stand_by (person_id);
CREATE INDEX stand_by_position ON stand_by (position_id) WHERE position_id IS NOT NULL;
CREATE INDEX stand_by_station ON stand_by (station_id, weekday) WHERE station_id IS NOT NULL;

-- An offer to step in is taken back, never rewritten.
CREATE FUNCTION refuse_rewritten_stand_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stand-by % has ended or would change its meaning', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stand_by_is_kept';
END $$;
CREATE TRIGGER stand_by_is_kept BEFORE UPDATE ON stand_by FOR EACH ROW
    WHEN (OLD.status = 'ended'
          OR (NEW.person_id, NEW.position_id, NEW.station_id, NEW.weekday, NEW.from_minute, NEW.to_minute, NEW.created_at)
             IS DISTINCT FROM
             (OLD.person_id, OLD.position_id, OLD.station_id, OLD.weekday, OLD.from_minute, OLD.to_minute, OLD.created_at))
    EXECUTE FUNCTION refuse_rewritten_stand_by();
