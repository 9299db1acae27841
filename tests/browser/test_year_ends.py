"""The end of a budget year in a real browser: looked at, prepared by an officer, closed by another person."""

from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core import clock
from procurement.budgets.year_ends.service import prepare_year
from procurement.payments.rules import PaymentTerms
from tests.browser.conftest import Site, look_at
from tests.procurement import buying
from tests.procurement.budgets.year_ends.ended import Closers, closed, closers, months_closed
from tests.procurement.payments.contracts import signed

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
PAGE = "/buying/budgets/year-ends"
ELSEWHERE = "330108"


@dataclass(frozen=True)
class Ended:
    """Last year in three places: closed, prepared, open; and who looks after it."""

    who: Closers
    year: int


async def ended() -> Ended:
    """Live through last year's autumn, and close what can be closed."""
    year = clock.today().year - 1
    with clock.travelled_to(clock.at_local(date(year, 10, 12), buying.time(10))):
        who = await closers()
        deal = await signed(PaymentTerms(30), quantity=8, delivered=4)
        await deal.accept(3)
        await deal.approve()
        await deal.pay()
        await buying.budget_line(3_600_000, programme="on_site")
        await buying.budget_line(800_000, programme="expenses")
        await buying.budget_line(5_000_000, programme="donation")
        for place in (buying.OTHER_DISTRICT, ELSEWHERE):
            await buying.budget_line(24_000_000, place)
    await months_closed(who, year)
    await closed(who, year)
    await prepare_year(who.officer, year, buying.OTHER_DISTRICT)
    return Ended(who, year)


@pytest.fixture(scope="module")
def here(site: Site) -> Ended:
    """Fill the site's database once."""
    return site.run(ended)


def test_pages_of_year_ends_are_sound_in_both_languages_and_widths(browser_page: Page, site: Site, here: Ended) -> None:
    site.sign_in(browser_page, here.who.officer.actor)
    this_year = here.year + 1
    for path in (
        PAGE,
        f"{PAGE}/{here.year}/{buying.DISTRICT}",
        f"{PAGE}/{here.year}/{buying.OTHER_DISTRICT}",
        f"{PAGE}/{here.year}/{ELSEWHERE}",
        f"{PAGE}/{this_year}/{buying.DISTRICT}",
        f"/buying/budgets/{here.year}/{buying.DISTRICT}/purchase",
        f"/buying/budgets/{here.year}/{buying.DISTRICT}/purchase/book",
        "/workbench",
    ):
        look_at(browser_page, path)


def test_a_second_person_closes_a_year_on_a_phone(browser: Browser, site: Site, here: Ended) -> None:
    page = site.window(browser, PHONE, here.who.officer.actor, script=False)
    page.goto(f"{PAGE}/{here.year}/{ELSEWHERE}")
    page.get_by_role("button", name="提出结转").click()
    expect(page.locator(".flash")).to_contain_text("等另一人核对后办理")
    site.sign_in(page, here.who.approver.actor)
    page.goto("/workbench")
    page.get_by_role("link", name="去核对").first.click()
    page.goto(f"{PAGE}/{here.year}/{ELSEWHERE}")
    page.get_by_role("button", name="办理结转").first.click()
    page.locator("dialog").get_by_role("button", name="办理结转").click()
    expect(page.locator(".flash")).to_contain_text(f"{here.year} 年已经结转")
    expect(page.locator(".figures")).to_contain_text("240,000.00")
