-- Acceptance line by line (采购法 §41, §61; 条例 §45): what the contract demands, what the acceptor found of each.

-- The requirement of the pinned product version in lines, kept from the signature on.
CREATE TABLE requirement_line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
    number integer NOT NULL CHECK (number > 0),
    kind text NOT NULL CHECK (kind IN ('content', 'standard', 'staffing', 'process', 'time', 'people')),
    text_zh text NOT NULL,
    figure integer NOT NULL DEFAULT 0,     -- minutes, or people who come
    CONSTRAINT requirement_line_once UNIQUE (contract_id, number),
    CHECK (CASE WHEN kind IN ('time', 'people') THEN figure > 0 AND text_zh = '' ELSE figure = 0 AND text_zh <> '' END)
);
CALL make_append_only('requirement_line');

-- The lines of a contract are written at once: none is added to what was signed.
CREATE FUNCTION check_lines_at_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM requirement_line l WHERE l.contract_id IN (SELECT contract_id FROM new_lines)
               AND l.id NOT IN (SELECT id FROM new_lines)) THEN
        RAISE EXCEPTION 'no line is added to a contract that has its lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'requirement_lines_at_once';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER requirement_lines_at_once AFTER INSERT ON requirement_line REFERENCING NEW TABLE AS new_lines
    FOR EACH STATEMENT EXECUTE FUNCTION check_lines_at_once();

-- One look at one delivery. Only the last one ends it: a delivery to be put right is judged again.
CREATE TABLE judgement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    village_order_id bigint NOT NULL REFERENCES village_order ON DELETE RESTRICT,
    round integer NOT NULL CHECK (round > 0),
    verdict text NOT NULL CHECK (verdict IN ('accepted', 'refused', 'rectify')),
    people_reached integer NOT NULL CHECK (people_reached >= 0),
    rating integer NOT NULL CHECK (rating BETWEEN 1 AND 5),
    opinion text NOT NULL DEFAULT '',
    opinions integer NOT NULL CHECK (opinions >= 0),         -- how many of those who were there had spoken
    judged_by bigint NOT NULL REFERENCES account ON DELETE RESTRICT,
    judged_at timestamptz NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),  -- of all that was judged: the signature's object
    CONSTRAINT judgement_once UNIQUE (village_order_id, round)
);
CREATE UNIQUE INDEX judgement_final ON judgement (village_order_id) WHERE verdict <> 'rectify';
CREATE INDEX judgement_judged_by ON judgement (judged_by);
CALL make_append_only('judgement');

CREATE TABLE line_judgement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    judgement_id bigint NOT NULL REFERENCES judgement ON DELETE RESTRICT,
    requirement_line_id bigint NOT NULL REFERENCES requirement_line ON DELETE RESTRICT,
    met boolean NOT NULL,
    words text NOT NULL DEFAULT '' CHECK (length(words) <= 500),
    CONSTRAINT line_judgement_once UNIQUE (judgement_id, requirement_line_id),
    CONSTRAINT line_judgement_reasoned CHECK (met OR words <> '')
);
CREATE INDEX line_judgement_line ON line_judgement (requirement_line_id);
CALL make_append_only('line_judgement');

-- A delivery on its way to be put right (整改): asked for with a day, reported done by the provider, judged again.
CREATE TABLE rectification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    judgement_id bigint NOT NULL UNIQUE REFERENCES judgement ON DELETE RESTRICT,
    village_order_id bigint NOT NULL REFERENCES village_order ON DELETE RESTRICT,
    status text NOT NULL CHECK (status IN ('asked', 'reported', 'judged')),
    due_on date NOT NULL,
    report_zh text NOT NULL DEFAULT '' CHECK (length(report_zh) <= 1000),
    reported_by bigint REFERENCES account ON DELETE RESTRICT,
    reported_at timestamptz,
    CHECK ((reported_by IS NULL) = (reported_at IS NULL) AND (reported_by IS NULL) = (report_zh = '')),
    CONSTRAINT rectification_reported CHECK (CASE status WHEN 'asked' THEN reported_by IS NULL
                                                         WHEN 'reported' THEN reported_by IS NOT NULL ELSE true END)
);
CREATE UNIQUE INDEX rectification_open ON rectification (village_order_id) WHERE status <> 'judged';
CREATE INDEX rectification_order ON rectification (village_order_id);
CREATE INDEX rectification_reported_by ON rectification (reported_by) WHERE reported_by IS NOT NULL;

-- It belongs to the order that was judged, and to a judgement that sends back; it begins as asked for, with a day to come.
CREATE FUNCTION check_rectification_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'asked' OR NOT EXISTS (
        SELECT FROM judgement j WHERE j.id = NEW.judgement_id AND j.village_order_id = NEW.village_order_id
           AND j.verdict = 'rectify' AND NEW.due_on > (j.judged_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'what a judgement sends back is to be put right, on a day after it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'judgement_has_day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rectification_asked BEFORE INSERT ON rectification
    FOR EACH ROW EXECUTE FUNCTION check_rectification_asked();

-- Who handled, approved or delivered what an order asked for (采购法 §61, 条例 §45), and everybody of its provider.
CREATE FUNCTION is_involved(person_account bigint, in_order bigint, at_time timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
        WHERE o.id = in_order AND (
            person_account IN (p.requested_by, p.approved_by, c.signed_by_buyer, c.signed_by_provider,
                               o.placed_by, o.answered_by)
            OR EXISTS (SELECT FROM proof f WHERE f.village_order_id = o.id AND f.handed_in_by = person_account)
            OR EXISTS (SELECT FROM service_log l WHERE l.village_order_id = o.id AND l.written_by = person_account)
            OR EXISTS (SELECT FROM sign_up s JOIN person ON person.id = s.person_id
                       WHERE s.assignment_id = o.assignment_id AND s.live AND person.account_id = person_account)
            OR EXISTS (SELECT FROM membership m
                       WHERE m.organization_id = c.organization_id AND m.account_id = person_account
                         AND m.valid_from <= at_time AND coalesce(m.valid_until, 'infinity') > at_time)))
$$;

-- The provider has until the day, or until it says that all is put right.
CREATE FUNCTION check_judgement_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM village_order WHERE id = NEW.village_order_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM village_order WHERE id = NEW.village_order_id AND status = 'delivered') THEN
        RAISE EXCEPTION 'only a delivered order is judged'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'judgement_of_delivery';
    END IF;
    IF is_involved(NEW.judged_by, NEW.village_order_id, NEW.judged_at) THEN
        RAISE EXCEPTION 'who judges neither handled nor approved nor delivers the purchase'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_separate_person';
    END IF;
    IF EXISTS (SELECT FROM rectification r WHERE r.village_order_id = NEW.village_order_id AND r.status = 'asked'
               AND r.due_on >= (NEW.judged_at AT TIME ZONE 'Asia/Shanghai')::date) THEN
        RAISE EXCEPTION 'order % is being put right', NEW.village_order_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'judgement_after_rectification';
    END IF;
    UPDATE rectification SET status = 'judged' WHERE village_order_id = NEW.village_order_id AND status <> 'judged';
    RETURN NEW;
END $$;
CREATE TRIGGER judgement_in_time BEFORE INSERT ON judgement FOR EACH ROW EXECUTE FUNCTION check_judgement_time();

CREATE FUNCTION check_rectification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR pg_trigger_depth() = 1 AND (
        (OLD.status, NEW.status) <> ('asked', 'reported')
        OR (NEW.judgement_id, NEW.village_order_id, NEW.due_on) <> (OLD.judgement_id, OLD.village_order_id, OLD.due_on))
    THEN
        RAISE EXCEPTION 'a rectification is asked for, reported and judged, in this order'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rectification_follows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rectification_follows BEFORE UPDATE OR DELETE ON rectification
    FOR EACH ROW EXECUTE FUNCTION check_rectification();

-- At the commit every line is judged, and the verdict is what the lines say.
CREATE FUNCTION check_judged_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines record;
BEGIN
    SELECT count(*) AS asked, count(j.id) AS judged, count(*) FILTER (WHERE NOT j.met) AS unmet,
           (SELECT count(*) FROM line_judgement WHERE judgement_id = NEW.id) AS written
    INTO lines FROM village_order o JOIN requirement_line l ON l.contract_id = o.contract_id
    LEFT JOIN line_judgement j ON j.requirement_line_id = l.id AND j.judgement_id = NEW.id
    WHERE o.id = NEW.village_order_id;
    IF lines.asked = 0 OR (lines.judged, lines.written) <> (lines.asked, lines.asked) THEN
        RAISE EXCEPTION 'every line of the contract''s requirement is judged, and no other'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'judgement_complete';
    END IF;
    IF (NEW.verdict = 'accepted') <> (lines.unmet = 0) THEN
        RAISE EXCEPTION 'the verdict follows from the lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'judgement_follows';
    END IF;
    IF (NEW.verdict = 'rectify') <> EXISTS (SELECT FROM rectification WHERE judgement_id = NEW.id) THEN
        RAISE EXCEPTION 'what is to be put right has a day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'judgement_has_day';
    END IF;
    IF NEW.verdict <> 'rectify' AND NOT EXISTS (
        SELECT FROM acceptance WHERE village_order_id = NEW.village_order_id AND verdict = NEW.verdict) THEN
        RAISE EXCEPTION 'the last judgement ends the delivery'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'judgement_ends_delivery';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER judgement_checked AFTER INSERT ON judgement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION check_judged_lines();

-- As before, and: whoever brought a proof, stood before the people or belongs to the provider does not accept; nothing
-- is accepted without its proofs, nor without the judgement that it rests on.
CREATE OR REPLACE FUNCTION check_acceptances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_acceptances n WHERE is_involved(n.acceptor_id, n.village_order_id, n.accepted_at)
    ) THEN
        RAISE EXCEPTION 'the acceptor neither handled nor approved nor delivers the purchase'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_separate_person';
    END IF;
    IF EXISTS (SELECT 1 FROM new_acceptances n JOIN village_order o ON o.id = n.village_order_id
               WHERE o.status <> 'delivered') THEN
        RAISE EXCEPTION 'only a delivered order can be accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_of_delivery';
    END IF;
    IF EXISTS (SELECT FROM proofs_of(ARRAY(SELECT village_order_id FROM new_acceptances WHERE verdict = 'accepted'))
               WHERE present < needed) THEN
        RAISE EXCEPTION 'a unit without its proofs is not accepted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_proven';
    END IF;
    IF EXISTS (
        SELECT FROM new_acceptances n WHERE NOT EXISTS (
            SELECT FROM judgement j WHERE j.village_order_id = n.village_order_id AND j.verdict = n.verdict
              AND (j.people_reached, j.rating, j.opinion, j.judged_by, j.judged_at)
                = (n.people_reached, n.rating, n.opinion, n.acceptor_id, n.accepted_at))
    ) THEN
        RAISE EXCEPTION 'an acceptance rests on a judgement of each line of the requirement'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acceptance_judged';
    END IF;
    UPDATE contract SET accepted = accepted + gained.units
    FROM (SELECT o.contract_id, count(*) AS units
          FROM new_acceptances n JOIN village_order o ON o.id = n.village_order_id
          WHERE n.verdict = 'accepted' GROUP BY o.contract_id) AS gained
    WHERE contract.id = gained.contract_id;
    RETURN NULL;
END $$;
