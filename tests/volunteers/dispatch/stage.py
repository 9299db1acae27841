"""The demonstration's town with a week to plan, some of whose seats nobody can fill, and a plan of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.composition import compose
from app.core import clock
from app.core.access import Principal, Role
from procurement.demonstration import walk, work
from procurement.demonstration.scale import ScaleName
from procurement.demonstration.walk import Stage
from volunteers.assignments.rules import AssignmentDraft, Compensation, Kind, PositionDraft
from volunteers.assignments.service import publish_assignments
from volunteers.dispatch import service
from volunteers.dispatch.solving import service as solving

PEOPLE, SIGNED_UP = 5, 10
"""The steps after which people are registered, and after which some have signed up."""
SECONDS = 2


@dataclass(frozen=True, slots=True)
class Planned:
    """A stage with a week to plan, the planner, a plan of it, and a moment before the week."""

    stage: Stage
    planner: Principal
    run: UUID
    monday: date
    moment: datetime

    @property
    def place(self) -> str:
        """Return the code of the planned place."""
        return self.stage.scale.place_code


async def published_week(steps: int = SIGNED_UP) -> Stage:
    """Live through the demonstration up to a step."""
    compose()
    stage = await walk.prepare(ScaleName.TOWN, lambda _: None)
    for step in walk.STEPS[:steps]:
        await walk.take(stage, step)
    return stage


async def planned_week(*, solved: bool = True) -> Planned:
    """Live up to the sign-ups, add shifts that nobody can do, ask for a plan and perhaps solve it."""
    stage = await published_week()
    return await _plan(stage, stage.monday, clock.at_local(stage.monday - timedelta(days=3), time(9)), solved)


async def week_to_come() -> Planned:
    """Publish and plan the week after this one by the real clock: for tests that look at a served site."""
    stage = await published_week(PEOPLE)
    monday = clock.week_start(clock.today()) + timedelta(weeks=1)
    await work.publish_week(stage.officers, stage.scale, monday)
    return await _plan(stage, monday, clock.now(), solved=True)


async def _plan(stage: Stage, monday: date, moment: datetime, solved: bool) -> Planned:
    planner = stage.officers[Role.COORDINATOR]
    with clock.travelled_to(moment):
        await publish_assignments(planner, await hard_shifts(stage, monday))
        run = await service.plan_week(planner, stage.scale.place_code, monday, SECONDS)
        if solved:
            await solving.solve_run(run)
    return Planned(stage, planner, run, monday, moment)


async def hard_shifts(stage: Stage, monday: date) -> list[AssignmentDraft]:
    """Return shifts with empty seats for different reasons: no credential, nobody free, everybody elsewhere."""
    town = (await work.grounds(stage.scale, "town"))[0]

    def shift(title: tuple[str, str], hour: int, seat: PositionDraft, *, green: bool = False) -> AssignmentDraft:
        starts = clock.at_local(monday + timedelta(days=2), time(hour))
        return AssignmentDraft(
            kind=Kind.LECTURE,
            title_zh=title[0],
            title_en=title[1],
            place_id=town.place_id,
            station_id=town.station_id,
            starts=starts,
            ends=starts + timedelta(hours=2),
            compensation=Compensation.UNPAID,
            insured=True,
            positions=(seat,),
            green=green,
        )

    helper, interpreter = ("志愿者", "Volunteer"), ("手语翻译", "Sign language interpreter")
    seats = PositionDraft(helper[0], 60, 10, helper[1])
    appraiser = PositionDraft("司法鉴定人", 1, 1, "Forensic appraiser", credentials_any=("appraiser",))
    return [
        shift(("伤情鉴定咨询", "Advice on injury appraisal"), 9, appraiser, green=True),
        shift(("法治文化节", "Festival of law"), 14, seats),
        shift(("凌晨集市普法", "Law at the night market"), 3, PositionDraft(helper[0], 2, 1, helper[1])),
        shift(("听障居民专场", "For residents hard of hearing"), 10,
              PositionDraft(interpreter[0], 2, 1, interpreter[1], languages_all=("sign",))),
    ]  # fmt: skip
