"""What the database keeps of runs, whoever writes: one plan in force, what was asked for, what it was solved from."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.core import clock, database
from app.core.access import Role
from tests.refusals import refused
from tests.volunteers import world

MONDAY = clock.local(world.MONDAY).date()
CITY, DISTRICT, TOWN, OTHER_TOWN = "3301", "330106", "330106109", "330106110"


async def run(place: str = TOWN, week: date = MONDAY, status: str = "published", **columns: Any) -> int:
    """Write a run with raw SQL."""
    now = clock.now()
    solved = {"instance_sha256": bytes(32)} if status in ("solved", "approved", "published") else {}
    solved |= {"approved_at": now} if status in ("approved", "published") else {}
    solved |= {"published_at": now} if status == "published" else {}
    row = {"week_start": week, "status": status, "time_limit_s": 10, "created_at": now}
    return await database.insert_row(
        "dispatch_run", {"place_id": await world.place_id(place), **row, **solved, **columns}
    )


@pytest.mark.parametrize("other", [CITY, DISTRICT, TOWN])
async def test_two_plans_of_overlapping_places_are_not_both_in_force(db: None, other: str) -> None:
    await run(DISTRICT)
    waiting = await run(other, status="approved")
    in_force = "UPDATE dispatch_run SET status = 'published', published_at = now() WHERE id = $1"
    await refused("dispatch_one_plan_in_force", in_force, waiting)
    await database.execute("UPDATE dispatch_run SET status = 'superseded' WHERE status = 'published'")
    await database.execute(in_force, waiting)


async def test_plans_beside_each_other_and_of_other_weeks_are_all_in_force(db: None) -> None:
    for place, week in ((TOWN, MONDAY), (OTHER_TOWN, MONDAY), ("330127", MONDAY), (CITY, MONDAY + timedelta(days=7))):
        await run(place, week)
    assert await database.fetch_value("SELECT count(*) FROM dispatch_run WHERE status = 'published'") == 4


async def test_what_if_is_only_a_question_about_a_plan(db: None) -> None:
    plan = await run()
    question = await run(status="solved", kind="what_if", parent_id=plan)
    await database.execute("UPDATE dispatch_run SET status = 'superseded' WHERE id = $1", plan)
    approved = "UPDATE dispatch_run SET status = 'approved', approved_at = now() WHERE id = $1"
    await refused("dispatch_what_if_is_only_a_question", approved, question)
    without = """INSERT INTO dispatch_run (place_id, week_start, status, kind, time_limit_s, created_at)
                 SELECT place_id, week_start, 'queued', 'what_if', 1, now() FROM dispatch_run LIMIT 1"""
    await refused("dispatch_what_if_has_its_plan", without)


async def test_what_was_asked_for_and_what_answered_it_stay(db: None) -> None:
    queued, solved = await run(status="queued"), await run(OTHER_TOWN, status="solved")
    for change in (
        "kind = 'weekly'",
        "week_start = week_start + 7",
        """parameters = '{"km": 9}'""",
        "created_at = now()",
    ):
        await refused("dispatch_run_is_kept", f"UPDATE dispatch_run SET {change} WHERE id = $1", queued)
    for change in ("instance_sha256 = sha256('x')", "fence = 7", "previous_id = id"):
        await refused("dispatch_run_is_kept", f"UPDATE dispatch_run SET {change} WHERE id = $1", solved)
    without = "UPDATE dispatch_run SET status = 'solved' WHERE id = $1"
    await refused("dispatch_run_solved_from_an_input", without, queued)
    unpublished = "UPDATE dispatch_run SET published_at = NULL WHERE id = $1"
    await refused("dispatch_run_published_when", unpublished, await run("330127"))


async def test_one_weekly_run_of_a_place_and_week(db: None) -> None:
    await run(status="failed", kind="weekly")
    again = """INSERT INTO dispatch_run (place_id, week_start, status, kind, time_limit_s, created_at)
               SELECT place_id, week_start, 'queued', 'weekly', 1, now() FROM dispatch_run"""
    await refused("dispatch_run_weekly_once", again)


async def test_an_input_is_what_its_hash_says_or_gone(db: None) -> None:
    await database.execute("INSERT INTO dispatch_input VALUES (sha256('a'), 'a', $1, '{1}', now())", MONDAY)
    await refused("dispatch_input_is_kept", "UPDATE dispatch_input SET content = 'b'")
    assert await database.execute("DELETE FROM dispatch_input") == 1


async def test_the_log_of_a_search_is_in_order_and_kept(db: None) -> None:
    found = """INSERT INTO dispatch_progress (run_id, attempt, number, stage, vector, milliseconds)
               VALUES ($1, 1, 1, 'greedy', '{0,0,0,0,0,0}', 12)"""
    solving = await run(status="solving")
    await database.execute(found, solving)
    await refused("dispatch_progress_in_order", found, solving)
    await refused("append_only", "UPDATE dispatch_progress SET milliseconds = 0")


async def test_settings_say_why_and_who_and_hold_from_now_on(db: None) -> None:
    by = (await world.officer(Role.COORDINATOR)).actor
    said = """INSERT INTO dispatch_setting (place_id, km, reason, stated_by, stated_at, effective_from)
              VALUES ($1, 2, $2, $3, $4::timestamptz, $4::timestamptz - $5::interval)"""
    place, now, at_once = await world.place_id(TOWN), clock.now(), timedelta()
    await refused("dispatch_setting_says_why", said, place, " ", by, now, at_once)
    await refused("dispatch_setting_says_who", said, place, "because", None, now, at_once)
    await refused("dispatch_setting_not_in_the_past", said, place, "because", by, now, timedelta(hours=1))
    await refused("dispatch_setting_everywhere_is_complete", said, None, "because", by, now, at_once)
    await database.execute(said, place, "because", by, now, at_once)
    await refused("append_only", "UPDATE dispatch_setting SET km = 3 WHERE place_id = $1", place)


async def test_a_travel_time_is_said_once_between_two_places_and_within_a_day(db: None) -> None:
    by = (await world.officer(Role.COORDINATOR)).actor
    said = """INSERT INTO travel_time (from_place_id, to_place_id, minutes, stated_by, stated_at)
              VALUES ($1, $2, $3, $4, now())"""
    one, other = await world.place_id(TOWN), await world.place_id(OTHER_TOWN)
    await database.execute(said, one, other, 20, by)
    await refused("travel_time_once", said, one, other, 30, by)
    await refused("travel_time_between_two", said, one, one, 20, by)
    await refused("travel_time_within_a_day", said, other, one, 601, by)
