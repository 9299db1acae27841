"""Two phones: one asks the other to go in their place; one tap, and both lists and the station's page show it."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from app.core.access import Principal, Role
from tests.browser.conftest import LISTENER, Site, look_at
from tests.volunteers import world
from volunteers.assignments.exchanges import service
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
GUIDE = (PositionDraft("引导志愿者", 1, 0, "Guide"),)


@dataclass(frozen=True)
class Scene:
    """Two colleagues, each with a seat, and the station that answers for both."""

    one: Principal
    other: Principal
    staff: Principal
    references: tuple[str, ...]
    seats: tuple[UUID, ...]


async def _scene() -> Scene:
    staff, station = await world.officer(Role.STATION_STAFF, world.TOWN), await world.station()
    named = [world.profile(name="林晓芸"), world.profile(name="陈建国")]
    [(_, one), (_, other)] = await world.people(named)
    words = {"title_zh": "文晖街道窗口引导", "title_en": "Guiding visitors in Wenhui", "station_id": station}
    shifts = await world.publish(*[await world.draft(hours, 3, positions=GUIDE, **words) for hours in (9, 33, 57)])
    who = (one, other, one)
    seats = [await sign_up(person, shift.position_ids[0]) for person, shift in zip(who, shifts, strict=True)]
    return Scene(one, other, staff, tuple(shift.reference for shift in shifts), tuple(seats))


@pytest.fixture(scope="module")
def scene(site: Site) -> Scene:
    """Make the two and their station."""
    return site.run(_scene)


def test_one_asks_the_other_on_two_phones_and_the_station_sees_who_comes(
    site: Site, browser: Browser, scene: Scene
) -> None:
    first, second = (
        site.window(browser, PHONE, scene.one.actor).context,
        site.window(browser, PHONE, scene.other.actor).context,
    )
    asking, asked = first.pages[0], second.pages[0]
    look_at(asking, f"/my/assignments/{scene.seats[0]}/exchange")
    asking.set_viewport_size(PHONE)
    asking.goto("/my/assignments?lang=zh")
    asking.get_by_role("link", name="找人替我 / 换班").first.click()
    asking.get_by_label("想对对方说的话").fill("临时要出庭")
    asking.get_by_role("button", name="请替我").click()
    expect(asking.get_by_text("已通知 陈建国，等答复。")).to_be_visible()
    offer = asking.url.removeprefix(site.url).split("?")[0]
    look_at(asking, offer)

    asked.goto("/my/assignments?lang=zh")
    expect(asked.get_by_text("林晓芸 请你替班")).to_be_visible()
    look_at(asked, "/my/assignments")
    look_at(asked, offer)
    asked.set_viewport_size(PHONE)
    asked.goto(f"{offer}?lang=zh")
    expect(asked.get_by_text("临时要出庭")).to_be_visible()
    asked.get_by_role("button", name="我来").click()
    expect(asked.get_by_text("这个班归你了")).to_be_visible()

    asking.set_viewport_size(PHONE)
    asking.goto("/my/assignments?lang=zh")
    expect(asking.get_by_text("由别人替班")).to_be_visible()
    asked.goto("/my/assignments")
    expect(asked.locator(f"a[href='/assignments/{scene.references[0]}']").first).to_be_visible()
    desk = site.window(browser, PHONE, scene.staff.actor).context
    desk.pages[0].goto(f"/station/shifts/{scene.references[0]}?lang=zh")
    expect(desk.pages[0].get_by_role("table", name="替班和换班记录").get_by_text("陈建国")).to_be_visible()
    look_at(desk.pages[0], f"/station/shifts/{scene.references[0]}")
    for context in (first, second, desk):
        context.close()


def test_a_swap_and_a_link_look_right_to_whom_they_concern(site: Site, browser: Browser, scene: Scene) -> None:
    async def swap() -> UUID:
        return await service.propose_swap(scene.one, scene.seats[2], scene.seats[1], "这天家里有事")

    proposed = site.run(swap)
    second = site.window(browser, PHONE, scene.other.actor).context
    look_at(second.pages[0], f"/exchanges/{proposed}")
    second.pages[0].set_viewport_size(PHONE)
    second.pages[0].goto(f"/exchanges/{proposed}?lang=zh")
    second.pages[0].get_by_role("button", name="换", exact=True).click()
    expect(second.pages[0].get_by_text("换好了，谢谢！")).to_be_visible()
    look_at(second.pages[0], f"/exchanges/{proposed}")
    second.close()

    async def link() -> UUID:
        shift = (await world.publish(await world.draft(81, positions=GUIDE)))[0]
        return await service.offer_by_link(scene.one, await sign_up(scene.one, shift.position_ids[0]))

    shared = site.run(link)
    stranger = browser.new_context(base_url=site.url, locale="zh-CN", viewport=PHONE)
    stranger.add_init_script(LISTENER)
    look_at(stranger.new_page(), f"/exchanges/{shared}")
    stranger.close()
    own = site.window(browser, PHONE, scene.one.actor).context
    look_at(own.pages[0], f"/exchanges/{shared}")
    own.close()
