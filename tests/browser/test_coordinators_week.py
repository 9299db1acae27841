"""A coordinator's week by clicks: a pattern, its shifts, a copied day, a file with bad rows, the week, the notice."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core import clock, database
from app.core.access import Role
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from tests.volunteers.assignments.imports.files import file, row
from volunteers.assignments.rules import Compensation, Kind, PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

pytestmark = pytest.mark.browser

MONDAY = clock.local(world.MONDAY).date()
SEATS = (PositionDraft("引导志愿者", 2, 1, "Guide"), PositionDraft("记录员", 1, 0, "Clerk"))


@pytest.fixture(scope="module")
def coordinator(site: Site) -> int:
    """Make a station with one shift and somebody on it; return the coordinator's account."""

    async def made() -> int:
        station = await database.fetch_value(
            """INSERT INTO station (place_id, kind, name_zh, name_en, phone, east_m, north_m)
               SELECT id, level, '三墩镇公共法律服务站', 'Sandun legal station', '0571-87990011', east_m, north_m
               FROM place WHERE code = $1 RETURNING id""",
            world.TOWN,
        )
        said = {"title_zh": "民法典进社区讲座", "title_en": "A talk on the Civil Code", "kind": Kind.LECTURE}
        draft = await world.draft(
            14, station_id=station, positions=SEATS, compensation=Compensation.SUBSIDY, meeting_point_zh="二楼 203 室",
            **said,
        )  # fmt: skip
        [talk] = await world.publish(draft)
        [(_, volunteer)] = await world.people([world.profile(name="林晓芸")])
        await sign_up(volunteer, talk.position_ids[0])
        return (await world.officer(Role.COORDINATOR, world.TOWN)).actor

    return site.run(made)


def test_a_coordinators_week_by_clicks(browser_page: Page, site: Site, coordinator: int) -> None:
    site.sign_in(browser_page, coordinator)
    page = browser_page
    _state_a_pattern(page)
    page.get_by_role("button", name="生成这").click()
    expect(page.locator(".flash")).to_contain_text("生成了")
    look_at(page, page.url.removeprefix(site.url).split("?")[0])
    page.goto(f"/station/week?week={MONDAY}&lang=zh")
    page.get_by_role("link", name="照搬一周").click()
    page.select_option("#filter-what", "day")
    page.fill("#filter-to", (MONDAY + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="看预览").click()
    expect(page.get_by_text("将新增").first).to_be_visible()
    look_at(page, page.url.removeprefix(site.url))
    page.goto(page.url.replace("lang=en", "lang=zh"))
    page.get_by_role("button", name="照搬勾选的班次").click()
    expect(page.locator(".flash")).to_contain_text("照搬了")
    _import_a_file(page)
    page.goto(f"/station/week?week={MONDAY}&lang=zh")
    expect(page.get_by_text("林晓芸")).to_be_visible()
    expect(page.locator(".week-shift", has_text="反诈讲座 2")).to_be_visible()
    page.get_by_role("link", name="一周公告").click()
    expect(page.locator(".sheet .qr")).to_be_visible()
    expect(page.locator(".sheet")).to_contain_text("林晓芸")
    page.emulate_media(media="print")
    assert page.locator(".site-nav").is_hidden()
    assert page.locator(".sheet").is_visible()


def _state_a_pattern(page: Page) -> None:
    page.goto("/station/patterns?lang=zh")
    page.get_by_role("link", name="写第一个").click()
    page.select_option("#field-kind", "duty")
    page.fill("#field-title_zh", "律师值班")
    page.select_option("#field-station", index=1)
    page.fill("#field-starts", "09:00")
    page.fill("#field-ends", "11:30")
    page.fill("#field-role_zh", "值班律师")
    page.fill("#field-capacity", "1")
    page.get_by_label("律师执业证").first.check()
    page.get_by_role("button", name="再加一个岗位").click()
    page.fill("#field-role_zh-2", "引导志愿者")
    page.fill("#field-capacity-2", "2")
    page.select_option("#field-compensation", "unpaid")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("将生成").first).to_be_visible()


def _import_a_file(page: Page) -> None:
    rows = [row(1, title="反诈讲座"), row(2, title="反诈讲座", date="后天"), row(3, title="反诈讲座", pay="很多")]
    page.goto("/imports/new/assignments?lang=zh")
    page.set_input_files("#field-file", {"name": "下周.csv", "mimeType": "text/csv", "buffer": file(*rows)})
    page.get_by_role("button", name="检查文件").click()
    expect(page.get_by_text("第 3 行")).to_be_visible()
    expect(page.get_by_text("第 4 行")).to_be_visible()
    look_at(page, page.url.split("/", 3)[3].join(["/", ""]))
    page.goto("/imports/new/assignments?lang=zh")
    mended = [row(1, title="反诈讲座"), row(2, title="反诈讲座"), row(3, title="反诈讲座")]
    page.set_input_files("#field-file", {"name": "下周.csv", "mimeType": "text/csv", "buffer": file(*mended)})
    page.get_by_role("button", name="检查文件").click()
    page.get_by_role("button", name="导入这 3 行").click()
    expect(page.get_by_text("写入了 3 行")).to_be_visible()


PAGES = (
    *(f"/station/week?week={MONDAY}", f"/station/week/notice?week={MONDAY}", f"/station/roster?day={MONDAY}"),
    *("/station/patterns", "/station/patterns/new", f"/station/bulk?since={MONDAY}", "/imports/new/assignments"),
    *("/assignments/{talk}/poster", "/assignments?seats=on&language=hangzhou", "/station/new"),
)


def test_each_page_is_sound(browser_page: Page, site: Site, coordinator: int) -> None:
    site.sign_in(browser_page, coordinator)
    talk = "SELECT reference FROM assignment WHERE title_zh = '民法典进社区讲座' ORDER BY id LIMIT 1"
    reference = site.run(lambda: database.fetch_value(talk))
    for path in (path.format(talk=reference) for path in PAGES):
        answer = browser_page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        look_at(browser_page, path)
