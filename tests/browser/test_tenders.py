"""Tenders in a real browser: the timeline, the forms of the next step, a challenge, the second look."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.core import database
from tests.browser.conftest import Site, look_at
from tests.procurement.purchases.tenders.challenged import published
from tests.procurement.purchases.tenders.stage import K, ground

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Tenders:
    """One tender before its notice, one to be awarded, one challenged twice after its result, the first at finance."""

    officer: int
    approver: int
    early: str
    evaluated: str
    challenged: str


async def tenders() -> Tenders:
    """Make the three."""
    first, second, third = await ground(), await ground(), await published()
    await first.record_until(K.SET_METHOD)
    await second.record_until(K.EVALUATE)
    await third.challenge()
    await third.answer()
    await third.complain()
    await third.suspend()
    await third.challenge()
    names = {row["id"]: row["reference"] for row in await database.fetch("SELECT id, reference FROM purchase")}
    return Tenders(
        first.who.officer.actor,
        first.who.approver.actor,
        *(names[one] for one in (first.tender, second.tender, third.id)),
    )


@pytest.fixture(scope="module")
def made(site: Site) -> Tenders:
    """Fill the site's database once."""
    return site.run(tenders)


def test_an_officers_pages_are_sound_in_both_languages_and_widths(
    browser_page: Page, site: Site, made: Tenders
) -> None:
    site.sign_in(browser_page, made.officer)
    for path in (
        "/buying/tenders/new",
        f"/buying/tenders/{made.early}",
        f"/buying/tenders/{made.challenged}",
        f"/buying/purchases/{made.challenged}/again?on=2022-01-01",
        f"/buying/purchases/{made.challenged}",
    ):
        look_at(browser_page, path)


def test_the_award_is_sound(browser_page: Page, site: Site, made: Tenders) -> None:
    site.sign_in(browser_page, made.approver)
    look_at(browser_page, f"/buying/tenders/{made.evaluated}")


def test_an_officer_answers_a_challenge_where_it_stands(browser_page: Page, site: Site, made: Tenders) -> None:
    site.sign_in(browser_page, made.officer)
    browser_page.goto(f"/buying/tenders/{made.challenged}#challenge-2")
    dossier = browser_page.locator("#challenge-2")
    dossier.locator("summary", has_text="答复质疑").click()
    dossier.get_by_label("答复结果").select_option("upheld_no_effect")
    dossier.get_by_role("button", name="答复质疑").click()
    refused = browser_page.locator("#challenge-2")
    expect(refused.get_by_text("请先书面通知，再登记。").first).to_be_visible()
    expect(refused.get_by_label("答复结果")).to_have_value("upheld_no_effect")
    refused.get_by_label("已书面通知质疑供应商和其他有关供应商").check()
    refused.get_by_role("button", name="答复质疑").click()
    expect(browser_page.locator("#challenge-2").get_by_text("已答复")).to_be_visible()
