"""What a station says to the people on a shift, and what somebody answers who did not come."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from app.core import database
from app.core.access import Principal, Role
from tests.browser.conftest import LISTENER, Site, look_at
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

pytestmark = pytest.mark.browser

PHONE, SCREEN = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
SAID = "今天正门在修，请走东门，带上工作证。到了先到二楼 203 室。"


@dataclass(frozen=True)
class Shift:
    """A shift to come with two people on it."""

    reference: str
    volunteer: Principal
    staff: Principal
    sign_up: UUID


async def _shift() -> Shift:
    station = await database.fetch_value(
        """INSERT INTO station (place_id, kind, name_zh, name_en, phone, east_m, north_m)
           SELECT id, level, '北山街道公共法律服务站', 'Beishan legal service station', '0571-87990011', east_m, north_m
           FROM place WHERE code = $1 RETURNING id""",
        world.TOWN,
    )
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    (_, volunteer), (_, second) = await world.people([world.profile(name="林晓芸"), world.profile(name="陈建国")])
    draft = await world.draft(
        station_id=station,
        title_zh="民法典进社区讲座",
        title_en="A talk on the Civil Code",
        positions=(PositionDraft("引导志愿者", 3, 1, "Guide"),),
        contact_name="王老师",
        contact_phone="0571-87990012",
        meeting_point_zh="二楼 203 室",
    )
    [published] = await world.publish(draft)
    public_id = await sign_up(volunteer, published.position_ids[0])
    await sign_up(second, published.position_ids[0])
    return Shift(published.reference, volunteer, staff, public_id)


def window(browser: Browser, site: Site, who: Principal, size: dict[str, int]) -> BrowserContext:
    context = browser.new_context(base_url=site.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size)
    context.add_init_script(LISTENER)
    context.set_default_timeout(10_000)
    site.sign_in(context.new_page(), who.actor)
    return context


def test_the_station_writes_to_everybody_and_the_volunteer_reads_it_on_the_way(site: Site, browser: Browser) -> None:
    shift = site.run(_shift)
    screen, phone = window(browser, site, shift.staff, SCREEN), window(browser, site, shift.volunteer, PHONE)
    desk, page = screen.pages[0], phone.pages[0]
    desk.goto(f"/station/shifts/{shift.reference}")
    desk.get_by_label("要说的话").fill(SAID)
    desk.get_by_role("button", name="发给报名的 2 人").click()
    expect(desk.locator(".flash").first).to_contain_text("已发给 2 人")
    desk.get_by_label("要说的话").fill(SAID)
    desk.get_by_role("button", name="发给报名的 2 人").click()
    expect(desk.locator("#form-refusal")).to_contain_text("没有再发")
    expect(desk.get_by_label("要说的话")).to_have_value(SAID)
    page.goto("/inbox")
    expect(page.get_by_role("table")).to_contain_text(SAID)
    page.get_by_role("button", name="打开").first.click()
    expect(page.get_by_role("heading", name="来自站点的消息")).to_be_visible()
    expect(page.get_by_text(SAID)).to_be_visible()
    look_at(page, f"/my/assignments/{shift.sign_up}/today")
    look_at(page, "/my/profile")
    look_at(desk, f"/station/shifts/{shift.reference}")
    look_at(desk, f"/station/shifts/{shift.reference}/messages")
    for context in (screen, phone):
        context.close()
