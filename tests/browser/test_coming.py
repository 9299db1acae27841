"""The pages of people beyond the quota, of coming every week and of groups, in both languages and widths."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core import clock, database
from app.core.access import Principal, Role
from tests import world as house_world
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from tests.volunteers.assignments.patterns.test_patterns import PLAIN
from volunteers.assignments.groups.service import sign_up_group
from volunteers.assignments.over_quota.service import add_beyond_quota
from volunteers.assignments.patterns import service as patterns
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.assignments.standing import service as standing
from volunteers.assignments.standing.service import Weekly

pytestmark = pytest.mark.browser

GUIDES = (PositionDraft("引导志愿者", 1, 0, "Guide"), PositionDraft("记录员", 3, 0, "Note taker"))


@dataclass(frozen=True)
class Scene:
    """Who looks at what."""

    volunteer: Principal
    asked: Principal
    staff: Principal
    scheduler: Principal
    full: str
    weekly: str
    pattern: str


async def _scene() -> Scene:
    staff, house = await world.officer(Role.STATION_STAFF, world.TOWN), await house_world.organization()
    scheduler = await house_world.account(Role.PROVIDER, organization=house.id)
    people = await world.people([world.profile(name=name) for name in ("林晓芸", "陈建国", "何超", "周敏", "沈一鸣")])
    (_, volunteer), (_, asked), _, _, (busy, _) = people
    await database.execute("UPDATE person SET organization_id = $1", house.id)
    await database.execute("UPDATE person SET status = 'paused' WHERE id = $1", busy)
    words = {"title_zh": "文晖街道窗口引导", "title_en": "Guiding visitors in Wenhui", "positions": GUIDES}
    [full] = await world.publish(await world.draft(9, 3, **words))
    await sign_up(asked, full.position_ids[0])
    await add_beyond_quota(staff, full.position_ids[0], "何超", "第一次来，跟着老志愿者学")
    members = [row["public_id"] for row in await database.fetch("SELECT public_id FROM person ORDER BY id LIMIT 4")]
    await sign_up_group(scheduler, full.position_ids[1], [members[0], members[3]], all_or_none=True)
    pattern, weekly = await _weekly(staff, volunteer)
    return Scene(volunteer, asked, staff, scheduler, full.reference, weekly, str(pattern))


async def _weekly(staff: Principal, volunteer: Principal) -> tuple[object, str]:
    place, station = await world.place_id(world.TOWN), await world.station()
    words = {
        "title_zh": "周二法律咨询",
        "title_en": "Legal advice on Tuesdays",
        "place_id": place,
        "station_id": station,
    }
    draft = replace(PLAIN, weekdays=(1,), positions=GUIDES[:1], valid_from=clock.today(), **words)  # type: ignore[arg-type]
    pattern = await patterns.create_pattern(staff, draft)
    made = await patterns.generate(staff, pattern, 3)
    until = clock.today() + timedelta(days=120)
    weekly = Weekly(pattern, 1, 1, clock.today(), until)
    mine = await standing.come_every_week(volunteer, weekly)
    taken = await database.fetch_value(
        "SELECT public_id FROM sign_up WHERE origin = 'standing' ORDER BY starts LIMIT 1"
    )
    await withdraw(volunteer, taken)
    await standing.pause(volunteer, mine, until - timedelta(days=20), until - timedelta(days=10))
    await standing.propose(staff, weekly, "陈建国")
    return pattern, made[-1].reference


@pytest.fixture(scope="module")
def scene(site: Site) -> Scene:
    """Make the people and their shifts."""
    return site.run(_scene)


def test_the_station_sees_who_came_beyond_the_quota_and_adds_one_more(
    site: Site, browser_page: Page, scene: Scene
) -> None:
    site.sign_in(browser_page, scene.staff.actor)
    path = f"/station/shifts/{scene.full}"
    look_at(browser_page, path)
    look_at(browser_page, f"{path}/over-quota")
    browser_page.goto(f"{path}/over-quota?lang=zh")
    browser_page.get_by_label("志愿者").fill("沈一鸣")
    browser_page.get_by_label("原因").fill("带教")
    browser_page.get_by_role("button", name="超额加人").click()
    expect(browser_page.get_by_role("alert").first).to_contain_text("没有报上")


def test_one_comes_every_week_and_the_station_sees_the_order(site: Site, browser_page: Page, scene: Scene) -> None:
    site.sign_in(browser_page, scene.volunteer.actor)
    for path in ("/my/standing", f"/assignments/{scene.weekly}", f"/assignments/{scene.weekly}/1/standing"):
        look_at(browser_page, path)
    browser_page.goto("/my/standing?lang=zh")
    browser_page.get_by_text("请假几天").click()
    expect(browser_page.get_by_role("button", name="请假")).to_be_visible()
    site.sign_in(browser_page, scene.staff.actor)
    look_at(browser_page, f"/station/patterns/{scene.pattern}")
    site.sign_in(browser_page, scene.asked.actor)
    look_at(browser_page, "/my/assignments")
    look_at(browser_page, "/my/standing")
    browser_page.goto("/my/standing?lang=zh")
    browser_page.get_by_role("button", name="行，每周都来").click()
    expect(browser_page.locator(".flash").first).to_contain_text("约好了")


def test_an_organization_sends_a_group_and_sees_who_is_coming(site: Site, browser_page: Page, scene: Scene) -> None:
    site.sign_in(browser_page, scene.scheduler.actor)
    path = f"/organization/assignments/{scene.full}/2/group"
    look_at(browser_page, path)
    look_at(browser_page, "/organization/schedule")
    browser_page.goto(f"{path}?lang=zh")
    browser_page.get_by_text("沈一鸣").click()
    browser_page.get_by_role("button", name="给勾选的人报名").click()
    expect(browser_page.get_by_role("alert").first).to_contain_text("一个都没有报")
