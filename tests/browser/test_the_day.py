"""A shift from its code to its confirmation: a telephone of 360 pixels and the station's screen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core import clock
from tests.browser.conftest import look_at
from tests.browser.travelling import LongSite, living_from
from tests.volunteers.assignments.call_outs import stage
from volunteers.attendance.checking_in import rules
from volunteers.attendance.checking_in.secret import secret_of

pytestmark = pytest.mark.browser

MORNING = datetime(2026, 3, 18, 8, 31, tzinfo=clock.SHANGHAI)
PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongSite]:
    """Serve a site on which it is half past eight of a working morning."""
    with living_from(MORNING, tmp_path_factory.mktemp("clock") / "ahead") as served:
        yield served


def digits_on(page: Page) -> str:
    return page.locator(".day-digits").inner_text().replace(" ", "")


def expected_digits(site: LongSite, sign_up: str, ahead: timedelta = timedelta()) -> set[str]:
    async def now() -> datetime:
        return clock.now()

    step = rules.step_of(site.run(now) + ahead)
    from uuid import UUID

    return {rules.digits_of(secret_of(UUID(sign_up)), near) for near in (step - 1, step, step + 1)}


def test_a_code_is_shown_typed_worked_under_and_confirmed(site: LongSite, browser: Browser) -> None:
    scene = site.run(lambda: stage.scene(0))
    phone = site.window(browser, PHONE, scene.lawyer.actor).context
    page = phone.pages[0]
    page.goto("/my/assignments")
    page.get_by_role("link", name="签到码").click()
    expect(page.locator("html[data-kept]")).to_be_attached()
    assert digits_on(page) in expected_digits(site, scene.sign_up)
    _works_without_a_network(site, phone, page, scene.sign_up)

    screen = site.window(browser, SCREEN, scene.staff.actor).context
    desk = screen.pages[0]
    desk.goto("/station/check-in")
    desk.get_by_label("对方手机上的 6 位数字").fill(digits_on(page))
    desk.get_by_role("button", name="签到或签退").click()
    expect(desk.locator(".desk-answer")).to_contain_text("准时")
    expect(page.locator("#standing")).to_contain_text("已签到")
    look_at(page, f"/my/assignments/{scene.sign_up}/today")
    look_at(desk, "/station/check-in")
    _three_taps_and_out(site, scene, page, desk)
    _confirmed(site, scene, page, desk)
    for context in (phone, screen):
        context.close()


def _works_without_a_network(site: LongSite, phone: BrowserContext, page: Page, sign_up: str) -> None:
    """The page opens again without a network, and its digits go on changing."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.set_offline(True)
    page.reload()
    expect(page.locator(".day-offline")).to_be_visible()
    expect(page.locator("html[data-ticking]")).to_be_attached()
    assert digits_on(page) in expected_digits(site, sign_up)
    first = digits_on(page)
    page.evaluate("Date.now = ((real) => () => real() + 60_000)(Date.now)")
    expect(page.locator(".day-digits")).not_to_contain_text(f"{first[:3]} {first[3:]}")
    assert digits_on(page) in expected_digits(site, sign_up, timedelta(seconds=60))
    phone.set_offline(False)
    page.reload()
    expect(page.locator("html[data-kept]")).to_be_attached()


def _three_taps_and_out(site: LongSite, scene: stage.Scene, page: Page, desk: Page) -> None:
    site.travel_to(MORNING.replace(hour=12, minute=20))
    for one, who, size in ((page, scene.lawyer, PHONE), (desk, scene.staff, SCREEN)):
        site.sign_in(one, who.actor)
        one.set_viewport_size(size)
    page.goto(f"/my/assignments/{scene.sign_up}/today?lang=zh")
    page.get_by_role("link", name="写值班记录").click()
    page.get_by_role("button", name="劳动 多一位").click(click_count=4)
    look = page.url
    page.get_by_role("button", name="记好了").click()
    expect(page.locator("#standing")).to_contain_text("记了 4 位居民")
    expect(page.locator("html[data-kept]")).to_be_attached()
    desk.goto("/station/check-in?lang=zh")
    desk.get_by_label("对方手机上的 6 位数字").fill(digits_on(page))
    desk.get_by_role("button", name="签到或签退").click()
    expect(desk.locator(".desk-answer")).to_contain_text("12:20 签退")
    expect(page.locator("#standing")).to_contain_text("签退")
    look_at(page, look)
    look_at(desk, f"/station/check-in?seen={scene.sign_up}")


def _confirmed(site: LongSite, scene: stage.Scene, page: Page, desk: Page) -> None:
    site.travel_to(MORNING.replace(hour=12, minute=40))
    for one, who in ((page, scene.lawyer), (desk, scene.staff)):
        site.sign_in(one, who.actor)
    desk.set_viewport_size(SCREEN)
    desk.goto(f"/station/shifts/{scene.shift.reference}?lang=zh")
    expect(desk.locator("[name^='served-']")).to_have_value("4")
    expect(desk.locator("[name^='left-']")).to_have_value("12:20")
    desk.get_by_role("button", name="确认到场情况").click()
    expect(desk.locator(".flash").first).to_contain_text("已确认 1 人")
    page.goto(f"/my/assignments/{scene.sign_up}/done?lang=zh")
    expect(page.get_by_text("帮了 4 位居民")).to_be_visible()


def test_signing_out_leaves_nothing_on_the_telephone(site: LongSite, browser: Browser) -> None:
    scene = site.run(lambda: stage.scene(0))
    phone = site.window(browser, PHONE, scene.lawyer.actor).context
    page = phone.pages[0]
    page.goto(f"/my/assignments/{scene.sign_up}/today")
    expect(page.locator("html[data-kept]")).to_be_attached()
    assert page.evaluate("caches.keys()") == ["fahui-day"]
    page.locator(".menu:not(.phone-only) > summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("已退出登录")).to_be_visible()
    assert page.evaluate("caches.keys()") == []
    phone.close()
