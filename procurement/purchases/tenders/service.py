"""Recording a tender step by step; each is judged by the law of its day before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.attachments.service import StoredFile, attach
from app.core import audit, calendar, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.blocks import Block, LawRefusal, require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, Pot, release, reserve
from procurement.purchases import service as purchases
from procurement.purchases.approvals.chain import take_steps
from procurement.purchases.approvals.rules import AUTHORITY
from procurement.purchases.guards import Money, money_blocks, offer_blocks
from procurement.purchases.rules import HOLDS_RESERVATION, PurchaseStatus
from procurement.purchases.service import PurchaseDecision
from procurement.purchases.tenders import rules
from procurement.purchases.tenders.facts import (
    FACTS,
    OVERLAY,
    IntentFacts,
    MethodFacts,
    Step,
    StepKind,
    TenderFile,
    read_facts,
)
from procurement.purchases.tenders.figures import figures_on
from procurement.purchases.tenders.rules import EVENTS, judge
from procurement.separation import OnePerson


class AwardDiffers(LawRefusal):
    """Everybody on the approval chain decides about the same supplier at the same price."""

    code, status = "award_differs", 409
    source = AUTHORITY
    reason = N_("前一位审批人同意的是另一家供应商或另一个价格。")
    compared, remedy = N_("结果不同"), N_("请按同一结果填写，或终止后重新办理。")


class StepAhead(DomainError):
    """What has not happened yet is not recorded."""

    code, status, message = "step_ahead", 422, N_("不能登记还没有发生的步骤。请核对时间。")


class StepOutOfOrder(DomainError):
    """Steps are recorded in the order in which they happened."""

    code, status, message = "step_out_of_order", 422, N_("这一步的时间早于已经登记的步骤。请核对时间。")


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
        await _write(principal, purchase_id, step)
        return purchase_id


async def record_step(principal: Principal, purchase_id: int, step: Step, copy: StoredFile | None = None) -> bool:
    """Record what happened next; refuse it if the law of its day has something against it.

    Return whether it is recorded: an award above the figure for one approver takes each one's word on the same
    supplier and price first, and stands with the last.
    """
    permission = Permission.PURCHASE_APPROVE if step.kind is StepKind.AWARD else Permission.PURCHASE_REQUEST
    scope = principal.scope(permission)
    if step.at > clock.now():
        raise StepAhead
    async with transaction():
        row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
        scope.require_place(row["place_code"])
        status = None if step.kind in OVERLAY else purchases.after(row, EVENTS[step.kind])
        if step.kind in (StepKind.REVIEW_REQUIREMENT, StepKind.AWARD) and row["requested_by"] == principal.actor:
            raise OnePerson
        if step.kind is StepKind.SET_METHOD:
            step = await _with_others(row, step)
        require(await blocks_of(row, step))
        if step.kind is StepKind.AWARD and not await _award(principal, row, step):
            return False
        step_id = await _write(principal, purchase_id, step)
        if copy is not None:
            await attach(principal, copy, "purchase_step", step_id)
        await _take_effect(principal, row, step)
        if status is not None:
            await purchases.move(principal, {purchase_id: status})
        return True


async def blocks_of(row: Row, step: Step) -> list[Block]:
    """Name what the law of the step's day has against it, for a page that asks beforehand too."""
    figures = await figures_on([rules.day_of(step)], row["place_code"])
    days = await calendar.load_calendar()
    return judge(step, await file_of(row["id"]), figures[rules.day_of(step)], days)


async def file_of(purchase_id: int) -> TenderFile:
    """Return a purchase's steps in their order."""
    rows = await database.fetch(
        """SELECT kind, happened_at, number, url, sha256, detail::text AS detail FROM purchase_step
           WHERE purchase_id = $1 ORDER BY id""",
        purchase_id,
    )
    return TenderFile(tuple(_step(row) for row in rows))


def _step(row: Row) -> Step:
    kind = StepKind(row["kind"])
    facts = read_facts(kind, row["detail"])
    return Step(kind, row["happened_at"], facts, row["number"], row["url"], row["sha256"])


async def _take_effect(principal: Principal, row: Row, step: Step) -> None:
    source, line = MoneySource("purchase", row["id"]), row["budget_line_id"]
    if step.kind is StepKind.RESERVE:
        await post_movements(principal, [reserve(line, row["amount_fen"], source)])
    elif step.kind is StepKind.TERMINATE:
        await database.update_row("purchase", row["id"], {"refusal_reason": step.facts.reason_zh.strip()})
        if PurchaseStatus(row["status"]) in HOLDS_RESERVATION:
            await purchases.release_reservations(principal, [row])


async def _award(principal: Principal, row: Row, step: Step) -> bool:
    """Take one step of the approval chain about the chosen supplier; return whether it was the last.

    The first step takes the supplier's listed product at its price, and what the ceiling held too much is free
    again; whoever comes after decides about the same.
    """
    chosen = await _chosen(row, step)
    if row["organization_id"] is None:
        await database.update_row("purchase", row["id"], chosen)
        if rest := row["amount_fen"] - chosen["amount_fen"]:
            source = MoneySource("purchase_award", row["id"])
            await post_movements(principal, [release(row["budget_line_id"], rest, source, Pot.RESERVED)])
    elif any(row[name] != chosen[name] for name in ("organization_id", "unit_price_fen")):
        raise AwardDiffers
    awarded = (await purchases.lock_purchases([row["id"]]))[row["id"]]
    require(offer_blocks(purchases.offer_of(awarded), clock.today()))
    if not await take_steps(principal, [PurchaseDecision(row["id"], approve=True, minutes=step.number)]):
        return False
    await database.update_row("purchase", row["id"], {"approved_by": principal.actor, "approved_at": step.at})
    return True


async def _chosen(row: Row, step: Step) -> Row:
    """Return what an award writes into the purchase: the supplier of the rank, its listed product, its price."""
    file = await file_of(row["id"])
    evaluation = file.of(StepKind.EVALUATE)
    uscc = evaluation.facts.ranking.split()[step.facts.rank - 1] if evaluation else ""
    found = await database.fetch_one(_SUPPLIER, uscc, step.facts.product)
    fields = {}
    if found is None:
        fields["product"] = Message(
            N_("第%(rank)s名没有这样的上架产品。请核对产品编号，或先请其登记、上架。"), {"rank": step.facts.rank}
        )
    if step.facts.unit_price_fen > row["unit_price_fen"]:
        fields["unit_price_fen"] = Message(N_("成交单价不能超过预算单价。"))
    if fields or found is None:
        raise InvalidInput(fields)
    price = step.facts.unit_price_fen
    return {
        "organization_id": found["organization_id"],
        "product_id": found["product_id"],
        "product_version": found["version"],
        "unit_price_fen": price,
        "amount_fen": row["quantity"] * price,
    }


async def _with_others(row: Row, step: Step) -> Step:
    """Write into the step what else was bought of the same item this year without an open tender."""
    facts: MethodFacts = step.facts
    file = await file_of(row["id"])
    intent = file.of(StepKind.INTENT)
    category = intent.facts.category.value if intent else ""
    others = await database.fetch_value(_OTHERS, row["budget_line_id"], category, row["id"])
    return Step(
        step.kind, step.at, msgspec.structs.replace(facts, others_fen=int(others)), step.number, step.url, step.sha256
    )


async def _write(principal: Principal, purchase_id: int, step: Step) -> int:
    if not isinstance(step.facts, FACTS[step.kind]):
        raise TypeError(f"{step.kind} is recorded with other facts")
    refusals: dict[str, type[DomainError]] = {
        "purchase_step_second_person": OnePerson,
        "purchase_step_in_order": StepOutOfOrder,
        "purchase_step_not_ahead": StepAhead,
    }
    values: Sequence[Any] = (
        purchase_id, step.kind.value, step.at, step.number, step.url, step.sha256,
        msgspec.json.encode(step.facts).decode(), principal.actor, clock.now(),
    )  # fmt: skip
    async with database.refusing(refusals):
        step_id: int = await database.fetch_value(_INSERT, *values)
    await audit.record(principal, f"purchase_step.{step.kind.value}", "purchase", purchase_id, step=step_id)
    return step_id


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
_SUPPLIER = """
SELECT o.id AS organization_id, product.id AS product_id, product.listed_version AS version
FROM organization o JOIN product ON product.organization_id = o.id
WHERE o.uscc = $1 AND product.reference = $2 AND product.status = 'listed'
"""
# Call-offs are left out: an open framework is a method of its own, with its competition behind it.
_OTHERS = """
SELECT coalesce(sum(p.amount_fen), 0) FROM purchase p LEFT JOIN product ON product.id = p.product_id
LEFT JOIN purchase_step intent ON intent.purchase_id = p.id AND intent.kind = 'intent'
LEFT JOIN purchase_step method ON method.purchase_id = p.id AND method.kind = 'set_method'
WHERE p.budget_line_id = $1 AND p.id <> $3 AND p.method <> 'call_off'
  AND coalesce(product.category, intent.detail ->> 'category') = $2
  AND p.status NOT IN ('refused', 'cancelled', 'terminated')
  AND coalesce(method.detail ->> 'procedure', '') <> 'open_tender'
  AND coalesce(method.detail ->> 'approval_number', '') = ''
"""
_INSERT = """
INSERT INTO purchase_step (purchase_id, kind, happened_at, number, url, sha256, detail, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9) RETURNING id
"""
