-- A tariff's last day is one of its days, as its document says; and between two sets of one region and family no day
-- is left without a tariff. Until now the last day was read as the first one without: such sets gave way to the next.

ALTER TABLE tariff_set
    DROP CONSTRAINT tariff_set_check,
    DROP CONSTRAINT tariff_set_int4range_daterange_excl,
    DISABLE TRIGGER tariff_set_immutable;
UPDATE tariff_set t SET effective_to = t.effective_to - 1
WHERE t.status = 'published' AND EXISTS (
    SELECT FROM tariff_set later WHERE later.status = 'published' AND later.family = t.family
        AND later.region = t.region AND later.effective_from = t.effective_to);
ALTER TABLE tariff_set
    ENABLE TRIGGER tariff_set_immutable,
    ADD CONSTRAINT tariff_set_days CHECK (effective_to >= effective_from),
    ADD CONSTRAINT tariff_set_one_a_day
        EXCLUDE USING gist (int4range(hashtext(family || region), hashtext(family || region), '[]') WITH &&,
                            daterange(effective_from, effective_to, '[]') WITH &&) WHERE (status = 'published');

-- Sets with a second date stand beside the ordinary ones; they neither leave nor fill days.
CREATE FUNCTION refuse_tariff_gap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_earlier date;
    first_later date;
BEGIN
    PERFORM pg_advisory_xact_lock(7301031, hashtext(NEW.family || NEW.region));
    SELECT max(effective_to) FILTER (WHERE effective_from < NEW.effective_from),
           min(effective_from) FILTER (WHERE effective_from > NEW.effective_from)
    INTO last_earlier, first_later FROM tariff_set
    WHERE status = 'published' AND family = NEW.family AND region = NEW.region AND id <> NEW.id
      AND body->'second_date' IS NULL;
    IF last_earlier + 1 < NEW.effective_from OR first_later - 1 > NEW.effective_to THEN
        RAISE EXCEPTION 'days between two tariff sets would be left without a tariff'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tariff_set_gap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tariff_set_gap AFTER INSERT OR UPDATE OF status ON tariff_set FOR EACH ROW
    WHEN (NEW.status = 'published' AND NEW.body->'second_date' IS NULL) EXECUTE FUNCTION refuse_tariff_gap();
