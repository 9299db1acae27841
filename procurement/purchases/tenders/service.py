"""Recording a tender step by step; each is judged by the law of its day before it is written."""

from dataclasses import dataclass

import msgspec

from app.attachments.service import StoredFile, attach
from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.blocks import require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, Pot, release, reserve
from procurement.purchases import service as purchases
from procurement.purchases.challenges import is_held
from procurement.purchases.guards import Money, money_blocks
from procurement.purchases.rules import HOLDS_RESERVATION, UNDER_CONTRACT, PurchaseStatus
from procurement.purchases.tenders.awards.service import record_award, reserved
from procurement.purchases.tenders.challenges.service import MOVES_HOLD, placed, tell
from procurement.purchases.tenders.facts import OVERLAY, IntentFacts, Step, StepKind
from procurement.purchases.tenders.files import StepAhead, blocks_of, write_step
from procurement.purchases.tenders.methods.queries import completed
from procurement.purchases.tenders.rules import EVENTS
from procurement.separation import OnePerson


class ContractEndsItself(DomainError):
    """A signed contract ends by its own rules; the procedure behind it is over."""

    code, status = "contract_ends_itself", 409
    message = N_("合同已经签订，不能终止采购。需要提前结束的，请在合同页办理解除。")


@dataclass(frozen=True, slots=True)
class NewTender:
    """What is wanted, for whom, from which line, at most at which price per unit."""

    budget_line_id: int
    place_code: str
    quantity: int
    ceiling_fen: int
    purpose_zh: str


async def open_tender(principal: Principal, wanted: NewTender, intent: Step) -> int:
    """Begin a tender with its published intention; no money is reserved yet."""
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    scope.require_place(wanted.place_code)
    _refuse_incomplete(wanted)
    async with transaction():
        line = await database.fetch_one(_LINE, wanted.budget_line_id)
        if line is None:
            raise NotFound
        require(money_blocks(Money(line["programme"], line["place"], line["year"]), wanted.place_code, clock.today()))
        purchase_id = await database.insert_row(
            "purchase",
            {
                "method": "tender",
                "status": PurchaseStatus.INTENT.value,
                "budget_line_id": wanted.budget_line_id,
                "place_id": await database.fetch_value("SELECT id FROM place WHERE code = $1", wanted.place_code),
                "purpose_zh": wanted.purpose_zh.strip(),
                "quantity": wanted.quantity,
                "unit_price_fen": wanted.ceiling_fen,
                "amount_fen": wanted.quantity * wanted.ceiling_fen,
                "requested_by": principal.actor,
                "requested_at": clock.now(),
            },
        )
        facts: IntentFacts = msgspec.structs.replace(intent.facts, budget_fen=wanted.quantity * wanted.ceiling_fen)
        step = Step(StepKind.INTENT, intent.at, facts, intent.number, intent.url)
        await write_step(principal, purchase_id, step)
        return purchase_id


async def record_step(principal: Principal, purchase_id: int, step: Step, copy: StoredFile | None = None) -> bool:
    """Record what happened next; refuse it if the law of its day has something against it.

    Return whether it is recorded: an award above the figure for one approver waits for the others' word, and stands
    with the last.
    """
    permission = Permission.PURCHASE_APPROVE if step.kind is StepKind.AWARD else Permission.PURCHASE_REQUEST
    scope = principal.scope(permission)
    if step.at > clock.now():
        raise StepAhead
    async with transaction():
        row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
        scope.require_place(row["place_code"])
        status = None if step.kind in OVERLAY else purchases.after(row, EVENTS[step.kind])
        if step.kind is StepKind.TERMINATE and PurchaseStatus(row["status"]) in UNDER_CONTRACT:
            raise ContractEndsItself
        if step.kind in (StepKind.REVIEW_REQUIREMENT, StepKind.AWARD) and row["requested_by"] == principal.actor:
            raise OnePerson
        if step.kind is StepKind.SET_METHOD:
            step = await completed(row, step)
        elif step.kind in OVERLAY:
            step = await placed(row, step)
        require(await blocks_of(row, step))
        if step.kind is StepKind.AWARD:
            return await record_award(principal, row, step)
        was_held = await is_held(purchase_id)
        step_id = await write_step(principal, purchase_id, step)
        if copy is not None:
            await attach(principal, copy, "purchase_step", step_id)
        await _take_effect(principal, row, step)
        if status is not None:
            await purchases.move(principal, {purchase_id: status})
        if step.kind in MOVES_HOLD:
            await tell(row, was_held)
        return True


async def _take_effect(principal: Principal, row: Row, step: Step) -> None:
    source, line = MoneySource("purchase", row["id"]), row["budget_line_id"]
    if step.kind is StepKind.RESERVE:
        await post_movements(principal, [reserve(line, row["amount_fen"], source)])
    elif step.kind is StepKind.REOPEN:
        undecided = {"status": PurchaseStatus.EVALUATED.value, "approved_by": None, "approved_at": None}
        await database.update_row("purchase", row["id"], undecided)
    elif step.kind is StepKind.TERMINATE:
        await database.update_row("purchase", row["id"], {"refusal_reason": step.facts.reason_zh.strip()})
        if PurchaseStatus(row["status"]) in HOLDS_RESERVATION:
            await post_movements(principal, [release(line, await reserved(row["id"]), source, Pot.RESERVED)])


def _refuse_incomplete(wanted: NewTender) -> None:
    fields = {}
    if wanted.quantity < 1:
        fields["quantity"] = Message(N_("数量至少为1。"))
    if wanted.ceiling_fen < 1:
        fields["ceiling_fen"] = Message(N_("请填写预算单价。"))
    if not wanted.purpose_zh.strip():
        fields["purpose_zh"] = Message(N_("请写明用途。"))
    if fields:
        raise InvalidInput(fields)


_LINE = """
SELECT p.code AS programme, l.year, place.code AS place FROM budget_line l JOIN programme p ON p.id = l.programme_id
JOIN place ON place.id = l.place_id WHERE l.id = $1
"""
