"""The station's file of hours for the national platform."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.core import clock
from tests.browser.conftest import Site, look_at
from tests.volunteers.hours.exports.test_hours_exports import FIRST, LAST, LATER, staff, worked
from volunteers.hours.exports import service
from volunteers.hours.exports.rules import Encoding

pytestmark = pytest.mark.browser


async def scene() -> int:
    """Return a clerk's account with one file made."""
    await worked()
    clerk = await staff()
    with clock.travelled_to(LATER):
        await service.export(clerk, FIRST, LAST + timedelta(days=1), Encoding.GB18030)
    return clerk.actor


def test_the_page_lists_files_and_hands_one_out(site: Site, browser_page: Page) -> None:
    page = browser_page
    site.sign_in(page, site.run(scene))
    look_at(page, "/station/hours-exports")
    page.goto("/station/hours-exports?lang=zh")
    with page.expect_download() as found:
        page.get_by_role("button", name="下载").click()
    assert found.value.suggested_filename.endswith(".csv")
    expect(page.get_by_text("还没有人核对过")).to_be_visible()
