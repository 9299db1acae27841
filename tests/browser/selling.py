"""The world of the moment that sells buying: a firm, a framework, a contract over four lectures for one town."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.calendar import load_calendar
from marketplace.organizations.provision import EVIDENCE, QualificationKind
from marketplace.organizations.qualifications import service as papers
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.rules import OrganizationKind
from marketplace.products.capacity.rules import Statement
from marketplace.products.capacity.service import state_capacity
from marketplace.products.review import service as review
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision
from procurement import law
from procurement.claims.accrual import accrue
from procurement.contracts import service as contracts
from procurement.contracts.service import ContractOffer
from procurement.deliveries import service as orders
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.scheduling.service import schedule_orders
from procurement.deliveries.service import NewOrder
from procurement.frameworks import service as frameworks
from procurement.payments.nudges.rules import allowed_from
from procurement.payments.rules import PaymentTerms
from procurement.purchases.service import PurchaseDecision, PurchaseRequest, decide_purchases, request_purchases
from tests import world
from tests.procurement import buying
from tests.procurement.payments.contracts import Deal, bank_account

TOWN, COUNTY = "330127101", "330127"
LASTS = 40  # days that the firm's licence is still valid


@dataclass
class Stage:
    """Everybody in the moment."""

    firm: world.Organization
    ends: date
    who: buying.People
    acceptor: Principal
    villages: list[str]
    clerks: list[Principal]
    product: str = ""
    deal: Deal | None = None
    orders: list[int] = field(default_factory=list)


async def stage() -> Stage:
    """Found a firm whose licence ends soon, and appoint the officers of a county."""
    ends = clock.today() + timedelta(days=LASTS)
    firm, stated = await world.applied_organization(OrganizationKind.LAW_FIRM, COUNTY, papers=EVIDENCE)
    licence = world.statement(QualificationKind.LAW_PRACTICE, ends)
    stated += await papers.state_qualifications(firm.member, [(firm.public_id, licence)])
    officer = await world.reviewer()
    await papers.decide_qualifications(officer, [PaperDecision(paper, genuine=True) for paper in stated])
    await world.verify(firm, officer)
    await bank_account(firm.id)
    villages = [row["code"] for row in await buying.villages(4, TOWN)]
    clerks = [await buying.person_as(Role.VILLAGE_CLERK, code) for code in villages]
    people = await buying.people(firm.id, COUNTY)
    acceptor = await buying.person_as(Role.ACCEPTOR, TOWN)
    return Stage(firm, ends, people, acceptor, villages, clerks)


async def listed_and_bought(here: Stage) -> None:
    """Have the submitted product listed, admitted, bought four times at ¥600 with 30 % in advance, the advance paid."""
    row = await database.fetch_one(
        "SELECT id, reference, latest_version FROM product WHERE organization_id = $1", here.firm.id
    )
    assert row is not None
    here.product = row["reference"]
    by = await world.reviewer()
    await review.begin_review(by, [here.product])
    decision = ProductDecision(here.product, row["latest_version"], Verdict.LIST, world.REASONS)
    await review.decide_products(by, [decision])
    framework = await buying.framework(rate_fen=60_000)
    admission = await buying.admission(framework, here.firm.id, row["id"])
    await buying.admission(framework, await buying.organization())
    await frameworks.bring_into_force(await buying.person_as(Role.PROCUREMENT_OFFICER), framework)
    line = await buying.budget_line(1_000_000, COUNTY)
    request = PurchaseRequest(admission, line, COUNTY, 4, "农民工讨薪讲堂")
    [purchase] = await request_purchases(here.who.officer, [request])
    await decide_purchases(here.who.approver, [PurchaseDecision(purchase, approve=True)])
    offer = ContractOffer(purchase, clock.today(), clock.today() + timedelta(days=300), PaymentTerms(30))
    [contract] = await contracts.offer_contracts(here.who.officer, [offer])
    await contracts.sign_contracts(here.who.provider, [contract])
    reference = await database.fetch_value("SELECT reference FROM contract WHERE id = $1", contract)
    roles = (Role.CLAIMS_OFFICER, Role.SETTLEMENT_CLERK, Role.SETTLEMENT_APPROVER, Role.CASHIER)
    payers = [await buying.person_as(role) for role in roles]
    here.deal = Deal(contract, reference, here.firm.id, here.who, *payers, [], COUNTY)
    await accrue(clock.now())
    await here.deal.approve()
    assert await here.deal.pay() == 72_000


async def three_villages_order(here: Stage, month: date) -> None:
    """State three lectures for the month, and have three villages order them."""
    assert here.deal is not None
    await buying.station(COUNTY)
    await buying.quota(here.villages, 8, month.year)
    await state_capacity(here.who.provider, here.product, Statement(month, 3))
    for clerk, code, days in zip(here.clerks[:3], here.villages[:3], (8, 9, 10), strict=True):
        start = clock.at_local(month + timedelta(days=days), buying.time(9, 30))
        here.orders += await orders.place_orders(clerk, [NewOrder(here.deal.contract, code, start)])


async def first_lecture_is_held(here: Stage) -> tuple[str, int]:
    """Have the first order held two days ago, or as long ago as a nudge needs, and proven; return it and the days.

    How people are sent is shown elsewhere.
    """
    first = here.orders[0]
    await orders.answer_orders(here.who.provider, [OrderAnswer(order, take=True) for order in here.orders])
    await schedule_orders()
    days = await _days_until_nudged()
    held = clock.at_local(clock.today() - timedelta(days=days), time(10))
    year = clock.local(held).year
    await buying.quota(here.villages[:1], 8, year)
    await database.execute(
        "UPDATE village_order o SET status = 'delivered', wished_start = $2, year = q.year, quota_id = q.id"
        " FROM village_quota q WHERE o.id = $1 AND q.place_id = o.place_id AND q.year = $3",
        first,
        held,
        year,
    )
    await buying.proven([first])
    return str(await database.fetch_value("SELECT reference FROM village_order WHERE id = $1", first)), days


async def _days_until_nudged() -> int:
    today, days = clock.today(), await load_calendar()
    wait = await law.figure(law.NUDGE_AFTER, today)
    return next(n for n in range(2, 30) if allowed_from(days, today - timedelta(days=n), wait) <= today)
