"""The pages of quotations in a real browser: both languages, wide and narrow; a supplier quotes on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, look_at
from tests.procurement.offers.desks import Desks, desks, paths

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def here(site: Site) -> Desks:
    """Fill the site's database once."""
    return site.run(desks)


@pytest.mark.parametrize("role", ["", "officer", "keeper", "approver", "supplier"])
def test_pages_are_sound_in_both_languages_and_widths(browser_page: Page, site: Site, here: Desks, role: str) -> None:
    if role:
        site.sign_in(browser_page, getattr(here, role).actor)
    for path in paths(here)[role]:
        look_at(browser_page, path)


def test_a_supplier_quotes_on_a_phone(browser_page: Page, site: Site, here: Desks) -> None:
    site.sign_in(browser_page, here.supplier.actor)
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(f"/my/quotations/{here.invitations['sealed']}")
    browser_page.get_by_label("每场单价").fill("488")
    browser_page.get_by_label("用哪项产品").select_option(index=1)
    browser_page.get_by_text("讲师有执业证").first.click()
    browser_page.get_by_label("法定代表人", exact=True).fill("王一")
    browser_page.get_by_role("button", name="加密并提交").click()
    expect(browser_page.locator(".flash")).to_contain_text("报价已加密保存")
    expect(browser_page.get_by_text("密文的 SHA-256")).to_be_visible()
