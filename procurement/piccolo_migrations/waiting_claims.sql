-- Who waits for a settlement run, and what bars a claim from it, said once: computing, previewing, planning and the
-- workbench read this view. A claim that somebody must look at first carries the reason in `bar`; it goes on without one.
CREATE VIEW waiting_claim AS
SELECT c.id, c.status, c.person_id, c.organization_id, c.budget_line_id, c.place_id, place.code AS place_code,
       c.service_day, c.approved_at, c.amount_fen, settlement_turn(c.approved_at, c.amount_fen, c.id) AS turn,
       CASE WHEN (coalesce(c.person_id, 0), coalesce(c.organization_id, 0))
                 IN (SELECT person_id, organization_id FROM returned_account) THEN 'account_returned'
            WHEN EXISTS (SELECT FROM contract k WHERE k.id = c.contract_id AND purchase_is_held(k.purchase_id))
                 THEN 'challenged'
            WHEN c.id IN (SELECT claim_id FROM claim_dispute WHERE status = 'open') THEN 'disputed'
            WHEN c.person_id IN (SELECT person_id FROM unfit_payee WHERE ground = 'official') THEN 'official'
            WHEN c.person_id IN (SELECT person_id FROM unfit_payee WHERE ground = 'twin') THEN 'shared_account'
       END AS bar
FROM claim c JOIN place ON place.id = c.place_id
WHERE c.status IN ('approved', 'returned_by_bank');

-- The reason of a claim that was left out is told by its name. 'in_question' stands in older runs for the last three.
ALTER TABLE settlement_left_out DROP CONSTRAINT settlement_left_out_reason_check,
    ADD CONSTRAINT settlement_left_out_reason CHECK (reason IN (
        'short_of_money', 'account_returned', 'challenged', 'disputed', 'official', 'shared_account', 'in_question'));

-- Where an entry belongs, by what it is for. Each source says so in one line of data, and place_of_entry() is written
-- from all of them: who adds a source adds its line. Asked for each entry, it must not be composed anew each time.
CREATE TABLE ledger_source (
    source_type text PRIMARY KEY CHECK (source_type ~ '^[a-z_]+$'),
    place_sql text NOT NULL CHECK (place_sql <> '')    -- a query with of_id, the id of the source, for its place's id
);
CREATE PROCEDURE add_ledger_source(new_type text, new_sql text) LANGUAGE plpgsql AS $$
DECLARE
    branches text;
BEGIN
    INSERT INTO ledger_source (source_type, place_sql) VALUES (new_type, new_sql);
    SELECT string_agg(format('WHEN %L THEN (%s)', source_type, place_sql), E'\n' ORDER BY source_type)
    INTO branches FROM ledger_source;
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION place_of_entry(of_type text, of_id bigint) RETURNS bigint LANGUAGE sql STABLE AS %L',
        format(E'SELECT CASE of_type\n%s END', branches));
END $$;
CALL make_append_only('ledger_source');
CALL add_ledger_source('claim', 'SELECT c.place_id FROM claim c WHERE c.id = of_id');
CALL add_ledger_source('settlement_payment',
    'SELECT b.place_id FROM settlement_payment p JOIN settlement_batch b ON b.id = p.batch_id WHERE p.id = of_id');
CALL add_ledger_source('advance_return',
    'SELECT p.place_id FROM advance_return r JOIN contract c ON c.id = r.contract_id
     JOIN purchase p ON p.id = c.purchase_id WHERE r.id = of_id');
CALL add_ledger_source('tax_remittance', 'SELECT r.place_id FROM tax_remittance r WHERE r.id = of_id');
CALL add_ledger_source('gateway_entry',
    'SELECT f.place_id FROM gateway_entry g
     JOIN donation_fund f ON f.id = coalesce(g.fund_id, (SELECT min(id) FROM donation_fund)) WHERE g.id = of_id');
CALL add_ledger_source('fund_use',
    'SELECT f.place_id FROM fund_use u JOIN donation_fund f ON f.id = u.fund_id WHERE u.id = of_id');
