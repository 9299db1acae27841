-- A seat of a week that is planned comes free: written with the sign-up's end, whoever ends it, and read by the re-plan.

CREATE TABLE dispatch_vacancy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sign_up_id bigint NOT NULL UNIQUE REFERENCES sign_up ON DELETE RESTRICT,
    position_id bigint NOT NULL REFERENCES position ON DELETE RESTRICT,
    plan_id bigint NOT NULL REFERENCES dispatch_run ON DELETE RESTRICT,  -- the plan in force then
    occurred_at timestamptz NOT NULL,
    outcome text CHECK (outcome IN ('replanned', 'filled', 'called', 'over')),
    run_id bigint REFERENCES dispatch_run ON DELETE RESTRICT,            -- the re-plan that it opened
    settled_at timestamptz,
    CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    CONSTRAINT dispatch_vacancy_replanned_by_a_run CHECK ((outcome IS NOT DISTINCT FROM 'replanned') = (run_id IS NOT NULL))
);
CREATE INDEX dispatch_vacancy_open ON dispatch_vacancy (id) WHERE outcome IS NULL;
CREATE INDEX dispatch_vacancy_position ON dispatch_vacancy (position_id);
CREATE INDEX dispatch_vacancy_plan ON dispatch_vacancy (plan_id);
CREATE INDEX dispatch_vacancy_run ON dispatch_vacancy (run_id) WHERE run_id IS NOT NULL;

-- A seat that was handed on, or that is gone with its shift, leaves nothing to plan.
CREATE FUNCTION note_dispatch_vacancy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dispatch_vacancy (sign_up_id, position_id, plan_id, occurred_at)
    SELECT NEW.id, NEW.position_id, r.id, NEW.ended_at
    FROM assignment a JOIN place ON place.id = a.place_id
    JOIN dispatch_run r ON r.status = 'published' AND r.covers @> codes_below(place.code)
     AND r.week_start = date_trunc('week', NEW.starts AT TIME ZONE 'Asia/Shanghai')::date
    WHERE a.id = NEW.assignment_id AND NEW.starts > NEW.ended_at
    ON CONFLICT (sign_up_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER sign_up_leaves_a_vacancy AFTER UPDATE OF status ON sign_up
    FOR EACH ROW WHEN (OLD.status IN ('offered', 'confirmed') AND NEW.status IN ('withdrawn', 'released')
                       AND NEW.ended_reason IN ('own_wish', 'credential', 'recusal', 'left', 'offer_expired', 'training'))
    EXECUTE FUNCTION note_dispatch_vacancy();

CREATE FUNCTION refuse_other_dispatch_vacancy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'vacancy % was settled, or is not the same any more', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'dispatch_vacancy_is_settled_once';
END $$;
CREATE TRIGGER dispatch_vacancy_is_settled_once BEFORE UPDATE ON dispatch_vacancy
    FOR EACH ROW WHEN (OLD.outcome IS NOT NULL OR (OLD.sign_up_id, OLD.position_id, OLD.plan_id, OLD.occurred_at)
                       IS DISTINCT FROM (NEW.sign_up_id, NEW.position_id, NEW.plan_id, NEW.occurred_at))
    EXECUTE FUNCTION refuse_other_dispatch_vacancy();
