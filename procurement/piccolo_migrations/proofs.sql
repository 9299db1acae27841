-- What proves that a unit was delivered (条例 §72, 令110 §36): the sign-in sheet, photos, the service log.

-- What was talked about, with how many, what was asked. Nothing is overwritten: the newest entry is the one that counts.
CREATE TABLE service_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    village_order_id bigint NOT NULL REFERENCES village_order ON DELETE RESTRICT,
    topic_zh text NOT NULL CHECK (topic_zh <> '' AND length(topic_zh) <= 200),
    people integer NOT NULL CHECK (people BETWEEN 1 AND 10000),
    asked_zh text NOT NULL CHECK (asked_zh <> '' AND length(asked_zh) <= 1000),
    follow_up_zh text NOT NULL DEFAULT '' CHECK (length(follow_up_zh) <= 1000),
    written_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    written_at timestamptz NOT NULL
);
CREATE INDEX service_log_order ON service_log (village_order_id, id);
CREATE INDEX service_log_written_by ON service_log (written_by);
CALL make_append_only('service_log');

-- One file; its bytes are an attachment of this row. The same file counts once for an order.
CREATE TABLE proof (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    village_order_id bigint NOT NULL REFERENCES village_order ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('sign_in_sheet', 'photo')),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    subject_key_id bigint REFERENCES subject_key ON DELETE RESTRICT,  -- seals the bytes: faces, names, telephones
    taken_at timestamptz NOT NULL,         -- when and where, as whoever hands it in states it
    taken_where text NOT NULL CHECK (taken_where <> '' AND length(taken_where) <= 100),
    handed_in_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    handed_in_at timestamptz NOT NULL,
    CONSTRAINT proof_once UNIQUE (village_order_id, sha256)
);
CREATE INDEX proof_subject_key ON proof (subject_key_id) WHERE subject_key_id IS NOT NULL;
CREATE INDEX proof_handed_in_by ON proof (handed_in_by);
CALL make_append_only('proof');

-- Proofs come from the day of the service until somebody has judged it. The lock makes an acceptance and a late
-- file wait for each other.
CREATE FUNCTION check_proof_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
    brought_at timestamptz := CASE TG_TABLE_NAME WHEN 'proof' THEN (to_jsonb(NEW) ->> 'handed_in_at')::timestamptz
                                                 ELSE (to_jsonb(NEW) ->> 'written_at')::timestamptz END;
BEGIN
    SELECT status, wished_start INTO held FROM village_order WHERE id = NEW.village_order_id FOR SHARE;
    IF held.status NOT IN ('scheduled', 'delivered') THEN
        RAISE EXCEPTION 'order % takes no proofs: it is %', NEW.village_order_id, held.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'proof_in_time';
    END IF;
    IF brought_at < held.wished_start THEN
        RAISE EXCEPTION 'order % takes no proofs before its service', NEW.village_order_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'proof_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proof_in_time BEFORE INSERT ON proof FOR EACH ROW EXECUTE FUNCTION check_proof_time();
CREATE TRIGGER service_log_in_time BEFORE INSERT ON service_log FOR EACH ROW EXECUTE FUNCTION check_proof_time();

-- What each order needs, by the dated rules for its unit (proof.<unit>.<kind>) on the day of the service, and has.
CREATE FUNCTION proofs_of(order_ids bigint[])
RETURNS TABLE (village_order_id bigint, kind text, needed integer, present integer) LANGUAGE sql STABLE AS $$
    SELECT o.id, demanded.kind, demanded.needed, CASE demanded.kind
        WHEN 'log' THEN (SELECT count(*) FROM service_log l WHERE l.village_order_id = o.id)
        ELSE (SELECT count(*) FROM proof p WHERE p.village_order_id = o.id AND p.kind = demanded.kind) END::integer
    FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
    JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
    CROSS JOIN LATERAL (
        SELECT DISTINCT ON (asked.kind) asked.kind, law.value::integer AS needed
        FROM unnest('{sign_in_sheet,photo,log}'::text[]) AS asked (kind)
        JOIN law_rule law ON law.rule_key = 'proof.' || v.unit || '.' || asked.kind
            AND law.effective_from <= (o.wished_start AT TIME ZONE 'Asia/Shanghai')::date
            AND (law.effective_to IS NULL OR law.effective_to > (o.wished_start AT TIME ZONE 'Asia/Shanghai')::date)
            AND (law.jurisdiction = 'CN' OR starts_with(place.code, law.jurisdiction))
        ORDER BY asked.kind, law.jurisdiction = 'CN', length(law.jurisdiction) DESC) AS demanded
    WHERE o.id = ANY (order_ids)
$$;
