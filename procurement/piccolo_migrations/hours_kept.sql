-- No order is written, nor moved, to a time outside of what its village stated: by page, program, queue or change.
-- Hours that are stated anew leave the orders that were agreed before where they are.

CREATE FUNCTION village_part(instant timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN hour < 12 THEN 'morning' WHEN hour < 18 THEN 'afternoon' ELSE 'evening' END
    FROM (SELECT extract(hour FROM instant AT TIME ZONE 'Asia/Shanghai')) AS d (hour)
$$;

CREATE FUNCTION refuse_outside_village_hours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM village_hour WHERE place_id = NEW.place_id) AND NOT EXISTS (
        SELECT FROM village_hour h
        WHERE h.place_id = NEW.place_id AND h.part = village_part(NEW.wished_start)
          AND h.weekday = extract(isodow FROM NEW.wished_start AT TIME ZONE 'Asia/Shanghai') - 1) THEN
        RAISE EXCEPTION 'the village cannot have a service at this time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'village_order_in_hours';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER village_order_in_hours AFTER INSERT ON village_order
    FOR EACH ROW WHEN (NEW.live) EXECUTE FUNCTION refuse_outside_village_hours();
CREATE TRIGGER village_order_moved_in_hours AFTER UPDATE ON village_order
    FOR EACH ROW WHEN (NEW.live AND (NOT OLD.live OR (NEW.wished_start, NEW.place_id)
                                                     IS DISTINCT FROM (OLD.wished_start, OLD.place_id)))
    EXECUTE FUNCTION refuse_outside_village_hours();
