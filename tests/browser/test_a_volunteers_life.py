"""A volunteer's life on a telephone of 360 pixels: from the number to the certificate that anybody checks."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.ids import id_card_check_digit
from tests.app.accounts.people import code_sent_to, new_phone
from tests.browser.conftest import faults_of, look_at
from tests.browser.travelling import LongSite, living_from
from tests.volunteers import world
from volunteers.assignments.rules import Compensation, Kind, PositionDraft

pytestmark = pytest.mark.browser

SUNDAY = datetime(2026, 3, 15, 10, 0, tzinfo=clock.SHANGHAI)
PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1280, "height": 800}
BODY = "33010619900307052"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongSite]:
    """Serve a site on which it is a Sunday morning in March."""
    with living_from(SUNDAY, tmp_path_factory.mktemp("clock") / "ahead") as served:
        yield served


async def _station() -> Principal:
    """Publish a talk on Wednesday at nine; return the station's staff."""
    starts = SUNDAY.replace(day=18, hour=9)
    draft = await world.draft(
        kind=Kind.LECTURE,
        title_zh="民法典进社区讲座",
        title_en="A talk on the Civil Code",
        starts=starts,
        ends=starts + timedelta(hours=2),
        positions=(PositionDraft("引导志愿者", 2, 1, "Guide"),),
        compensation=Compensation.UNPAID,
    )
    await world.publish(draft)
    return await world.officer(Role.STATION_STAFF, world.TOWN)


def test_from_the_first_screen_to_the_certificate(site: LongSite, browser: Browser) -> None:
    staff = site.run(_station)
    page, desk = (site.window(browser, size) for size in (PHONE, SCREEN))
    _joins_in_three_screens(site, page)
    _signs_up_for_what_suits(page)
    account = site.run(lambda: database.fetch_value("SELECT account_id FROM person WHERE name = '方晴'"))

    site.travel_to(SUNDAY.replace(day=18, hour=8, minute=50))
    site.sign_in(page, account)
    site.sign_in(desk, staff.actor)
    page.goto("/my/assignments?lang=zh")
    page.get_by_role("link", name="签到码").click()
    _seen(desk, page, "签到")
    site.travel_to(SUNDAY.replace(day=18, hour=11, minute=2))
    site.sign_in(page, account)
    site.sign_in(desk, staff.actor)
    page.reload()
    _seen(desk, page, "签退")
    _is_confirmed(desk)

    page.goto("/my/assignments?lang=zh")
    page.get_by_role("link", name="已完成").click()
    expect(page.get_by_text("确认到场").first).to_be_visible()
    page.goto("/my/hours?lang=zh")
    expect(page.locator(".hours-minutes")).to_contain_text("120 分钟")
    code = _gets_a_certificate(page)
    look_at(page, "/my/hours")
    _anybody_checks_it(browser, site, code)
    for one in (page, desk):
        one.context.close()


def _joins_in_three_screens(site: LongSite, page: Page) -> None:
    number = new_phone()
    page.goto("/assignments?lang=zh")
    page.get_by_role("link", name="加入志愿者").click()
    page.get_by_label("手机号").fill(number)
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("6 位验证码").fill(site.run(lambda: code_sent_to(number)))
    if page.get_by_label("我要做志愿者").is_visible():
        page.get_by_label("我要做志愿者").check()
    page.get_by_label("我已阅读并同意").check()
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(f"{site.url}/join")
    page.fill("#field-name", "方晴")
    page.fill("#field-id_card", BODY + id_card_check_digit(BODY))
    page.fill("#field-home", "三墩镇")
    page.check("#field-consent")
    page.get_by_role("button", name="加入").click()
    page.check('input[value="2-am"]')
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("link", name="没有证件").click()


def _signs_up_for_what_suits(page: Page) -> None:
    page.get_by_role("link", name="民法典进社区讲座").click()
    page.get_by_role("button", name="报名").click()
    expect(page.locator(".page-top .tag").first).to_have_text("已报名")
    assert faults_of(page) == []


def _seen(desk: Page, page: Page, said: str) -> None:
    """The station types the digits on the telephone."""
    expect(page.locator("html[data-kept]")).to_be_attached()
    desk.goto("/station/check-in?lang=zh")
    desk.get_by_label("对方手机上的 6 位数字").fill(page.locator(".day-digits").inner_text().replace(" ", ""))
    desk.get_by_role("button", name="签到或签退").click()
    expect(desk.locator(".desk-answer")).to_contain_text(said)
    expect(page.locator("#standing")).to_contain_text(said)


def _is_confirmed(desk: Page) -> None:
    desk.goto("/station/unconfirmed?lang=zh")
    desk.get_by_role("button", name="全部到场").click()
    expect(desk.locator(".flash")).to_contain_text("已确认 1 人")


def _gets_a_certificate(page: Page) -> str:
    page.get_by_role("link", name="开服务证明").click()
    page.get_by_role("button", name="开证明").click()
    expect(page.locator(".flash")).to_contain_text("证明已开好")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="PDF").click()
    assert downloaded.value.suggested_filename.startswith("FH-2026-")
    return page.locator("main a[href^='/verify/']").first.inner_text()


def _anybody_checks_it(browser: Browser, site: LongSite, code: str) -> None:
    visitor = site.window(browser, PHONE)
    visitor.goto("/verify?lang=zh")
    visitor.get_by_label("查验码").fill(code.lower())
    visitor.get_by_role("button", name="查验").click()
    expect(visitor.get_by_text("这份证明是真的")).to_be_visible()
    expect(visitor.get_by_text("方*")).to_be_visible()
    look_at(visitor, visitor.url.removeprefix(site.url))
    visitor.context.close()
