"""A month of promised visits: each village its lawyer once a month, each town a duty once a week; some are missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from procurement.demonstration import invention, turn, work
from procurement.demonstration.scale import Scale
from procurement.demonstration.work import HALVES, Ground
from volunteers.assignments.rules import AssignmentDraft, Compensation, Kind
from volunteers.assignments.service import publish_assignments
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, seat_many
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.coverage import queries
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.demand.service import make_demand
from volunteers.coverage.rules import Colour, Every, Level
from volunteers.coverage.standing.forms import RuleForm
from volunteers.coverage.standing.service import set_rule
from volunteers.people.credentials.rules import CredentialKind

MISSED_SHARE, MISSED_DUTY, MARKET_SHARE, EARLIER_SHARE = 0.0124, 0.03, 0.7, 0.6
MOST_EACH = 4
FAR, MISSED_FAR = "330127", 12
"""The county of lakes and mountains, and how many of those that nobody comes to lie there."""
MARKET = VisitDay(0, 6 * 60 + 30, 150, market=True)
"""Markets are over before most people's free hours begin."""
SOURCE = "司法部《关于进一步加强和规范村（居）法律顾问工作的意见》司发通〔2018〕5号"
_LAWYERS = """
SELECT q.id, left(home.code, 6) AS district FROM person q JOIN place home ON home.id = q.home_place_id
WHERE q.status = 'active' AND EXISTS (SELECT FROM credential c WHERE c.person_id = q.id AND c.kind = 'lawyer'
      AND c.verified_at IS NOT NULL AND c.valid_from <= $1 AND coalesce(c.valid_until, 'infinity') >= $1)
ORDER BY q.id
"""
_SEATED = """
SELECT s.public_id, town.code FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place town ON town.id = station.place_id
WHERE s.id = ANY ($1) ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who goes where on which half of a day."""

    place: Ground
    starts: datetime
    ends: datetime
    lawyer: int


async def keep(officers: dict[Role, Principal], scale: Scale, monday: date) -> int:
    """Promise, visit and confirm; return how many villages nobody has come to."""
    if await database.fetch_value("SELECT count(*) FROM coverage_rule"):
        return 0
    coordinator, today = officers[Role.COORDINATOR], clock.today()
    first = (today - timedelta(days=10)).replace(day=1)
    with clock.travelled_to(clock.at_local(first - timedelta(days=2), time(9))):
        await _promise(coordinator, scale, first)
    monthly = next(rule for rule in await queries.rules_in_force() if rule.level is Level.VILLAGE)
    begun = clock.week_start(today)
    taken = {begun, *(monday + timedelta(days=step) for step in range(7))}
    days = [day for day in _between(first, today) if day.weekday() < 5 and day not in taken]
    unseen = {place.code for place in await queries.places(monthly, "") if place.last_visit is None}
    villages = [village for village in await work.grounds(scale, "village") if village.code in unseen]
    missed = await _missed(scale, villages)
    pool = _Pool(await database.fetch(_LAWYERS, first), days)
    await _visit(
        coordinator, scale, [pool.visit(one) for one in villages if one.code not in missed], Kind.VILLAGE, first
    )
    await _visit_earlier(coordinator, scale, [one for one in villages if one.code in missed], first)
    this_week = _Pool(await database.fetch(_LAWYERS, first), [begun])
    towns = [
        town for town in await work.grounds(scale, "town") if invention.generator(town.code).random() > MISSED_DUTY
    ]
    await _visit(coordinator, scale, [this_week.visit(town) for town in towns], Kind.DUTY, begun)
    red = await queries.places(monthly, "", Colour.RED)
    await _hold_markets(coordinator, [place.code for place in red])
    await make_demand(system_principal(Permission.ASSIGNMENT_PUBLISH), clock.now())
    return len(red)


class _Pool:
    """Lawyers who take turns, each once a day: those of the district first, then those who have gone least."""

    def __init__(self, rows: Sequence[database.Row], days: Sequence[date]) -> None:
        self._days = sorted(days, key=lambda day: (day.weekday(), day))  # one week after the other: limits are weekly
        self._most = min(MOST_EACH, len(days))
        self._gone = {row["id"]: 0 for row in rows}
        self._by_district: dict[str, list[int]] = {}
        for row in rows:
            self._by_district.setdefault(row["district"], []).append(row["id"])

    def visit(self, place: Ground) -> Visit:
        """Return the next lawyer's visit to a place."""
        own = [one for one in self._by_district.get(place.code[:6], ()) if self._gone[one] < self._most]
        lawyer = min(own or self._gone, key=lambda one: (self._gone[one], one))
        day, (starts, ends) = self._days[self._gone[lawyer] % len(self._days)], HALVES[lawyer % len(HALVES)]
        self._gone[lawyer] += 1
        return Visit(place, clock.at_local(day, starts), clock.at_local(day, ends), lawyer)


async def _promise(coordinator: Principal, scale: Scale, first: date) -> None:
    common = {"place": scale.place_code, "credentials": [CredentialKind.LAWYER], "valid_from": first, "insured": True}
    village = RuleForm(
        level=Level.VILLAGE,
        every=Every.MONTH,
        minutes=60,
        compensation=Compensation.SUBSIDY,
        reason="每个村社都有法律顾问，每月上门一次",
        document=SOURCE,
        **common,
    )
    town = RuleForm(
        level=Level.TOWN, every=Every.WEEK, kind=Kind.DUTY, minutes=150, alert_days=3, lead_days=7,
        reason="每个乡镇街道公共法律服务站每周有半天律师值班", **common,
    )  # fmt: skip
    for rule in (village, town):
        await set_rule(coordinator, rule)


async def _missed(scale: Scale, villages: Sequence[Ground]) -> set[str]:
    """Choose the villages that nobody comes to, most of them in the country."""
    draw = invention.generator("missed")
    total = await database.fetch_value(
        "SELECT count(*) FROM place WHERE level = 'village' AND starts_with(code, $1)", scale.place_code
    )
    ranked = sorted(villages, key=lambda village: draw.random() * (1 if village.rural else 4))
    far = [village.code for village in ranked if village.code.startswith(FAR)][:MISSED_FAR]
    near = [village.code for village in ranked if not village.code.startswith(FAR)]
    return {*far, *near[: max(2, round(total * MISSED_SHARE)) - len(far)]}


async def _visit_earlier(coordinator: Principal, scale: Scale, villages: Sequence[Ground], first: date) -> None:
    """Let somebody have come to some of them the month before."""
    draw = invention.generator("earlier")
    days = [day for day in _between(first - timedelta(days=9), first) if day.weekday() < 5]
    pool = _Pool(await database.fetch(_LAWYERS, first - timedelta(days=9)), days)
    visits = [pool.visit(one) for one in villages if draw.random() < EARLIER_SHARE]
    await _visit(coordinator, scale, visits, Kind.VILLAGE, first - timedelta(days=9))


async def _visit(coordinator: Principal, scale: Scale, visits: Sequence[Visit], kind: Kind, before: date) -> None:
    """Publish visits some days before, seat the lawyers, and have each station confirm who came."""
    if not visits:
        return
    with clock.travelled_to(clock.at_local(before - timedelta(days=2), time(10))):
        published = await publish_assignments(coordinator, [_draft(visit, kind) for visit in visits])
        wishes = [Wanted(one.position_ids[0], visit.lawyer) for one, visit in zip(published, visits, strict=True)]
        async with database.transaction():
            done = await seat_many(coordinator, wishes, Origin.DISPATCH)
    by_station: dict[str, list[Presence]] = {}
    for row in await database.fetch(_SEATED, list(done.taken.values())):
        by_station.setdefault(row["code"], []).append(Presence(row["public_id"], Outcome.ATTENDED, people_served=4))
    staff = await turn.hire_station_staff(scale)
    for code, presences in by_station.items():
        await confirm_attendance(staff[code], presences)


def _draft(visit: Visit, kind: Kind) -> AssignmentDraft:
    title = invention.vocabulary()["assignments"][kind.value]
    return AssignmentDraft(
        kind=kind,
        title_zh=title["zh"].format(place=visit.place.name_zh),
        title_en=title["en"].format(place=visit.place.name_en),
        place_id=visit.place.place_id,
        station_id=visit.place.station_id,
        starts=visit.starts,
        ends=visit.ends,
        compensation=Compensation.UNPAID,
        insured=True,
        positions=(work.seat("lead", ("lawyer",)),),
        continuity=kind is Kind.VILLAGE,
    )


async def _hold_markets(coordinator: Principal, codes: Sequence[str]) -> None:
    """Say the market day of most villages that nobody comes to: Monday, early."""
    draw = invention.generator("markets")
    for code in codes:
        if draw.random() < MARKET_SHARE:
            await say_visit_day(coordinator, code, MARKET)


def _between(first: date, until: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((until - first).days)]
