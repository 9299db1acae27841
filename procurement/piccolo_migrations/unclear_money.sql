-- Money on the payment service's balance that belongs to no gift of ours: what it is, decided with a reason by two people.

ALTER TABLE gateway_entry ADD COLUMN payment_id text;   -- NULL: of no payment, or taken over before it was kept
CREATE INDEX gateway_entry_unclear ON gateway_entry (id) WHERE kind = 'other';

CREATE TABLE unclear_decision (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    outcome text NOT NULL CHECK (outcome IN ('gift', 'fund', 'returned', 'operator', 'offset')),
    fund_id bigint REFERENCES donation_fund ON DELETE RESTRICT,
    gift_id bigint,
    document text NOT NULL DEFAULT '',                                   -- the voucher by which it went back
    reason text NOT NULL CHECK (reason <> ''),
    status text NOT NULL CHECK (status IN ('proposed', 'approved', 'declined')),
    proposed_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    proposed_at timestamptz NOT NULL,
    decided_by bigint REFERENCES account ON DELETE RESTRICT,
    decided_at timestamptz,
    FOREIGN KEY (gift_id, fund_id) REFERENCES gift (id, fund_id) ON DELETE RESTRICT,
    CONSTRAINT unclear_decision_second_person CHECK (decided_by <> proposed_by),
    -- What came and went back on the balance moves no money: one person may note it. All else takes two.
    CONSTRAINT unclear_decision_decided CHECK (
        (status = 'proposed') = (decided_at IS NULL)
        AND CASE WHEN outcome = 'offset' THEN status = 'approved' AND decided_by IS NULL
                 ELSE (status = 'proposed') = (decided_by IS NULL) END),
    CONSTRAINT unclear_decision_names CHECK (
        (fund_id IS NOT NULL) = (outcome IN ('gift', 'fund')) AND (gift_id IS NOT NULL) = (outcome = 'gift')
        AND (document <> '') = (outcome = 'returned'))
);
CREATE INDEX unclear_decision_fund ON unclear_decision (fund_id) WHERE fund_id IS NOT NULL;
CREATE INDEX unclear_decision_gift ON unclear_decision (gift_id, fund_id) WHERE gift_id IS NOT NULL;
CREATE INDEX unclear_decision_waiting ON unclear_decision (id) WHERE status = 'proposed';
CREATE INDEX unclear_decision_proposed_by ON unclear_decision (proposed_by);
CREATE INDEX unclear_decision_decided_by ON unclear_decision (decided_by) WHERE decided_by IS NOT NULL;

CREATE TABLE unclear_decision_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    decision_id bigint NOT NULL REFERENCES unclear_decision ON DELETE RESTRICT,
    entry_id bigint NOT NULL REFERENCES gateway_entry ON DELETE RESTRICT,
    standing boolean NOT NULL DEFAULT true                               -- false: the decision was declined
);
CREATE INDEX unclear_decision_entry_decision ON unclear_decision_entry (decision_id);
CREATE INDEX unclear_decision_entry_entry ON unclear_decision_entry (entry_id);
CREATE UNIQUE INDEX unclear_entry_once ON unclear_decision_entry (entry_id) WHERE standing;

CREATE FUNCTION keep_unclear_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'proposed'
       OR to_jsonb(NEW) - '{status,decided_by,decided_at}'::text[]
          <> to_jsonb(OLD) - '{status,decided_by,decided_at}'::text[] THEN
        RAISE EXCEPTION 'decision % is taken once, as it was proposed', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'unclear_decision_kept';
    END IF;
    IF NEW.status = 'declined' THEN
        UPDATE unclear_decision_entry SET standing = false WHERE decision_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unclear_decision_kept BEFORE UPDATE OR DELETE ON unclear_decision
    FOR EACH ROW EXECUTE FUNCTION keep_unclear_decision();

CREATE FUNCTION keep_unclear_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR (NEW.decision_id, NEW.entry_id) <> (OLD.decision_id, OLD.entry_id)
                              OR NEW.standing AND NOT OLD.standing) THEN
        RAISE EXCEPTION 'what a decision was about is kept'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'unclear_entry_kept';
    END IF;
    IF NOT EXISTS (SELECT FROM gateway_entry WHERE id = NEW.entry_id AND kind = 'other') THEN
        RAISE EXCEPTION 'entry % belongs to a gift', NEW.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unclear_entry_of_no_gift';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unclear_entry_kept BEFORE INSERT OR UPDATE OR DELETE ON unclear_decision_entry
    FOR EACH ROW EXECUTE FUNCTION keep_unclear_entry();

-- An approved decision has left the account of what is unclear, to the cent; one that moves nothing sums to zero.
CREATE FUNCTION check_unclear_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint := CASE TG_TABLE_NAME WHEN 'unclear_decision' THEN NEW.id
                                         ELSE (to_jsonb(NEW) ->> 'decision_id')::bigint END;
    decision unclear_decision%ROWTYPE;
    total bigint;
    left_unclear bigint;
BEGIN
    SELECT * INTO decision FROM unclear_decision WHERE id = checked;
    SELECT sum(e.amount_minor) INTO total FROM unclear_decision_entry d JOIN gateway_entry e ON e.id = d.entry_id
    WHERE d.decision_id = checked;
    SELECT coalesce(sum(p.amount_fen), 0) INTO left_unclear FROM ledger_transaction t
    JOIN ledger_posting p ON p.transaction_id = t.id JOIN ledger_account a ON a.id = p.account_id
    WHERE t.source_type = 'unclear_decision' AND t.source_id = checked AND starts_with(a.code, 'donated:unclear:');
    IF total IS NULL OR (decision.outcome = 'offset') <> (total = 0)
       OR left_unclear <> (CASE decision.status WHEN 'approved' THEN total ELSE 0 END)
       OR decision.status = 'approved' AND decision.outcome = 'gift' AND NOT EXISTS (
            SELECT FROM gift JOIN gateway_entry e ON e.payment_id = gift.payment_id
            JOIN unclear_decision_entry d ON d.entry_id = e.id AND d.decision_id = checked
            WHERE gift.id = decision.gift_id AND gift.status = 'given') THEN
        RAISE EXCEPTION 'decision % about unclear money is not in the ledger', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unclear_decision_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unclear_decision_booked AFTER INSERT OR UPDATE ON unclear_decision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_unclear_decision();
CREATE CONSTRAINT TRIGGER unclear_entry_booked AFTER INSERT ON unclear_decision_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_unclear_decision();

-- What a decision moves belongs to its fund's place; what belongs to no fund, to where gifts began.
CALL add_ledger_source('unclear_decision',
    'SELECT f.place_id FROM unclear_decision d
     JOIN donation_fund f ON f.id = coalesce(d.fund_id, (SELECT min(id) FROM donation_fund)) WHERE d.id = of_id');
