"""Several people at once: one step is taken once, and a cut of the budget never takes what a purchase holds."""

import asyncio

from app.core import database
from app.core.access import Role
from app.core.errors import TransitionRefused
from procurement.budgets import service as budgets
from procurement.budgets.movements import CutExceedsBound
from procurement.purchases.approvals import queries
from procurement.purchases.approvals.rules import Level, StepMoved
from procurement.purchases.service import PurchaseDecision, PurchaseRequest, decide_purchases, request_purchases
from tests.conftest import rounds
from tests.procurement import approving, buying
from tests.procurement.approving import MIDDLE, SMALL
from tests.procurement.purchases.approvals.test_chain import approve


async def test_of_two_who_approve_one_purchase_at_once_exactly_one_takes_the_step(db: None) -> None:
    here = await approving.desk()
    rival = await buying.person_as(Role.APPROVER)
    await approving.hold(here, rival, Level.SECTION)
    await approving.hold(here, rival, Level.DIVISION)
    for number in range(rounds(4, 100)):
        quantity = (SMALL, MIDDLE)[number % 2]
        purchase_id = await approving.asked(here, quantity)
        outcomes = await asyncio.gather(
            approve(here.section, purchase_id, step=1), approve(rival, purchase_id, step=1), return_exceptions=True
        )
        refused = [one for one in outcomes if one is not None]
        assert len(refused) == 1
        assert isinstance(refused[0], StepMoved | TransitionRefused), refused
        assert len(await queries.steps_of(purchase_id, waiting=False)) == 1


async def test_a_decision_against_a_budget_cut_is_exact(db: None) -> None:
    """What a refusal frees may be cut, what an approval keeps may not: whoever comes first, the line bears it."""
    here = await approving.desk()
    officer, second = here.officer, here.second
    for number, place in enumerate(await buying.villages(rounds(4, 100))):
        line_id = await buying.budget_line(10 * approving.RATE, place["code"])
        request = PurchaseRequest(here.admission_id, line_id, place["code"], 10, "村社普法讲座")
        [purchase_id] = await request_purchases(here.buyers.officer, [request])
        [cut] = await budgets.propose_appropriations(officer, [budgets.Proposal(line_id, -approving.RATE, "调减")])
        word = PurchaseDecision(purchase_id, approve=number % 2 == 0, reason="超出计划")
        decided, refused = await asyncio.gather(
            decide_purchases(here.section, [word]),
            budgets.decide_appropriations(second, [budgets.Decision(cut, approve=True)]),
            return_exceptions=True,
        )
        assert decided is None
        line = await database.fetch_one("SELECT approved_fen, reserved_fen FROM budget_line WHERE id = $1", line_id)
        assert line is not None
        assert line["reserved_fen"] == (10 * approving.RATE if word.approve else 0)
        if word.approve:
            assert isinstance(refused, CutExceedsBound)
        assert line["approved_fen"] == (10 if isinstance(refused, CutExceedsBound) else 9) * approving.RATE
