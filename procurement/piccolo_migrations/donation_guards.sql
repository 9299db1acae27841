-- What is further kept of charitable money, whoever writes: real currencies, keys before money moves, one direction.

-- ISO 4217, the currencies in use (six-monthly list of the maintenance agency, without funds codes, metals and tests).
CREATE FUNCTION is_iso_currency(code text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT code = ANY (string_to_array(
        'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP '
        'CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG '
        'HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL '
        'MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR '
        'RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD '
        'TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG', ' '))
$$;
ALTER TABLE donation_fund ADD CONSTRAINT donation_fund_currency_iso CHECK (is_iso_currency(currency));
ALTER TABLE gift ADD CONSTRAINT gift_currency_iso CHECK (is_iso_currency(currency));
ALTER TABLE gift_plan ADD CONSTRAINT gift_plan_currency_iso CHECK (is_iso_currency(currency));
ALTER TABLE gateway_entry ADD CONSTRAINT gateway_entry_currency_iso
    CHECK (is_iso_currency(currency) AND is_iso_currency(original_currency));
ALTER TABLE fund_use ADD CONSTRAINT fund_use_currency_iso CHECK (is_iso_currency(currency));
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_currency_iso CHECK (is_iso_currency(currency));

-- A fund's address and currency stand in its accounts' names, and its owner on what donors hold.
CREATE FUNCTION keep_donation_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.code, NEW.organization_id, NEW.currency, NEW.opened_by, NEW.opened_at)
                           IS DISTINCT FROM (OLD.code, OLD.organization_id, OLD.currency, OLD.opened_by, OLD.opened_at)
    THEN
        RAISE EXCEPTION 'fund % keeps its address, owner and currency', OLD.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'donation_fund_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donation_fund_kept BEFORE UPDATE OR DELETE ON donation_fund
    FOR EACH ROW EXECUTE FUNCTION keep_donation_fund();

CREATE OR REPLACE FUNCTION keep_gift_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR gift_rank(NEW.status) < gift_rank(OLD.status)
       OR (NEW.public_id, NEW.reference, NEW.fund_id, NEW.donor_id, NEW.amount_minor, NEW.currency, NEW.plan_id,
           NEW.started_at)
          IS DISTINCT FROM (OLD.public_id, OLD.reference, OLD.fund_id, OLD.donor_id, OLD.amount_minor, OLD.currency,
                            OLD.plan_id, OLD.started_at)
       OR (OLD.payment_id IS NOT NULL AND NEW.payment_id IS DISTINCT FROM OLD.payment_id)
       OR (OLD.given_at IS NOT NULL AND NEW.given_at IS DISTINCT FROM OLD.given_at) THEN
        RAISE EXCEPTION 'gift % only moves forward', OLD.reference
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_forward';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION keep_dispute_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open' AND NEW.status <> OLD.status
       OR to_jsonb(NEW) - '{status,closed_at}'::text[] <> to_jsonb(OLD) - '{status,closed_at}'::text[] THEN
        RAISE EXCEPTION 'dispute % is closed once', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_dispute_forward';
    END IF;
    RETURN NEW;
END $$;

-- Money that the payer's bank holds or kept is not given back a second time: nobody may ask for it here.
CREATE OR REPLACE FUNCTION check_gift_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks CONSTANT text[] := ARRAY['proposed', 'approved', 'sent', 'succeeded', 'failed', 'declined'];
    given record;
    taken bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'refund % is kept', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_refund_forward';
    END IF;
    IF TG_OP = 'UPDATE' AND (array_position(ranks, NEW.status) < array_position(ranks, OLD.status)
       OR OLD.status = 'failed' AND NEW.status = 'declined' OR OLD.status = 'succeeded' AND NEW.status = 'declined'
       OR (NEW.gift_id, NEW.amount_minor, NEW.reason, NEW.proposed_by)
          IS DISTINCT FROM (OLD.gift_id, OLD.amount_minor, OLD.reason, OLD.proposed_by)) THEN
        RAISE EXCEPTION 'refund % only moves forward', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gift_refund_forward';
    END IF;
    -- The gift's row is locked first: two refunds of one gift wait for each other and see what the other took.
    SELECT amount_minor, status INTO given FROM gift WHERE id = NEW.gift_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount_minor), 0) INTO taken FROM gift_refund
    WHERE gift_id = NEW.gift_id AND id <> NEW.id AND status NOT IN ('failed', 'declined');
    IF NEW.status IN ('proposed', 'approved') THEN
        taken := taken + (SELECT coalesce(sum(amount_minor), 0) FROM gift_dispute
                          WHERE gift_id = NEW.gift_id AND status <> 'won');
    END IF;
    IF NEW.status NOT IN ('failed', 'declined')
       AND (given.status <> 'given' OR given.amount_minor < NEW.amount_minor + taken) THEN
        RAISE EXCEPTION 'no more is given back of gift % than was given', NEW.gift_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gift_refund_within_gift';
    END IF;
    RETURN NEW;
END $$;

-- The key of a request stands here before the request is made: whoever finds the one finds the other.
CREATE FUNCTION check_key_first() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted text := TG_ARGV[0];
BEGIN
    IF NOT EXISTS (SELECT FROM gateway_attempt WHERE purpose = wanted AND subject_id = NEW.id) THEN
        RAISE EXCEPTION 'a % goes to the payment service with a key of ours that is kept', wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gateway_attempt_first';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gift_key_first AFTER INSERT OR UPDATE OF checkout_id ON gift
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.checkout_id IS NOT NULL)
    EXECUTE FUNCTION check_key_first('checkout');
CREATE CONSTRAINT TRIGGER gift_refund_key_first AFTER INSERT OR UPDATE OF status ON gift_refund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.proposed_by IS NOT NULL AND NEW.status IN ('approved', 'sent', 'succeeded'))
    EXECUTE FUNCTION check_key_first('refund');

-- An acknowledgement never says more than what the fund still has of the gift.
CREATE FUNCTION check_acknowledgement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM gift WHERE gift.id = NEW.gift_id AND gift.status = 'given' AND gift.currency = NEW.currency
          AND NEW.amount_minor <= gift.amount_minor
            - (SELECT coalesce(sum(r.amount_minor), 0) FROM gift_refund r
               WHERE r.gift_id = gift.id AND r.status = 'succeeded')
            - (SELECT coalesce(sum(d.amount_minor), 0) FROM gift_dispute d
               WHERE d.gift_id = gift.id AND d.status = 'lost')) THEN
        RAISE EXCEPTION 'no more is acknowledged than was given'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acknowledgement_within_gift';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER acknowledgement_within_gift BEFORE INSERT ON acknowledgement
    FOR EACH ROW EXECUTE FUNCTION check_acknowledgement();

-- An event is kept as it came; what was handled is not unhandled by anything that comes later.
CREATE OR REPLACE FUNCTION keep_gateway_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.event_id, NEW.kind, NEW.subject_kind, NEW.subject_id, NEW.body_sha256, NEW.received_at)
                           IS DISTINCT FROM
                           (OLD.event_id, OLD.kind, OLD.subject_kind, OLD.subject_id, OLD.body_sha256, OLD.received_at)
    THEN
        RAISE EXCEPTION 'event % is kept as it came', OLD.event_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gateway_event_kept';
    END IF;
    IF OLD.status IN ('handled', 'ignored') AND NEW.status <> OLD.status
       OR OLD.status = 'failed' AND NEW.status = 'received' OR NEW.attempts < OLD.attempts THEN
        RAISE EXCEPTION 'event % only moves forward', OLD.event_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'gateway_event_forward';
    END IF;
    RETURN NEW;
END $$;

-- What is approved is what was proposed, its words included: the public reads them.
CREATE OR REPLACE FUNCTION keep_fund_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'proposed'
       OR to_jsonb(NEW) - '{status,decided_by,decided_at}'::text[]
          <> to_jsonb(OLD) - '{status,decided_by,decided_at}'::text[] THEN
        RAISE EXCEPTION 'use % is decided once, as it was proposed', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_use_kept';
    END IF;
    -- Uses of one fund are approved one after the other, so that each sees what the one before took.
    PERFORM FROM donation_fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
