"""Sign-in, account, inbox, people and rulebook in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from app.core import clock, database
from app.core.access import Grant, Role
from app.notifications.jobs import deliver_notifications
from app.notifications.service import notify
from app.rulebook import RuleSeed, seed_rules
from tests.app.accounts.people import account, code_sent_to, new_phone, public_id
from tests.browser.conftest import Site, faults_of, look_at

pytestmark = pytest.mark.browser

SEEDS = [
    RuleSeed("review", "财政部令第110号", "第39条", 7, "working_day", "入围审核期限", "time to decide an application"),
    RuleSeed("limit", "集中采购目录", "第一条", 1_000_000, "yuan", "限额标准", "purchase limit", read=False),
]


async def _officer() -> tuple[int, object]:
    await seed_rules(SEEDS)
    roles = (Role.OPERATOR, Role.PROCUREMENT_OFFICER, Role.COORDINATOR)
    officer = await account(*(Grant(role, "3301") for role in roles), display_name="周管理")
    clerk = await account(Grant(Role.VILLAGE_CLERK, "330106109001"), display_name="林村干部")
    async with database.transaction():
        await notify(officer, "值班已确认", link="/account")
        await notify(officer, "只有文字")
    await deliver_notifications(clock.now())
    return officer, await public_id(clerk)


def test_the_pages_before_sign_in_are_sound(site: Site, browser_page: Page) -> None:
    for path in ("/sign-in", "/privacy", "/demo/outbox"):
        look_at(browser_page, path)


def test_a_person_signs_in_by_phone_on_a_small_screen(site: Site, browser_page: Page) -> None:
    phone = new_phone()
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto("/sign-in")
    browser_page.get_by_label("手机号").fill(phone)
    browser_page.get_by_role("button", name="获取验证码").click()
    assert faults_of(browser_page) == []
    browser_page.get_by_label("6 位验证码").fill(site.run(lambda: code_sent_to(phone)))
    browser_page.get_by_label("我要做志愿者").check()
    browser_page.get_by_label("我已阅读并同意").check()
    browser_page.get_by_role("button", name="登录", exact=True).click()
    expect(browser_page).to_have_url(f"{site.url}/workbench")
    assert faults_of(browser_page) == []


def test_an_officers_pages_are_sound(site: Site, browser_page: Page) -> None:
    officer, clerk = site.run(_officer)
    site.sign_in(browser_page, officer)
    rule = site.run(lambda: database.fetch_value("SELECT max(id) FROM law_rule"))
    for path in (
        "/account",
        "/inbox",
        "/accounts",
        f"/accounts/{clerk}",
        "/rulebook?show=unverified",
        f"/rulebook/{rule}",
    ):
        look_at(browser_page, path)


def test_an_officer_without_an_app_can_scan_the_code(site: Site, browser_page: Page) -> None:
    officer = site.run(lambda: account(Grant(Role.APPROVER, "3301")))
    site.sign_in(browser_page, officer, second_factor=False)
    look_at(browser_page, "/sign-in/enrol")
    look_at(browser_page, "/sign-in/second-factor")
    expect(browser_page.locator("svg.qr")).to_have_count(0)
    browser_page.goto("/sign-in/enrol")
    expect(browser_page.locator("svg.qr")).to_be_visible()


def test_a_role_is_ended_after_a_question(site: Site, browser_page: Page) -> None:
    volunteer = site.run(lambda: account(Grant(Role.RESIDENT)))
    site.sign_in(browser_page, volunteer, second_factor=False)
    browser_page.goto("/account")
    browser_page.get_by_role("button", name="成为志愿者").click()
    browser_page.get_by_role("row", name="志愿者").get_by_role("button", name="卸任").click()
    browser_page.get_by_role("button", name="结束角色").locator("visible=true").click()
    expect(browser_page.get_by_role("button", name="成为志愿者")).to_be_visible()
