-- The end of a budget year (预算法 §18, §42): what nobody bound lapses, what is bound goes over into next year's line, and
-- the old line is done with, whoever writes.

-- Lapsed and carried money leaves a line without changing what was approved: the share that was spent stays true.
ALTER TABLE budget_line ADD COLUMN closed_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE budget_movement ADD COLUMN closed_fen bigint NOT NULL DEFAULT 0;
ALTER TABLE budget_line DROP CONSTRAINT budget_line_within_appropriation;
ALTER TABLE budget_line ADD CONSTRAINT budget_line_within_appropriation
    CHECK (closed_fen >= 0 AND spent_fen + committed_fen + reserved_fen + closed_fen <= approved_fen);

CREATE OR REPLACE FUNCTION apply_budget_movements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE budget_line SET
        approved_fen = budget_line.approved_fen + moved.approved,
        reserved_fen = budget_line.reserved_fen + moved.reserved,
        committed_fen = budget_line.committed_fen + moved.committed,
        spent_fen = budget_line.spent_fen + moved.spent,
        closed_fen = budget_line.closed_fen + moved.closed
    FROM (SELECT budget_line_id, sum(approved_fen) AS approved, sum(reserved_fen) AS reserved,
                 sum(committed_fen) AS committed, sum(spent_fen) AS spent, sum(closed_fen) AS closed
          FROM new_movements GROUP BY budget_line_id) AS moved
    WHERE budget_line.id = moved.budget_line_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION refuse_hand_written_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND (
        TG_OP = 'INSERT' AND (NEW.approved_fen, NEW.reserved_fen, NEW.committed_fen, NEW.spent_fen, NEW.closed_fen)
                             <> (0, 0, 0, 0, 0)
        OR TG_OP = 'UPDATE' AND (NEW.approved_fen, NEW.reserved_fen, NEW.committed_fen, NEW.spent_fen, NEW.closed_fen)
            IS DISTINCT FROM (OLD.approved_fen, OLD.reserved_fen, OLD.committed_fen, OLD.spent_fen, OLD.closed_fen)) THEN
        RAISE EXCEPTION 'the amounts of a budget line are kept by its movements'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'budget_line_is_summed';
    END IF;
    RETURN NEW;
END $$;

-- A second person closes what the first prepared, as it was prepared.
CREATE TABLE year_closing (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    place_id bigint NOT NULL REFERENCES place ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('prepared', 'closed', 'dropped')),
    carry_years integer NOT NULL CHECK (carry_years BETWEEN 0 AND 10),   -- the rulebook's figure on that day
    figures_sha256 bytea NOT NULL CHECK (octet_length(figures_sha256) = 32),
    prepared_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    prepared_at timestamptz NOT NULL,
    closed_by bigint REFERENCES account ON DELETE RESTRICT,
    closed_at timestamptz,
    CHECK ((closed_by IS NULL) = (closed_at IS NULL)),
    CONSTRAINT year_closing_decided CHECK ((status = 'closed') = (closed_by IS NOT NULL)),
    CONSTRAINT year_closing_second_person CHECK (closed_by <> prepared_by)
);
CREATE UNIQUE INDEX year_closing_once ON year_closing (place_id, year) WHERE status <> 'dropped';
CREATE INDEX year_closing_place ON year_closing (place_id, year);
CREATE INDEX year_closing_prepared_by ON year_closing (prepared_by);
CREATE INDEX year_closing_closed_by ON year_closing (closed_by) WHERE closed_by IS NOT NULL;

CREATE FUNCTION refuse_closing_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'prepared'
       OR (NEW.public_id, NEW.year, NEW.place_id, NEW.carry_years, NEW.figures_sha256, NEW.prepared_by, NEW.prepared_at)
          IS DISTINCT FROM
          (OLD.public_id, OLD.year, OLD.place_id, OLD.carry_years, OLD.figures_sha256, OLD.prepared_by, OLD.prepared_at)
    THEN
        RAISE EXCEPTION 'the closing of % is decided as it was prepared, and kept', OLD.year
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'year_closing_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_closing_frozen BEFORE UPDATE OR DELETE ON year_closing
    FOR EACH ROW EXECUTE FUNCTION refuse_closing_change();

-- A year closes when it is over and the ledger's months are closed; years close one after the other.
CREATE FUNCTION check_closing_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'closed' THEN
        RETURN NEW;
    END IF;
    IF extract(year FROM hangzhou_day(NEW.closed_at)) <= NEW.year THEN
        RAISE EXCEPTION 'the year % is not over', NEW.year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_over';
    END IF;
    IF EXISTS (SELECT FROM ledger_period p WHERE extract(year FROM p.starts_on) = NEW.year AND p.closed_at IS NULL) THEN
        RAISE EXCEPTION 'months of % are still open', NEW.year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_months_closed';
    END IF;
    IF EXISTS (SELECT FROM budget_line l
               WHERE l.place_id = NEW.place_id AND l.year < NEW.year AND l.closing_id IS NULL) THEN
        RAISE EXCEPTION 'years close one after the other'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_in_order';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_closing_due BEFORE INSERT OR UPDATE ON year_closing
    FOR EACH ROW EXECUTE FUNCTION check_closing_due();
CREATE FUNCTION refuse_month_of_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM year_closing c
               WHERE c.status = 'closed' AND c.year = extract(year FROM NEW.starts_on)) THEN
        RAISE EXCEPTION 'the year of % is closed', NEW.starts_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_of_closed_year';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_period_of_closed_year AFTER INSERT ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION refuse_month_of_closed_year();

-- Each line of the year: what was spent, what lapsed, what went over, and the line of the next year that stands in for it.
CREATE TABLE year_closing_line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    closing_id bigint NOT NULL REFERENCES year_closing ON DELETE RESTRICT,
    budget_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    to_line_id bigint NOT NULL REFERENCES budget_line ON DELETE RESTRICT,
    approved_fen bigint NOT NULL CHECK (approved_fen >= 0),
    spent_fen bigint NOT NULL CHECK (spent_fen >= 0),
    lapsed_fen bigint NOT NULL CHECK (lapsed_fen >= 0),
    carried_fen bigint NOT NULL CHECK (carried_fen >= 0),
    CONSTRAINT year_closing_line_once UNIQUE (budget_line_id),
    CONSTRAINT year_closing_line_adds_up CHECK (approved_fen = spent_fen + lapsed_fen + carried_fen)
);
CREATE INDEX year_closing_line_closing ON year_closing_line (closing_id);
CREATE INDEX year_closing_line_to ON year_closing_line (to_line_id);
CALL make_append_only('year_closing_line');

-- What was left in a line, by what holds it: a contract, a claim that is approved and not paid, or nothing.
CREATE TABLE year_closing_item (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    closing_line_id bigint NOT NULL REFERENCES year_closing_line ON DELETE RESTRICT,
    pot text NOT NULL CHECK (pot IN ('free', 'reserved', 'committed')),
    purchase_id bigint REFERENCES purchase ON DELETE RESTRICT,
    claim_id bigint REFERENCES claim ON DELETE RESTRICT,
    origin_year integer NOT NULL,          -- of the line that the purchase or claim began on
    fate text NOT NULL CHECK (fate IN ('carried', 'lapsed')),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    CONSTRAINT year_closing_item_held CHECK (CASE pot WHEN 'committed' THEN purchase_id IS NOT NULL AND claim_id IS NULL
        WHEN 'reserved' THEN claim_id IS NOT NULL AND purchase_id IS NULL
        ELSE num_nonnulls(purchase_id, claim_id) = 0 END)
);
CREATE UNIQUE INDEX year_closing_item_once ON year_closing_item (closing_line_id, pot, coalesce(purchase_id, claim_id, 0));
CREATE INDEX year_closing_item_purchase ON year_closing_item (purchase_id) WHERE purchase_id IS NOT NULL;
CREATE INDEX year_closing_item_claim ON year_closing_item (claim_id) WHERE claim_id IS NOT NULL;
CALL make_append_only('year_closing_item');

ALTER TABLE budget_line
    ADD COLUMN closing_id bigint REFERENCES year_closing ON DELETE RESTRICT,
    ADD COLUMN carried_to bigint REFERENCES budget_line ON DELETE RESTRICT,
    ADD CONSTRAINT budget_line_closed_is_empty CHECK (closing_id IS NULL OR
        (reserved_fen, committed_fen) = (0, 0) AND approved_fen = spent_fen + closed_fen),
    ADD CONSTRAINT budget_line_closed_goes_on CHECK ((closing_id IS NULL) = (carried_to IS NULL));
CREATE INDEX budget_line_closing ON budget_line (closing_id) WHERE closing_id IS NOT NULL;
CREATE INDEX budget_line_carried_to ON budget_line (carried_to) WHERE carried_to IS NOT NULL;

-- Judged under the line's row lock: whoever moved money at the same moment has finished, or finds the line closed.
CREATE FUNCTION refuse_closed_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'budget line % belongs to a year that is closed', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'budget_line_year_closed';
END $$;
CREATE TRIGGER budget_line_year_closed BEFORE UPDATE ON budget_line FOR EACH ROW
    WHEN (OLD.closing_id IS NOT NULL) EXECUTE FUNCTION refuse_closed_line();

-- A closing holds its place against lines that are opened beside it.
CREATE FUNCTION refuse_line_of_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM place WHERE id = NEW.place_id FOR SHARE;
    IF EXISTS (SELECT FROM year_closing c
               WHERE (c.place_id, c.year, c.status) = (NEW.place_id, NEW.year, 'closed')) THEN
        RAISE EXCEPTION 'the budget year % is closed', NEW.year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_line_of_closed_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_line_of_closed_year BEFORE INSERT ON budget_line
    FOR EACH ROW EXECUTE FUNCTION refuse_line_of_closed_year();
CREATE FUNCTION refuse_purchase_of_closed_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM budget_line l WHERE l.id = NEW.budget_line_id AND l.closing_id IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing is bought from budget line %, whose year is closed', NEW.budget_line_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_of_closed_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_of_closed_year BEFORE INSERT ON purchase
    FOR EACH ROW EXECUTE FUNCTION refuse_purchase_of_closed_year();

-- The line that pays today for what was bound on a line: itself, or what it was carried to.
CREATE FUNCTION paying_line(of_line bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE onward AS (
        SELECT l.id, l.carried_to FROM budget_line l WHERE l.id = of_line
        UNION ALL SELECT l.id, l.carried_to FROM onward JOIN budget_line l ON l.id = onward.carried_to)
    SELECT id FROM onward WHERE carried_to IS NULL
$$;

-- The line that paid a settled claim, or will: what the bank returned once is spent by its next item.
CREATE FUNCTION charged_line(of_item bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT m.budget_line_id FROM budget_movement m
         WHERE (m.source_type, m.source_id, m.kind) = ('settlement_item', i.id, 'spend')),
        (SELECT m.budget_line_id FROM budget_movement m
         WHERE (m.source_type, m.source_id, m.kind) = ('claim', i.claim_id, 'spend')
           AND NOT EXISTS (SELECT FROM settlement_item before JOIN bank_return r ON r.payment_id = before.payment_id
                           WHERE before.claim_id = i.claim_id AND before.id < i.id)),
        paying_line(c.budget_line_id))
    FROM settlement_item i JOIN claim c ON c.id = i.claim_id WHERE i.id = of_item
$$;
CREATE OR REPLACE FUNCTION check_treasury_voucher() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
    taken bigint;
BEGIN
    SELECT status INTO stands FROM settlement_batch WHERE id = NEW.batch_id FOR NO KEY UPDATE;
    SELECT sum(i.amount_fen) INTO taken FROM settlement_item i JOIN claim c ON c.id = i.claim_id
    JOIN budget_line line ON line.id = c.budget_line_id
    WHERE i.batch_id = NEW.batch_id
      AND NEW.budget_line_id = CASE WHEN line.closing_id IS NULL THEN line.id ELSE charged_line(i.id) END;
    IF stands IS DISTINCT FROM 'approved' OR taken IS DISTINCT FROM NEW.amount_fen OR NEW.replaces IS NOT NULL AND NOT EXISTS (
        SELECT FROM treasury_voucher v
        WHERE v.id = NEW.replaces AND (v.batch_id, v.budget_line_id) = (NEW.batch_id, NEW.budget_line_id)) THEN
        RAISE EXCEPTION 'a voucher pays what an approved batch takes from a line'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'treasury_voucher_amount';
    END IF;
    RETURN NEW;
END $$;

-- Which purchase, or which claim without a contract, a movement of money belongs to, whatever moved it.
CREATE VIEW budget_moved AS
SELECT m.id, m.budget_line_id, m.kind, m.approved_fen, m.reserved_fen, m.committed_fen, m.spent_fen, m.closed_fen,
       m.source_type, m.source_id, m.moved_at,
       CASE WHEN m.source_type IN ('purchase', 'purchase_award') THEN m.source_id
            ELSE coalesce(c.purchase_id, r.purchase_id, award.purchase_id, ended.purchase_id) END AS purchase_id,
       CASE WHEN claim.contract_id IS NULL THEN coalesce(claim.id, ended.claim_id) END AS claim_id
FROM budget_movement m
LEFT JOIN settlement_item paid ON m.source_type = 'settlement_item' AND paid.id = m.source_id
LEFT JOIN claim ON claim.id = CASE m.source_type WHEN 'claim' THEN m.source_id ELSE paid.claim_id END
LEFT JOIN contract_amendment a ON m.source_type = 'contract_amendment' AND a.id = m.source_id
LEFT JOIN advance_return back ON m.source_type = 'advance_return' AND back.id = m.source_id
LEFT JOIN contract c ON c.id = coalesce(claim.contract_id, a.contract_id, back.contract_id)
LEFT JOIN tender_award award ON m.source_type = 'tender_award' AND award.id = m.source_id
LEFT JOIN quotation_comparison q ON m.source_type = 'quotation_comparison' AND q.id = m.source_id
LEFT JOIN quotation_opening opening ON opening.id = q.opening_id LEFT JOIN quotation_round r ON r.id = opening.round_id
LEFT JOIN year_closing_item ended ON m.source_type = 'year_closing_item' AND ended.id = m.source_id;

-- What a closing moves, and what the bank or a supplier brings back of a closed line's money: that arrives in the line
-- that stands in for it, as money of its own.
ALTER TABLE budget_movement DROP CONSTRAINT budget_movement_kind_check;
ALTER TABLE budget_movement ADD CONSTRAINT budget_movement_kind_check CHECK (kind IN
    ('appropriate', 'reserve', 'commit', 'spend', 'release', 'return', 'lapse', 'carry_out', 'carry_in'));
ALTER TABLE budget_movement DROP CONSTRAINT budget_movement_direction;
ALTER TABLE budget_movement ADD CONSTRAINT budget_movement_direction CHECK (CASE
    WHEN kind IN ('lapse', 'carry_out') THEN closed_fen > 0 AND reserved_fen <= 0 AND committed_fen <= 0
        AND reserved_fen + committed_fen >= -closed_fen AND (approved_fen, spent_fen) = (0, 0)
    WHEN closed_fen <> 0 THEN false
    WHEN kind = 'carry_in' THEN approved_fen > 0 AND reserved_fen >= 0 AND committed_fen >= 0
        AND reserved_fen + committed_fen <= approved_fen AND spent_fen = 0
    WHEN kind = 'appropriate' THEN approved_fen <> 0 AND (reserved_fen, committed_fen, spent_fen) = (0, 0, 0)
    WHEN kind = 'reserve' THEN reserved_fen > 0 AND (approved_fen, committed_fen, spent_fen) = (0, 0, 0)
    WHEN kind = 'commit' THEN committed_fen > 0 AND reserved_fen = -committed_fen AND (approved_fen, spent_fen) = (0, 0)
    WHEN kind = 'spend' THEN spent_fen > 0 AND reserved_fen <= 0 AND committed_fen <= 0
                             AND reserved_fen + committed_fen = -spent_fen AND approved_fen = 0
    WHEN kind = 'release' THEN reserved_fen <= 0 AND committed_fen <= 0 AND reserved_fen + committed_fen < 0
                               AND (approved_fen, spent_fen) = (0, 0)
    ELSE spent_fen <= 0 AND approved_fen >= 0 AND (spent_fen < 0) <> (approved_fen > 0)
         AND reserved_fen >= 0 AND committed_fen >= 0 AND reserved_fen + committed_fen = approved_fen - spent_fen END);
ALTER TABLE budget_movement DROP CONSTRAINT budget_movement_of_document;
ALTER TABLE budget_movement ADD CONSTRAINT budget_movement_of_document CHECK (CASE
    WHEN kind = 'appropriate' THEN source_type IN ('appropriation', 'budget_adjustment')
    WHEN kind = 'return' AND approved_fen > 0 THEN source_type IN ('settlement_item', 'advance_return')
    ELSE (kind IN ('lapse', 'carry_out', 'carry_in')) = (source_type = 'year_closing_item') END);

CREATE FUNCTION check_brought_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.source_type = 'settlement_item' AND EXISTS (
        SELECT FROM settlement_item i JOIN claim c ON c.id = i.claim_id JOIN budget_line l ON l.id = c.budget_line_id
        WHERE i.id = NEW.source_id AND i.amount_fen = -NEW.approved_fen AND l.closing_id IS NOT NULL
          AND paying_line(l.id) = NEW.budget_line_id) THEN
        RETURN NEW;  -- deducted from somebody whose claim a closed line had paid
    END IF;
    IF NOT EXISTS (
        SELECT FROM budget_movement paid JOIN budget_line l ON l.id = paid.budget_line_id AND l.closing_id IS NOT NULL
        WHERE paid.kind = 'spend' AND paying_line(l.id) = NEW.budget_line_id AND CASE NEW.source_type
            WHEN 'settlement_item' THEN paid.spent_fen = NEW.approved_fen
                AND (paid.source_type, paid.source_id) IN (
                    SELECT 'settlement_item', i.id FROM settlement_item i WHERE i.id = NEW.source_id
                    UNION ALL SELECT 'claim', i.claim_id FROM settlement_item i WHERE i.id = NEW.source_id)
            ELSE paid.spent_fen >= NEW.approved_fen
                AND (paid.source_type, paid.source_id) IN (
                    SELECT 'claim', k.id FROM advance_return r JOIN claim k ON k.contract_id = r.contract_id
                    WHERE r.id = NEW.source_id AND r.amount_fen = NEW.approved_fen
                    UNION ALL SELECT 'settlement_item', i.id FROM advance_return r
                    JOIN claim k ON k.contract_id = r.contract_id JOIN settlement_item i ON i.claim_id = k.id
                    WHERE r.id = NEW.source_id AND r.amount_fen = NEW.approved_fen) END) THEN
        RAISE EXCEPTION 'what comes back as new money was spent on a line that is closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_return_of_closed_year';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budget_return_of_closed_year BEFORE INSERT ON budget_movement FOR EACH ROW
    WHEN (NEW.kind = 'return' AND NEW.approved_fen > 0) EXECUTE FUNCTION check_brought_back();
CREATE OR REPLACE FUNCTION require_booked_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_transaction t JOIN ledger_transaction back ON back.reverses = t.id
        WHERE t.source_type = 'settlement_payment' AND t.source_id = NEW.payment_id
          AND t.kind IN ('instruction', 'payout')) <> 2
       OR EXISTS (
        SELECT FROM settlement_item i JOIN claim c ON c.id = i.claim_id
        LEFT JOIN budget_movement m ON m.source_type = 'settlement_item' AND m.source_id = i.id
             AND m.kind = CASE WHEN i.amount_fen > 0 THEN 'return' ELSE 'spend' END
        WHERE i.payment_id = NEW.payment_id
          AND (c.status, m.approved_fen - m.spent_fen,
               m.budget_line_id = c.budget_line_id OR m.budget_line_id = paying_line(c.budget_line_id))
              IS DISTINCT FROM ('returned_by_bank', i.amount_fen, true)) THEN
        RAISE EXCEPTION 'a payment that came back is booked back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_return_booked';
    END IF;
    RETURN NULL;
END $$;

-- A line goes over into the same programme, place, codes and kind of money of the next year.
CREATE FUNCTION check_closing_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM budget_line l JOIN budget_line n ON n.id = NEW.to_line_id JOIN year_closing c ON c.id = NEW.closing_id
        WHERE l.id = NEW.budget_line_id AND (c.year, c.place_id) = (l.year, l.place_id)
          AND (n.programme_id, n.place_id, n.year, n.functional_code, n.economic_code, n.fund)
              = (l.programme_id, l.place_id, l.year + 1, l.functional_code, l.economic_code, l.fund)) THEN
        RAISE EXCEPTION 'a line goes over into its own line of the next year'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_line_follows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_closing_line_follows BEFORE INSERT ON year_closing_line
    FOR EACH ROW EXECUTE FUNCTION check_closing_line();

-- 预算法 §42: what is bound goes over, for some years at most; what is free lapses. A donor's purpose has no year.
CREATE FUNCTION check_closing_fate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    due record;
BEGIN
    SELECT c.year, c.carry_years, l.fund, coalesce(began.year, c.year) AS origin INTO due
    FROM year_closing_line e JOIN year_closing c ON c.id = e.closing_id JOIN budget_line l ON l.id = e.budget_line_id
    LEFT JOIN purchase p ON p.id = NEW.purchase_id LEFT JOIN claim k ON k.id = NEW.claim_id
    LEFT JOIN budget_line began ON began.id = coalesce(p.budget_line_id, k.budget_line_id)
    WHERE e.id = NEW.closing_line_id;
    IF due.fund = 'donated' AND NEW.fate = 'lapsed' THEN
        RAISE EXCEPTION 'donated money belongs to its purpose'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_donated_kept';
    END IF;
    IF NEW.origin_year <> due.origin OR NEW.fate <> (CASE
        WHEN due.fund = 'donated' THEN 'carried' WHEN NEW.pot = 'free' THEN 'lapsed'
        WHEN due.year - due.origin >= due.carry_years THEN 'lapsed' ELSE 'carried' END) THEN
        RAISE EXCEPTION 'what is bound goes over for % years, what is free lapses', due.carry_years
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_fate';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER year_closing_fate BEFORE INSERT ON year_closing_item
    FOR EACH ROW EXECUTE FUNCTION check_closing_fate();

-- Judged at COMMIT: each item moved what it says, out of the old line and, if it goes over, into the new one.
CREATE FUNCTION require_moved_item(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ended record;
    held bigint[];
BEGIN
    SELECT i.*, e.budget_line_id, e.to_line_id INTO ended
    FROM year_closing_item i JOIN year_closing_line e ON e.id = i.closing_line_id WHERE i.id = checked;
    held := CASE ended.pot WHEN 'reserved' THEN ARRAY[ended.amount_fen, 0]
                           WHEN 'committed' THEN ARRAY[0, ended.amount_fen] ELSE ARRAY[0, 0] END;
    IF (SELECT array_agg(format('%s %s %s %s %s %s', budget_line_id, kind, approved_fen, reserved_fen, committed_fen,
                                closed_fen) ORDER BY kind)
        FROM budget_movement WHERE source_type = 'year_closing_item' AND source_id = checked)
       IS DISTINCT FROM (CASE ended.fate
            WHEN 'lapsed' THEN ARRAY[format('%s lapse 0 %s %s %s', ended.budget_line_id, -held[1], -held[2], ended.amount_fen)]
            WHEN 'carried' THEN ARRAY[
                format('%s carry_in %s %s %s 0', ended.to_line_id, ended.amount_fen, held[1], held[2]),
                format('%s carry_out 0 %s %s %s', ended.budget_line_id, -held[1], -held[2], ended.amount_fen)] END) THEN
        RAISE EXCEPTION 'item % of a closing moves other than it says', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_balanced';
    END IF;
END $$;
CREATE FUNCTION check_moved_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_moved_item(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION check_movement_of_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_moved_item(NEW.source_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER year_closing_balanced AFTER INSERT ON year_closing_item
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_moved_item();
CREATE CONSTRAINT TRIGGER budget_movement_of_closing AFTER INSERT ON budget_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source_type = 'year_closing_item')
    EXECUTE FUNCTION check_movement_of_item();

-- Judged at COMMIT: a closing is whole or there is none. Every line of the year and place is in it, as it stood; its items
-- are what it lapsed and carried; and the books say the same.
CREATE FUNCTION require_whole_closing(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    closing year_closing%ROWTYPE;
BEGIN
    SELECT * INTO closing FROM year_closing WHERE id = checked;
    IF closing.status <> 'closed' AND EXISTS (SELECT FROM year_closing_line WHERE closing_id = checked)
       OR EXISTS (
        SELECT FROM (SELECT * FROM budget_line
                     WHERE closing_id = checked
                        OR closing.status = 'closed' AND (place_id, year) = (closing.place_id, closing.year)) AS l
        FULL JOIN (SELECT * FROM year_closing_line WHERE closing_id = checked) AS e ON e.budget_line_id = l.id
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(amount_fen) FILTER (WHERE fate = 'lapsed'), 0)::bigint AS lapsed,
                   coalesce(sum(amount_fen) FILTER (WHERE fate = 'carried'), 0)::bigint AS carried
            FROM year_closing_item WHERE closing_line_id = e.id) AS items ON true
        WHERE (l.closing_id, l.carried_to, l.approved_fen, l.spent_fen, l.closed_fen, items.lapsed, items.carried)
              IS DISTINCT FROM (checked, e.to_line_id, e.approved_fen, e.spent_fen, e.lapsed_fen + e.carried_fen,
                                e.lapsed_fen, e.carried_fen)) THEN
        RAISE EXCEPTION 'the closing of % is not whole', closing.year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_whole';
    END IF;
END $$;
CREATE FUNCTION check_whole_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_whole_closing(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION check_closing_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM require_whole_closing(NEW.closing_id); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER year_closing_whole AFTER INSERT OR UPDATE ON year_closing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_whole_closing();
CREATE CONSTRAINT TRIGGER year_closing_line_whole AFTER INSERT ON year_closing_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_closing_of_part();
CREATE CONSTRAINT TRIGGER budget_line_closing_whole AFTER INSERT OR UPDATE ON budget_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.closing_id IS NOT NULL)
    EXECUTE FUNCTION check_closing_of_part();

-- The books: 结余 leaves the line for its place's account of what was taken back, 结转 for the line that stands in for it.
ALTER TABLE ledger_transaction DROP CONSTRAINT ledger_transaction_kind_check;
ALTER TABLE ledger_transaction ADD CONSTRAINT ledger_transaction_kind_check CHECK (kind IN
    ('accrual', 'instruction', 'payout', 'return', 'reversal', 'lapse', 'carry_over',
     'gift', 'gift_refund', 'gift_dispute', 'gateway_payout', 'gateway_fee', 'gateway_other', 'fund_use'));
CALL add_ledger_source('year_closing_line',
    'SELECT l.place_id FROM year_closing_line e JOIN budget_line l ON l.id = e.budget_line_id WHERE e.id = of_id');
CREATE FUNCTION check_closing_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (
            SELECT t.kind, a.code, sum(p.amount_fen)::bigint AS fen FROM ledger_transaction t
            JOIN ledger_posting p ON p.transaction_id = t.id JOIN ledger_account a ON a.id = p.account_id
            WHERE t.source_type = 'year_closing_line' AND t.source_id = NEW.id GROUP BY t.kind, a.code) AS booked
        FULL JOIN (
            SELECT said.kind, said.code, said.fen FROM place JOIN budget_line l ON l.place_id = place.id, LATERAL (VALUES
                ('lapse', 'yearend:line:' || l.id, NEW.lapsed_fen), ('lapse', 'lapsed:' || place.code, -NEW.lapsed_fen),
                ('carry_over', 'yearend:line:' || l.id, NEW.carried_fen),
                ('carry_over', 'yearend:line:' || NEW.to_line_id, -NEW.carried_fen)) AS said (kind, code, fen)
            WHERE l.id = NEW.budget_line_id AND said.fen <> 0) AS due USING (kind, code)
        WHERE booked.fen IS DISTINCT FROM due.fen) THEN
        RAISE EXCEPTION 'what lapsed and what was carried is booked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closing_booked';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER year_closing_booked AFTER INSERT ON year_closing_line
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_closing_booked();

-- A claim that is approved after its year was closed is owed by the line that stands in for its own.
CREATE OR REPLACE FUNCTION check_claim_steps() RETURNS trigger LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_claims n LEFT JOIN old_claims o ON o.id = n.id
               WHERE (n.status = o.status OR claim_may_go(o.status, n.status)) IS NOT TRUE) THEN
        RAISE EXCEPTION 'a claim takes a step that there is not'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_in_order';
    END IF;
    IF EXISTS (
        SELECT FROM new_claims n JOIN old_claims o ON o.id = n.id
        WHERE (n.programme_id, n.sign_up_id, n.village_order_id, n.contract_payment_id, n.contract_id, n.person_id,
               n.organization_id, n.item, n.service_day, n.place_id, n.tariff_set_id,
               n.closed_case_id, n.part, n.expense_id, n.mediator_post_id, n.month)
              IS DISTINCT FROM
              (o.programme_id, o.sign_up_id, o.village_order_id, o.contract_payment_id, o.contract_id, o.person_id,
               o.organization_id, o.item, o.service_day, o.place_id, o.tariff_set_id,
               o.closed_case_id, o.part, o.expense_id, o.mediator_post_id, o.month)
           OR n.budget_line_id <> o.budget_line_id
              AND (o.status = 'approved' OR n.status <> 'approved' OR n.budget_line_id <> paying_line(o.budget_line_id))
           OR (n.amount_fen, n.trace) IS DISTINCT FROM (o.amount_fen, o.trace)
              AND (o.status, o.amount_fen, o.missing_documents = '{}') IS DISTINCT FROM ('held', 0::bigint, false)
           OR o.approved_by IS NOT NULL
              AND (n.approved_by, n.approved_at) IS DISTINCT FROM (o.approved_by, o.approved_at)) THEN
        RAISE EXCEPTION 'what a claim is for, its amount, payee and approval do not change'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'claim_amount_frozen';
    END IF;
    RETURN NULL;
END $$;
