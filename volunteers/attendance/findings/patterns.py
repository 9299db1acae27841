"""What is looked for, each kind in one statement over everybody's attendance.

A statement takes the instant, since when to look, and the rule's figures; it inserts what was not found before. The
subject is what makes a finding the same one the next night: two sign-ups, a person's day, a month of two people.
"""

from collections.abc import Mapping

from app.core.access import Role
from volunteers.attendance.findings.rules import FindingKind

_RULE = (
    "(SELECT * FROM finding_rule WHERE effective_from <= $1::timestamptz ORDER BY effective_from DESC LIMIT 1) AS rule"
)
# Where people were, by what stations confirmed and, beside it, by the codes that were seen.
_STAYS = """
WITH worked AS (
    SELECT s.id AS sign_up_id, s.person_id, a.station_id, a.place_id, a.east_m, a.north_m, t.arrived_at AS came,
           t.left_at AS went, t.minutes, t.confirmed_by, t.confirmed_at
    FROM attendance_now t JOIN sign_up s ON s.id = t.sign_up_id JOIN assignment a ON a.id = s.assignment_id
    WHERE t.outcome = 'attended' AND s.ends > $2::timestamptz - interval '1 day' AND t.left_at > $2),
seen AS (
    SELECT s.id AS sign_up_id, s.person_id, a.station_id, a.east_m, a.north_m, came.at AS came, went.at AS went
    FROM check_in came JOIN check_in went ON went.sign_up_id = came.sign_up_id AND went.moment = 'out'
    JOIN sign_up s ON s.id = came.sign_up_id JOIN assignment a ON a.id = s.assignment_id
    WHERE came.moment = 'in' AND went.at > $2),
stay AS (
    SELECT sign_up_id, person_id, station_id, east_m, north_m, came, went FROM worked
    UNION SELECT sign_up_id, person_id, station_id, east_m, north_m, came, went FROM seen)
"""
_INSERT = """
INSERT INTO finding (kind, subject, person_id, confirmer_id, station_id, evidence, first_seen)
SELECT '{kind}', found.subject, found.person_id, found.confirmer_id, found.station_id, found.evidence, $1::timestamptz
FROM ({found}) AS found
WHERE NOT EXISTS (SELECT FROM finding f WHERE f.kind = '{kind}' AND f.subject = found.subject)
ORDER BY found.subject ON CONFLICT ON CONSTRAINT finding_once DO NOTHING RETURNING id
"""
_TWO_PLACES = f"""
SELECT DISTINCT ON (one.sign_up_id, other.sign_up_id) one.sign_up_id || ':' || other.sign_up_id AS subject,
       one.person_id, NULL::bigint AS confirmer_id, other.station_id,
       jsonb_build_object('sign_ups', ARRAY[one.sign_up_id, other.sign_up_id], 'minutes', shared.minutes) AS evidence
FROM stay one JOIN stay other ON other.person_id = one.person_id AND other.sign_up_id > one.sign_up_id
    AND (other.east_m, other.north_m) <> (one.east_m, one.north_m)
CROSS JOIN LATERAL (SELECT floor(extract(epoch FROM least(one.went, other.went) - greatest(one.came, other.came)) / 60
                                )::integer AS minutes) AS shared
CROSS JOIN {_RULE} WHERE shared.minutes >= rule.overlap_minutes
ORDER BY one.sign_up_id, other.sign_up_id, shared.minutes DESC
"""
_TRAVEL = """
SELECT one.sign_up_id || ':' || one.next_id AS subject, one.person_id, NULL::bigint AS confirmer_id,
       one.next_station AS station_id,
       jsonb_build_object('sign_ups', ARRAY[one.sign_up_id, one.next_id], 'gap', way.gap, 'needed', way.needed,
           'metres', abs(one.east_m - one.next_east) + abs(one.north_m - one.next_north)) AS evidence
FROM (SELECT w.*, lead(sign_up_id) OVER next AS next_id, lead(came) OVER next AS next_came,
             lead(east_m) OVER next AS next_east, lead(north_m) OVER next AS next_north,
             lead(place_id) OVER next AS next_place, lead(station_id) OVER next AS next_station
      FROM worked w WINDOW next AS (PARTITION BY person_id ORDER BY came, sign_up_id)) AS one
CROSS JOIN LATERAL (SELECT travel_rule AS rule FROM travel_rule WHERE effective_from <= one.went
                    ORDER BY effective_from DESC LIMIT 1) AS in_force
LEFT JOIN travel_time known ON known.from_place_id = one.place_id AND known.to_place_id = one.next_place
CROSS JOIN LATERAL (
    SELECT travel_minutes(in_force.rule, one.east_m, one.north_m, one.next_east, one.next_north) AS minutes) AS estimate
CROSS JOIN LATERAL (
    SELECT floor(extract(epoch FROM one.next_came - one.went) / 60)::integer AS gap,
           CASE estimate.minutes WHEN 0 THEN 0 ELSE coalesce(known.minutes, estimate.minutes) END AS needed) AS way
WHERE one.next_came >= one.went AND way.gap < way.needed
"""
_LONG_DAY = f"""
SELECT d.person_id || ':' || d.day AS subject, d.person_id, NULL::bigint AS confirmer_id, d.station_id,
       jsonb_build_object('sign_ups', d.sign_ups, 'minutes', d.minutes, 'day', d.day) AS evidence
FROM (SELECT person_id, (came AT TIME ZONE 'Asia/Shanghai')::date AS day, sum(minutes)::integer AS minutes,
             array_agg(sign_up_id ORDER BY came) AS sign_ups, max(station_id) AS station_id
      FROM worked GROUP BY 1, 2) AS d
CROSS JOIN {_RULE} WHERE d.minutes > rule.day_minutes
"""
_CONFIRMED = f"""
SELECT w.person_id, w.station_id, w.confirmed_by, w.minutes, w.sign_up_id, rule.*
FROM worked w CROSS JOIN {_RULE} WHERE w.confirmed_at > $1::timestamptz - make_interval(days => rule.window_days)
"""
# Where one person alone may confirm there is nothing to notice: only where a colleague could have done it as well.
_OTHERS = f"""
EXISTS (SELECT FROM station JOIN place ON place.id = station.place_id
        JOIN membership m ON m.role = '{Role.STATION_STAFF}' AND place.code LIKE m.place_code || '%'
        WHERE station.id = {{station}} AND m.account_id <> c.confirmed_by
          AND m.valid_from <= $1 AND (m.valid_until IS NULL OR m.valid_until > $1))
"""
_MONTH = "to_char($1::timestamptz AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
_PERSON_CONFIRMER = f"""
SELECT c.person_id || ':' || c.confirmed_by || ':' || {_MONTH} AS subject, c.person_id, c.confirmed_by AS confirmer_id,
       max(c.station_id) AS station_id, jsonb_build_object('sign_ups', array_agg(c.sign_up_id ORDER BY c.sign_up_id),
           'minutes', sum(c.minutes), 'whole', max(c.whole), 'days', max(c.window_days)) AS evidence
FROM (SELECT c.*, sum(c.minutes) OVER (PARTITION BY c.person_id) AS whole FROM ({_CONFIRMED}) AS c) AS c
GROUP BY c.person_id, c.confirmed_by
HAVING sum(c.minutes) >= max(c.person_minutes) AND sum(c.minutes) * 100 >= max(c.whole) * max(c.person_percent)
   AND {_OTHERS.format(station="max(c.station_id)")}
"""
_STATION_CONFIRMER = f"""
SELECT c.station_id || ':' || c.confirmed_by || ':' || {_MONTH} AS subject, NULL::bigint AS person_id,
       c.confirmed_by AS confirmer_id, c.station_id,
       jsonb_build_object('sign_ups', (array_agg(c.sign_up_id ORDER BY c.sign_up_id DESC))[:20],
           'minutes', sum(c.minutes), 'whole', max(c.whole), 'days', max(c.window_days)) AS evidence
FROM (SELECT c.*, sum(c.minutes) OVER (PARTITION BY c.station_id) AS whole FROM ({_CONFIRMED}) AS c) AS c
GROUP BY c.station_id, c.confirmed_by
HAVING sum(c.minutes) >= max(c.station_minutes) AND sum(c.minutes) * 100 >= max(c.whole) * max(c.station_percent)
   AND {_OTHERS.format(station="c.station_id")}
"""
_PAIR = f"""
SELECT c.person_id || ':' || c.confirmed_by || ':' || {_MONTH} AS subject, c.person_id, c.confirmed_by AS confirmer_id,
       max(c.station_id) AS station_id, jsonb_build_object('sign_ups', array_agg(c.sign_up_id ORDER BY c.sign_up_id),
           'times', count(*), 'minutes', sum(c.minutes), 'days', max(c.window_days)) AS evidence
FROM (SELECT c.*, count(*) OVER (PARTITION BY c.person_id) AS of_person,
             count(*) OVER (PARTITION BY c.confirmed_by) AS of_confirmer FROM ({_CONFIRMED}) AS c) AS c
GROUP BY c.person_id, c.confirmed_by
HAVING count(*) >= max(c.pair_times) AND count(*) = max(c.of_person) AND count(*) = max(c.of_confirmer)
"""
_FOUND: Mapping[FindingKind, str] = {
    FindingKind.TWO_PLACES: _TWO_PLACES,
    FindingKind.TRAVEL: _TRAVEL,
    FindingKind.LONG_DAY: _LONG_DAY,
    FindingKind.PERSON_CONFIRMER: _PERSON_CONFIRMER,
    FindingKind.STATION_CONFIRMER: _STATION_CONFIRMER,
    FindingKind.PAIR: _PAIR,
}
STATEMENTS: Mapping[FindingKind, str] = {
    kind: _STAYS + _INSERT.format(kind=kind, found=found) for kind, found in _FOUND.items()
}
