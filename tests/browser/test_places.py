"""Places in a real browser: from the map down to a village, in both languages and widths."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, look_at
from tests.browser.planned import planned_on

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def town(site: Site) -> None:
    planned_on(site)


@pytest.mark.parametrize(
    "path",
    ["/places", "/places?q=千岛湖", "/places/330127", "/places/330127100", "/places/330127100247", "/places/330106"],
)
def test_pages_of_places_are_sound(browser_page: Page, path: str) -> None:
    answer = browser_page.goto(path)
    assert answer is not None
    assert answer.status == 200
    look_at(browser_page, path)


def test_the_map_leads_to_a_village_and_says_who_comes(browser_page: Page) -> None:
    browser_page.goto("/places")
    browser_page.locator(".map a[href='/places/330127']").first.click()
    browser_page.locator(".column-list a[href='/places/330127100']").click()
    expect(browser_page.locator("h1")).to_contain_text("千岛湖镇")
    expect(browser_page.locator("table caption")).to_have_text("谁什么时候来")
    browser_page.locator(".column-list a").first.click()
    expect(browser_page.locator(".crumbs li")).to_have_count(4)


def test_a_place_is_found_by_a_part_of_its_name(browser_page: Page) -> None:
    browser_page.goto("/places")
    browser_page.fill("#filter-q", "千岛湖")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_role("link", name="千岛湖镇").first.click()
    browser_page.wait_for_url("**/places/330127100")
