"""Tenders in a real browser: the timeline, the forms of the next step, a challenge, the second look."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from app.core import clock, database
from procurement.purchases.tenders import service
from procurement.purchases.tenders.facts import ChallengeFacts, Step
from tests.browser.conftest import Site, look_at
from tests.procurement.purchases.tenders.stage import K, ground

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Tenders:
    """One tender before its notice, one to be awarded, one challenged after its result."""

    officer: int
    approver: int
    early: str
    evaluated: str
    challenged: str


async def tenders() -> Tenders:
    """Make the three."""
    first, second, third = await ground(), await ground(), await ground(days_ago=60)
    await first.record_until(K.SET_METHOD)
    await second.record_until(K.EVALUATE)
    await third.record_until(K.PUBLISH_RESULT)
    challenge = Step(K.CHALLENGE, clock.now(), ChallengeFacts("某某法律服务中心"))
    await service.record_step(third.who.officer, third.tender, challenge)
    names = {row["id"]: row["reference"] for row in await database.fetch("SELECT id, reference FROM purchase")}
    return Tenders(
        first.who.officer.actor,
        first.who.approver.actor,
        *(names[one.tender] for one in (first, second, third)),
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
