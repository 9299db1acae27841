"""The purchases of a year that are no call-offs: quotations and tenders, left at every step of their way."""

from datetime import timedelta

from app.core import clock
from procurement.contracts import service as contracts
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.contracts.service import ContractOffer
from procurement.offers.openings.service import unlock
from procurement.purchases.service import PurchaseDecision, decide_purchases
from procurement.purchases.tenders import service as tenders
from procurement.purchases.tenders.facts import Step, StepKind, TerminationFacts
from tests.procurement.offers import bidding
from tests.procurement.offers.bidding import Bidding
from tests.procurement.purchases.tenders.stage import Ground, ground

QUOTATION_STEPS = ("reserved", "sealed", "opened", "compared", "refused", "approved", "ordered", "contracted")
TENDER_STEPS = (StepKind.INTENT, StepKind.RESERVE, StepKind.EVALUATE, StepKind.TERMINATE, StepKind.PUBLISH_RESULT)


async def quotations(count: int) -> None:
    """Ask the same suppliers for quotations again and again, each time a step further."""
    first = await bidding.requested()
    for number in range(count):
        here = first if number == 0 else await bidding.another(first)
        await _quote(here, QUOTATION_STEPS[number % len(QUOTATION_STEPS)], number)


async def tenders_of(count: int) -> None:
    """Record tenders, each up to another step; the last one is under contract."""
    for number in range(count):
        here = await ground(quantity=1_000 + number)
        step = TENDER_STEPS[number % len(TENDER_STEPS)]
        if step is StepKind.TERMINATE:
            await here.record_until(StepKind.OPEN)
            end = Step(StepKind.TERMINATE, clock.now(), TerminationFacts("有效供应商不足"))
            await tenders.record_step(here.who.officer, here.tender, end)
        elif step is not StepKind.INTENT:
            await here.record_until(step)
        if step is StepKind.PUBLISH_RESULT:
            await _sign(here)


async def _quote(here: Bidding, until: str, number: int) -> None:
    steps = QUOTATION_STEPS.index(until)
    if steps >= 1:
        await bidding.invite(here)
        for supplier, price in enumerate(bidding.PRICES):
            await bidding.quote(here, supplier, price - number)
    if steps >= 2:
        await bidding.passed(here)
        for keeper in range(2):
            await unlock(here.keepers[keeper], here.purchase_id, bidding.passphrase(keeper))
    if steps >= 3:
        cheapest = await bidding.proposal(here, 1)
        await bidding.propose_supplier(here.officer, here.purchase_id, cheapest)
    if steps >= 4:
        decision = PurchaseDecision(here.purchase_id, until != "refused", "价格偏高")
        await decide_purchases(here.approver, [decision])
    if steps >= 6:
        offer = ContractOffer(here.purchase_id, clock.today(), clock.today() + timedelta(days=200))
        [contract] = await contracts.offer_contracts(here.officer, [offer])
        if until == "contracted":
            await contracts.sign_contracts(here.suppliers[1].member, [contract])


async def _sign(here: Ground) -> None:
    today = clock.today()
    offer = ContractOffer(here.tender, today, today + timedelta(days=200))
    [contract] = await contracts.offer_contracts(here.who.officer, [offer])
    await contracts.sign_contracts(here.who.provider, [contract])
    published = Recorded(NoticeKind.PUBLISHED, today, "https://zfcg.czt.zj.gov.cn/2", "11NMB1234567")
    await record_notice(here.who.officer, contract, published)
