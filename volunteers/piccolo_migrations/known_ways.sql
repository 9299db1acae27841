-- Whoever signs up has the time that the way is known to take, or else the time by estimate.

-- Guarantees 3 (travel and rest: rule 6 of the dispatch format with its known travel times), 4 (credential) and 5
-- (recusal), for any number of sign-ups at once.
-- Known travel times need not obey the triangle inequality: compared is whatever lies within two days, which is the
-- longest assignment, the longest way and a night.
CREATE OR REPLACE FUNCTION refuse_unfit_sign_ups(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    unfit record;
BEGIN
    IF ids = '{}' THEN RETURN; END IF;
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        -- Its snapshot would not show what others committed while this waited for the lock below.
        RAISE EXCEPTION 'sign-ups are written in read committed or serializable transactions'
            USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM FROM person WHERE id IN (SELECT person_id FROM sign_up WHERE id = ANY (ids)) ORDER BY id FOR NO KEY UPDATE;

    SELECT s.id, a.status INTO unfit FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
    WHERE s.id = ANY (ids) AND a.status IN ('draft', 'cancelled') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % is for a % assignment', unfit.id, unfit.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_open';
    END IF;

    SELECT s.id, near.id AS beside INTO unfit
    FROM sign_up s
    JOIN assignment here ON here.id = s.assignment_id
    CROSS JOIN (SELECT travel_rule AS rule FROM travel_rule
                WHERE effective_from <= now() ORDER BY effective_from DESC LIMIT 1) AS in_force
    JOIN sign_up near ON near.person_id = s.person_id AND near.live AND near.id <> s.id
        AND near.starts > s.starts - interval '2 days' AND near.starts < s.ends + interval '2 days'
    JOIN assignment there ON there.id = near.assignment_id
    LEFT JOIN travel_time known
        ON known.from_place_id = CASE WHEN near.starts < s.starts THEN there.place_id ELSE here.place_id END
        AND known.to_place_id = CASE WHEN near.starts < s.starts THEN here.place_id ELSE there.place_id END
    CROSS JOIN LATERAL (SELECT
        CASE WHEN near.starts < s.starts THEN near.starts ELSE s.starts END AS first_start,
        CASE WHEN near.starts < s.starts THEN near.ends ELSE s.ends END AS first_end,
        CASE WHEN near.starts < s.starts THEN s.starts ELSE near.starts END AS second_start,
        CASE WHEN here.east_m = there.east_m AND here.north_m = there.north_m THEN 0 ELSE coalesce(known.minutes,
            travel_minutes(rule, here.east_m, here.north_m, there.east_m, there.north_m)) END AS minutes) AS way
    WHERE s.id = ANY (ids) AND (
        way.second_start < way.first_end + make_interval(mins => way.minutes)
        OR ((way.first_start AT TIME ZONE 'Asia/Shanghai')::date <> (way.second_start AT TIME ZONE 'Asia/Shanghai')::date
            AND way.second_start < way.first_end + make_interval(mins => (rule).min_rest_min)))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % leaves no time for travel or rest beside %', unfit.id, unfit.beside
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'sign_up_travel_and_rest';
    END IF;

    SELECT s.id INTO unfit FROM sign_up s JOIN position p ON p.id = s.position_id
    WHERE s.id = ANY (ids) AND p.credentials_any <> '{}' AND NOT EXISTS (
        SELECT FROM credential c
        WHERE c.person_id = s.person_id AND c.kind = ANY (p.credentials_any) AND c.verified_at IS NOT NULL
          AND c.valid_from <= (s.starts AT TIME ZONE 'Asia/Shanghai')::date
          AND (c.valid_until IS NULL OR c.valid_until >= (s.ends AT TIME ZONE 'Asia/Shanghai')::date))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % has no verified credential on its day', unfit.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_credential';
    END IF;

    SELECT s.id INTO unfit FROM sign_up s
    JOIN assignment a ON a.id = s.assignment_id
    JOIN recusal r ON r.person_id = s.person_id AND r.party = ANY (a.parties)
    WHERE s.id = ANY (ids) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sign-up % is for a party its person is recused from', unfit.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_recusal';
    END IF;
END $$;
