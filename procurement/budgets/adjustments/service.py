"""Proposing an adjustment between two lines, and deciding it by a second person.

预算法 §72 † keeps adjustments between programmes rare and by the rules of finance: each names its document. Lines are
locked last and in id order, as everywhere, so that two adjustments that cross each other never wait in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.audit import Entry
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.blocks import LawRefusal
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import BUDGET_LAW_18, MoneySource, Movement, appropriate
from procurement.budgets.service import AlreadyDecided
from procurement.separation import OnePersonOnMoney


class AdjustmentAcross(LawRefusal):
    """Money stays in its year and keeps its kind."""

    code, status = "adjustment_across", 409
    source, compared = BUDGET_LAW_18, N_("年度或资金性质不同")
    reason = N_("只能在同一年度、同一资金性质的两条预算行之间调剂。")
    remedy = N_("请改选预算行。")


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    """So much out of one line into another, by a document."""

    from_line_id: int
    to_line_id: int
    amount_fen: int
    document: str


@dataclass(frozen=True, slots=True)
class AdjustmentDecision:
    """A second person's word."""

    public_id: UUID
    approve: bool
    reason: str = ""


async def propose_adjustment(principal: Principal, new: NewAdjustment) -> UUID:
    """Write an adjustment for a second person to decide."""
    scope = principal.scope(Permission.BUDGET_MANAGE)
    _refuse_incomplete(new)
    async with transaction():
        lines = await _lines(scope, {new.from_line_id, new.to_line_id})
        source = lines[new.from_line_id]
        refusals = {"budget_adjustment_to": AdjustmentAcross}
        async with database.refusing(refusals):
            row_id = await database.insert_row(
                "budget_adjustment",
                {
                    "from_line_id": new.from_line_id,
                    "to_line_id": new.to_line_id,
                    "year": source["year"],
                    "fund": source["fund"],
                    "amount_fen": new.amount_fen,
                    "document": new.document.strip(),
                    "status": "proposed",
                    "proposed_by": principal.actor,
                    "proposed_at": clock.now(),
                },
            )
        said = {"from": new.from_line_id, "to": new.to_line_id, "fen": new.amount_fen}
        await audit.record_many(principal, [Entry("budget_adjustment.proposed", "budget_adjustment", row_id, said)])
        public_id: UUID = await database.fetch_value("SELECT public_id FROM budget_adjustment WHERE id = $1", row_id)
    return public_id


async def decide_adjustments(principal: Principal, decisions: Sequence[AdjustmentDecision]) -> None:
    """Approve, which moves both lines at once, or refuse with a reason; the proposer never decides."""
    scope = principal.scope(Permission.BUDGET_APPROVE)
    if any(not decision.approve and not decision.reason.strip() for decision in decisions):
        raise InvalidInput({"reason": Message(N_("请写明退回的理由。"))})
    async with transaction():
        rows = await _locked({decision.public_id for decision in decisions})
        for row in rows.values():
            scope.require_place(row["from_place"])
            scope.require_place(row["to_place"])
            if row["status"] != "proposed":
                raise AlreadyDecided
            if row["proposed_by"] == principal.actor:
                raise OnePersonOnMoney
        await _write(principal.actor, rows, decisions)
        approved = [rows[decision.public_id] for decision in decisions if decision.approve]
        await post_movements(principal, [side for row in approved for side in _sides(row)])
        await audit.record_many(
            principal,
            [
                Entry(f"budget_adjustment.{_status(decision)}", "budget_adjustment", rows[decision.public_id]["id"], {})
                for decision in decisions
            ],
        )


def _refuse_incomplete(new: NewAdjustment) -> None:
    fields = {}
    if new.amount_fen <= 0:
        fields["amount"] = Message(N_("调剂的金额要大于零。"))
    if new.from_line_id == new.to_line_id:
        fields["to_line"] = Message(N_("调出和调入要是两条预算行。"))
    if not new.document.strip():
        fields["document"] = Message(N_("请填写调剂预算的文号。"))
    if fields:
        raise InvalidInput(fields)


def _sides(row: Row) -> tuple[Movement, Movement]:
    source = MoneySource("budget_adjustment", row["id"])
    return (
        appropriate(row["from_line_id"], -row["amount_fen"], source),
        appropriate(row["to_line_id"], row["amount_fen"], source),
    )


def _status(decision: AdjustmentDecision) -> str:
    return "approved" if decision.approve else "refused"


async def _lines(scope: Scope, ids: set[int]) -> dict[int, Row]:
    rows = await database.fetch(
        """SELECT l.id, l.year, l.fund, place.code FROM budget_line l JOIN place ON place.id = l.place_id
           WHERE l.id = ANY($1)""",
        list(ids),
    )
    if len(rows) < len(ids):
        raise NotFound
    for row in rows:
        scope.require_place(row["code"])
    return {row["id"]: row for row in rows}


async def _locked(public_ids: set[UUID]) -> dict[UUID, Row]:
    rows = await database.fetch(
        """SELECT a.*, from_place.code AS from_place, to_place.code AS to_place FROM budget_adjustment a
           JOIN budget_line f ON f.id = a.from_line_id JOIN place from_place ON from_place.id = f.place_id
           JOIN budget_line t ON t.id = a.to_line_id JOIN place to_place ON to_place.id = t.place_id
           WHERE a.public_id = ANY($1) ORDER BY a.id FOR NO KEY UPDATE OF a""",
        list(public_ids),
    )
    if not rows or len(rows) < len(public_ids):
        raise NotFound
    return {row["public_id"]: row for row in rows}


async def _write(actor: int, rows: dict[UUID, Row], decisions: Sequence[AdjustmentDecision]) -> None:
    await database.execute(
        """UPDATE budget_adjustment SET status = d.status, reason = d.reason, decided_by = $4, decided_at = $5
           FROM unnest($1::bigint[], $2::text[], $3::text[]) AS d (id, status, reason)
           WHERE budget_adjustment.id = d.id""",
        [rows[decision.public_id]["id"] for decision in decisions],
        [_status(decision) for decision in decisions],
        [decision.reason.strip() for decision in decisions],
        actor,
        clock.now(),
    )
