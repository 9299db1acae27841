"""The main job, walked from listing to payment at town scale through the real services."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import time, timedelta

import pytest

from app.composition import compose
from app.core import clock, database, embedded
from app.core.ids import is_id_card, is_uscc
from procurement.demonstration import invention, report, supply, today, walk
from procurement.demonstration import last_year as last_year_of
from procurement.demonstration.scale import SCALES, ScaleName
from procurement.demonstration.walk import OtherScale, Stage
from tests import lending


@pytest.fixture(scope="module")
def whole_way() -> Iterator[str]:
    """Walk the whole way once, in a database that is copied for each test; its name."""
    name = lending.copy_of_template()
    asyncio.run(_walk_in(name))
    yield name
    lending.drop(name)


async def _walk_in(name: str) -> None:
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=20)
    try:
        await walked()
    finally:
        await database.disconnect()


@pytest.fixture
async def after_the_way(whole_way: str) -> AsyncIterator[None]:
    """Connect to a database in which every step was taken."""
    name = lending.copy_of_template(whole_way)
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=20)
    yield
    await database.disconnect()
    lending.drop(name)


async def walked() -> Stage:
    """Take every step that is not taken yet."""
    compose()
    stage = await walk.prepare(ScaleName.TOWN, lambda _: None)
    done = await walk.finished_steps()
    if 2 in done:
        await walk.load(stage)
    for step in walk.STEPS:
        if step.number not in done:
            await walk.take(stage, step)
    return stage


async def _counts() -> dict[str, int]:
    tables = (
        "organization",
        "product",
        "person",
        "pairing",
        "assignment",
        "sign_up",
        "attendance",
        "claim",
        "settlement_batch",
        "wish",
        "product_capacity",
        "quotation_request",
        "incubation",
        "incubation_milestone",
        "catalogue_entry",
        "flagship_project",
        "expense",
        "year_closing",
    )
    return {table: await database.fetch_value(f"SELECT count(*) FROM {table}") for table in tables}


async def states(of: str) -> list[str]:
    """Return the states in which things of a kind are, one for each."""
    return sorted(row["status"] for row in await database.fetch(f"SELECT status FROM {of}"))


async def test_the_whole_way_ties_out_and_a_second_run_adds_nothing(after_the_way: None) -> None:
    stage = await walked()
    assert await report.tied_out() > 0
    assert await database.fetch_value("SELECT count(*) FROM product WHERE status = 'listed'") == 18
    waiting = await database.fetch("SELECT closed_case_id FROM claim WHERE status = 'accrued'")
    assert all(row["closed_case_id"] for row in waiting)  # cases that were closed after the money was paid
    assert await database.fetch_value("SELECT count(*) FROM pairing WHERE status = 'active'") >= 10
    assert await database.fetch_value("SELECT count(*) FROM shift_rating") >= 10
    assert await database.fetch_value("SELECT count(*) FROM product_capacity") >= 18
    assert await database.fetch_value("SELECT count(*) FROM village_wait") == 1
    assert await database.fetch_value("SELECT count(*) FROM wish") == 3
    assert await database.fetch_value("SELECT count(*) FROM review_flag WHERE closed_at IS NULL") > 0
    assert await database.fetch_value("SELECT count(*) FROM flag_review") == 1
    assert await database.fetch_value("SELECT count(*) FROM audit_sample_item") > 0
    assert await states("purchase WHERE method = 'quotation'") == ["approved", "opened", "quotations_sealed"]
    assert await states("incubation") == ["applied", "capacity", "capacity", "diagnosis", "graduated", "practice"]
    assert await states("catalogue_edition") == ["draft", "published"]
    assert await states("flagship_project") == ["adopted", "adopted", "proposed"]
    closed = await database.fetch_one(
        """SELECT c.year, c.prepared_by <> c.closed_by AS two, sum(e.lapsed_fen) > 0 AS lapsed,
                  sum(e.carried_fen) > 0 AS carried, sum(e.spent_fen) > 0 AS spent
           FROM year_closing c JOIN year_closing_line e ON e.closing_id = c.id
           WHERE c.status = 'closed' GROUP BY c.id"""
    )
    last_year = (stage.monday + timedelta(days=walk.STEPS[0].day)).year - 1
    assert closed == {"year": last_year, "two": True, "lapsed": True, "carried": True, "spent": True}
    carried = "SELECT c.status FROM year_closing_item i JOIN claim c ON c.id = i.claim_id WHERE i.fate = 'carried'"
    assert [row["status"] for row in await database.fetch(carried)] == ["paid"]
    moved = "SELECT count(*) FROM budget_movement"
    before, movements = await _counts(), await database.fetch_value(moved)
    assert await last_year_of.live_through(stage.officers, stage.district_codes, last_year) == 0
    assert await database.fetch_value(moved) == movements
    for step in walk.STEPS:  # even steps that are done are safe to take again, up to the sign-ups
        if step.number <= 9:
            await walk.take(stage, step)
    await walked()
    assert await _counts() == before
    names = {line.name for line in await report.lines(stage.monday)}
    assert {"listed", "ordered", "covered, green channel", "covered, rural", "confirmed", "claimed", "paid"} <= names
    assert {"quotations", "incubated", "catalogue", "flagship projects"} <= names


async def test_another_scale_in_the_same_database_is_refused(db: None) -> None:
    compose()
    stage = await walk.prepare(ScaleName.TOWN, lambda _: None)
    await walk.take(stage, walk.STEPS[0])
    with pytest.raises(OtherScale):
        await walk.prepare(ScaleName.CITY, lambda _: None)


async def test_a_fen_that_does_not_tie_out_is_told(after_the_way: None) -> None:
    await walked()
    await database.execute(
        """INSERT INTO bank_file (batch_id, format, content_sha256, line_count, total_fen, made_at)
           SELECT id, 'gb18030_csv', sha256('x'), 1, 1, now() FROM settlement_batch LIMIT 1 ON CONFLICT DO NOTHING"""
    )
    assert await report.tied_out() > 0  # the file exists already, so nothing was added
    with pytest.raises(report.DoesNotTieOut):
        async with database.transaction():
            await database.execute(
                """UPDATE claim SET status = 'reversed'
                   WHERE id = (SELECT min(id) FROM claim WHERE status = 'paid' AND sign_up_id IS NOT NULL)"""
            )
            await report.tied_out()


def test_the_city_is_as_large_as_promised() -> None:
    city = SCALES[ScaleName.CITY]
    assert (city.volunteers, city.lawyers) == (5000, 800)
    assert city.organizations >= 20
    texts = invention.product_texts()
    assert sum(len(text["topics"][: city.products_per_category]) for text in texts.values()) >= 60


def test_every_invented_number_has_a_right_check_digit_and_is_unique() -> None:
    districts = [("330102", "上城区", "Shangcheng"), ("330127", "淳安县", "Chun'an")]
    codes = [one.application.uscc for one in supply.organizations(SCALES[ScaleName.CITY], districts)]
    assert all(map(is_uscc, codes))
    assert len(set(codes)) == len(codes)
    draw = invention.generator("test")
    cards = [invention.id_card(draw, "330102", "FM"[n % 2], n) for n in range(2_000)]
    assert all(map(is_id_card, cards))
    assert len(set(cards)) == len(cards)


def test_the_same_seed_invents_the_same_city() -> None:
    assert [invention.generator("x").random() for _ in range(2)] == [invention.generator("x").random()] * 2


async def test_a_visitor_finds_a_shift_today_with_a_lawyer_on_it_and_two_who_would_step_in(after_the_way: None) -> None:
    stage = await walked()
    last = await database.fetch_value("SELECT max(starts) FROM assignment WHERE kind = 'duty'")
    # By day, on one when no other lies ahead: soon after midnight a night's rest may forbid the lawyer the shift.
    quiet_day = clock.local(max(clock.now(), last)).date() + timedelta(days=1)
    with clock.travelled_to(clock.at_local(quiet_day, time(10))):
        shift = await today.open_shift(stage.officers, stage.scale)
        assert shift
        assert shift.ready == today.READY
        assert timedelta(minutes=60) <= shift.starts - clock.now() + timedelta(minutes=1) <= timedelta(minutes=77)
        assert await today.open_shift(stage.officers, stage.scale) is None
    assert await report.tied_out() > 0


async def test_some_contracts_advance_and_some_money_is_held(after_the_way: None) -> None:
    await walked()
    paid = await database.fetch("SELECT DISTINCT item FROM claim WHERE contract_id IS NOT NULL AND status = 'paid'")
    assert {row["item"] for row in paid} >= {"advance", "order"}
    assert await database.fetch_value("SELECT count(*) FROM village_order WHERE status = 'delivered'") == 2
    assert await database.fetch_value("SELECT count(*) FROM nudge WHERE answer <> ''") == 1
