"""The lawyer cancels an hour before; two phones ring; one tap, and the station's screen is green again.

Three windows are open at once: the station's screen, and the phones of two people who could step in. Nobody reloads
anything: what another one does arrives by itself.
"""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock, database
from app.core.access import Role
from tests import world
from tests.browser.conftest import look_at
from tests.browser.travelling import LongSite, living_from
from tests.browser.walking import publish_tariff
from tests.volunteers.assignments.call_outs import stage

pytestmark = pytest.mark.browser

MORNING = datetime(2026, 3, 18, 8, 31, tzinfo=clock.SHANGHAI)
PHONE = {"width": 360, "height": 740}
ON_SCREEN_WITHIN_S = 60
"""From the cancellation to the station's green screen (the issue's figure)."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongSite]:
    """Serve a site on which it is half past eight of a working morning."""
    with living_from(MORNING, tmp_path_factory.mktemp("clock") / "ahead") as served:
        yield served


async def _scene() -> stage.Scene:
    claims = await world.account(Role.CLAIMS_OFFICER, place=world.CITY)
    controller = await world.account(Role.SETTLEMENT_APPROVER, place=world.CITY)
    await publish_tariff(claims, controller)
    return await stage.scene(2)


async def _texts() -> dict[int, str]:
    await stage.links()
    rows = await database.fetch(
        """SELECT n.account_id, d.body FROM demo_delivery d JOIN notification n ON n.id = d.notification_id
           WHERE d.channel = 'sms' ORDER BY d.id"""
    )
    return {row["account_id"]: row["body"] for row in rows}


def test_a_cancelled_shift_is_covered_by_one_tap_while_everybody_watches(site: LongSite, browser: Browser) -> None:
    scene = site.run(_scene)
    (_, first), (_, second) = scene.others
    screen = site.window(browser, {"width": 1280, "height": 800})
    site.sign_in(screen, scene.staff.actor)
    screen.goto("/station/today")
    row = screen.locator(".board-row").first
    expect(row).to_have_class("board-row tone-done")

    cancelled = _cancel(browser, site, scene.lawyer.actor)
    expect(row).to_have_class("board-row tone-need", timeout=10_000)
    texts = site.run(_texts)
    for said in ("今天 9:30", "缺 1 名律师", "公里", "需杭州话", "补贴 ¥250", "已投保", "5 分钟内答复"):
        assert said in texts[first.actor]
    links = site.run(stage.links)

    one, other = (site.window(browser, PHONE) for _ in range(2))
    one.goto(f"/call/{links[first.actor]}")
    other.goto(f"/call/{links[second.actor]}")
    expect(other.get_by_role("button", name="我来")).to_be_visible()
    one.get_by_role("button", name="我来").click()
    expect(one.get_by_text("这个班归你了")).to_be_visible()
    expect(other.get_by_text("已有人接了")).to_be_visible()
    expect(other.get_by_text("你排第 1 位")).to_be_visible()
    expect(row).to_have_class("board-row tone-done")
    assert time.monotonic() - cancelled < ON_SCREEN_WITHIN_S
    look_at(one, f"/call/{links[first.actor]}")
    look_at(other, f"/call/{links[second.actor]}")
    look_at(screen, "/station/today")

    _the_shift_is_worked(site, scene, screen)
    _the_card_at_the_end(site, one, first.actor)
    for page in (screen, one, other):
        page.context.close()


def _cancel(browser: Browser, site: LongSite, account: int) -> float:
    """Let the lawyer on duty step back from their phone; return when."""
    phone = site.window(browser, PHONE)
    site.sign_in(phone, account)
    phone.goto("/my/assignments")
    phone.get_by_role("link", name="签到码").first.click()
    phone.get_by_role("button", name="我来不了", exact=True).click()
    phone.locator("dialog:popover-open").get_by_role("button", name="退出任务", exact=True).click()
    expect(phone.locator(".flash").first).to_contain_text("已退出")
    phone.context.close()
    return time.monotonic()


def _the_shift_is_worked(site: LongSite, scene: stage.Scene, screen: Page) -> None:
    site.travel_to(MORNING.replace(hour=12, minute=40))
    site.sign_in(screen, scene.staff.actor)
    screen.set_viewport_size({"width": 1280, "height": 800})
    screen.goto(f"/station/shifts/{scene.shift.reference}?lang=zh")
    screen.locator("[name^='served-']").fill("4")
    screen.get_by_role("button", name="确认到场情况").click()
    expect(screen.locator(".flash").first).to_contain_text("确认")


def _the_card_at_the_end(site: LongSite, phone: Page, account: int) -> None:
    site.sign_in(phone, account)
    ended = site.run(_completed)
    phone.set_viewport_size(PHONE)
    phone.goto(f"/my/assignments/{ended}/done?lang=zh")
    expect(phone.get_by_text("帮了 4 位居民")).to_be_visible()
    expect(phone.locator(".done-reward")).to_contain_text("预计 4 月 15 日到账")
    expect(phone.locator(".done-reward")).to_contain_text("250")
    look_at(phone, f"/my/assignments/{ended}/done")


async def _completed() -> str:
    return str(await database.fetch_value("SELECT public_id FROM sign_up WHERE status = 'completed'"))
