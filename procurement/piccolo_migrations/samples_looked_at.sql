-- From twenty claims on, those drawn by chance are looked at before all are approved at once. The draw is made again from
-- the stored seed, so that neither another selection nor an easier sample stands in for it.

-- How many of so many are drawn, and which; both as procurement/claims/sampling/rules.py says.
CREATE FUNCTION sample_size(claims bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN claims < 20 THEN 0 ELSE least(30, floor(sqrt(claims))::integer + 1) END
$$;
CREATE FUNCTION drawn_claims(of_claims bigint[], by_seed bytea) RETURNS SETOF bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT one FROM unnest(of_claims) AS one ORDER BY sha256(by_seed || convert_to(one::text, 'UTF8'))
    LIMIT sample_size(cardinality(of_claims))
$$;
CREATE FUNCTION selection_sha256(of_claims bigint[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(string_agg(one::text, ',' ORDER BY one), 'UTF8')) FROM unnest(of_claims) AS one
$$;

CREATE FUNCTION check_sample_looked_at() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
    bulk record;
BEGIN
    FOR bulk IN
        SELECT n.approved_by, array_agg(n.id) AS claims FROM new_claims n JOIN old_claims o ON o.id = n.id
        WHERE n.status = 'approved' AND o.status = 'accrued'
        GROUP BY n.approved_by HAVING sample_size(count(*)) > 0
    LOOP
        IF NOT EXISTS (
            SELECT FROM approval_sample a
            WHERE a.drawn_by = bulk.approved_by AND a.selection_sha256 = selection_sha256(bulk.claims)
              AND NOT EXISTS (
                  SELECT FROM drawn_claims(bulk.claims, a.seed) AS drawn
                  WHERE NOT EXISTS (SELECT FROM sampled_claim s WHERE s.sample_id = a.id AND s.claim_id = drawn
                                    AND s.looked_at IS NOT NULL))) THEN
            RAISE EXCEPTION '% claims at once: those drawn are looked at first', cardinality(bulk.claims)
                USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_sample_looked_at';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER approval_sample_looked_at AFTER UPDATE ON claim
    REFERENCING OLD TABLE AS old_claims NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_sample_looked_at();

-- A claim is drawn unseen and looked at once, while it still waits.
CREATE FUNCTION check_sampled_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.looked_at IS NOT NULL
       OR TG_OP = 'UPDATE' AND (OLD.looked_at IS NOT NULL OR NEW.looked_at IS NULL
                                OR (NEW.sample_id, NEW.claim_id) <> (OLD.sample_id, OLD.claim_id)) THEN
        RAISE EXCEPTION 'a claim is drawn unseen and looked at once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sampled_claim_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sampled_claim_frozen BEFORE INSERT OR UPDATE ON sampled_claim
    FOR EACH ROW EXECUTE FUNCTION check_sampled_claim();
