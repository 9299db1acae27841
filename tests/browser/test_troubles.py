"""Before a closed door: reported on a telephone, answered at the coordinator's desk."""

import pytest
from playwright.sync_api import Page, expect

from app.core.access import Principal, Role
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from tests.volunteers.assignments.call_outs import stage

pytestmark = pytest.mark.browser


def test_a_closed_station_is_reported_with_two_taps_and_answered(browser_page: Page, site: Site) -> None:
    async def scene() -> tuple[stage.Scene, Principal]:
        return await stage.scene(0), await world.officer(Role.COORDINATOR)

    shift, coordinator = site.run(scene)
    page, home = browser_page, f"/my/assignments/{shift.sign_up}"
    page.set_viewport_size({"width": 360, "height": 740})
    site.sign_in(page, shift.lawyer.actor)
    page.goto(f"{home}/today?lang=zh")
    page.get_by_role("link", name="报告情况").click()
    page.get_by_label("站点没开门").check()
    page.get_by_role("button", name="报告", exact=True).click()
    expect(page.locator(".flash").first).to_contain_text("已报告给协调员")
    look_at(page, f"{home}/trouble")

    site.sign_in(page, coordinator.actor)
    look_at(page, "/troubles")
    page.goto("/troubles?lang=zh")
    page.locator("main").get_by_role("link", name="处理").click()
    address = page.url.removeprefix(site.url)
    look_at(page, address)
    page.goto(f"{address.split('?')[0]}?lang=zh")
    page.get_by_label("答复").fill("已联系站点，十分钟后开门。")
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator(".flash").first).to_contain_text("已答复")

    site.sign_in(page, shift.lawyer.actor)
    page.goto(f"{home}/trouble?lang=zh")
    expect(page.get_by_text("十分钟后开门")).to_be_visible()
