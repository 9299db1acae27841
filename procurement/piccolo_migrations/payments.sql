-- How a contract is paid: an advance, then by unit or by milestone; what of it was claimed, offset and returned.

-- Written with the offer, before anybody signs; a contract without an advance or milestones pays unit by unit.
CREATE TABLE payment_terms (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL UNIQUE REFERENCES contract ON DELETE RESTRICT,
    advance_percent integer NOT NULL CHECK (advance_percent BETWEEN 0 AND 100),
    advance_fen bigint NOT NULL CHECK (advance_fen >= 0),
    milestones integer[] NOT NULL,         -- percent of the contract's units, rising to 100; empty: by unit
    CONSTRAINT payment_terms_advance CHECK (advance_percent > 0 OR advance_fen = 0),
    CONSTRAINT payment_terms_milestones CHECK (
        milestones = '{}' OR (milestones[cardinality(milestones)] = 100 AND 1 <= ALL (milestones)) IS TRUE)
);
CALL make_append_only('payment_terms');
INSERT INTO payment_terms (contract_id, advance_percent, advance_fen, milestones)
    SELECT id, 0, 0, '{}' FROM contract;

CREATE FUNCTION check_payment_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM contract c WHERE c.id = NEW.contract_id AND c.signed_at IS NULL) THEN
        RAISE EXCEPTION 'contract % is signed: how it is paid no longer changes', NEW.contract_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payment_terms_frozen';
    END IF;
    IF NEW.advance_fen <> (SELECT c.quantity * c.unit_price_fen * NEW.advance_percent / 100
                           FROM contract c WHERE c.id = NEW.contract_id)
       OR NEW.milestones IS DISTINCT FROM ARRAY(SELECT DISTINCT m FROM unnest(NEW.milestones) AS m ORDER BY m) THEN
        RAISE EXCEPTION 'the advance is its share of the price, and milestones rise'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_terms_exact';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_terms_checked BEFORE INSERT ON payment_terms
    FOR EACH ROW EXECUTE FUNCTION check_payment_terms();

ALTER TABLE contract ADD CONSTRAINT contract_of_supplier UNIQUE (id, organization_id);
ALTER TABLE village_order ADD CONSTRAINT village_order_of_contract UNIQUE (id, contract_id);

-- What is paid as one beside single units: the advance, a milestone, the rest when a contract ends between two.
CREATE TABLE contract_payment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    kind text NOT NULL CHECK (kind IN ('advance', 'milestone', 'final')),
    percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    made_at timestamptz NOT NULL,
    CHECK (kind = 'milestone' OR percent = CASE kind WHEN 'advance' THEN 0 ELSE 100 END),
    CONSTRAINT contract_payment_once UNIQUE (contract_id, kind, percent),
    CONSTRAINT contract_payment_of_contract UNIQUE (id, contract_id)
);
CALL make_append_only('contract_payment');

-- What one accepted unit brings: its price less its share of the advance; carried by its own claim or a milestone's.
CREATE TABLE unit_payment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    village_order_id bigint NOT NULL UNIQUE,
    contract_payment_id bigint,
    price_fen bigint NOT NULL CHECK (price_fen > 0),
    offset_fen bigint NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT unit_payment_offset CHECK (offset_fen BETWEEN 0 AND price_fen),
    CONSTRAINT unit_payment_of_order FOREIGN KEY (village_order_id, contract_id)
        REFERENCES village_order (id, contract_id) ON DELETE RESTRICT,
    CONSTRAINT unit_payment_of_milestone FOREIGN KEY (contract_payment_id, contract_id)
        REFERENCES contract_payment (id, contract_id) ON DELETE RESTRICT
);
CREATE INDEX unit_payment_contract ON unit_payment (contract_id);
CREATE INDEX unit_payment_milestone ON unit_payment (contract_payment_id) WHERE contract_payment_id IS NOT NULL;
CALL make_append_only('unit_payment');

-- A claim is for a sign-up, an order, or a payment of a contract; the payee of the latter two is the supplier.
ALTER TABLE claim DROP CONSTRAINT claim_check, DROP CONSTRAINT claim_priced_by,
    ADD COLUMN contract_payment_id bigint UNIQUE, ADD COLUMN contract_id bigint;
UPDATE claim SET contract_id = o.contract_id FROM village_order o WHERE o.id = claim.village_order_id;
ALTER TABLE claim
    ADD CONSTRAINT claim_of_one_thing CHECK (num_nonnulls(sign_up_id, village_order_id, contract_payment_id) = 1),
    ADD CONSTRAINT claim_of_contract CHECK ((contract_id IS NULL) = (sign_up_id IS NOT NULL)),
    ADD CONSTRAINT claim_priced_by CHECK ((tariff_set_id IS NULL) = (sign_up_id IS NULL)),
    ADD CONSTRAINT claim_order_of_contract FOREIGN KEY (village_order_id, contract_id)
        REFERENCES village_order (id, contract_id) ON DELETE RESTRICT,
    ADD CONSTRAINT claim_payment_of_contract FOREIGN KEY (contract_payment_id, contract_id)
        REFERENCES contract_payment (id, contract_id) ON DELETE RESTRICT,
    ADD CONSTRAINT claim_payee_is_supplier FOREIGN KEY (contract_id, organization_id)
        REFERENCES contract (id, organization_id) ON DELETE RESTRICT;
CREATE INDEX claim_contract ON claim (contract_id, status) WHERE contract_id IS NOT NULL;

INSERT INTO unit_payment (contract_id, village_order_id, price_fen, offset_fen, made_at)
    SELECT contract_id, village_order_id, amount_fen, 0, accrued_at FROM claim
    WHERE village_order_id IS NOT NULL AND amount_fen > 0;

CREATE FUNCTION claim_lives(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT status NOT IN ('rejected', 'reversed')
$$;
-- What of a contract's advance stands, claimed or paid.
CREATE FUNCTION standing_advance(of_contract bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(k.amount_fen), 0)::bigint FROM contract_payment p JOIN claim k ON k.contract_payment_id = p.id
    WHERE p.contract_id = of_contract AND p.kind = 'advance' AND claim_lives(k.status)
$$;
-- Nothing more will be delivered: the purchase went on, or it ended early and no order is open any more.
CREATE FUNCTION contract_is_over(of_contract bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p.status IN ('accepted', 'paid', 'rated', 'closed') OR p.status = 'terminated' AND NOT EXISTS (
        SELECT FROM village_order o
        WHERE o.contract_id = of_contract AND o.status IN ('placed', 'taken', 'scheduled', 'delivered'))
    FROM contract c JOIN purchase p ON p.id = c.purchase_id WHERE c.id = of_contract
$$;
CREATE FUNCTION offset_so_far(of_contract bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(offset_fen), 0)::bigint FROM unit_payment WHERE contract_id = of_contract
$$;

-- 条例 §51, ours: nothing is paid before acceptance but the advance; a milestone is paid when it is reached.
CREATE FUNCTION check_contract_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed record;
BEGIN
    SELECT c.signed_at, c.quantity + c.added AS quantity, c.accepted, t.advance_fen, t.milestones, p.status
    INTO agreed FROM contract c JOIN payment_terms t ON t.contract_id = c.id JOIN purchase p ON p.id = c.purchase_id
    WHERE c.id = NEW.contract_id FOR NO KEY UPDATE OF c;
    IF NOT FOUND OR agreed.signed_at IS NULL OR NOT (CASE NEW.kind
        WHEN 'advance' THEN NEW.amount_fen = agreed.advance_fen
        WHEN 'milestone' THEN NEW.percent = ANY (agreed.milestones)
             AND agreed.accepted * 100 >= NEW.percent * agreed.quantity
        ELSE agreed.milestones <> '{}' AND contract_is_over(NEW.contract_id) END) THEN
        RAISE EXCEPTION 'contract % agrees on no such payment yet', NEW.contract_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_payment_as_agreed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_payment_checked BEFORE INSERT ON contract_payment
    FOR EACH ROW EXECUTE FUNCTION check_contract_payment();

CREATE FUNCTION check_unit_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM contract WHERE id IN (SELECT contract_id FROM new_units) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM new_units n JOIN contract c ON c.id = n.contract_id
               WHERE n.price_fen <> c.unit_price_fen OR NOT EXISTS (
                   SELECT FROM acceptance a WHERE a.village_order_id = n.village_order_id AND a.verdict = 'accepted')) THEN
        RAISE EXCEPTION 'only accepted units are paid, at the contract''s price'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_payment_accepted';
    END IF;
    IF EXISTS (SELECT FROM new_units n JOIN contract_payment p ON p.id = n.contract_payment_id
               WHERE p.kind = 'advance' OR EXISTS (SELECT FROM claim k WHERE k.contract_payment_id = p.id)) THEN
        RAISE EXCEPTION 'a milestone that is claimed takes no more units'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_payment_milestone_open';
    END IF;
    IF EXISTS (SELECT FROM (SELECT DISTINCT contract_id FROM new_units WHERE offset_fen > 0) AS n
               WHERE offset_so_far(n.contract_id) > standing_advance(n.contract_id)) THEN
        RAISE EXCEPTION 'no more is offset than was advanced'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_payment_within_advance';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER unit_payment_checked AFTER INSERT ON unit_payment REFERENCING NEW TABLE AS new_units
    FOR EACH STATEMENT EXECUTE FUNCTION check_unit_payments();

-- A claim of a contract says what was agreed and accepted; all that live stay within the contract.
CREATE FUNCTION require_sound_claims(checked bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM contract WHERE id IN (SELECT contract_id FROM claim WHERE id = ANY (checked))
    ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM claim k LEFT JOIN unit_payment u ON u.village_order_id = k.village_order_id
        WHERE k.id = ANY (checked) AND k.village_order_id IS NOT NULL AND claim_lives(k.status)
          AND (u.id IS NULL OR u.contract_payment_id IS NOT NULL OR k.amount_fen <> u.price_fen - u.offset_fen)
        UNION ALL
        SELECT FROM claim k JOIN contract_payment p ON p.id = k.contract_payment_id
        WHERE k.id = ANY (checked) AND claim_lives(k.status) AND (k.amount_fen <> p.amount_fen
          OR p.kind <> 'advance' AND p.amount_fen IS DISTINCT FROM (
              SELECT sum(price_fen - offset_fen) FROM unit_payment WHERE contract_payment_id = p.id))) THEN
        RAISE EXCEPTION 'a claim of a contract is what was agreed for what was accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_as_accepted';
    END IF;
    IF EXISTS (SELECT FROM claim k JOIN contract_payment p ON p.id = k.contract_payment_id
               WHERE k.id = ANY (checked) AND p.kind = 'advance' AND NOT claim_lives(k.status)
                 AND offset_so_far(p.contract_id) > 0) THEN
        RAISE EXCEPTION 'an advance that units were already reduced by stays'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'advance_already_offset';
    END IF;
    IF EXISTS (
        SELECT FROM contract c,
            LATERAL (SELECT sum(amount_fen) AS fen FROM claim
                     WHERE contract_id = c.id AND claim_lives(status)) AS claimed
        WHERE c.id IN (SELECT contract_id FROM claim WHERE id = ANY (checked))
          AND claimed.fen > least(standing_advance(c.id) + c.accepted * c.unit_price_fen,
                                  (c.quantity + c.added) * c.unit_price_fen)) THEN
        RAISE EXCEPTION 'claims go beyond the advance and what was accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contract_not_overpaid';
    END IF;
END $$;
CREATE FUNCTION check_new_contract_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint[] := ARRAY(SELECT id FROM new_claims WHERE contract_id IS NOT NULL);
BEGIN
    IF checked <> '{}' THEN PERFORM require_sound_claims(checked); END IF;
    RETURN NULL;
END $$;
-- Approving, batching and paying change nothing of it: they take no lock on the contract.
CREATE FUNCTION check_changed_contract_claims() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint[] := ARRAY(
        SELECT n.id FROM new_claims n JOIN old_claims o ON o.id = n.id
        WHERE n.contract_id IS NOT NULL AND (
            claim_lives(n.status) <> claim_lives(o.status)
            OR (n.amount_fen, n.contract_id, n.village_order_id, n.contract_payment_id)
               IS DISTINCT FROM (o.amount_fen, o.contract_id, o.village_order_id, o.contract_payment_id)));
BEGIN
    IF checked <> '{}' THEN PERFORM require_sound_claims(checked); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER claim_of_contract_made AFTER INSERT ON claim REFERENCING NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_new_contract_claims();
CREATE TRIGGER claim_of_contract_changed AFTER UPDATE ON claim
    REFERENCING OLD TABLE AS old_claims NEW TABLE AS new_claims
    FOR EACH STATEMENT EXECUTE FUNCTION check_changed_contract_claims();

-- What of an advance was not earned when the contract ended, and came back.
CREATE FUNCTION unearned_advance(of_contract bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT standing_advance(of_contract) - offset_so_far(of_contract)
$$;
CREATE TABLE advance_return (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL UNIQUE REFERENCES contract ON DELETE RESTRICT,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    received_on date NOT NULL,
    document text NOT NULL CHECK (document <> ''),           -- the bank's or the treasury's voucher
    booked_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    booked_at timestamptz NOT NULL
);
CREATE INDEX advance_return_booked_by ON advance_return (booked_by);
CALL make_append_only('advance_return');
CREATE FUNCTION check_advance_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM contract WHERE id = NEW.contract_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT FROM contract c JOIN purchase p ON p.id = c.purchase_id
        JOIN contract_payment a ON a.contract_id = c.id AND a.kind = 'advance'
        JOIN claim k ON k.contract_payment_id = a.id AND k.status = 'paid'
        WHERE c.id = NEW.contract_id AND contract_is_over(c.id)
          AND c.accepted = (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id)
          AND NEW.amount_fen = unearned_advance(c.id)) THEN
        RAISE EXCEPTION 'what comes back is what was paid in advance and not earned when the contract ended'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'advance_return_due';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER advance_return_due BEFORE INSERT ON advance_return
    FOR EACH ROW EXECUTE FUNCTION check_advance_return();
