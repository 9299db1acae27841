-- Purchases, frameworks and admissions go only the ways that their rules know; who asked, and what was admitted, stays.

CREATE FUNCTION purchase_may_go(of_method text, of_status text, to_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('intent', 'reserved'), ('ordered', 'contracted'), ('delivering', 'accepted'), ('delivering', 'terminated'),
        ('accepted', 'paid'), ('paid', 'rated'), ('rated', 'closed'))
    OR CASE WHEN of_method = 'tender' THEN (of_status, to_status) IN (
        ('reserved', 'requirement_reviewed'), ('requirement_reviewed', 'plan_filed'), ('plan_filed', 'method_set'),
        ('method_set', 'noticed'), ('noticed', 'sealed'), ('sealed', 'opened'), ('opened', 'evaluated'),
        ('evaluated', 'awarded'), ('awarded', 'result_published'), ('result_published', 'ordered'),
        ('contracted', 'contract_published'), ('contract_published', 'delivering'), ('contract_published', 'accepted'),
        ('contract_published', 'terminated'))
        OR to_status = 'terminated' AND of_status IN (
            'intent', 'reserved', 'requirement_reviewed', 'plan_filed', 'method_set', 'noticed', 'sealed', 'opened',
            'evaluated', 'awarded', 'result_published', 'ordered')
    ELSE (of_status, to_status) IN (
        ('intent', 'cancelled'), ('reserved', 'cancelled'), ('approved', 'ordered'), ('approved', 'cancelled'),
        ('ordered', 'cancelled'), ('contracted', 'delivering'), ('contracted', 'accepted'),
        ('contracted', 'terminated'))
    END OR CASE of_method
        WHEN 'call_off' THEN (of_status, to_status) IN (('reserved', 'approved'), ('reserved', 'refused'))
        WHEN 'quotation' THEN (of_status, to_status) IN (
            ('reserved', 'quotations_sealed'), ('quotations_sealed', 'quotations_sealed'),
            ('quotations_sealed', 'opened'), ('quotations_sealed', 'cancelled'), ('opened', 'quotations_sealed'),
            ('opened', 'compared'), ('opened', 'cancelled'), ('compared', 'approved'), ('compared', 'refused'),
            ('compared', 'cancelled'))
        ELSE false END
$$;
CREATE FUNCTION check_purchase_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_purchases n LEFT JOIN old_purchases o ON o.id = n.id
        WHERE (n.method = o.method AND (n.status = o.status OR purchase_may_go(n.method, o.status, n.status)))
              IS NOT TRUE) THEN
        RAISE EXCEPTION 'a purchase takes a step that its method does not know'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_in_order';
    END IF;
    IF EXISTS (
        SELECT FROM new_purchases n JOIN old_purchases o ON o.id = n.id
        WHERE n.status = 'quotations_sealed' AND o.status <> n.status AND NOT EXISTS (
            SELECT FROM quotation_round r WHERE r.purchase_id = n.id
            AND NOT EXISTS (SELECT FROM quotation_round later WHERE later.purchase_id = n.id AND later.number > r.number)
            AND NOT EXISTS (SELECT FROM quotation_opening x WHERE x.round_id = r.id))) THEN
        RAISE EXCEPTION 'quotations are sealed in a round that nobody has opened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_as_invited';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER purchase_steps AFTER UPDATE ON purchase
    REFERENCING OLD TABLE AS old_purchases NEW TABLE AS new_purchases
    FOR EACH STATEMENT EXECUTE FUNCTION check_purchase_steps();
CREATE FUNCTION check_purchase_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_purchases WHERE status NOT IN ('intent', 'reserved')) THEN
        RAISE EXCEPTION 'a purchase begins with its intent or its money'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'purchase_in_order';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER purchase_steps_begin AFTER INSERT ON purchase REFERENCING NEW TABLE AS new_purchases
    FOR EACH STATEMENT EXECUTE FUNCTION check_purchase_begins();

-- Who asked keeps no key, approves and accepts nothing: so it stays who asked.
CREATE FUNCTION refuse_another_requester() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who asked for purchase %, and when, stays', OLD.reference
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'purchase_requester_frozen';
END $$;
CREATE TRIGGER purchase_requester_frozen BEFORE UPDATE ON purchase FOR EACH ROW
    WHEN ((NEW.requested_by, NEW.requested_at) IS DISTINCT FROM (OLD.requested_by, OLD.requested_at))
    EXECUTE FUNCTION refuse_another_requester();

-- Suppliers and keepers are named for a round that still runs.
CREATE FUNCTION check_named_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM quotation_round r JOIN purchase p ON p.id = r.purchase_id
        WHERE r.id IN (SELECT round_id FROM new_named) AND (
            clock_timestamp() >= r.deadline OR p.status NOT IN ('reserved', 'quotations_sealed', 'opened')
            OR EXISTS (SELECT FROM quotation_opening o WHERE o.round_id = r.id)
            OR EXISTS (SELECT FROM quotation_round later
                       WHERE later.purchase_id = r.purchase_id AND later.number > r.number))) THEN
        RAISE EXCEPTION 'nobody is named for a round that is over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quotation_round_runs';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quotation_round_runs AFTER INSERT ON quotation_invitation REFERENCING NEW TABLE AS new_named
    FOR EACH STATEMENT EXECUTE FUNCTION check_named_in_time();
CREATE TRIGGER quotation_round_runs AFTER INSERT ON quotation_keeper REFERENCING NEW TABLE AS new_named
    FOR EACH STATEMENT EXECUTE FUNCTION check_named_in_time();

CREATE FUNCTION framework_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('scheme', 'filed'), ('filed', 'call_published'), ('call_published', 'in_force'),
        ('call_published', 'expired'), ('in_force', 'expired'))
$$;
CREATE FUNCTION check_framework_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status <> 'scheme'
       OR TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NOT framework_may_go(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'framework % takes a step that there is not', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'framework_in_order';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER framework_step AFTER INSERT OR UPDATE OF status ON framework
    FOR EACH ROW EXECUTE FUNCTION check_framework_step();

CREATE FUNCTION admission_may_go(of_status text, to_status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (of_status, to_status) IN (
        ('applied', 'admitted'), ('applied', 'refused'), ('applied', 'withdrawn'), ('admitted', 'withdrawn'),
        ('admitted', 'removed'))
$$;
CREATE FUNCTION check_admission_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status <> 'applied'
       OR TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NOT admission_may_go(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'admission % takes a step that there is not', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'admission_in_order';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.framework_id, NEW.product_id, NEW.product_version, NEW.organization_id, NEW.applied_by)
        IS DISTINCT FROM (OLD.framework_id, OLD.product_id, OLD.product_version, OLD.organization_id, OLD.applied_by)
        OR OLD.decided_by IS NOT NULL AND (NEW.decided_by, NEW.decided_at, NEW.published_at)
           IS DISTINCT FROM (OLD.decided_by, OLD.decided_at, OLD.published_at)) THEN
        RAISE EXCEPTION 'what admission % is of, and who decided it, stays', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'admission_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER admission_step AFTER INSERT OR UPDATE ON admission
    FOR EACH ROW EXECUTE FUNCTION check_admission_step();
