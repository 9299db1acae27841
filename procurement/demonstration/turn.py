"""The week as it is lived: people sign up, the rest is dispatched, stations confirm who came."""

import asyncio
import random
from collections.abc import Callable
from datetime import date, timedelta

from app.accounts.principals import principals_of_accounts
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.core import database
from app.core.access import Grant, Principal, Role
from app.core.errors import DomainError
from procurement.demonstration import cast, invention, people
from procurement.demonstration.answering import answer_offers
from procurement.demonstration.scale import Scale
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.dispatch.publishing.service import PublishedPlan, publish_plan
from volunteers.dispatch.review.approving import approve_plan
from volunteers.dispatch.service import plan_week
from volunteers.dispatch.solver_process import Progress
from volunteers.dispatch.solving.service import solve_run
from volunteers.dispatch.week import bounds_of

STATION_PHONES, CLERK_PHONES = 100_000, 200_000
AT_ONCE = 8
ABSENT_SHARE = 0.03

_LIKELY = """
WITH chosen AS (
    SELECT p.id, p.credentials_any, p.languages_all, left(place.code, 6) AS district
    FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
    WHERE a.status = 'open' AND a.starts >= $1 AND a.starts < $2 AND place.code LIKE $3 || '%'
    ORDER BY md5(p.id::text) LIMIT $4)
SELECT chosen.id AS position_id, likely.id AS person_id
FROM chosen JOIN LATERAL (
    SELECT q.id FROM person q JOIN place home ON home.id = q.home_place_id
    WHERE home.code LIKE chosen.district || '%' AND chosen.languages_all <@ q.languages
      AND (chosen.credentials_any = '{}' OR EXISTS (
          SELECT 1 FROM credential c WHERE c.person_id = q.id AND c.kind = ANY (chosen.credentials_any)
          AND c.verified_at IS NOT NULL))
    ORDER BY md5(chosen.id::text || q.id::text) LIMIT 1) AS likely ON true
"""


async def sign_ups(scale: Scale, monday: date) -> tuple[int, int]:
    """Let people sign up for themselves, several at once; return how many got a seat and how many were refused."""
    likely = await database.fetch(_LIKELY, *bounds_of(monday), scale.place_code, scale.own_sign_ups)
    acting = await people.acting([row["person_id"] for row in likely])
    room = asyncio.Semaphore(AT_ONCE)

    async def one(person_id: int, position_id: int) -> bool:
        async with room:
            try:
                await sign_up(acting[person_id], position_id)
            except DomainError:
                return False
        return True

    outcomes = await asyncio.gather(*(one(row["person_id"], row["position_id"]) for row in likely))
    return sum(outcomes), len(outcomes) - sum(outcomes)


async def dispatch(
    officers: dict[Role, Principal], scale: Scale, monday: date, report: Callable[[Progress], None]
) -> PublishedPlan:
    """Plan the remaining seats of the week, as large as the scale is, publish the plan, and let people answer."""
    coordinator = officers[Role.COORDINATOR]
    run = await plan_week(coordinator, scale.place_code, monday, scale.solve_seconds)
    await solve_run(run, report)
    await approve_plan(coordinator, run)
    published = await publish_plan(coordinator, run)
    await answer_offers()
    return published


async def hire_station_staff(scale: Scale) -> dict[str, Principal]:
    """Open an account for each station; return the staff by their town's code."""
    rows = await database.fetch(
        """SELECT p.code, p.name_zh FROM station s JOIN place p ON p.id = s.place_id
           WHERE p.code LIKE $1 || '%' ORDER BY p.code""",
        scale.place_code,
    )
    titles = {row["code"]: invention.vocabulary()["station_staff"].format(place=row["name_zh"]) for row in rows}
    return await staff(Role.STATION_STAFF, titles, STATION_PHONES)


async def staff(role: Role, titles: dict[str, str], phones: int) -> dict[str, Principal]:
    """Open the accounts that do not exist yet, one for each place; return their principals by place code."""
    numbered = {code: invention.phone(phones + number) for number, code in enumerate(sorted(titles))}
    known = await account_ids_by_phone(numbered.values())
    missing = [code for code, phone in numbered.items() if phone not in known]
    accounts = [NewAccount(titles[c], numbered[c], grants=(Grant(role, place_code=c),)) for c in missing]
    await create_accounts(cast.FOUNDER, accounts)
    ids = await account_ids_by_phone(numbered.values())
    found = await principals_of_accounts(ids.values())
    return {code: found[ids[phone]] for code, phone in numbered.items()}


async def confirm(scale: Scale, monday: date) -> tuple[int, int]:
    """Have each station confirm its week; return how many came and how many did not."""
    stations = await hire_station_staff(scale)
    rows = await database.fetch(
        """SELECT s.public_id, town.code, a.kind FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
           JOIN station ON station.id = a.station_id JOIN place town ON town.id = station.place_id
           WHERE s.status IN ('confirmed', 'checked_in') AND a.starts >= $1 AND a.starts < $2
             AND town.code LIKE $3 || '%' ORDER BY s.id""",
        *bounds_of(monday),
        scale.place_code,
    )
    by_station: dict[str, list[Presence]] = {}
    draw = invention.generator(f"attendance/{monday}")
    for row in rows:
        by_station.setdefault(row["code"], []).append(_presence(draw, row["public_id"], row["kind"]))
    for code, presences in by_station.items():
        await confirm_attendance(stations[code], presences)
    absent = sum(p.outcome is Outcome.ABSENT for presences in by_station.values() for p in presences)
    return len(rows) - absent, absent


def _presence(draw: random.Random, sign_up_id: object, kind: str) -> Presence:
    if draw.random() < ABSENT_SHARE:
        return Presence(sign_up_id, Outcome.ABSENT)  # type: ignore[arg-type]
    served = draw.randint(20, 80) if kind == "lecture" else draw.randint(0, 9)
    return Presence(sign_up_id, Outcome.ATTENDED, people_served=served)  # type: ignore[arg-type]


def week_to_live(today: date) -> date:
    """Return the Monday of the last full week: its work is done, confirmed and can be paid."""
    return today - timedelta(days=today.weekday() + 7)
