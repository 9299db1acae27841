-- A product is submitted by an organization whose kind may provide its category on that day: the matrix is rows of the
-- rulebook (provider.<category>.<kind>, 1 or 0). Where the rulebook says nothing about a pair, nothing is open.
CREATE FUNCTION may_provide(of_kind text, a_category text, on_day date, place_code text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT r.value = 1 FROM law_rule r
        WHERE r.rule_key = 'provider.' || a_category || '.' || of_kind
          AND r.effective_from <= on_day AND (r.effective_to IS NULL OR r.effective_to > on_day)
          AND (r.jurisdiction = 'CN' OR starts_with(place_code, r.jurisdiction))
        ORDER BY r.jurisdiction = 'CN', length(r.jurisdiction) DESC LIMIT 1), false)
$$;

CREATE FUNCTION require_provision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM organization o WHERE o.id = NEW.organization_id AND may_provide(
                       o.kind, NEW.category, (coalesce(NEW.submitted_at, now()) AT TIME ZONE 'Asia/Shanghai')::date, '3301')) THEN
        RAISE EXCEPTION 'product %: its provider may not provide %', NEW.id, NEW.category
            USING ERRCODE = 'check_violation', CONSTRAINT = 'product_within_matrix';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER product_within_matrix BEFORE UPDATE OF status, revision ON product FOR EACH ROW
    WHEN (NEW.status = 'submitted' AND OLD.status <> 'submitted'
          OR NEW.revision = 'submitted' AND OLD.revision <> 'submitted')
    EXECUTE FUNCTION require_provision();
