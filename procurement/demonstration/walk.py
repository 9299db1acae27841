"""The main job step by step, each at its own moment of the weeks around the demonstration's week.

A finished step is a fact in the database, so that a second run goes on where the first one stopped; a step
that was cut short looks for what is missing and adds only that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.calendar import seed_calendar
from app.core.errors import DomainError
from app.core.text import N_
from app.packages import listed
from app.rulebook.service import seed_rules
from marketplace.organizations.incubation.rules import IncubationStatus
from marketplace.places.service import import_places
from procurement.deliveries.jobs import follow_orders
from procurement.deliveries.standing.service import tell_the_catalogue
from procurement.demonstration import (
    afterwards,
    approving,
    auditing,
    buying,
    casework,
    cast,
    catalogue,
    challenging,
    contracts,
    giving,
    growing,
    invention,
    last_year,
    paying,
    people,
    promises,
    quoting,
    relations,
    supply,
    training,
    turn,
    villages,
    work,
)
from procurement.demonstration.handing_on import hand_on
from procurement.demonstration.scale import SCALES, Scale, ScaleName
from volunteers.dispatch.solver_process import Progress

TOPIC = "demonstration_step"
WEEK_TOPIC = "demonstration_week"


class OtherScale(DomainError):
    """The database already holds a demonstration of another size."""

    code, status = "other_scale", 409
    message = N_("数据库里已有“%(scale)s”规模的演示数据。用 RESET=1 重新开始，或继续用原来的规模。")


@dataclass
class Stage:
    """What the steps share; filled by the steps that find it out."""

    scale: Scale
    monday: date
    report: Callable[[Progress], None]
    officers: dict[Role, Principal] = field(default_factory=dict)
    providers: dict[int, Principal] = field(default_factory=dict)
    districts: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def district_codes(self) -> list[str]:
        """Return the codes of the districts that take part."""
        return [code for code, _, _ in self.districts]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, how many days from the week's Monday it happens, and what it does."""

    number: int
    name: str
    day: int
    run: Callable[[Stage], Awaitable[Any]]


async def _places(_: Stage) -> int:
    await seed_rules(listed("RULES"))
    await seed_calendar()
    return await import_places()


async def _cast(stage: Stage) -> None:
    names = {Role(key): name for key, name in invention.vocabulary()["cast"].items()}
    await cast.hire(stage.scale.place_code[:6], names)
    await load(stage)
    await paying.publish_tariffs(stage.officers)
    await work.open_town_stations(stage.scale)
    await work.mark_shortages(stage.scale)


async def _organizations(stage: Stage) -> None:
    wanted = supply.organizations(stage.scale, stage.districts)
    await supply.register(stage.officers, wanted)
    stage.providers = await supply.providers(wanted)


async def _products(stage: Stage) -> int:
    await supply.write_products(stage.scale, stage.providers)
    listed = await supply.review(stage.officers)
    await catalogue.publish_edition(stage.officers, clock.today().year)
    await catalogue.promise(stage.officers, stage.scale, len(stage.districts))
    return listed


async def _people(stage: Stage) -> int:
    rows = await database.fetch(
        "SELECT code, rural FROM place WHERE level = 'village' AND code LIKE $1 || '%' ORDER BY code",
        stage.scale.place_code,
    )
    await people.register(people.invent(stage.scale, [people.Home(row["code"], row["rural"]) for row in rows]))
    verified = await people.verify_all(stage.officers)
    await relations.pair_villages(stage.officers, stage.scale)
    await training.hold(stage.officers, stage.scale)
    await growing.take_in(stage.officers, stage.providers)
    return verified


async def _frameworks(stage: Stage) -> int:
    return await buying.set_up_frameworks(stage.officers, stage.providers, stage.scale)


async def _contracts(stage: Stage) -> int:
    await buying.appropriate(stage.officers, stage.district_codes, stage.monday.year)
    await approving.set_authority(stage.officers, stage.scale.place_code[:6])
    signed = await buying.call_off(stage.officers, stage.providers, stage.scale, stage.district_codes)
    await quoting.ask_for_quotations(stage.officers, stage.providers, stage.district_codes[0])
    await contracts.follow(stage.officers, stage.providers)
    await paying.pay_advances(stage.officers, stage.district_codes)
    await growing.go_on(stage.officers, stage.providers, IncubationStatus.CAPACITY)
    return signed


async def _orders(stage: Stage) -> int:
    taken = await buying.order(stage.officers, stage.providers, stage.scale, stage.monday)
    await villages.live_months(stage.providers, stage.monday)
    await growing.go_on(stage.officers, stage.providers, IncubationStatus.PRACTICE)
    return taken


async def _week(stage: Stage) -> int:
    if await database.fetch_value("SELECT count(*) FROM assignment WHERE kind = 'duty'"):
        return 0
    return await work.publish_week(stage.officers, stage.scale, stage.monday)


async def _sign_ups(stage: Stage) -> tuple[int, int]:
    return await turn.sign_ups(stage.scale, stage.monday)


async def _dispatch(stage: Stage) -> object:
    plan = await turn.dispatch(stage.officers, stage.scale, stage.monday, stage.report)
    await hand_on(stage.scale, stage.monday)
    return plan


async def _attendance(stage: Stage) -> tuple[int, int]:
    outcome = await turn.confirm(stage.scale, stage.monday)
    await relations.keep_days(stage.officers, stage.scale)
    await relations.rate_shifts(stage.scale, stage.monday)
    return outcome


async def _acceptance(stage: Stage) -> int:
    await follow_orders(clock.now())
    accepted = await buying.accept(stage.officers, stage.providers)
    await tell_the_catalogue()
    return accepted


async def _claims(stage: Stage) -> object:
    await casework.record_first(stage.officers)
    return await paying.approve(stage.officers)


async def _settlement(stage: Stage) -> object:
    week = stage.monday, stage.monday + timedelta(days=7)
    await paying.agree_with_a_bank(stage.officers, stage.district_codes[0])
    paid = await paying.settle(stage.officers, stage.district_codes, *week)
    await paying.hear_from_the_bank(stage.officers)
    await paying.send_one_back(stage.officers)
    await giving.give(stage.officers, stage.providers)
    return paid


async def _afterwards(stage: Stage) -> tuple[int, int]:
    await buying.nudge(stage.officers, stage.providers)
    await growing.come_to_the_end(stage.officers, stage.providers)
    await catalogue.draw_up_next()
    await quoting.wait_until_due()
    await quoting.open_due(stage.officers)
    await quoting.compare_first(stage.officers)
    await challenging.challenge_two(stage.officers, stage.district_codes[0])
    await casework.record_cases(stage.officers)
    return await afterwards.look_back(stage.officers, stage.scale, stage.monday)


async def _audit(stage: Stage) -> int:
    return await auditing.watch(stage.officers, stage.scale, stage.monday)


async def _next_week(stage: Stage) -> int:
    await approving.leave_half_way(stage.officers, stage.district_codes[0], stage.monday)
    return await work.publish_next_week(stage.officers, stage.scale, stage.monday + timedelta(days=14))


async def _promises(stage: Stage) -> int:
    return await promises.keep(stage.officers, stage.scale, stage.monday)


async def _last_year(stage: Stage) -> int:
    first = stage.monday + timedelta(days=STEPS[0].day)
    return await last_year.live_through(stage.officers, stage.district_codes, first.year - 1)


STEPS = (
    Step(1, "places and rules of law", -60, _places),
    Step(2, "officers, stations, tariff", -59, _cast),
    Step(3, "organizations verified", -55, _organizations),
    Step(4, "products reviewed and listed", -50, _products),
    Step(5, "volunteers and lawyers registered", -45, _people),
    Step(6, "frameworks and admission", -40, _frameworks),
    Step(7, "budget, call-offs, contracts", -30, _contracts),
    Step(8, "villages order, providers accept", -14, _orders),
    Step(9, "the week's shifts published", -10, _week),
    Step(10, "people sign up", -8, _sign_ups),
    Step(11, "the rest is dispatched", -3, _dispatch),
    Step(12, "stations confirm who came", 7, _attendance),
    Step(13, "deliveries accepted", 7, _acceptance),
    Step(14, "claims priced and approved", 7, _claims),
    Step(15, "settlement and bank files", 7, _settlement),
    Step(16, "next week opens for sign-up", 7, _next_week),
    Step(17, "no-shows explained, odd records found", 8, _afterwards),
    Step(18, "an auditor looks and draws a sample", 9, _audit),
    Step(19, "villages are promised a lawyer a month", 9, _promises),
    Step(20, "last year spent in part and closed", 9, _last_year),
)


async def prepare(name: ScaleName, report: Callable[[Progress], None]) -> Stage:
    """Return the stage of a demonstration, the one that is in the database if there is one."""
    begun = await database.fetch(
        "SELECT topic, subject_id FROM fact WHERE topic LIKE $1 || '%' ORDER BY id LIMIT 1", WEEK_TOPIC
    )
    if not begun:
        return Stage(SCALES[name], turn.week_to_live(clock.today()), report)
    known = ScaleName(begun[0]["topic"].rsplit(":", 1)[1])
    if known is not name:
        raise OtherScale(scale=known.value)
    return Stage(SCALES[name], date.fromordinal(begun[0]["subject_id"]), report)


async def load(stage: Stage) -> None:
    """Find the officers, providers and districts that earlier steps made."""
    rows = await database.fetch(
        "SELECT code, name_zh, name_en FROM place WHERE level = 'district' AND code LIKE $1 || '%' ORDER BY code",
        stage.scale.place_code[:6],
    )
    stage.districts = [(row["code"], row["name_zh"], row["name_en"]) for row in rows]
    stage.officers = await cast.principals()
    stage.providers = await supply.providers(supply.organizations(stage.scale, stage.districts))


async def finished_steps() -> set[int]:
    """Return the numbers of the steps that are done."""
    rows = await database.fetch("SELECT subject_id FROM fact WHERE topic = $1", TOPIC)
    return {row["subject_id"] for row in rows}


async def take(stage: Stage, step: Step) -> Any:
    """Take one step at its moment and remember that it is done."""
    await _announce(f"{WEEK_TOPIC}:{stage.scale.name.value}", stage.monday.toordinal())
    with clock.travelled_to(clock.at_local(stage.monday + timedelta(days=step.day), time(9))):
        outcome = await step.run(stage)
    await _announce(TOPIC, step.number)
    return outcome


async def _announce(topic: str, subject_id: int) -> None:
    fact = {"topic": topic, "subject_id": subject_id, "occurred_at": clock.now()}
    await database.insert_once("fact", fact, ("topic", "subject_id"))
