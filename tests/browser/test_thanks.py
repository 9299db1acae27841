"""A resident rates with one tap on a phone of 360 pixels; who worked reads the thanks on the end card."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from app.core import database
from app.core.access import Principal, Role
from tests.browser.conftest import look_at
from tests.browser.travelling import LongSite, living_from
from tests.volunteers import world
from tests.volunteers.thanks.stage import worked_shift
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance

pytestmark = pytest.mark.browser
BEFORE = world.MONDAY - timedelta(days=1)
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongSite]:
    """Serve a site the day before the shift."""
    with living_from(BEFORE, tmp_path_factory.mktemp("clock") / "ahead") as served:
        yield served


def test_one_tap_without_javascript_and_the_thanks_on_the_end_card(site: LongSite, browser: Browser) -> None:
    shift, [lawyer], code = site.run(worked_shift)
    site.travel_to(world.MONDAY + timedelta(hours=9, minutes=30))
    looking = site.window(browser, PHONE)
    look_at(looking, f"/t/{code}")
    look_at(looking, "/t")

    resident = site.window(browser, PHONE, script=False)
    resident.goto(f"/t/{code}?lang=zh")
    resident.get_by_role("button", name="很满意", exact=True).click()
    expect(resident.get_by_text("谢谢，记下了。")).to_be_visible()
    resident.get_by_label("一句话").fill("讲得清楚，谢谢！有事打 13800001234")
    resident.get_by_role("button", name="转达").click()
    expect(resident.get_by_text("讲得清楚，谢谢！有事打 ***")).to_be_visible()
    assert resident.get_by_role("button", name="很满意", exact=True).count() == 0

    working = site.window(browser, PHONE, lawyer.actor)
    sign_up = site.run(lambda: database.fetch_value("SELECT public_id FROM sign_up"))
    look_at(working, f"/my/assignments/{sign_up}/today")
    site.travel_to(world.MONDAY + timedelta(hours=12))
    staff = site.run(lambda: _confirm(sign_up))
    site.sign_in(working, lawyer.actor)
    working.goto(f"/my/assignments/{sign_up}/done?lang=zh")
    expect(working.locator(".done-card")).to_contain_text("平均 5.0 分")
    expect(working.locator(".done-card")).to_contain_text("讲得清楚，谢谢！")
    look_at(working, f"/my/assignments/{sign_up}/done")
    look_at(working, "/my/hours")

    desk = site.window(browser, PHONE, staff.actor)
    look_at(desk, f"/station/shifts/{shift.reference}")
    look_at(desk, f"/station/week/notice?week={(world.MONDAY + timedelta(hours=9)).date()}")
    look_at(desk, "/station/thanks")
    desk.goto("/station/thanks?lang=zh")
    desk.get_by_role("button", name="隐藏").first.click()
    desk.get_by_label("原因").fill("含有号码")
    desk.get_by_role("dialog").get_by_role("button", name="隐藏").click()
    expect(desk.get_by_text("已隐藏，原因已留存。")).to_be_visible()
    for page in (looking, resident, working, desk):
        page.context.close()


async def _confirm(sign_up: object) -> Principal:
    staff = await world.officer(Role.STATION_STAFF)
    await confirm_attendance(staff, [Presence(sign_up, Outcome.ATTENDED)])  # type: ignore[arg-type]
    return staff
