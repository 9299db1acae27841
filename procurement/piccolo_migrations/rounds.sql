-- A round of quotations stays among those it was opened to, and a purchase is compared in one round alone.

-- Suppliers and keepers are named in the transaction that opens the round; from its COMMIT on quotations are taken.
CREATE FUNCTION check_named_with_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM quotation_round r
               WHERE r.id IN (SELECT round_id FROM new_named) AND r.xmin <> pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'a round that takes quotations gets no other supplier or keeper'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'quotation_round_stays';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quotation_round_stays AFTER INSERT ON quotation_invitation REFERENCING NEW TABLE AS new_named
    FOR EACH STATEMENT EXECUTE FUNCTION check_named_with_round();
CREATE TRIGGER quotation_round_stays AFTER INSERT ON quotation_keeper REFERENCING NEW TABLE AS new_named
    FOR EACH STATEMENT EXECUTE FUNCTION check_named_with_round();

-- How a round stands, as procurement/offers/rules.py asks before suppliers are invited once more.
CREATE FUNCTION round_standing(wanted bigint, OUT opened boolean, OUT openable boolean, OUT counted bigint)
LANGUAGE sql STABLE AS $$
    SELECT x.opened, x.opened OR r.needed <= (
               SELECT count(*) FROM quotation_keeper k JOIN keeper_key ON keeper_key.id = k.keeper_key_id
               LEFT JOIN quotation_unlock u ON u.keeper_id = k.id
               WHERE k.round_id = r.id AND (keeper_key.revoked_at IS NULL OR u.id IS NOT NULL)),
           CASE WHEN x.opened THEN (
               SELECT count(*) FROM opened_quotation q WHERE q.round_id = r.id
               AND NOT EXISTS (SELECT FROM quotation_exclusion e WHERE e.opened_quotation_id = q.id))
           ELSE (SELECT count(*) FROM (
                     SELECT DISTINCT ON (s.invitation_id) s.ciphertext FROM sealed_quotation s
                     WHERE s.round_id = r.id ORDER BY s.invitation_id, s.id DESC) AS last
                 WHERE last.ciphertext IS NOT NULL) END
    FROM quotation_round r,
        LATERAL (SELECT EXISTS (SELECT FROM quotation_opening o WHERE o.round_id = r.id) AS opened) AS x
    WHERE r.id = wanted
$$;
CREATE FUNCTION fewest_quotations() RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce(law_figure('quotation.suppliers', (now() AT TIME ZONE 'Asia/Shanghai')::date, '3301')::integer, 3)
$$;

CREATE OR REPLACE FUNCTION refuse_round_out_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before record;
    standing record;
BEGIN
    PERFORM FROM purchase WHERE id = NEW.purchase_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM quotation_request q WHERE q.purchase_id = NEW.purchase_id) THEN
        RAISE EXCEPTION 'suppliers are invited to what has been requested'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_round_requested';
    END IF;
    SELECT r.id, r.number, r.deadline INTO before FROM quotation_round r
    WHERE r.purchase_id = NEW.purchase_id ORDER BY r.number DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN NEW;
    END IF;
    SELECT * INTO standing FROM round_standing(before.id);
    IF NEW.number <> before.number + 1
       OR clock_timestamp() < before.deadline AND standing.openable THEN
        RAISE EXCEPTION 'the round before is not over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_round_over';
    END IF;
    IF standing.openable AND standing.counted >= fewest_quotations() THEN
        RAISE EXCEPTION 'the round before has quotations enough'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_round_enough';
    END IF;
    RETURN NEW;
END $$;

-- The latest round alone is opened, and compared while its purchase stands opened.
CREATE OR REPLACE FUNCTION refuse_opening_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round record;
BEGIN
    SELECT * INTO round FROM locked_round(NEW.round_id);
    NEW.opened_at := clock_timestamp();
    IF round.status <> 'quotations_sealed' OR NOT round.latest THEN
        RAISE EXCEPTION 'there is nothing to open in this round'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_while_sealed';
    END IF;
    IF (SELECT count(*) FROM quotation_unlock WHERE round_id = NEW.round_id) < round.needed THEN
        RAISE EXCEPTION 'an opening needs as many keepers as the round says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_opening_together';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION refuse_stale_comparison() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round record;
BEGIN
    SELECT l.* INTO round FROM quotation_opening o, LATERAL locked_round(o.round_id) AS l WHERE o.id = NEW.opening_id;
    IF round.status <> 'opened' OR NOT round.latest THEN
        RAISE EXCEPTION 'what is compared is the round that stands opened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_compared_as_opened';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quotation_compared_as_opened BEFORE INSERT ON quotation_comparison
    FOR EACH ROW EXECUTE FUNCTION refuse_stale_comparison();
