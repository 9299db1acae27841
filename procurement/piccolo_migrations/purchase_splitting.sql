-- Which method a purchase may take, and what counts as splitting.

-- 条例 §28: in one financial year, of one budget item and one category, what was bought repeatedly in other ways than by
-- open tender. Quotations count, and tenders that are no open tender and that finance did not approve. A call-off does
-- not where its framework's call was published: 令110 (§3) makes the framework for small purchases that come again and
-- again and whose year reaches the figure, and their competition is that public call; without one it counts. What was
-- given up bought nothing; of a contract that ended early counts what was accepted, of a supplemented one the whole.
CREATE VIEW non_open_purchase AS
SELECT p.id AS purchase_id, p.budget_line_id, p.place_id, p.method,
       coalesce(q.category, product.category, intent.detail ->> 'category') AS category,
       CASE WHEN p.status = 'terminated' THEN c.accepted * c.unit_price_fen
            ELSE p.amount_fen + coalesce(c.added * c.unit_price_fen, 0) END AS amount_fen
FROM purchase p LEFT JOIN quotation_request q ON q.purchase_id = p.id LEFT JOIN product ON product.id = p.product_id
LEFT JOIN contract c ON c.purchase_id = p.id AND c.signed_at IS NOT NULL
LEFT JOIN purchase_step intent ON intent.purchase_id = p.id AND intent.kind = 'intent'
LEFT JOIN purchase_step method ON method.purchase_id = p.id AND method.kind = 'set_method'
LEFT JOIN admission a ON a.id = p.admission_id
WHERE p.status NOT IN ('refused', 'cancelled') AND (p.status <> 'terminated' OR c.accepted > 0)
  AND CASE p.method
      WHEN 'quotation' THEN true
      WHEN 'tender' THEN method.detail ->> 'procedure' <> 'open_tender'
                         AND coalesce(method.detail ->> 'approval_number', '') = ''
      ELSE NOT EXISTS (SELECT FROM framework_notice n WHERE n.framework_id = a.framework_id AND n.kind = 'call') END;

CREATE FUNCTION non_open_fen(of_line bigint, of_category text, but_for bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(amount_fen), 0)::bigint FROM non_open_purchase
    WHERE budget_line_id = of_line AND category = of_category AND purchase_id IS DISTINCT FROM but_for
$$;

-- 采购法 §31(3): what single sources have added to a contract.
CREATE FUNCTION added_to_contract(of_reference text, but_for bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(p.amount_fen), 0)::bigint FROM purchase_step s JOIN purchase p ON p.id = s.purchase_id
    WHERE s.kind = 'set_method' AND s.detail ->> 'case' = 'add_on' AND s.detail ->> 'procedure' = 'single_source'
      AND s.detail ->> 'original_contract' = of_reference AND p.id <> but_for AND p.status <> 'terminated'
$$;
CREATE INDEX purchase_step_original ON purchase_step ((detail ->> 'original_contract'))
    WHERE kind = 'set_method' AND detail ->> 'original_contract' <> '';

-- Below the figure three quotations are asked for, unless the year's parts together pass it.
CREATE FUNCTION refuse_split_quotation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought purchase%ROWTYPE;
    place_code text;
    others bigint;
BEGIN
    SELECT * INTO bought FROM purchase WHERE id = NEW.purchase_id;
    PERFORM FROM budget_line WHERE id = bought.budget_line_id FOR NO KEY UPDATE;
    SELECT code INTO place_code FROM place WHERE id = bought.place_id;
    others := non_open_fen(bought.budget_line_id, NEW.category, NEW.purchase_id);
    IF others > 0 AND others + bought.amount_fen > 100 * law_figure(
            'quotation.splitting', (bought.requested_at AT TIME ZONE 'Asia/Shanghai')::date, place_code) THEN
        RAISE EXCEPTION 'purchase % is a part of what the year buys of its category', bought.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_not_split';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER purchase_not_split AFTER INSERT ON quotation_request
    FOR EACH ROW EXECUTE FUNCTION refuse_split_quotation();

-- 采购法 §26-28, §31: the method of a tender, by the figures of its day.
CREATE FUNCTION check_purchase_method() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bought purchase%ROWTYPE;
    place_code text;
    category text;
    on_day CONSTANT date := (NEW.happened_at AT TIME ZONE 'Asia/Shanghai')::date;
    procedure CONSTANT text := NEW.detail ->> 'procedure';
    reason CONSTANT text := coalesce(NEW.detail ->> 'case', '');
    approved CONSTANT boolean := coalesce(NEW.detail ->> 'approval_number', '') <> ''
                                 AND coalesce((NEW.detail ->> 'approved_on')::date <= on_day, false);
    failed text := NULL;
BEGIN
    SELECT * INTO bought FROM purchase WHERE id = NEW.purchase_id;
    PERFORM FROM budget_line WHERE id = bought.budget_line_id FOR NO KEY UPDATE;
    SELECT code INTO place_code FROM place WHERE id = bought.place_id;
    SELECT detail ->> 'category' INTO category FROM purchase_step WHERE purchase_id = bought.id AND kind = 'intent';
    IF procedure IS NULL OR procedure NOT IN ('open_tender', 'consultation', 'single_source') THEN
        failed := 'purchase_method_offered';
    ELSIF procedure = 'open_tender' THEN
        RETURN NULL;
    ELSIF NOT approved AND bought.amount_fen >= 100 * law_figure('tender.threshold', on_day, place_code) THEN
        failed := 'purchase_open_tender';
    ELSIF NOT approved AND bought.amount_fen + non_open_fen(bought.budget_line_id, category, bought.id)
                           > 100 * law_figure('tender.threshold', on_day, place_code) THEN
        failed := 'purchase_not_split';
    ELSIF procedure = 'single_source' AND (reason NOT IN ('only_one', 'urgent', 'add_on')
                                           OR btrim(coalesce(NEW.detail ->> 'evidence', ''), E' \n\r\t') = '') THEN
        failed := 'purchase_single_source_case';
    ELSIF procedure = 'single_source' AND reason = 'add_on' AND NOT EXISTS (
        SELECT FROM contract c WHERE c.reference = NEW.detail ->> 'original_contract' AND c.signed_at IS NOT NULL
          AND (bought.amount_fen + added_to_contract(c.reference, bought.id)) * 100
              <= c.quantity * c.unit_price_fen * law_figure('single_source.add_on', on_day, place_code)) THEN
        failed := 'purchase_add_on_within_share';
    END IF;
    IF failed IS NOT NULL THEN
        RAISE EXCEPTION 'purchase % may not be bought by this method', bought.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = failed;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER purchase_method_checked AFTER INSERT ON purchase_step FOR EACH ROW
    WHEN (NEW.kind = 'set_method') EXECUTE FUNCTION check_purchase_method();
