"""The chain of approval and the year's money in a real browser: both languages, wide and narrow, without a script."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.database import transaction
from procurement.budgets import rules as budgets
from procurement.budgets.adjustments.service import (
    AdjustmentDecision,
    NewAdjustment,
    decide_adjustments,
    propose_adjustment,
)
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, Pot
from procurement.purchases.approvals import authority
from procurement.purchases.approvals.authority import NewLimit
from procurement.purchases.service import PurchaseDecision, decide_purchases
from tests.browser.conftest import Site, look_at
from tests.procurement import approving, buying
from tests.procurement.approving import LARGE, MIDDLE, SMALL, Desk

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Year:
    """A desk in mid-season: purchases at every step, money spent, adjustments and authority that wait."""

    desk: Desk
    deputy: Principal
    supervisor: Principal
    half_way: str
    large: str
    small: str


async def _reference(purchase_id: int) -> str:
    return str(await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", purchase_id))


async def year() -> Year:
    """Make it by the services."""
    desk = await approving.desk()
    deputy = await buying.person_as(Role.APPROVER)
    await approving.deputize(desk.section, deputy, days=7)
    half_way, large, small = [await approving.asked(desk, quantity) for quantity in (MIDDLE, LARGE, SMALL)]
    await decide_purchases(deputy, [PurchaseDecision(half_way, approve=True)])
    for person in (desk.section, desk.division):
        await decide_purchases(person, [PurchaseDecision(large, approve=True)])
    tomorrow = clock.today() + timedelta(days=1)
    await authority.propose_limit(
        desk.officer, NewLimit(buying.DISTRICT, tomorrow, 3_000_000, 20_000_000, "内控〔2026〕9号")
    )
    await _money(desk)
    return Year(
        desk, deputy, await buying.person_as(Role.SUPERVISOR),
        *[await _reference(one) for one in (half_way, large, small)],
    )  # fmt: skip


async def _money(desk: Desk) -> None:
    for month in range(2, clock.today().month):
        source = MoneySource("test", month)
        day = clock.at_local(date(clock.today().year, month, 10), buying.time(10))
        with clock.travelled_to(day):
            for made in (
                budgets.reserve(desk.line_id, 40_000_000, source),
                budgets.spend(desk.line_id, 30_000_000 + month * 700_000, source, Pot.RESERVED),
            ):
                async with transaction():
                    await post_movements(desk.officer, [made])
    other = await buying.budget_line(8_000_000, programme="expenses")
    await buying.budget_line(50_000_000, programme="donation")
    done, waiting = [
        await propose_adjustment(desk.officer, NewAdjustment(desk.line_id, other, fen, "杭财行〔2026〕91号"))
        for fen in (2_000_000, 1_500_000)
    ]
    await decide_adjustments(desk.second, [AdjustmentDecision(done, approve=True)])
    assert waiting


@pytest.fixture(scope="module")
def here(site: Site) -> Year:
    """Fill the site's database once."""
    return site.run(year)


def test_pages_of_the_chain_are_sound_in_both_languages_and_widths(browser_page: Page, site: Site, here: Year) -> None:
    site.sign_in(browser_page, here.desk.second.actor)
    look_at(browser_page, "/buying/approvals")
    look_at(browser_page, f"/buying/purchases/{here.half_way}")
    look_at(browser_page, "/buying/budgets/adjustments")
    site.sign_in(browser_page, here.desk.meeting.actor)
    look_at(browser_page, "/buying/purchases/waiting")
    look_at(browser_page, f"/buying/purchases/{here.large}")
    look_at(browser_page, "/my/deputy")
    site.sign_in(browser_page, here.desk.officer.actor)
    for part in ("limits", "levels", "deputies"):
        look_at(browser_page, f"/buying/approvals/{part}/new")


def test_pages_of_the_years_money_are_sound_in_both_languages_and_widths(
    browser_page: Page, site: Site, here: Year
) -> None:
    look_at(browser_page, "/disclosure/budgets")
    site.sign_in(browser_page, here.desk.officer.actor)
    line = f"/buying/budgets/{clock.today().year}/{buying.DISTRICT}/purchase"
    for path in (
        "/buying/budgets", "/buying/budgets/execution", line, f"{line}/execution", f"{line}/book",
        "/buying/budgets/adjustments/new", "/workbench",
    ):  # fmt: skip
        look_at(browser_page, path)


def test_a_leader_decides_the_second_step_on_a_phone_without_a_script(browser: Browser, site: Site, here: Year) -> None:
    page = site.window(browser, PHONE, here.desk.division.actor, script=False)
    page.goto("/workbench")
    page.get_by_role("link", name="去审批").first.click()
    page.get_by_role("link", name="第 2 步，共 2 步：分管领导").click()
    expect(page.locator(".timeline").first).to_contain_text("（代")
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("已审批 1 项采购")
    page.goto(f"/buying/purchases/{here.half_way}")
    expect(page.locator("h1")).to_contain_text("已审批")


def test_the_meeting_types_its_minutes_and_an_officers_own_page_says_whose_turn_it_is(
    browser: Browser, site: Site, here: Year
) -> None:
    page = site.window(browser, PHONE, here.desk.meeting.actor)
    page.goto(f"/buying/purchases/{here.large}")
    page.get_by_label("办公会纪要文号").fill("办公会纪要〔2026〕5号")
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("已审批 1 项采购")
    site.sign_in(page, here.desk.buyers.officer.actor)
    page.goto(f"/buying/purchases/{here.small}")
    expect(page.locator(".timeline").first).to_contain_text("轮到：")


def test_a_second_person_confirms_limits_with_one_tap(browser: Browser, site: Site, here: Year) -> None:
    page = site.window(browser, PHONE, here.desk.second.actor)
    page.goto("/buying/approvals")
    page.get_by_role("button", name="确认", exact=True).first.click()
    expect(page.locator(".flash")).to_contain_text("已确认")
