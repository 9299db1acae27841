"""Giving in a real browser: without a script, thanked, acknowledged, refunded; pages in both languages and widths."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock, database
from procurement.donations.fake import acting, objects
from procurement.donations.reconciliation.service import reconcile
from procurement.donations.uses.service import NewUse, decide_use, propose_use
from tests.browser.conftest import Site, look_at
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE, Desk

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


async def fund() -> tuple[Desk, str]:
    """Open a fund with gifts, something spent, something waiting and something unclear; return a gift's reference."""
    desk = await giving.desk(valid_until=clock.today() + timedelta(days=20))
    payment = await giving.given(120_000)
    await giving.given(30_000, monthly=True)
    for minor, approve in ((40_000, True), (10_000, False)):
        use = NewUse(desk.code, minor, "CNY", clock.today(), "两件案件的鉴定费", "Appraisals in two cases", "付001")
        made = await propose_use(desk.clerk, use)
        if approve:
            await decide_use(desk.approver, made, approve=True)
    await giving.asked(20_000)
    await acting.pay_elsewhere(STRIPE, 20_000)
    await reconcile(clock.now())
    return desk, await giving.reference_of(payment)


async def month_later() -> None:
    """Have the latest monthly gift paid once more."""
    await acting.renew(STRIPE, (await objects.listed("plan", status="active"))[-1]["id"])
    await giving.deliver()


async def gifts_of_latest_plan() -> list[str]:
    """Return how the gifts of the latest monthly gift stand, and the plan itself."""
    rows = await database.fetch("SELECT status FROM gift WHERE plan_id = (SELECT max(id) FROM gift_plan)")
    return [*(row["status"] for row in rows), await database.fetch_value(
        "SELECT status FROM gift_plan ORDER BY id DESC LIMIT 1")]  # fmt: skip


async def stray() -> str:
    """Return the payment that nobody has explained."""
    return str(await database.fetch_value("SELECT payment_id FROM gateway_entry WHERE kind = 'other'"))


@pytest.fixture(scope="module")
def here(site: Site) -> tuple[Desk, str]:
    """Fill the site's database once."""
    return site.run(fund)


def test_a_donor_gives_without_a_script_and_is_given_back(browser: Browser, site: Site, here: tuple[Desk, str]) -> None:
    desk, _ = here
    page = site.window(browser, PHONE, script=False)
    page.goto("/funds/legal-aid")
    page.get_by_role("link", name="捐款").first.click()
    page.get_by_label("金额").fill("88")
    page.get_by_label("感谢函上的名字").fill("李明")
    page.get_by_role("button", name="去付款").click()
    expect(page.locator("main")).to_contain_text("演示：不会真的扣款")
    page.get_by_role("button", name="模拟银行拒绝").click()
    expect(page.locator("main")).to_contain_text("上一次付款被拒绝")
    page.get_by_role("button", name="模拟付款成功").click()
    expect(page.locator("h1")).to_contain_text("感谢您的捐赠")
    expect(page.locator("main")).to_contain_text("LEGAL-AID-")
    thanks = page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    assert download.value.suggested_filename.startswith("LEGAL-AID-")
    reference = page.locator("dd").first.inner_text()
    clerk = site.window(browser, PHONE, desk.clerk.actor, script=False)
    clerk.goto(f"/donations/gifts/{reference}")
    clerk.get_by_label("退款金额").fill("88")
    clerk.get_by_label("理由").fill("捐赠人填错金额")
    clerk.get_by_role("button", name="提交审批").click()
    expect(clerk.locator(".flash")).to_contain_text("等另一人审批")
    approver = site.window(browser, PHONE, desk.approver.actor, script=False)
    approver.goto("/donations")
    approver.locator(".card", has_text=reference).get_by_role("button", name="批准", exact=True).click()
    expect(approver.locator(".flash")).to_contain_text("已退款")
    page.goto(thanks)
    expect(page.locator("main")).to_contain_text("已作废")
    look_at(site.window(browser, PHONE), thanks.removeprefix(site.url))


def test_a_donor_gives_each_month_and_ends_it_without_a_script(
    browser: Browser, site: Site, here: tuple[Desk, str]
) -> None:
    page = site.window(browser, PHONE, script=False)
    page.goto("/funds/legal-aid/give")
    page.get_by_label("每月捐").check()
    page.get_by_label("金额").fill("30")
    page.get_by_label("匿名捐赠").check()
    page.get_by_role("button", name="去付款").click()
    expect(page.locator("main")).to_contain_text("每月捐赠请留电子邮箱")
    expect(page.get_by_label("每月捐")).to_be_checked()
    expect(page.get_by_label("金额")).to_have_value("30")
    page.get_by_label("电子邮箱").fill("wang@example.org")
    page.get_by_role("button", name="去付款").click()
    expect(page.locator("main")).to_contain_text("每月")
    page.get_by_role("button", name="模拟付款成功").click()
    expect(page.locator("h1")).to_contain_text("感谢您的捐赠")
    expect(page.locator("main")).to_contain_text("匿名爱心人士")
    site.run(month_later)
    page.get_by_role("button", name="停止每月捐赠").click()
    page.get_by_role("button", name="停止", exact=True).click()
    expect(page.locator(".flash")).to_contain_text("以后不再扣款")
    expect(page.locator("main")).to_contain_text("每月捐赠已停止")
    assert site.run(gifts_of_latest_plan) == ["given", "given", "ended"]
    look_at(site.window(browser, PHONE), page.url.removeprefix(site.url))


def test_pages_of_donations_are_sound_in_both_languages_and_widths(
    browser_page: Page, site: Site, here: tuple[Desk, str]
) -> None:
    desk, reference = here
    for path in ("/funds", "/funds/legal-aid", "/funds/legal-aid/give"):
        look_at(browser_page, path)
    site.sign_in(browser_page, desk.organization.member.actor)
    look_at(browser_page, "/my/funds/legal-aid")
    site.sign_in(browser_page, desk.clerk.actor)
    for path in ("/donations", f"/donations/gifts/{reference}", "/donations/funds/legal-aid", "/donations/funds/new",
                 "/donations/events", "/donations/reconciliation", "/donations/unclear",
                 f"/donations/unclear/{site.run(stray)}", "/ledger"):  # fmt: skip
        look_at(browser_page, path)
