"""What a station says to the people on a shift, what somebody answers who did not come, what the night finds odd."""

from dataclasses import dataclass, replace
from datetime import time, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.findings.service import look
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance

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


async def _shift(name: str = "北山街道") -> Shift:
    station = await database.fetch_value(
        """INSERT INTO station (place_id, kind, name_zh, name_en, phone, east_m, north_m)
           SELECT id, level, $2 || '公共法律服务站', 'Beishan legal service station', '0571-87990011', east_m, north_m
           FROM place WHERE code = $1 RETURNING id""",
        *(world.TOWN, name),
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


def test_the_station_writes_to_everybody_and_the_volunteer_reads_it_on_the_way(site: Site, browser: Browser) -> None:
    shift = site.run(_shift)
    screen, phone = (
        site.window(browser, SCREEN, shift.staff.actor).context,
        site.window(browser, PHONE, shift.volunteer.actor).context,
    )
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


async def _missed() -> tuple[Principal, Principal]:
    """Return somebody who missed two shifts the week before last, and the staff."""
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    [(_, who)] = await world.people([world.profile(name="陈建国")])
    for ago in (timedelta(days=3), timedelta(days=2)):
        begun = clock.now() - ago
        with clock.travelled_to(begun - timedelta(days=1)):
            draft = await world.draft(title_zh="老年大学反诈讲座", title_en="A talk against fraud")
            [published] = await world.publish(replace(draft, starts=begun, ends=begun + timedelta(hours=2)))
            public_id = await sign_up(who, published.position_ids[0])
        with clock.travelled_to(begun + timedelta(hours=3)):
            await confirm_attendance(staff, [Presence(public_id, Outcome.ABSENT)])
    return who, staff


def test_who_did_not_come_says_why_and_what_followed_ends_when_the_station_accepts_it(
    site: Site, browser: Browser
) -> None:
    who, staff = site.run(_missed)
    shift = site.run(lambda: _shift("三墩镇"))
    phone, screen = site.window(browser, PHONE, who.actor).context, site.window(browser, SCREEN, staff.actor).context
    page, desk = phone.pages[0], screen.pages[0]
    page.goto(f"/assignments/{shift.reference}")
    expect(page.get_by_text("每个任务都要先申请").first).to_be_visible()
    expect(page.get_by_role("button", name="报名")).to_have_count(0)
    look_at(page, f"/assignments/{shift.reference}")
    look_at(page, "/my/no-shows")
    page.goto("/workbench?lang=zh")
    page.get_by_role("link", name="去说明").first.click()
    page.get_by_label("原因").fill("孩子发烧，夜里送了急诊，早上才睡下，没来得及退出。有病历。")
    page.get_by_role("button", name="提交说明").click()
    expect(page.locator(".flash").first).to_contain_text("已收到你的说明")
    explained = page.url.removeprefix(site.url)
    look_at(page, explained)
    desk.goto("/workbench")
    desk.get_by_role("link", name="去答复").click()
    look_at(desk, "/station/excuses")
    desk.goto("/station/excuses?lang=zh")
    desk.get_by_role("main").get_by_role("link", name="答复").first.click()
    asked = desk.url.removeprefix(site.url)
    look_at(desk, asked)
    desk.goto(f"{asked}?lang=zh")
    desk.get_by_label("采纳，这次不算").check()
    desk.get_by_label("原因").fill("看过病历，情况属实。")
    desk.get_by_role("button", name="答复").click()
    expect(desk.locator(".flash").first).to_contain_text("已答复")
    look_at(desk, "/station/excuses")
    page.goto(f"{explained}?lang=zh")
    expect(page.get_by_text("看过病历，情况属实。")).to_be_visible()
    page.goto(f"/assignments/{shift.reference}")
    page.get_by_role("button", name="报名").click()
    expect(page.get_by_text("你已报名")).to_be_visible()
    look_at(page, "/no-shows")
    for context in (screen, phone):
        context.close()


async def _odd_days() -> tuple[Principal, str]:
    """Return a coordinator, and what was found about somebody in two places at once and about a long day."""
    staff, coordinator = await world.officer(Role.STATION_STAFF, world.TOWN), await world.officer(Role.COORDINATOR)
    (_, one), (_, other) = await world.people([world.profile(name="周敏"), world.profile(name="何超")])
    point = await database.fetch_one("SELECT east_m, north_m FROM place WHERE code = $1", world.TOWN)
    assert point is not None
    away = (point["east_m"] + 5_000, point["north_m"])
    begun = clock.now() - timedelta(days=2)
    midnight = clock.at_local(clock.local(begun).date(), time.min)
    presences = []
    for who, title, first, last, left, at in (
        (one, "街道值班", 9, 11, 13.5, None),
        (one, "民法典讲座", 13, 15, None, away),
        (other, "开放日引导", 6, 17, 19, None),
    ):
        starts, ends = midnight + timedelta(hours=first), midnight + timedelta(hours=last)
        with clock.travelled_to(midnight - timedelta(days=1)):
            draft = await world.draft(title_zh=title, point=at)
            [published] = await world.publish(replace(draft, starts=starts, ends=ends))
            public_id = await sign_up(who, published.position_ids[0])
        until = midnight + timedelta(hours=left) if left else None
        presences.append(Presence(public_id, Outcome.ATTENDED, left_at=until))
    await confirm_attendance(staff, presences)
    await look(system_principal(Permission.CREDENTIAL_VERIFY), clock.now())
    found = await database.fetch_value("SELECT public_id FROM finding WHERE kind = 'two_places'")
    return coordinator, str(found)


def test_the_coordinator_looks_into_what_the_night_found(site: Site, browser: Browser) -> None:
    coordinator, two_places = site.run(_odd_days)
    screen = site.window(browser, SCREEN, coordinator.actor).context
    desk = screen.pages[0]
    desk.goto("/workbench")
    desk.get_by_role("link", name="去核查").click()
    look_at(desk, "/findings")
    look_at(desk, f"/findings/{two_places}")
    desk.goto(f"/findings/{two_places}?lang=zh")
    desk.get_by_label("确有问题", exact=True).check()
    desk.get_by_label("原因").fill("问过两站，下午的讲座是别人代的，已请站点更正。")
    desk.get_by_role("button", name="记下结论").click()
    expect(desk.locator(".flash").first).to_contain_text("已记下你的结论")
    look_at(desk, f"/findings/{two_places}")
    screen.close()
