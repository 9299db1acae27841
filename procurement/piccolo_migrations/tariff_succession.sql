-- A published set that has no end gets one, once: the day before its successor begins. Its content, and the hash of it,
-- stay as they were published.

CREATE OR REPLACE FUNCTION refuse_published_tariff_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' AND NOT (
        TG_OP = 'UPDATE' AND OLD.effective_to IS NULL AND NEW.effective_to IS NOT NULL
        AND OLD.body->'second_date' IS NULL
        AND to_jsonb(OLD) - 'effective_to' IS NOT DISTINCT FROM to_jsonb(NEW) - 'effective_to') THEN
        RAISE EXCEPTION 'a published tariff set never changes; publish a new one'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tariff_set_immutable';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

-- At COMMIT, because the end is set before the successor is published: no day may have two sets, not even for a moment.
CREATE FUNCTION check_tariff_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM tariff_set WHERE status = 'published' AND family = NEW.family AND region = NEW.region
            AND effective_from = NEW.effective_to + 1 AND body->'second_date' IS NULL) THEN
        RAISE EXCEPTION 'a published tariff set ends on the day before its successor begins'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tariff_set_succeeded';
    END IF;
    IF EXISTS (SELECT FROM claim WHERE tariff_set_id = NEW.id AND service_day > NEW.effective_to) THEN
        RAISE EXCEPTION 'work after that day is priced by this tariff set already'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tariff_set_priced_later';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tariff_set_succeeded AFTER UPDATE OF effective_to ON tariff_set
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status = 'published' AND NEW.effective_to IS DISTINCT FROM OLD.effective_to)
    EXECUTE FUNCTION check_tariff_ended();

-- The other side of it: who prices while a set is being ended waits for that, and then sees the end.
CREATE FUNCTION check_claim_within_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM tariff_set WHERE id IN (SELECT tariff_set_id FROM new_claims) FOR SHARE;
    IF EXISTS (SELECT FROM new_claims n JOIN tariff_set t ON t.id = n.tariff_set_id
               WHERE n.service_day > t.effective_to) THEN
        RAISE EXCEPTION 'a claim is priced by a tariff set that had ended by its day'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_within_tariff';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_within_tariff AFTER INSERT ON claim REFERENCING NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_claim_within_tariff();
