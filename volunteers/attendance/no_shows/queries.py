"""No-shows as the person sees them, and excuses as the station does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database, vault
from app.core.access import Principal
from app.core.database import Row
from app.core.errors import NotFound
from volunteers.assignments.sign_ups.bars import Bar, Consequence
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.attendance.no_shows.rules import ExcuseStatus, Rule
from volunteers.people.queries import person_id_of

MOST = 100
ANSWERED = 20


@dataclass(frozen=True, slots=True)
class Excuse:
    """What somebody said for themselves; no reason is left once they are forgotten."""

    public_id: UUID
    status: ExcuseStatus
    reason: str
    stated_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyNoShow:
    """One shift that the station says the person did not come to."""

    public_id: UUID
    sign_up: UUID
    reference: str
    title_zh: str
    title_en: str
    station_zh: str
    station_en: str
    station_phone: str
    starts: datetime
    ends: datetime
    recorded_at: datetime
    corrected: bool
    excused: bool
    standing: bool
    excuse_until: datetime
    excuse: Excuse | None

    def may_object(self, now: datetime) -> bool:
        """Tell whether the person may still say why."""
        return self.standing and self.excuse is None and now <= self.excuse_until


@dataclass(frozen=True, slots=True)
class Stated:
    """An excuse on the station's desk, with what helps to decide."""

    excuse: Excuse
    name: str
    reference: str
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    recorded_at: datetime
    missed: int
    came: int
    own: bool


_EXCUSES = """
SELECT e.public_id, e.status, e.reason_sealed, e.stated_at, e.answer, e.answered_at, e.no_show_id,
       account.subject_key_id
FROM no_show_excuse e JOIN no_show n ON n.id = e.no_show_id JOIN person ON person.id = n.person_id
JOIN account ON account.id = person.account_id
WHERE e.no_show_id = ANY ($1) AND e.status <> 'withdrawn' ORDER BY e.id
"""
_MINE = """
SELECT n.id, n.public_id, s.public_id AS sign_up, a.reference, a.title_zh, a.title_en, station.name_zh AS station_zh,
       station.name_en AS station_en, station.phone AS station_phone, s.starts, s.ends, n.recorded_at, n.corrected,
       n.excused, n.standing, n.recorded_at + make_interval(days => rule.excuse_days) AS excuse_until
FROM no_show n JOIN sign_up s ON s.id = n.sign_up_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id CROSS JOIN LATERAL no_show_rule_on(n.starts) AS rule
WHERE n.person_id = $1 AND %s ORDER BY n.starts DESC LIMIT $2
"""
_STATED = """
SELECT n.id, person.name, a.reference, a.title_zh, a.title_en, s.starts, s.ends, n.recorded_at,
       (SELECT count(*) FROM no_show o WHERE o.person_id = n.person_id AND o.standing)::integer AS missed,
       (SELECT count(*) FROM sign_up b WHERE b.person_id = n.person_id AND b.status = 'completed')::integer AS came,
       person.account_id = $2 AS own
FROM no_show_excuse e JOIN no_show n ON n.id = e.no_show_id JOIN person ON person.id = n.person_id
JOIN sign_up s ON s.id = n.sign_up_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE place.code LIKE ANY ($1) AND %s
"""
_OPEN = "e.status = 'stated' AND n.standing ORDER BY e.stated_at, e.id LIMIT $3"
_DONE = "e.status IN ('accepted', 'refused') ORDER BY e.answered_at DESC LIMIT $3"
_ONE = "e.public_id = $4 AND e.status <> 'withdrawn' LIMIT $3"
_BAR = "SELECT consequence, missed, within_days, until_at FROM sign_up_bar($1, $2)"
_RULE = "SELECT within_days, request_after, pause_after, lasts_days, excuse_days, effective_from FROM no_show_rule"


async def my_no_shows(principal: Principal) -> list[MyNoShow]:
    """Return what was recorded about the person, the latest first."""
    return await _mine(principal, "true")


async def my_no_show(principal: Principal, public_id: UUID) -> MyNoShow:
    """Return one of the person's own."""
    for found in await _mine(principal, "n.public_id = $3", public_id):
        return found
    raise NotFound


async def my_bar(principal: Principal) -> Bar | None:
    """Return what follows for the person now, if anything does."""
    row = await database.fetch_one(_BAR, await person_id_of(principal), clock.now())
    if row is None:
        return None
    return Bar(Consequence(row["consequence"]), row["missed"], row["within_days"], row["until_at"])


async def rule_now() -> Rule | None:
    """Return the rule that judges a shift of today."""
    row = await database.fetch_one(f"{_RULE} WHERE effective_from <= $1 ORDER BY effective_from DESC", clock.now())
    return Rule(**row) if row else None


async def rule_to_come() -> Rule | None:
    """Return the rule that comes next, so that nobody is surprised by it."""
    row = await database.fetch_one(f"{_RULE} WHERE effective_from > $1 ORDER BY effective_from", clock.now())
    return Rule(**row) if row else None


async def excuses_to_answer(principal: Principal) -> list[Stated]:
    """Return what waits for an answer at the places the person answers for, the oldest first."""
    return await _stated(principal, _OPEN, MOST)


async def excuse_to_answer(principal: Principal, public_id: UUID) -> Stated:
    """Return one excuse at the places the person answers for."""
    for found in await _stated(principal, _ONE, 1, public_id):
        return found
    raise NotFound


async def excuses_answered(principal: Principal) -> list[Stated]:
    """Return what was answered lately at the places the person answers for."""
    return await _stated(principal, _DONE, ANSWERED)


async def count_to_answer(principal: Principal) -> tuple[int, datetime | None]:
    """Return how many excuses wait for somebody else's than the person's own word, and since when."""
    row = await database.fetch_one(
        """SELECT count(*)::integer AS waiting, min(e.stated_at) AS since
           FROM no_show_excuse e JOIN no_show n ON n.id = e.no_show_id JOIN person ON person.id = n.person_id
           JOIN sign_up s ON s.id = n.sign_up_id JOIN assignment a ON a.id = s.assignment_id
           JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
           WHERE e.status = 'stated' AND n.standing AND place.code LIKE ANY ($1) AND person.account_id <> $2""",
        *(station_scope(principal).like_patterns(), principal.actor),
    )
    return (row["waiting"], row["since"]) if row else (0, None)


async def _mine(principal: Principal, which: str, *values: object) -> list[MyNoShow]:
    rows = await database.fetch(_MINE % which, await person_id_of(principal), MOST, *values)
    excuses = await _excuses(rows)
    return [MyNoShow(excuse=excuses.get(row.pop("id")), **row) for row in rows]


async def _stated(principal: Principal, which: str, most: int, *values: object) -> list[Stated]:
    scope = station_scope(principal)
    rows = await database.fetch(_STATED % which, scope.like_patterns(), principal.actor, most, *values)
    excuses = await _excuses(rows)
    return [Stated(excuses[row.pop("id")], **row) for row in rows]


async def _excuses(no_shows: Sequence[Row]) -> dict[int, Excuse]:
    """Return the excuse of each no-show that has one, opened with the person's key while there is one."""
    rows = await database.fetch(_EXCUSES, [row["id"] for row in no_shows])
    keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    found = {}
    for row in rows:
        key = keys.get(row["subject_key_id"])
        found[row["no_show_id"]] = Excuse(
            row["public_id"],
            ExcuseStatus(row["status"]),
            key.open(row["reason_sealed"]) if key else "",
            *(row["stated_at"], row["answer"], row["answered_at"]),
        )
    return found
