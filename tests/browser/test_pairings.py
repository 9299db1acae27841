"""The village's lawyer on a phone of 360 pixels: proposed by the office, agreed with one tap, seen by everybody."""

import pytest
from playwright.sync_api import Browser, expect

from app.core.access import Principal
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from tests.volunteers.pairings import stage
from volunteers.assignments.rules import Kind, PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


async def scene() -> tuple[str, Principal, Principal]:
    """Return a village with a visit that the lawyer has signed up for, the coordinator, the lawyer."""
    [(place, code), (other, _)] = await stage.villages(2)
    _, who = await stage.lawyer("王芳")
    await stage.paired(other, (await stage.lawyer("李强"))[0], stage.TODAY + stage.YEAR / 13)
    seat = (PositionDraft("律师", 1, 1, "lawyer", ("lawyer",)),)
    [visit] = await world.publish(
        await world.draft(
            9, kind=Kind.VILLAGE, place_id=place, positions=seat, title_zh="村社法律顾问", title_en="Village visit"
        )
    )
    await sign_up(who, visit.position_ids[0])
    return code, await stage.coordinator(), who


def test_the_village_gets_its_lawyer_and_its_page_says_who_and_when(site: Site, browser: Browser) -> None:
    code, officer, lawyer = site.run(scene)
    office = site.window(browser, PHONE, officer.actor)
    look_at(office, "/pairings")
    look_at(office, f"/pairings/new?place={code}")
    look_at(office, f"/pairings/new?village={code[:9]}")
    office.goto(f"/pairings/new?place={code}&lang=zh")
    office.get_by_label("王芳").check()
    office.get_by_role("button", name="结对", exact=True).click()
    expect(office.get_by_text("已发给对方，同意后生效。")).to_be_visible()
    look_at(office, office.url.removeprefix(site.url).split("?")[0])

    phone = site.window(browser, PHONE, lawyer.actor)
    look_at(phone, "/my/pairings")
    phone.goto("/my/pairings?lang=zh")
    phone.get_by_role("button", name="同意结对").click()
    expect(phone.get_by_text("结对成功")).to_be_visible()

    anybody = site.window(browser, PHONE)
    look_at(anybody, f"/places/{code}/lawyer")
    look_at(anybody, f"/places/{code}")
    anybody.set_viewport_size(PHONE)
    anybody.goto(f"/places/{code}/lawyer?lang=zh")
    expect(anybody.get_by_role("heading", name="王芳")).to_be_visible()
    expect(anybody.locator("main")).to_contain_text("杭州话")
    expect(anybody.locator("main")).to_contain_text("09:00–11:00")
    expect(anybody.locator("main")).to_contain_text("结对的律师来")
    for page in (office, phone, anybody):
        page.context.close()
