"""The map of coverage, one sentence at the top: to the district, to the village nobody comes to, and why."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from app.core.access import Principal
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import at
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.rules import Every, Level
from volunteers.people.rules import Window

pytestmark = pytest.mark.browser
TOWN = "330127100"
SEEN = 4


async def scene() -> tuple[Principal, str, int]:
    """Promise the villages of Chun'an a lawyer every 40 days; the fifth has its market before the lawyer is free."""
    today = clock.today()
    officer = await promising.officer()
    with clock.travelled_to(at(today - timedelta(days=39))):
        await promising.rule("330127", every=Every.DAYS, days=40)
        await promising.rule("330127", level=Level.TOWN, every=Every.WEEK)
        station, villages = await world.station(TOWN), await promising.villages(TOWN)
        free = tuple(Window(day, 9 * 60, 18 * 60) for day in range(7))
        lawyer = world.profile(home_place_code=TOWN, availability=free, credentials=(world.licence(),))
        [(person, _)] = await world.people([lawyer])
    for number, village in enumerate(villages[:SEEN]):
        await promising.visited(station, village, today - timedelta(days=3 + number), person)
    await promising.visited(station, villages[SEEN], today - timedelta(days=44), person)
    day = (today + timedelta(days=1)).weekday()
    await say_visit_day(officer, villages[SEEN], VisitDay(day, 6 * 60, 120, market=True))
    return officer, villages[SEEN], len(await promising.villages("330127")) - SEEN


def test_from_the_sentence_to_why_nobody_comes(site: Site, browser_page: Page) -> None:
    page, (officer, village, red) = browser_page, site.run(scene)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/coverage?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(rf"这 40 天 {red + SEEN} 个村社，{red} 个还没见到律师")
    )
    page.goto(f"/coverage/{village}")
    expect(page.get_by_text("44 天前")).to_be_visible()
    expect(page.get_by_text("名合格")).to_have_count(0)
    site.sign_in(page, officer.actor)
    for path in (
        "/coverage",
        "/coverage?place=330127",
        f"/coverage/{village}",
        "/coverage/rules",
        "/coverage/rules/new",
    ):
        look_at(page, path)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/coverage?lang=zh")
    page.locator(".map-main a[aria-label^='淳安县']").click()
    page.locator(f"a[href='/coverage/{village}']").click()
    expect(page.get_by_text("44 天前")).to_be_visible()
    expect(page.get_by_text(re.compile(r"1 名合格，集市日（.*）0 人有空"))).to_be_visible()
