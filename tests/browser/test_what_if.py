"""The moment: from the sentence on the map to a village nobody comes to, what two lawyers more would do, and doing it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core import clock, database
from app.core.access import Principal
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from tests.volunteers.coverage import promising
from tests.volunteers.coverage.promising import at
from volunteers.assignments.rules import Compensation
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.rules import Every
from volunteers.people.rules import Window

pytestmark = pytest.mark.browser
TOWN = "330127100"
SEEN = 34
OFFERED = "SELECT s.public_id FROM sign_up s WHERE s.status = 'offered'"


async def scene() -> tuple[Principal, Principal, str, int]:
    """Promise the villages of a town of Chun'an a lawyer every 40 days; two lawyers are free, one before noon."""
    today = clock.today()
    officer = await promising.officer()
    with clock.travelled_to(at(today - timedelta(days=39))):
        await promising.rule(TOWN, every=Every.DAYS, days=40, minutes=60, compensation=Compensation.SUBSIDY)
        station, villages = await world.station(TOWN), await promising.villages(TOWN)
        busy = (Window(0, 9 * 60, 18 * 60),)
        [(person, lawyer)] = await world.people(
            [world.profile(home_place_code=TOWN, availability=busy, credentials=(world.licence(),))]
        )
    print(len(villages))
    return officer, lawyer, villages[0], len(villages)


def test_the_moment(site: Site, browser_page: Page) -> None:
    page, (officer, lawyer, village, red) = browser_page, site.run(scene)
    site.sign_in(page, officer.actor)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/coverage?lang=zh")
    page.locator(".map-main a[aria-label^='淳安县']").click()
    page.locator(f"a[href='/coverage/{village}']").first.click()
    page.get_by_role("link", name="如果……").click()
    page.screenshot(path="/tmp/p5_new.png", full_page=True)
    page.get_by_role("button", name="看看会怎样").click()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("→")
    page.screenshot(path="/tmp/p5_show.png", full_page=True)
    page.pdf(path="/tmp/p5.pdf", format="A4")
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("发布后到现在")).to_be_visible()
    page.screenshot(path="/tmp/p5_published.png", full_page=True)
