-- What the bank returned came back, whatever its budget line has left. A deduction that was in the payment is spent again
-- where the line has room for it. Where others have taken what it had set free, the line keeps what was given back, until
-- the deduction is made good: it is not given back a second time then.

-- Whether a deduction has its budget back although it is open: each payment gives back, each return spends again or not.
CREATE FUNCTION deduction_given_back(of_claim bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT count(*) FILTER (WHERE m.kind = 'return') > count(*) FILTER (WHERE m.kind = 'spend')
    FROM settlement_item i JOIN budget_movement m ON m.source_type = 'settlement_item' AND m.source_id = i.id
    WHERE i.claim_id = of_claim
$$;
CREATE OR REPLACE FUNCTION require_booked_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_transaction t JOIN ledger_transaction back ON back.reverses = t.id
        WHERE t.source_type = 'settlement_payment' AND t.source_id = NEW.payment_id
          AND t.kind IN ('instruction', 'payout')) <> 2
       OR EXISTS (
        SELECT FROM settlement_item i JOIN claim c ON c.id = i.claim_id
        JOIN budget_line l ON l.id = paying_line(c.budget_line_id)
        LEFT JOIN budget_movement m ON m.source_type = 'settlement_item' AND m.source_id = i.id
             AND m.kind = CASE WHEN i.amount_fen > 0 THEN 'return' ELSE 'spend' END
        WHERE i.payment_id = NEW.payment_id
          AND (c.status, m.approved_fen - m.spent_fen,
               m.budget_line_id = c.budget_line_id OR m.budget_line_id = paying_line(c.budget_line_id))
              IS DISTINCT FROM ('returned_by_bank', i.amount_fen, true)
          AND (c.status <> 'returned_by_bank' OR i.amount_fen > 0 OR m.id IS NOT NULL
               OR l.approved_fen - l.reserved_fen - l.committed_fen - l.spent_fen - l.closed_fen >= -i.amount_fen)) THEN
        RAISE EXCEPTION 'a payment that came back is booked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_return_booked';
    END IF;
    RETURN NULL;
END $$;
