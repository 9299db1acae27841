"""Two phones: one invites the other by a link; with the last tap both are signed up."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from app.core.access import Principal
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Scene:
    """Two friends and a shift for five."""

    one: Principal
    other: Principal
    reference: str


async def _scene() -> Scene:
    [(_, one), (_, other)] = await world.people([world.profile(name="林晓芸"), world.profile(name="陈建国")])
    positions = (PositionDraft("引导志愿者", 5, 0, "Guide"),)
    words = {"title_zh": "文晖街道窗口引导", "title_en": "Guiding visitors in Wenhui"}
    [shift] = await world.publish(await world.draft(9, 3, positions=positions, **words))
    return Scene(one, other, shift.reference)


@pytest.fixture(scope="module")
def scene(site: Site) -> Scene:
    """Make the two and their shift."""
    return site.run(_scene)


def test_one_invites_the_other_by_a_link_and_the_last_tap_signs_both_up(
    site: Site, browser: Browser, scene: Scene
) -> None:
    first, second = (
        site.window(browser, PHONE, scene.one.actor).context,
        site.window(browser, PHONE, scene.other.actor).context,
    )
    inviting, invited = first.pages[0], second.pages[0]
    look_at(inviting, f"/assignments/{scene.reference}/1/companions")
    inviting.set_viewport_size(PHONE)
    inviting.goto(f"/assignments/{scene.reference}?lang=zh")
    inviting.get_by_role("link", name="和朋友一起去").click()
    inviting.get_by_label("连我 2 人").check()
    inviting.get_by_role("button", name="生成链接").click()
    link = inviting.get_by_label("邀请链接").input_value().removeprefix(site.url)
    link = link[link.index("/companions/") :]
    look_at(inviting, link)
    look_at(inviting, "/my/assignments")
    look_at(inviting, f"/assignments/{scene.reference}")
    look_at(invited, link)
    invited.set_viewport_size(PHONE)
    invited.goto(f"{link}?lang=zh")
    invited.get_by_role("button", name="一起去").click()
    expect(invited.get_by_text("2 人都报上了", exact=True)).to_be_visible()
    look_at(invited, invited.url.removeprefix(site.url).split("?")[0])
    inviting.goto("/my/assignments?lang=zh")
    expect(inviting.get_by_text("文晖街道窗口引导").first).to_be_visible()
    first.close()
    second.close()
