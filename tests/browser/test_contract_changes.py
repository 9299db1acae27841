"""Contracts after their signatures in a real browser: amendments, an early end, publication, the check of a paper."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from app.core import clock, database
from procurement.contracts.amendments.rules import Change
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.contracts.terminations import service as terminations
from procurement.contracts.terminations.rules import Fault, Ground, Proposal
from tests.browser.conftest import Site, look_at
from tests.procurement import buying
from tests.procurement.contracts.test_amendments import agreed, in_force
from tests.procurement.deliveries.test_orders import ground

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Contracts:
    """A contract that is amended, one that is noticed as broken, one that has ended with an order open."""

    officer: int
    provider: int
    approver: int
    amended: str
    broken: str
    ended: str


async def contracts() -> Contracts:
    """Make the three contracts."""
    here = await ground(villages=2, units=20, quantity=20)
    await in_force(here, Change(added=1))
    await agreed(here, Change(ends_on=clock.today() + timedelta(days=340)))
    await record_notice(
        here.who.officer,
        here.contract,
        Recorded(NoticeKind.PUBLISHED, clock.today(), "https://zfcg.czt.zj.gov.cn/site/detail?id=1"),
    )
    broken = await buying.signed_contract(here.organization, here.who)
    cure_by = clock.today() + timedelta(days=15)
    notice = Proposal(
        Ground.BREACH, "连续三次无正当理由拒绝接单，经催告仍未派出讲师。", cure_by, Fault.PROVIDER, 30_000
    )
    await terminations.propose_termination(here.who.officer, broken, notice)
    ended = await buying.signed_contract(here.organization, here.who)
    await buying.delivered_orders(ended, here.codes[:1])
    end = await terminations.propose_termination(here.who.officer, ended, Proposal(Ground.AGREEMENT, "服务计划调整"))
    await terminations.agree(here.who.provider, end)
    await terminations.decide(here.who.approver, end)
    names = {row["id"]: row["reference"] for row in await database.fetch("SELECT id, reference FROM contract")}
    people = (here.who.officer.actor, here.who.provider.actor, here.who.approver.actor)
    return Contracts(*people, names[here.contract], names[broken], names[ended])


@pytest.fixture(scope="module")
def made(site: Site) -> Contracts:
    """Fill the site's database once."""
    return site.run(contracts)


@pytest.mark.parametrize("role", ["", "officer", "provider", "approver"])
def test_pages_are_sound_in_both_languages_and_widths(
    browser_page: Page, site: Site, made: Contracts, role: str
) -> None:
    here, ended, broken = (f"/contracts/{one}" for one in (made.amended, made.ended, made.broken))
    pages = {
        "": [here, f"{here}/amendments/1", f"{here}/check?sha256=12345678", f"{ended}/termination"],
        "officer": [f"{here}/amendments", f"{here}/notices", f"{broken}/termination", broken],
        "provider": [f"{here}/amendments/2"],
        "approver": [f"{here}/amendments/2", f"{broken}/termination"],
    }
    if role:
        site.sign_in(browser_page, getattr(made, role))
    for path in pages[role]:
        look_at(browser_page, path)


def test_the_second_person_approves_without_javascript_on_a_phone(
    browser_page: Page, site: Site, made: Contracts
) -> None:
    window = site.window(browser_page.context.browser, {"width": 360, "height": 740}, made.approver, script=False)  # type: ignore[arg-type]
    window.goto(f"/contracts/{made.amended}/amendments/2")
    window.get_by_role("button", name="批准", exact=True).click()
    assert "补充协议已生效" in window.inner_text("body")
    window.context.close()
