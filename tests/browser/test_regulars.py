"""The station's page of those who come often, and the form that lets them sign up first."""

import pytest
from playwright.sync_api import Page, expect

from app.core.access import Principal, Role
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up

pytestmark = pytest.mark.browser


async def scene() -> Principal:
    """Return the staff of a station to which two people will come."""
    people = await world.people([world.profile(name="王芳"), world.profile(name="李强")])
    [shift] = await world.publish(await world.draft(positions=(PositionDraft("讲师", 2),)))
    for _, who in people:
        await sign_up(who, shift.position_ids[0])
    return await world.officer(Role.STATION_STAFF, world.TOWN)


def test_a_station_marks_who_comes_and_lets_them_sign_up_first(site: Site, browser_page: Page) -> None:
    page = browser_page
    site.sign_in(page, site.run(scene).actor)
    page.goto("/station/regulars?lang=zh")
    page.get_by_role("row", name="王芳").get_by_role("button", name="标为常来的人").click()
    expect(page.get_by_text("已标为常来的人。")).to_be_visible()
    page.get_by_role("row", name="王芳").get_by_text("定星期几").click()
    page.get_by_role("row", name="王芳").get_by_text("周二").click()
    page.get_by_role("row", name="王芳").get_by_role("button", name="保存").click()
    expect(page.locator("dl.facts")).to_have_text("周二王芳")
    look_at(page, "/station/regulars")
    look_at(page, "/station/new")
    page.goto("/station/new?lang=zh")
    expect(page.get_by_label("常来的人先报到")).to_be_visible()
