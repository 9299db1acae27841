"""The villages' side of orders in a real browser: a month to pick from, a queue, what a provider states."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, look_at
from tests.procurement.village_pages import Crowd, crowd, paths, person

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def here(site: Site) -> Crowd:
    """Fill the site's database once."""
    return site.run(crowd)


@pytest.mark.parametrize("role", ["anybody", "provider", "clerk", "officer"])
def test_pages_are_sound_in_both_languages_and_widths(browser_page: Page, site: Site, here: Crowd, role: str) -> None:
    if role != "anybody":
        site.sign_in(browser_page, person(here, role).actor)
    for path in paths(here)[role]:
        look_at(browser_page, path)


@pytest.mark.parametrize("script", [True, False])
def test_a_clerk_orders_in_four_taps_with_and_without_scripts(
    browser: Browser, site: Site, here: Crowd, script: bool
) -> None:
    page = site.window(browser, PHONE, here.clerk.actor, script=script)
    page.goto("/orders/new")
    taps = 0

    def tap(what: str, number: int = 0) -> None:
        nonlocal taps
        page.locator(what).nth(number).click()
        taps += 1

    tap(".tile a")
    tap(".month-day:not(.closed)", 1)
    tap(".choice", 1)
    tap(".thumb-bar .button")
    expect(page.locator(".flash")).to_contain_text("已点单")
    assert taps == 4
    page.context.close()
