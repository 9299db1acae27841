"""Finding a service in a real browser: suggestions, near me, the map, a station's list, saved searches."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock
from app.core.access import Role
from marketplace.organizations.provision import Category
from marketplace.organizations.rules import OrganizationKind
from marketplace.products.catalogue.forms import CatalogueForm
from marketplace.products.listings.service import Standing, record_standings
from marketplace.products.saved.service import save_search
from tests import world
from tests.browser.conftest import Site, look_at

pytestmark = pytest.mark.browser

VILLAGE = "330106109"
WESTLAKE = {"latitude": 30.31, "longitude": 120.07}
OFFERS = (
    (Category.CONSULTATION, "工地欠薪法律咨询", "Wage claims on building sites", ("3301",)),
    (Category.MEDIATION, "邻里纠纷上门调解", "Mediation between neighbours at home", ("330106",)),
    (Category.LEGAL_EDUCATION, "民法典婚姻家庭编进村社", "Family law in the village", ("3301",)),
    (Category.LEGAL_EDUCATION, "反诈与养老防骗讲座", "A talk against fraud on the elderly", ("330127",)),
)


@dataclass(frozen=True)
class Fair:
    """What the pages of this module show."""

    resident: int
    listed: str


async def _fair() -> Fair:
    firm = await world.organization(
        OrganizationKind.LAW_FIRM, place="330110", name_zh="浙江清波律师事务所", name_en="Qingbo Law Firm"
    )
    centre = await world.organization(name_zh="西湖区和睦社区法律服务中心", name_en="Hemu Community Legal Centre")
    listed = [
        await world.listed_product(
            centre if category is Category.LEGAL_EDUCATION else firm, category, title_zh=title, title_en=english,
            areas=areas,
        )
        for category, title, english, areas in OFFERS
    ]  # fmt: skip
    await record_standings([Standing(listed[0].id, True, 6, 28), Standing(listed[2].id, True, 1, 4)])
    resident = await world.account(Role.RESIDENT, display_name="陈晓")
    await save_search(resident, "西湖区讨薪", CatalogueForm(q="讨薪", place="330106"))
    assert clock.now()
    return Fair(resident.actor or 0, listed[0].reference)


@pytest.fixture(scope="module")
def fair(site: Site) -> Fair:
    """Fill the site's database once for the module."""
    return site.run(_fair)


@pytest.mark.parametrize(
    "path",
    ["/products?q=讨薪&place=330106&free=on", "/products?q=欠薪+火星&group=everyone", "/products/near",
     f"/products/near?place={VILLAGE}", "/products/near?q=三墩", "/products/map?category=legal_education",
     f"/places/{VILLAGE}/services", f"/places/{VILLAGE}", "/products/{fair.listed}"],
)  # fmt: skip
def test_the_public_pages_are_sound(fair: Fair, browser_page: Page, path: str) -> None:
    look_at(browser_page, path.format(fair=fair))


@pytest.mark.parametrize("path", ["/my/searches", "/my/searches/new?q=讨薪&category=legal_aid", "/products?q=讨薪"])
def test_a_residents_own_pages_are_sound(fair: Fair, site: Site, browser_page: Page, path: str) -> None:
    site.sign_in(browser_page, fair.resident, second_factor=False)
    look_at(browser_page, path)


def test_what_is_typed_is_suggested_and_what_is_chosen_is_found(fair: Fair, browser_page: Page) -> None:
    browser_page.goto("/products")
    browser_page.locator("#filter-q").press_sequentially("邻里")
    option = browser_page.locator("#suggested-q option[value='邻里纠纷上门调解']")
    expect(option).to_be_attached()
    browser_page.locator("#filter-q").press("Enter")
    expect(browser_page.locator("#results .tile h2").first).to_have_text("邻里纠纷上门调解")
    assert browser_page.evaluate("window.policyViolations") == []


def test_whoever_gives_a_position_sees_the_village_there_and_no_address_keeps_it(
    fair: Fair, site: Site, browser: Browser
) -> None:
    context = browser.new_context(base_url=site.url, locale="zh-CN", geolocation=WESTLAKE, permissions=["geolocation"])
    page = context.new_page()
    page.goto("/products/near")
    page.get_by_role("button", name="用我现在的位置").click()
    page.wait_for_url("**/products/near?place=33*")
    assert "120.07" not in page.url
    expect(page.get_by_role("heading", name="能送到这里的服务")).to_be_visible()
    context.close()


def test_without_javascript_a_place_is_found_by_its_name(fair: Fair, site: Site, browser: Browser) -> None:
    page = site.window(browser, {"width": 360, "height": 740}, script=False)
    page.goto("/products/near")
    expect(page.get_by_role("button", name="用我现在的位置")).to_be_hidden()
    page.fill("#filter-q", "三墩镇")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="三墩镇").first.click()
    expect(page.get_by_role("heading", name="能送到这里的服务")).to_be_visible()
    page.context.close()


def test_a_search_is_saved_run_and_deleted(fair: Fair, site: Site, browser_page: Page) -> None:
    site.sign_in(browser_page, fair.resident, second_factor=False)
    browser_page.goto("/products?q=调解")
    browser_page.get_by_role("link", name="存下这个搜索").click()
    browser_page.fill("#field-name", "调解")
    browser_page.get_by_role("button", name="存下").click()
    expect(browser_page.locator(".flash")).to_contain_text("已存下")
    browser_page.get_by_role("link", name="调解", exact=True).click()
    expect(browser_page.locator("#results .tile h2").first).to_have_text("邻里纠纷上门调解")
    browser_page.goto("/my/searches")
    browser_page.get_by_role("row", name="调解").first.get_by_role("button", name="删除").click()
    browser_page.locator("dialog:popover-open").get_by_role("button", name="删除").click()
    expect(browser_page.locator(".flash")).to_contain_text("已删除")
    expect(browser_page.get_by_role("link", name="调解", exact=True)).to_have_count(0)
