-- A published set without an end is ended by successors of which the last has none: no day after it that had a tariff
-- until now is left without one. At COMMIT, because the end is set before the successors are published.
CREATE FUNCTION check_tariff_tail_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM tariff_set WHERE status = 'published' AND family = NEW.family AND region = NEW.region
            AND effective_from > NEW.effective_to AND effective_to IS NULL AND body->'second_date' IS NULL) THEN
        RAISE EXCEPTION 'days that had a tariff would be left without one'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tariff_set_tail_open';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tariff_set_tail_open AFTER UPDATE OF effective_to ON tariff_set
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status = 'published' AND OLD.effective_to IS NULL AND NEW.effective_to IS NOT NULL)
    EXECUTE FUNCTION check_tariff_tail_open();
