"""Who could be asked: those whose turn it is, then stand-bys, the station's regulars, eligible people near and free."""

from dataclasses import dataclass

from app.core import clock, database
from volunteers.assignments.call_outs.rules import Choice, Tier, ranked, reasons_to_refuse
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.eligibility import Seat, distance_m
from volunteers.assignments.stand_by.queries import called_first
from volunteers.people import conditions

MOST_WEIGHED = 80
"""How many of the nearest are weighed for one wave."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is asked next; with ``in_line`` it is their turn before everybody else's."""

    people: list[Choice]
    in_line: bool = False


# Regulars did two shifts or more at the station within half a year. The last two conditions leave out who was on
# the assignment before (they are the ones who left) and who was asked already.
_POOL = f"""
WITH wanted AS (
    SELECT a.id, a.place_id, a.station_id, a.starts, a.ends, a.east_m, a.north_m, p.credentials_any, p.skills_all,
           p.languages_all, p.gender, p.trainings_all, (a.starts AT TIME ZONE 'Asia/Shanghai') AS first,
           (a.ends AT TIME ZONE 'Asia/Shanghai') AS last
    FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1),
regular AS (
    SELECT s.person_id FROM wanted w JOIN assignment b ON b.station_id = w.station_id
    JOIN sign_up s ON s.assignment_id = b.id AND s.status = 'completed'
    WHERE b.starts > w.starts - interval '180 days' AND b.starts < w.starts
    GROUP BY s.person_id HAVING count(*) >= 2
    UNION SELECT r.person_id FROM wanted w JOIN station_regular r ON r.station_id = w.station_id
    WHERE r.unmarked_at IS NULL)
SELECT person.id,
       CASE WHEN person.id = ANY ($4::bigint[]) THEN 0 WHEN regular.person_id IS NOT NULL THEN 1 ELSE 2 END AS tier
FROM person JOIN account ON account.id = person.account_id AND account.status = 'active'
CROSS JOIN wanted w LEFT JOIN regular ON regular.person_id = person.id
WHERE person.status = 'active' AND w.skills_all <@ person.skills AND w.languages_all <@ person.languages
  AND (w.gender IS NULL OR w.gender = person.gender)
  AND {conditions.is_trained("person.id", "w.trainings_all", "w.starts", "w.ends")}
  AND (person.id = ANY ($4::bigint[]) OR regular.person_id IS NOT NULL
       OR {conditions.goes_to("person", "w")} AND {conditions.is_free("person.id", "w.starts", "w.ends")})
  AND NOT {conditions.is_away("person.id", "w.starts", "w.ends")}
  AND (w.credentials_any = '{{}}' OR EXISTS (
       SELECT FROM credential c WHERE c.person_id = person.id AND c.verified_at IS NOT NULL
         AND c.kind = ANY (w.credentials_any) AND c.valid_from <= w.first::date
         AND (c.valid_until IS NULL OR c.valid_until >= w.last::date)))
  AND NOT EXISTS (SELECT FROM sign_up s WHERE s.person_id = person.id AND s.live
                  AND tstzrange(s.starts, s.ends) && tstzrange(w.starts, w.ends))
  AND NOT EXISTS (SELECT FROM sign_up s WHERE s.person_id = person.id AND s.assignment_id = w.id)
  AND NOT EXISTS (SELECT FROM call_out_ask k WHERE k.call_out_id = $2 AND k.person_id = person.id
                  AND (k.status <> 'expired' OR k.sent_at >= $5))
ORDER BY tier, abs(w.east_m - person.home_east_m) + abs(w.north_m - person.home_north_m), person.id LIMIT $3
"""
_ASKED_SINCE = "SELECT EXISTS (SELECT FROM call_out_ask WHERE call_out_id = $1 AND sent_at >= $2)"
_IN_LINE = "SELECT person_id FROM call_out_ask WHERE call_out_id = $1 AND status = 'too_late' ORDER BY line"


async def next_to_ask(call_out: database.Row, seat: Seat, most: int) -> Chosen:
    """Return who is asked next for a seat: the first in line alone when the search begins again, then the best."""
    line = await _line(call_out["id"], seat)
    asked_before = await database.fetch_value(_ASKED_SINCE, call_out["id"], call_out["opened_at"])
    if line and not asked_before:
        return Chosen(line[:1], in_line=True)
    stand_bys = await called_first(call_out["position_id"])
    rows = await database.fetch(
        _POOL, call_out["position_id"], call_out["id"], MOST_WEIGHED, stand_bys, call_out["opened_at"]
    )
    tiers = {row["id"]: Tier(row["tier"]) for row in rows}
    found = await loading.candidates(tiers, [seat])
    others = ranked(seat, [(tiers[one], found[one]) for one in found], clock.now())
    return Chosen([*line, *others][:most])


async def _line(call_out_id: int, seat: Seat) -> list[Choice]:
    """Return those in line who could still come, in their order."""
    rows = await database.fetch(_IN_LINE, call_out_id)
    people = await loading.candidates([row["person_id"] for row in rows], [seat])
    waiting = [people[row["person_id"]] for row in rows]
    point, now = (seat.at.east_m, seat.at.north_m), clock.now()
    fit = [person for person in waiting if not reasons_to_refuse(seat, person, now)]
    return [Choice(person.person_id, distance_m(person.home, point)) for person in fit]
