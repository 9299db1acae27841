"""From an amount on any page of money to its sign-in, tariff line, batch and bank line in three clicks."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import pytest
from playwright.sync_api import Locator, Page, expect

from app.accounts.registration import insert_memberships
from app.core.access import Grant, Role
from app.core.database import transaction
from tests.browser.conftest import Site, look_at
from tests.procurement import attended_work as work
from tests.procurement.paid_pages import Paid, Readers, paid

pytestmark = pytest.mark.browser

ROLES = {
    "payee": Role.VOLUNTEER, "claims": Role.CLAIMS_OFFICER, "recorder": Role.COORDINATOR,
    "clerk": Role.SETTLEMENT_CLERK, "approver": Role.SETTLEMENT_APPROVER, "cashier": Role.CASHIER,
    "supervisor": Role.SUPERVISOR,
}  # fmt: skip
HEADLINE = re.compile(r"¥250\.00 = 半日 × 1，\d\d:\d\d 签到，\d\d:\d\d 签退，站点确认")
MOST_CLICKS = 3
Click = Callable[[Page, Paid], Locator]


@dataclass(frozen=True)
class Way:
    """Who begins on which page, and what they click until they are at the claim."""

    who: str
    page: str
    clicks: Sequence[Click]


def claims_of_line(page: Page, _here: Paid) -> Locator:
    """Open the claims below a payment."""
    return page.locator("details summary").filter(has_text="件申领").first


def own_shift(page: Page, here: Paid) -> Locator:
    return page.locator(f"a[href='/claims/{here.things['shift']}']").first


def paid_row(page: Page, _here: Paid) -> Locator:
    return page.locator("tbody th a[href^='/claims/']").first


def line_of_on_site(page: Page, _here: Paid) -> Locator:
    return page.locator("a[href^='/oversight/lines/'][href$='/on_site']").first


def audited_claim(page: Page, here: Paid) -> Locator:
    row = page.locator("tr").filter(has=page.locator(f"a[href='/oversight/batches/{here.things['paid']}']")).first
    return row.locator("th a").first


def how_it_came(page: Page, _here: Paid) -> Locator:
    return page.get_by_role("link", name="怎么算的")


def entry_of_claim(page: Page, here: Paid) -> Locator:
    return page.locator(f"a[href='/oversight/claims/{here.things['shift']}']").first


WAYS = [
    Way("payee", "/my/claims", [own_shift]),
    Way("payee", "/my/statements/{payee}", [claims_of_line, own_shift]),
    Way("claims", "/claims?status=paid&programme=on_site", [paid_row]),
    Way("clerk", "/settlement/{paid}", [claims_of_line, own_shift]),
    Way("cashier", "/settlement/{paid}", [claims_of_line, own_shift]),
    Way("supervisor", "/settlement/payees/{payee}", [claims_of_line, own_shift]),
    Way("supervisor", "/ledger/accounts/payable:person:{payee}?month={month_now}-01", [entry_of_claim, how_it_came]),
    Way("supervisor", "/disclosure", [line_of_on_site, audited_claim, how_it_came]),
    Way("supervisor", "/disclosure/districts/330102", [line_of_on_site, audited_claim, how_it_came]),
]


async def _paid() -> tuple[Paid, dict[str, int]]:
    here = await paid()
    accounts = {one.name: getattr(here.readers, one.name).actor for one in fields(Readers)}
    for name, account in accounts.items():
        async with transaction():
            grant = Grant(ROLES[name], place_code=None if name == "payee" else work.DISTRICT)
            await insert_memberships([account], [[grant]], granted_by=None)
    return here, accounts


@pytest.fixture(scope="module")
def world(site: Site) -> tuple[Paid, dict[str, int]]:
    return site.run(_paid)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.who} {way.page}")
def test_an_amount_leads_to_all_it_stands_on(
    browser_page: Page, site: Site, world: tuple[Paid, dict[str, int]], way: Way
) -> None:
    here, accounts = world
    assert len(way.clicks) <= MOST_CLICKS
    site.sign_in(browser_page, accounts[way.who])
    browser_page.goto(way.page.format(**here.things))
    for click in way.clicks:
        click(browser_page, here).click()
    main = browser_page.locator("main")
    expect(main.get_by_text(HEADLINE)).to_be_visible()
    expect(browser_page.get_by_role("link", name="看所用的标准")).to_have_attribute("href", re.compile("#line-"))
    bank = browser_page.locator("section.card").filter(has_text="从签到到银行")
    expect(bank).to_contain_text(here.things["paid"])
    expect(bank).to_contain_text(re.compile(r"第 \d+ 行"))


PAGES = [
    ("payee", "/my/claims"), ("payee", "/claims/{deduction}"), ("payee", "/claims/{case_paid}"),
    ("payee", "/cases/{case}"), ("claims", "/claims"), ("claims", "/claims?status=approved"),
    ("claims", "/claims/payees"), ("claims", "/claims/doubles"), ("claims", "/workbench"), ("cashier", "/workbench"),
    ("claims", "/claims/approval?everything=on&status=accrued"), ("recorder", "/mediator-posts"),
    ("clerk", "/settlement/new?place=330102&period_from=2026-01-01&period_to=2026-12-31&cap_fen=300"),
    ("approver", "/settlement/{computed}"), ("supervisor", "/disclosure"),
    ("supervisor", "/disclosure/districts/330102"), ("supervisor", "/settlement/payees/{payee}"),
    ("supervisor", "/settlement/ageing"), ("supervisor", "/ledger"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_each_page_with_every_kind_of_claim_is_sound(
    browser_page: Page, site: Site, world: tuple[Paid, dict[str, int]], who: str, path: str
) -> None:
    here, accounts = world
    site.sign_in(browser_page, accounts[who])
    look_at(browser_page, path.format(**here.things))


def test_nobody_but_an_auditor_sees_the_lines_behind_public_totals(
    browser_page: Page, site: Site, world: tuple[Paid, dict[str, int]]
) -> None:
    _, accounts = world
    for who in ("payee", "claims"):
        site.sign_in(browser_page, accounts[who])
        browser_page.goto("/disclosure")
        expect(browser_page.get_by_text("逐笔核对")).to_have_count(0)
