-- Twenty approvals are many, however many statements they are split into: what one person approved on one day and nobody
-- looked at is counted, whatever programme or place it is of. Once it is twenty with the next selection, as many of that
-- are drawn as of all together. The row is the lock of two statements of one person at once.

CREATE TABLE approval_tally (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    approved_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    day date NOT NULL,
    unseen integer NOT NULL CHECK (unseen BETWEEN 0 AND 19),    -- approved since a whole sample was looked at
    CONSTRAINT approval_tally_once UNIQUE (approved_by, day)
);
CREATE FUNCTION refuse_hand_written_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'approvals are counted as they happen'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'approval_tally_is_counted';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approval_tally_is_counted BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON approval_tally
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_hand_written_tally();

-- As procurement/claims/sampling/rules.py says: the sample of a selection before which so many were approved unseen.
CREATE FUNCTION drawn_claims(of_claims bigint[], by_seed bytea, before integer) RETURNS SETOF bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT one FROM unnest(of_claims) AS one ORDER BY sha256(by_seed || convert_to(one::text, 'UTF8'))
    LIMIT sample_size(cardinality(of_claims) + before)
$$;
CREATE OR REPLACE FUNCTION check_sample_looked_at() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
DECLARE
    bulk record;
    before integer;
    size integer;
BEGIN
    FOR bulk IN
        SELECT n.approved_by, hangzhou_day(coalesce(n.approved_at, now())) AS day, array_agg(n.id) AS claims
        FROM new_claims n JOIN old_claims o ON o.id = n.id
        WHERE n.status = 'approved' AND o.status = 'accrued' GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        INSERT INTO approval_tally AS t (approved_by, day, unseen) VALUES (bulk.approved_by, bulk.day, 0)
        ON CONFLICT (approved_by, day) DO UPDATE SET unseen = t.unseen RETURNING t.unseen INTO before;
        size := sample_size(cardinality(bulk.claims) + before);
        IF size > 0 AND NOT EXISTS (
            SELECT FROM approval_sample a
            WHERE a.drawn_by = bulk.approved_by AND a.selection_sha256 = selection_sha256(bulk.claims)
              AND NOT EXISTS (
                  SELECT FROM drawn_claims(bulk.claims, a.seed, before) AS drawn
                  WHERE NOT EXISTS (SELECT FROM sampled_claim s WHERE s.sample_id = a.id AND s.claim_id = drawn
                                    AND s.looked_at IS NOT NULL))) THEN
            RAISE EXCEPTION '% claims on one day: those drawn are looked at first', cardinality(bulk.claims) + before
                USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_sample_looked_at';
        END IF;
        -- A selection smaller than the sample was looked at whole: it adds nothing, and stands for nothing before it.
        UPDATE approval_tally SET unseen = CASE WHEN size = 0 THEN before + cardinality(bulk.claims)
                                                WHEN cardinality(bulk.claims) < size THEN before ELSE 0 END
        WHERE (approved_by, day) = (bulk.approved_by, bulk.day);
    END LOOP;
    RETURN NULL;
END $$;
DROP FUNCTION drawn_claims(bigint[], bytea);
