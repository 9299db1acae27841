"""The pages of deductions in a real browser: money that was given back is recorded by one and confirmed by another."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.accounts.registration import insert_memberships
from app.core import clock, database
from app.core.access import Grant, Role
from app.core.database import transaction
from procurement.claims.cases import service as cases
from procurement.settlement.repayments.rules import Received
from procurement.settlement.repayments.service import record_repayment
from tests.browser.conftest import Site, look_at
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement.claims.test_grading_down import WORTH, Lowered

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Owing:
    """The accounts by role, a deduction that is open and one whose money waits to be confirmed."""

    accounts: dict[str, int]
    open: str
    recorded: str
    statement: str


async def _owing() -> Owing:
    """Pay two cases, grade both down, confirm both deductions, and record the money for one."""
    made = await world.office()
    people = [await world.licensed("沈一诺", "M1"), await world.licensed("陈建国", "M2")]
    references = [
        await cases.record_case(made.recorder, world.civil(made, person, matter=f"{number}号"))
        for number, person in enumerate(people, 1)
    ]
    had = [Lowered(made, person, reference) for person, reference in zip(people, references, strict=True)]
    await had[0].approve()
    await had[0].pay()
    for one in had:
        await one.grade()
    await had[0].approve()
    rows = await database.fetch("SELECT reference FROM claim WHERE part = 'deduction' ORDER BY id")
    await record_repayment(made.desk.cashier, rows[1]["reference"], Received(WORTH, clock.today(), "LS-20261130-0042"))
    accounts = {
        "cashier": (made.desk.cashier.actor, Role.CASHIER),
        "approver": (made.desk.approver.actor, Role.SETTLEMENT_APPROVER),
        "payee": ((await world.self_of(people[1])).actor, Role.VOLUNTEER),
    }  # fmt: skip
    for name, (account, role) in accounts.items():
        async with transaction():
            grant = Grant(role, place_code=None if name == "payee" else work.DISTRICT)
            await insert_memberships([account], [[grant]], granted_by=None)
    public = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", people[1])
    return Owing({name: one for name, (one, _) in accounts.items()}, *(row["reference"] for row in rows), str(public))


@pytest.fixture(scope="module")
def owing(site: Site) -> Owing:
    return site.run(_owing)


PAGES = [
    ("cashier", "/settlement/deductions"), ("cashier", "/settlement/deductions/{open}"),
    ("approver", "/settlement/deductions/{recorded}"), ("cashier", "/settlement/ageing"), ("approver", "/workbench"),
    ("payee", "/claims/{recorded}"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_each_page_is_sound(browser_page: Page, site: Site, owing: Owing, who: str, path: str) -> None:
    site.sign_in(browser_page, owing.accounts[who])
    look_at(browser_page, path.format(**vars(owing)))


def test_the_cashier_records_the_money_and_another_confirms_it(browser_page: Page, site: Site, owing: Owing) -> None:
    site.sign_in(browser_page, owing.accounts["cashier"])
    browser_page.goto(f"/settlement/deductions/{owing.open}")
    browser_page.get_by_label("银行流水号").fill("LS-20261130-0043")
    browser_page.get_by_role("button", name="登记，等第二人确认").click()
    expect(browser_page.locator(".flash")).to_contain_text("已登记现金退回")
    site.sign_in(browser_page, owing.accounts["approver"])
    browser_page.goto(f"/settlement/deductions/{owing.recorded}")
    browser_page.get_by_role("button", name="确认到账").click()
    expect(browser_page.locator(".flash")).to_contain_text("扣回结清")
    site.sign_in(browser_page, owing.accounts["payee"])
    look_at(browser_page, f"/my/statements/{owing.statement}")
