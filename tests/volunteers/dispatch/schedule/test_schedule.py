"""The clock's plans: each week once, a new one only for what changed, and none for what nobody planned."""

from datetime import timedelta

from app.core import clock, database
from tests.volunteers import world
from tests.volunteers.dispatch import small
from tests.volunteers.dispatch.small import MONDAY
from volunteers.dispatch import jobs
from volunteers.dispatch.settings.rules import PlannedLevel
from volunteers.dispatch.settings.service import state_settings

DISTRICT = "330106"
ONE, NONE = {"asked": 1}, {"asked": 0}
SAID = "SELECT kind, status FROM dispatch_run ORDER BY id"


async def runs() -> list[tuple[str, str]]:
    """Return kind and status of each run."""
    return [(row["kind"], row["status"]) for row in await database.fetch(SAID)]


async def quick() -> None:
    """Let searches be short, and nobody's work be lost on waiting for them."""
    await state_settings(await small.planner(DISTRICT), DISTRICT, {"time_limit_s": 1}, "tests")


async def test_each_week_with_shifts_is_planned_once_by_its_district(db: None) -> None:
    await quick()
    await small.people(1)
    await small.shifts(9)
    assert await jobs.plan_coming_weeks(clock.now()) == ONE
    assert await jobs.plan_coming_weeks(clock.now()) == NONE
    await jobs.solve_waiting_runs(clock.now())
    assert await jobs.plan_coming_weeks(clock.now()) == NONE
    assert await runs() == [("weekly", "solved")]
    made = await database.fetch_one(
        """SELECT place.code, r.week_start, r.created_by, r.parameters ->> 'time_limit_s' AS seconds
           FROM dispatch_run r JOIN place ON place.id = r.place_id"""
    )
    assert made == {"code": DISTRICT, "week_start": MONDAY, "created_by": None, "seconds": "1"}


async def test_settings_say_how_far_ahead_and_at_which_level(db: None) -> None:
    await small.people(1)
    await small.shifts(9, 9 + 7 * 24, 9 + 14 * 24)
    city = await small.planner("3301")
    await state_settings(city, "3301", {"weeks_ahead": 2, "planned_level": PlannedLevel.CITY}, "one plan for all")
    assert await jobs.plan_coming_weeks(clock.now()) == {"asked": 2}
    places = await database.fetch("SELECT place.code FROM dispatch_run r JOIN place ON place.id = r.place_id")
    assert {row["code"] for row in places} == {"3301"}
    await state_settings(city, "3301", {"planned_level": PlannedLevel.NEVER}, "we do it by hand")
    assert await jobs.replan_changed_weeks(clock.now()) == NONE


async def test_at_night_only_what_changed_is_planned_anew(db: None) -> None:
    await quick()
    await small.people(1)
    await small.shifts(9)
    with clock.travelled_to(clock.now()):
        await jobs.plan_coming_weeks(clock.now())
        await jobs.solve_waiting_runs(clock.now())
        assert await jobs.replan_changed_weeks(clock.now()) == NONE
        await small.shifts(33)
        assert await jobs.replan_changed_weeks(clock.now()) == ONE
        assert await jobs.replan_changed_weeks(clock.now()) == NONE  # it is underway
        await jobs.solve_waiting_runs(clock.now())
    assert await runs() == [("weekly", "solved"), ("nightly", "solved")]


async def test_a_new_plan_keeps_the_one_in_force_and_one_that_sends_nobody_new_is_no_work(db: None) -> None:
    await quick()
    await small.people(1)
    await small.shifts(9)
    coordinator = await small.planner(DISTRICT)
    first = await small.solved(coordinator, DISTRICT)
    await small.publish(coordinator, first)
    assert await jobs.replan_changed_weeks(clock.now()) == ONE
    await jobs.solve_waiting_runs(clock.now())
    assert await runs() == [("by_hand", "published"), ("nightly", "superseded")]
    await small.shifts(33)
    await jobs.replan_changed_weeks(clock.now())
    await jobs.solve_waiting_runs(clock.now())
    assert (await runs())[2:] == [("nightly", "solved")]
    last = await database.fetch_one(
        """SELECT r.public_id, previous.public_id AS previous, r.vector[5] AS changes FROM dispatch_run r
           JOIN dispatch_run previous ON previous.id = r.previous_id AND previous.id = r.parent_id
           ORDER BY r.id DESC LIMIT 1"""
    )
    assert last is not None
    assert (last["previous"], last["changes"]) == (first, 0)
    assert (await small.publish(coordinator, last["public_id"])).sent == 1
    assert (await runs())[0] == ("by_hand", "superseded")


async def test_a_week_that_has_begun_is_planned_anew_only_if_a_plan_is_in_force(db: None) -> None:
    await quick()
    await small.people(1)
    await small.shifts(9, 33)
    coordinator = await small.planner(DISTRICT)
    run = await small.solved(coordinator, DISTRICT)
    with clock.travelled_to(world.MONDAY + timedelta(hours=2)):
        assert await jobs.replan_changed_weeks(clock.now()) == NONE
        await small.publish(coordinator, run)
        assert await jobs.replan_changed_weeks(clock.now()) == ONE
