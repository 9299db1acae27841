"""The audit view in a real browser: both languages, wide and narrow; an auditor explains a flag."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, look_at
from tests.procurement.audited_pages import Audited, audited

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def here(site: Site) -> Audited:
    """Fill the site's database once."""
    return site.run(audited)


def test_pages_are_sound_in_both_languages_and_widths(browser_page: Page, site: Site, here: Audited) -> None:
    site.sign_in(browser_page, here.auditor.actor)
    for path in here.paths:
        look_at(browser_page, path)


def test_an_auditor_goes_from_a_flag_to_the_records_and_explains_it(
    browser_page: Page, site: Site, here: Audited
) -> None:
    site.sign_in(browser_page, here.auditor.actor)
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(here.open_flag)
    browser_page.get_by_role("button", name="记为已说明").click()
    expect(browser_page.locator("#form-refusal")).to_contain_text("核查情况")
    browser_page.locator("#field-words").fill("已与采购人核对。")
    browser_page.get_by_role("button", name="记为已说明").click()
    expect(browser_page.locator(".flash")).to_contain_text("核查情况已记录")
    browser_page.get_by_role("link", name="看记录").click()
    expect(browser_page.locator("nav.crumbs")).to_contain_text("审计视图")
