"""How every place under a rule stands, in one statement; pages, alarms, the file and the job all read this.

Its parameters: the rule's id, the instant, the code in which the places lie. A visit counts when the station has
confirmed that somebody came who held the credential on that day, whatever sent them: a sign-up, a plan, an order.
"""

_HOLDS = """EXISTS (SELECT FROM credential c WHERE c.person_id = s.person_id AND c.kind = ANY (rule.credentials_any)
        AND c.verified_at IS NOT NULL AND c.valid_from <= (s.starts AT TIME ZONE 'Asia/Shanghai')::date
        AND coalesce(c.valid_until, 'infinity') >= (s.starts AT TIME ZONE 'Asia/Shanghai')::date)"""
_OF_KIND = "(rule.kind IS NULL OR a.kind = rule.kind)"
UNCONFIRMED_DAYS = 60
"""For how long a visit that nobody has confirmed is waited for."""

STATUS = f"""
WITH rule AS MATERIALIZED (
    SELECT r.*, held.code AS held_code, CASE r.level WHEN 'village' THEN 12 ELSE 9 END AS digits, now.today,
           upper(coverage_period(r.every, r.days, r.valid_from, now.today)) - 1 AS ends
    FROM coverage_rule r JOIN place held ON held.id = r.place_id
    CROSS JOIN (SELECT ($2::timestamptz AT TIME ZONE 'Asia/Shanghai')::date AS today) AS now WHERE r.id = $1),
leaf AS MATERIALIZED (
    SELECT p.id, left(p.code, rule.digits) AS code, length(p.code) = rule.digits AS at_level
    FROM rule JOIN place p ON length(p.code) >= rule.digits
    WHERE starts_with(p.code, rule.held_code) AND starts_with(p.code, $3::text)),
seen AS MATERIALIZED (
    SELECT leaf.code, max(visit.starts) AS at FROM rule CROSS JOIN leaf CROSS JOIN LATERAL (
        SELECT s.starts FROM assignment a
        JOIN sign_up s ON s.assignment_id = a.id AND s.status IN ('completed', 'absent')
        JOIN attendance_now t ON t.sign_up_id = s.id AND t.outcome = 'attended' AND t.minutes >= rule.minutes
        WHERE a.place_id = leaf.id AND a.starts <= $2 AND {_OF_KIND} AND {_HOLDS}
        ORDER BY a.starts DESC LIMIT 1) AS visit GROUP BY 1),
ahead AS MATERIALIZED (
    SELECT leaf.code, a.id, a.starts, a.starts > $2 AS lies_ahead,
           coalesce(seat.taken, false) AS taken, coalesce(seat.asked, false) AS asked,
           EXISTS (SELECT FROM position p WHERE p.assignment_id = a.id AND p.credentials_any <> '{{}}'
                     AND p.credentials_any <@ rule.credentials_any AND p.booked < p.capacity) AS free
    FROM rule CROSS JOIN leaf JOIN assignment a ON a.place_id = leaf.id
    CROSS JOIN LATERAL (
        SELECT bool_or(s.status IN ('confirmed', 'checked_in')) AS taken, bool_or(s.status = 'offered') AS asked
        FROM sign_up s WHERE s.assignment_id = a.id AND s.live AND {_HOLDS}) AS seat
    WHERE a.status IN ('open', 'closed') AND a.starts > $2 - interval '{UNCONFIRMED_DAYS} days' AND {_OF_KIND}
      AND a.ends - a.starts >= make_interval(mins => rule.minutes)),
told AS (
    SELECT leaf.code, leaf.id, NULL::timestamptz AS last_at, NULL::timestamptz AS coming_at,
           NULL::timestamptz AS unconfirmed_at, NULL::timestamptz AS asked_at, NULL::timestamptz AS open_at
    FROM leaf JOIN rule ON leaf.at_level
    UNION ALL SELECT code, NULL, at, NULL, NULL, NULL, NULL FROM seen
    UNION ALL SELECT code, NULL, NULL, CASE WHEN taken AND lies_ahead THEN starts END,
                     CASE WHEN taken AND NOT lies_ahead THEN starts END, CASE WHEN asked AND lies_ahead THEN starts END,
                     CASE WHEN free AND lies_ahead THEN starts END FROM ahead),
gathered AS MATERIALIZED (
    SELECT told.code, max(id) AS id, max(last_at) AS last_at, min(coming_at) AS coming_at,
           max(unconfirmed_at) AS unconfirmed_at, min(asked_at) AS asked_at, min(open_at) AS open_at
    FROM told GROUP BY told.code HAVING max(id) IS NOT NULL),
known AS MATERIALIZED (
    SELECT gathered.*, rule.alert_days, rule.lead_days, rule.today, rule.every, rule.days, rule.valid_from, rule.ends,
           (last_at AT TIME ZONE 'Asia/Shanghai')::date AS last_visit,
           coverage_due(rule.every, rule.days, rule.valid_from, (last_at AT TIME ZONE 'Asia/Shanghai')::date) AS due
    FROM gathered CROSS JOIN rule),
status AS MATERIALIZED (
    SELECT known.*, CASE
        WHEN due > ends THEN 'seen'
        WHEN (coming_at AT TIME ZONE 'Asia/Shanghai')::date <= ends THEN 'coming'
        WHEN (unconfirmed_at AT TIME ZONE 'Asia/Shanghai')::date
             >= lower(coverage_period(every, days, valid_from, due)) THEN 'unconfirmed'
        WHEN (coming_at AT TIME ZONE 'Asia/Shanghai')::date <= ends + alert_days THEN 'late'
        WHEN (asked_at AT TIME ZONE 'Asia/Shanghai')::date <= ends + alert_days THEN 'asked'
        WHEN due - today > alert_days THEN 'time'
        WHEN due < today THEN 'overdue' ELSE 'due' END AS state
    FROM known)
"""
