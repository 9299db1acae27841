"""Reading hours: one's own, entry by entry with its proof, and every chain for the check."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from volunteers.assignments.rules import Kind
from volunteers.hours.rules import Break, EntryKind, Fault, Link, first_breaks
from volunteers.people.queries import person_id_of

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a person's hours with what it rests on."""

    id: int
    number: int
    kind: EntryKind
    minutes: int
    reason: str
    credited_at: datetime
    entry_sha256: bytes
    sign_up: UUID
    reference: str
    title_zh: str
    title_en: str
    work: Kind
    starts: datetime
    arrived_at: datetime
    left_at: datetime
    people_served: int
    station_zh: str
    station_en: str
    confirmed_at: datetime
    checked_in: bool

    @property
    def fingerprint(self) -> str:
        """Return the beginning of the entry's hash, enough to compare by eye."""
        return self.entry_sha256.hex()[:12]


@dataclass(frozen=True, slots=True)
class Total:
    """The minutes of one year and one kind of work."""

    year: int
    work: Kind
    minutes: int


@dataclass(frozen=True, slots=True)
class MyHours:
    """A person's hours, added up and in the latest entries."""

    minutes: int
    services: int
    totals: tuple[Total, ...]
    entries: tuple[Entry, ...]

    @property
    def years(self) -> dict[int, int]:
        """Return the minutes by year, the latest first."""
        found: dict[int, int] = {}
        for total in self.totals:
            found[total.year] = found.get(total.year, 0) + total.minutes
        return dict(sorted(found.items(), reverse=True))


_ENTRIES = """
SELECT h.id, h.number, h.kind, h.minutes, h.reason, h.credited_at, h.entry_sha256, s.public_id AS sign_up, a.reference,
       a.title_zh, a.title_en, a.kind AS work, s.starts, t.people_served,
       coalesce(t.arrived_at, held.arrived_at, s.starts) AS arrived_at,
       coalesce(t.left_at, held.left_at, s.ends) AS left_at,
       station.name_zh AS station_zh, station.name_en AS station_en, t.confirmed_at,
       EXISTS (SELECT FROM check_in c WHERE c.sign_up_id = s.id AND c.moment = 'in') AS checked_in
FROM hours_entry h JOIN attendance t ON t.id = h.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
JOIN attendance_now held ON held.id = t.id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id
WHERE h.person_id = $1 AND ($2::integer IS NULL OR h.number < $2) ORDER BY h.number DESC LIMIT $3
"""
_TOTALS = """
SELECT extract(year FROM s.starts AT TIME ZONE 'Asia/Shanghai')::integer AS year, a.kind AS work,
       sum(h.minutes)::integer AS minutes, count(*) FILTER (WHERE h.kind = 'credit')::integer AS services
FROM hours_entry h JOIN attendance t ON t.id = h.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
JOIN assignment a ON a.id = s.assignment_id WHERE h.person_id = $1 GROUP BY 1, 2 ORDER BY 1 DESC, 2
"""


async def my_hours(principal: Principal, before: int | None, limit: int) -> MyHours:
    """Return the person's hours; entries before a number, the latest first."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    person_id = await person_id_of(principal)
    totals = await database.fetch(_TOTALS, person_id)
    entries = await database.fetch(_ENTRIES, person_id, before, limit)
    return MyHours(
        sum(row["minutes"] for row in totals),
        sum(row["services"] for row in totals),
        tuple(Total(row["year"], Kind(row["work"]), row["minutes"]) for row in totals),
        tuple(Entry(**{**row, "kind": EntryKind(row["kind"]), "work": Kind(row["work"])}) for row in entries),
    )


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of the chains found."""

    entries: int
    people: int
    breaks: tuple[Break, ...] = field(default=())

    @property
    def sound(self) -> bool:
        """Tell whether every chain holds."""
        return not self.breaks


async def verify_chains() -> Report:
    """Compute every chain again, people by the thousand; the first broken link of each person is named.

    A chain's cut-off end leaves no broken link, so confirmed attendance that lacks its credit is reported too.
    """
    entries = people = 0
    breaks: list[Break] = []
    async for links in _chains():
        entries += len(links)
        people += len({link.person_id for link in links})
        breaks += first_breaks(links)
    missing = await database.fetch(_NOT_CREDITED)
    breaks += [Break(row["person_id"], row["number"], Fault.NOT_CREDITED) for row in missing]
    return Report(entries, people, tuple(breaks))


_LINKS = """
SELECT h.id AS entry_id, h.person_id, h.number, h.kind, h.attendance_id, h.minutes, h.recorded_by, h.credited_at,
       t.sign_up_id, t.outcome, t.arrived_at, t.left_at, t.minutes AS attended_minutes, t.confirmed_by, t.confirmed_at,
       h.reason, h.previous_sha256, h.entry_sha256
FROM hours_entry h JOIN attendance t ON t.id = h.attendance_id
WHERE h.person_id IN (SELECT DISTINCT person_id FROM hours_entry WHERE person_id > $1 ORDER BY person_id LIMIT $2)
ORDER BY h.person_id, h.number
"""
_NOT_CREDITED = """
SELECT s.person_id, 1 + coalesce((SELECT max(number) FROM hours_entry WHERE person_id = s.person_id), 0) AS number
FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id JOIN assignment a ON a.id = s.assignment_id
WHERE t.outcome = 'attended' AND t.minutes > 0 AND a.compensation = 'unpaid'
  AND NOT EXISTS (SELECT FROM hours_entry h WHERE h.attendance_id = t.id AND h.kind = 'credit')
ORDER BY s.person_id
"""


async def _chains() -> AsyncIterator[list[Link]]:
    """Yield the chains of ever more people, whole chains at a time."""
    last = 0
    while rows := await database.fetch(_LINKS, last, BATCH):
        last = rows[-1]["person_id"]
        yield [Link(**row) for row in rows]


async def service_days(person_id: int) -> tuple[date, date] | None:
    """Return the first and last day on which the person earned hours."""
    row = await database.fetch_one(
        """SELECT min(s.starts AT TIME ZONE 'Asia/Shanghai')::date AS first,
                  max(s.starts AT TIME ZONE 'Asia/Shanghai')::date AS last
           FROM hours_entry h JOIN attendance t ON t.id = h.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
           WHERE h.person_id = $1""",
        person_id,
    )
    return (row["first"], row["last"]) if row and row["first"] else None
