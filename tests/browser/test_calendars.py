"""A person makes the address of their calendar, sees it once, and ends it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, look_at
from tests.volunteers import world

pytestmark = pytest.mark.browser


def test_an_address_is_made_shown_once_and_ended_on_a_phone(browser_page: Page, site: Site) -> None:
    async def volunteer() -> int:
        return (await world.people([world.profile()]))[0][1].actor

    site.sign_in(browser_page, site.run(volunteer))
    look_at(browser_page, "/my/calendar")
    browser_page.goto("/my/calendar?lang=zh")
    browser_page.get_by_role("button", name="建立地址").click()
    address = browser_page.locator("code").inner_text()
    answer = browser_page.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert browser_page.evaluate("document.documentElement.scrollWidth <= 360")
    look_at(browser_page, "/my/calendar")
    browser_page.goto("/my/calendar?lang=zh")
    expect(browser_page.locator("code")).to_have_count(0)
    browser_page.get_by_role("button", name="停用").first.click()
    browser_page.get_by_role("button", name="停用地址").click()
    expect(browser_page.get_by_text("这个日历地址已失效。")).to_be_visible()
    assert browser_page.request.get(address).status == 404
