"""The coordinator finds where people are missing: from the map to the town to the seat, on a phone as well."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core.access import Principal, Role
from tests.browser.conftest import Site, look_at
from tests.volunteers import world
from volunteers.assignments.rules import Kind, PositionDraft

pytestmark = pytest.mark.browser


async def scene() -> Principal:
    """Publish a week in which two districts lack lawyers."""
    lawyer = PositionDraft("值班律师", 2, 1, "lawyer on duty", ("lawyer",))
    for number, town in enumerate(("330106109", "330106109", "330127100")):
        station = await world.station(town)
        stated = {"kind": Kind.DUTY, "positions": (lawyer,), "title_zh": "街道律师值班", "title_en": "Lawyer on duty"}
        place = await world.place_id(town)
        await world.publish(
            await world.draft(9 + number * 24, station_id=station, place_id=place, green=number == 1, **stated)
        )
    return await world.officer(Role.COORDINATOR)


def test_from_the_map_to_the_seat(site: Site, browser_page: Page) -> None:
    officer = site.run(scene)
    page, week = browser_page, (world.MONDAY + timedelta(hours=9)).date()
    site.sign_in(page, officer.actor)
    look_at(page, f"/gaps?place=330102&week={week}")
    look_at(page, f"/gaps?place=330106&week={week}")
    look_at(page, f"/gaps?week={week}")
    look_at(page, f"/gaps/causes?week={week}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/gaps?week={week}&lang=zh")
    page.locator(".map-main a[aria-label^='西湖区']").click()
    expect(page.get_by_role("heading", name="缺人的岗位")).to_be_visible()
    assert page.locator("article.gap").count() == 2
    expect(page.locator("article.gap").first).to_contain_text("绿色通道")
    expect(page.locator("article.gap").first).to_contain_text("够得着的地方没有持证的人")
