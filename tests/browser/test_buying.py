"""The pages of buying in a real browser: both languages, wide and narrow; a clerk orders on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, look_at
from tests.procurement.buying_pages import Season, paths, season

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def here(site: Site) -> Season:
    """Fill the site's database once."""
    return site.run(season)


@pytest.mark.parametrize("role", ["", "provider", "clerk", "officer", "approver", "acceptor", "supervisor"])
def test_pages_are_sound_in_both_languages_and_widths(
    browser_page: Page,
    site: Site,
    here: Season,
    role: str,
) -> None:
    if role:
        site.sign_in(browser_page, getattr(here, role).actor)
    for path in paths(here)[role]:
        look_at(browser_page, path)


def test_a_clerk_orders_on_a_phone_in_four_taps(
    browser_page: Page,
    site: Site,
    here: Season,
) -> None:
    site.sign_in(browser_page, here.clerk.actor)
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto("/orders")
    browser_page.locator(".thumb-bar .button").click()
    browser_page.locator(".tile a").first.click()
    browser_page.locator(".month-day:not(.closed)").nth(1).click()
    browser_page.locator(".choice").nth(1).click()
    browser_page.locator(".thumb-bar .button").click()
    expect(browser_page.locator(".flash")).to_contain_text("已点单")
    expect(browser_page.locator(".table tbody tr")).to_have_count(3)
