-- A batch of ten thousand claims is judged in a moment.

-- Each write of a batch or of its parts asks for its sums at COMMIT; only what then stands needs to be judged, once.
ALTER TABLE settlement_batch ADD COLUMN writes integer NOT NULL DEFAULT 0;
CREATE FUNCTION count_batch_writes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.writes := OLD.writes + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER settlement_batch_written BEFORE UPDATE ON settlement_batch
    FOR EACH ROW EXECUTE FUNCTION count_batch_writes();
CREATE FUNCTION is_written_again(batch settlement_batch) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM settlement_batch b WHERE b.id = batch.id AND b.writes <> batch.writes)
$$;
CREATE OR REPLACE FUNCTION check_settlement_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_written_again(NEW) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM settlement_batch b,
            LATERAL (SELECT coalesce(sum(amount_fen), 0) AS fen, count(*) AS payments
                     FROM settlement_payment WHERE batch_id = b.id) AS paid,
            LATERAL (SELECT count(*) AS claims FROM settlement_item WHERE batch_id = b.id) AS made
        WHERE b.id = NEW.id AND (b.total_fen, b.payment_count, b.claim_count)
                                IS DISTINCT FROM (paid.fen, paid.payments, made.claims)
        UNION ALL
        SELECT FROM settlement_payment p LEFT JOIN settlement_item i ON i.payment_id = p.id
        WHERE p.batch_id = NEW.id GROUP BY p.id, p.amount_fen HAVING sum(i.amount_fen) IS DISTINCT FROM p.amount_fen
        UNION ALL
        SELECT FROM settlement_item i JOIN claim c ON c.id = i.claim_id JOIN settlement_payment p ON p.id = i.payment_id
        WHERE i.batch_id = NEW.id AND (i.batch_id, i.amount_fen, c.person_id, c.organization_id)
                                      IS DISTINCT FROM (p.batch_id, c.amount_fen, p.person_id, p.organization_id)
    ) THEN
        RAISE EXCEPTION 'settlement batch % does not add up', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_totals';
    END IF;
    RETURN NULL;
END $$;

-- The steps of claims are looked through by joining what a statement wrote to what stood before. A plan that expects to
-- find a fault in the first row, or was made for a single claim, would compare each of ten thousand with each other.
ALTER FUNCTION check_claim_steps() SET enable_nestloop = off;
CREATE OR REPLACE FUNCTION check_changed_contract_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint[];
BEGIN
    EXECUTE 'SELECT array_agg(n.id) FROM new_claims n JOIN old_claims o ON o.id = n.id
             WHERE n.contract_id IS NOT NULL AND (
                 claim_lives(n.status) <> claim_lives(o.status)
                 OR (n.amount_fen, n.contract_id, n.village_order_id, n.contract_payment_id)
                    IS DISTINCT FROM (o.amount_fen, o.contract_id, o.village_order_id, o.contract_payment_id))'
    INTO checked;
    IF checked IS NOT NULL THEN PERFORM require_sound_claims(checked); END IF;
    RETURN NULL;
END $$;
