"""The week looked back on: thanks to those who came, reasons of those who did not, records that look odd."""

from datetime import date, datetime, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from procurement.demonstration import invention, people, turn
from procurement.demonstration.scale import Scale
from volunteers.assignments.messages.service import write_to_everybody
from volunteers.attendance.corrections.service import correct
from volunteers.attendance.findings.service import look
from volunteers.attendance.no_shows.rules import Verdict
from volunteers.attendance.no_shows.service import answer_excuse, state_excuse
from volunteers.attendance.rules import LATEST_AFTER, Outcome, Presence
from volunteers.dispatch.week import bounds_of

THANKED, ODD = 3, 2

_DONE = """
SELECT a.reference, town.code FROM assignment a JOIN station ON station.id = a.station_id
JOIN place town ON town.id = station.place_id
WHERE a.starts >= $1 AND a.starts < $2 AND town.code LIKE $3 || '%'
  AND EXISTS (SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.status = 'completed')
  AND NOT EXISTS (SELECT FROM shift_message m WHERE m.assignment_id = a.id)
ORDER BY a.id DESC LIMIT $4
"""
_MISSED = """
SELECT n.public_id, n.person_id, town.code FROM no_show n JOIN sign_up s ON s.id = n.sign_up_id
JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
JOIN place town ON town.id = station.place_id
WHERE n.standing AND n.starts >= $1 AND n.starts < $2 AND town.code LIKE $3 || '%'
  AND NOT EXISTS (SELECT FROM no_show_excuse e WHERE e.no_show_id = n.id) ORDER BY n.id LIMIT $4
"""
# Unpaid work beside another shift elsewhere within hours: a late leaving makes it two places at once.
_BESIDE = """
SELECT s.public_id, s.starts, s.ends, next.starts AS next_starts, town.code, t.people_served
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id AND a.compensation = 'unpaid'
JOIN attendance_now t ON t.sign_up_id = s.id AND t.outcome = 'attended' AND t.corrections = 0
JOIN sign_up next ON next.person_id = s.person_id AND next.status = 'completed' AND next.starts >= s.ends
    AND next.starts < s.ends + interval '150 minutes'
JOIN assignment there ON there.id = next.assignment_id AND (there.east_m, there.north_m) <> (a.east_m, a.north_m)
JOIN station ON station.id = a.station_id JOIN place town ON town.id = station.place_id
WHERE s.status = 'completed' AND s.starts >= $1 AND s.starts < $2 AND town.code LIKE $3 || '%' ORDER BY s.id LIMIT $4
"""


async def look_back(officers: dict[Role, Principal], scale: Scale, monday: date) -> tuple[int, int]:
    """Thank, explain and look; return how many no-shows were explained and how many records look odd."""
    stations = await turn.hire_station_staff(scale)
    first, last = bounds_of(monday)
    words = invention.vocabulary()["afterwards"]
    for row in await database.fetch(_DONE, first, last, scale.place_code, THANKED):
        await write_to_everybody(stations[row["code"]], row["reference"], words["thanks"])
    explained = await _explain(officers, first, last, scale)
    for row in await database.fetch(_BESIDE, first, last, scale.place_code, ODD):
        left = min(row["next_starts"] + timedelta(minutes=30), row["ends"] + LATEST_AFTER)
        said = Presence(row["public_id"], Outcome.ATTENDED, row["starts"], left, row["people_served"])
        await correct(stations[row["code"]], said, words["correction"])
    found = await look(system_principal(Permission.CREDENTIAL_VERIFY), clock.now())
    return explained, sum(found.values())


async def _explain(officers: dict[Role, Principal], first: datetime, last: datetime, scale: Scale) -> int:
    """Let the first few say why they did not come: one is accepted, one refused, one waits."""
    words = invention.vocabulary()["afterwards"]
    missed = await database.fetch(_MISSED, first, last, scale.place_code, len(words["excuses"]))
    acting = await people.acting([row["person_id"] for row in missed])
    verdicts = (Verdict.ACCEPT, Verdict.REFUSE)
    for number, row in enumerate(missed):
        excuse = await state_excuse(acting[row["person_id"]], row["public_id"], words["excuses"][number])
        if number < len(verdicts):
            await answer_excuse(officers[Role.COORDINATOR], excuse, verdicts[number], words["answers"][number])
    return len(missed)
