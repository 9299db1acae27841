"""The marketplace in a real browser: each page in both languages and widths, and what JavaScript adds."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock
from app.core.access import Role
from marketplace.organizations.members.rules import Duty
from marketplace.organizations.members.service import invite
from marketplace.organizations.provision import LICENCE_OF, Category
from marketplace.organizations.qualifications.files import Upload
from marketplace.organizations.qualifications.service import state_qualification
from marketplace.organizations.rules import OrganizationKind
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.review.rules import Verdict
from marketplace.products.service import save_product, submit_products
from marketplace.products.templates.service import copy_template
from tests import world
from tests.browser.conftest import Site, faults_of, look_at

pytestmark = pytest.mark.browser

OFFERS = (
    (Category.CONSULTATION, "工地欠薪法律咨询", "Wage claims on building sites", Unit.HALF_DAY, ("330110", "330109")),
    (Category.MEDIATION, "邻里纠纷上门调解", "Mediation between neighbours at home", Unit.CASE, ("330106",)),
    (Category.LEGAL_EDUCATION, "民法典婚姻家庭编进村社", "Family law of the Civil Code in the village", Unit.LECTURE,
     ("3301",)),
    (Category.LEGAL_EDUCATION, "反诈与养老防骗讲座", "A talk against fraud on the elderly", Unit.LECTURE, ("330127",)),
)  # fmt: skip


@dataclass(frozen=True)
class Fair:
    """What the pages of this module show."""

    member: int
    officer: int
    newcomer: int
    listed: str
    draft: str
    sent_back: str
    submitted: str
    firm: str
    applied: str
    copied: str
    revised: str
    paper: int
    link: str


async def _fair() -> Fair:
    firm = await world.organization(
        OrganizationKind.LAW_FIRM,
        place="330110",
        name_zh="浙江清波律师事务所",
        name_en="Qingbo Law Firm",
        profile_zh="专注劳动与婚姻家庭，十二名律师常年下乡。",
        profile_en="Labour and family law; twelve lawyers who come to the villages.",
        bank_name="工商银行杭州分行",
        bank_account="1202020209900012345",
        valid_until=clock.today() + timedelta(days=40),
    )
    centre = await world.organization(name_zh="西湖区和睦社区法律服务中心", name_en="Hemu Community Legal Centre")
    listed = [
        await world.listed_product(
            centre if category is Category.LEGAL_EDUCATION else firm,
            category,
            title_zh=title,
            title_en=english,
            unit=unit,
            areas=areas,
            target_group=TargetGroup.EVERYONE,
        )
        for category, title, english, unit, areas in OFFERS
    ]
    draft = await world.draft_product(firm, Category.LEGAL_AID, title_zh="法律援助下乡", content_zh="", unit=None)
    sent_back = await world.submitted_product(firm, Category.CONSULTATION, title_zh="赶集日法律门诊")
    await world.decide(sent_back, Verdict.REQUEST_CHANGES)
    submitted = await world.submitted_product(firm, Category.CONSULTATION, title_zh="企业用工合规体检")
    applied, _ = await world.applied_organization(name_zh="临安区天目山调解服务社", place="330112")
    officer = await world.reviewer()
    newcomer = await world.account(Role.RESIDENT)
    return Fair(
        firm.member.actor, officer.actor, newcomer.actor, listed[0].reference, draft.reference, sent_back.reference,
        submitted.reference, str(firm.public_id), str(applied.public_id), *await _provider_side(firm),
    )  # fmt: skip


async def _provider_side(firm: world.Organization) -> tuple[str, str, int, str]:
    """A copied template with a licence that ends soon, a revision of a listing, a paper with its file, a link."""
    ends = clock.today() + timedelta(days=40)
    scan = Upload("律师事务所执业许可证（2026）.pdf", b"%PDF-1.7 a licence")
    paper = await state_qualification(firm.member, firm.public_id, world.statement(LICENCE_OF[firm.kind], ends), scan)
    copied = await copy_template(firm.member, firm.public_id, "wage_claims_lecture")
    written = world.content(Category.CONSULTATION, title_zh="工地法律门诊", standard_zh="每次不少于三小时，登记齐全。")
    revised = await world.listed_product(firm, Category.CONSULTATION, **contents(written))
    again = replace(written, standard_zh="每次不少于四小时，登记齐全，另提供设备采购。", minutes=240)
    await save_product(firm.member, revised.reference, 1, again)
    await submit_products(firm.member, [revised.reference])
    await world.account(Role.PROVIDER, organization=firm.id, display_name="陈小满")
    invited = await invite(firm.member, firm.public_id, Duty.EDITOR)
    return copied.reference, revised.reference, paper, urlsplit(invited.link).path


def contents(content: ProductContent) -> dict[str, Any]:
    """Return a content field by field."""
    return {field.name: getattr(content, field.name) for field in fields(content)}


@pytest.fixture(scope="module")
def fair(site: Site) -> Fair:
    """Fill the site's database once for the module."""
    return site.run(_fair)


@pytest.mark.parametrize(
    "path", ["/", "/products", "/products?q=欠薪+火星", "/products?q=火星旅行", "/products/{fair.listed}",
             "/organizations", "/organizations/{fair.firm}", "/organizations/matrix", "{fair.link}"]
)  # fmt: skip
def test_the_public_pages_are_sound(fair: Fair, browser_page: Page, path: str) -> None:
    look_at(browser_page, path.format(fair=fair))


@pytest.mark.parametrize(
    "path",
    ["/workbench", "/my/products", "/my/products/new", "/my/products/{fair.draft}", "/my/products/{fair.draft}/edit",
     "/my/products/{fair.sent_back}", "/my/products/{fair.listed}", "/my/organizations",
     "/my/organizations/{fair.firm}", "/my/organizations/{fair.firm}/edit", "/my/organizations/apply",
     "/my/products/templates", "/my/products/{fair.copied}/edit", "/my/products/{fair.revised}",
     "/my/organizations/{fair.firm}/members", "/my/organizations/{fair.firm}/papers/{fair.paper}/file"],
)  # fmt: skip
def test_a_providers_pages_are_sound(fair: Fair, site: Site, browser_page: Page, path: str) -> None:
    site.sign_in(browser_page, fair.member, second_factor=False)
    look_at(browser_page, path.format(fair=fair))


@pytest.mark.parametrize(
    "path", ["/workbench", "/review/products", "/review/products/{fair.submitted}", "/review/products/{fair.listed}",
             "/review/products/{fair.revised}", "/review/interests", "/review/organizations",
             "/review/organizations/{fair.applied}", "/review/organizations/{fair.firm}"]
)  # fmt: skip
def test_an_officers_pages_are_sound(fair: Fair, site: Site, browser_page: Page, path: str) -> None:
    site.sign_in(browser_page, fair.officer)
    look_at(browser_page, path.format(fair=fair))


def test_the_check_follows_what_is_being_written(fair: Fair, site: Site, browser_page: Page) -> None:
    site.sign_in(browser_page, fair.member, second_factor=False)
    browser_page.goto(f"/my/products/{fair.draft}/edit")
    faults = browser_page.locator("#faults .fault")
    before = faults.count()
    browser_page.fill("#field-content_zh", "到村社现场接待，代写法律援助申请材料。")
    browser_page.locator("#field-content_zh").blur()
    expect(faults).to_have_count(before - 1)
    browser_page.select_option("#field-unit", "case")
    expect(browser_page.locator("#faults")).to_contain_text("没有发现问题")
    assert faults_of(browser_page) == []


def test_without_javascript_a_product_is_written_checked_and_submitted(
    fair: Fair, browser: Browser, site: Site
) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    site.sign_in(page, fair.member, second_factor=False)
    page.goto("/my/products/new")
    page.select_option("#field-category", "consultation")
    page.fill("#field-title_zh", "社区法律门诊")
    page.locator("#product-form .form-end button").click()
    expect(page.locator(".fault").filter(has_text="没有写“服务内容”")).to_be_visible()
    page.get_by_role("link", name="去补正").click()
    for name in ("summary_zh", "content_zh", "standard_zh", "staffing_zh", "process_zh"):
        page.fill(f"#field-{name}", "律师每周三上午到社区接待居民。")
    page.locator("#field-credentials_any input[value=lawyer]").check()
    page.select_option("#field-target_group", "everyone")
    page.select_option("#field-unit", "half_day")
    page.fill("#field-monthly_units", "8")
    page.locator("#field-areas input[value='330110']").check()
    page.locator("#product-form .form-end button").click()
    page.locator("input[name=declared]").check()
    page.get_by_role("button", name="提交审查").click()
    expect(page.locator(".flash")).to_contain_text("已提交 1 个产品")
    context.close()


def test_filters_stand_in_the_address_and_change_the_list_in_place(fair: Fair, browser_page: Page) -> None:
    browser_page.goto("/products")
    browser_page.get_by_role("navigation", name="按条件缩小").get_by_role("link", name="纠纷调解 1").click()
    browser_page.wait_for_url("**/products?**category=mediation**")
    expect(browser_page.locator("#results .tile")).to_have_count(1)
    browser_page.select_option("#filter-place", "330127")
    browser_page.wait_for_url("**/products?**place=330127**")
    expect(browser_page.locator("#results .tile")).to_have_count(0)
    browser_page.select_option("#filter-place", "330106")
    expect(browser_page.locator("#results .tile")).to_have_count(1)
    browser_page.goto(browser_page.url)
    expect(browser_page.locator("#results .tile")).to_have_count(1)
    assert browser_page.evaluate("window.policyViolations") == []
