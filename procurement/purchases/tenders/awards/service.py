"""Deciding a tender's result: the first approver records it, each one after says yes or no to what they see.

The chain is about one result. Another one begins it anew, so that nobody's word stands under what they did not see;
what the ceiling holds too much is free when the last of them has approved (采购法 §61; 条例 §43).
"""

from dataclasses import dataclass

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement.blocks import require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, Pot, release, reserve
from procurement.purchases import service as purchases
from procurement.purchases.approvals.chain import take_steps
from procurement.purchases.guards import offer_blocks
from procurement.purchases.rules import PurchaseEvent
from procurement.purchases.service import PurchaseDecision
from procurement.purchases.tenders import files
from procurement.purchases.tenders.facts import AwardFacts, Step, StepKind, TenderFile, read_facts
from procurement.separation import OnePerson


class NothingToDecide(DomainError):
    """No result waits for an approver: none is recorded, or the last one was refused."""

    code, status = "no_award_to_decide", 409
    message = N_("现在没有等待审批的结果：还没有登记，或上一个结果未获批准。请先登记结果。")


class AwardMoved(DomainError):
    """Somebody recorded another result than the one that the person had before their eyes."""

    code, status = "award_moved", 409
    message = N_("结果刚刚改过，审批从头开始。请刷新后看新的结果。")


@dataclass(frozen=True, slots=True)
class AwardWord:
    """An approver's word on the result of a round; the round and the step that they saw, if known."""

    approve: bool
    reason: str = ""
    minutes: str = ""
    round: int | None = None
    step: int | None = None


async def record_award(principal: Principal, row: Row, step: Step) -> bool:
    """Take a result for a locked, evaluated purchase, with the recorder's own step; return whether it is decided.

    Who records the very result that waits approves it; another result begins the chain anew.
    """
    waiting = await _waiting(row["id"])
    if waiting is None or waiting["facts"] != step.facts:
        chosen = await _chosen(row, step)
        await _write(principal, row, step, chosen)
    return await _take(principal, row["id"], AwardWord(approve=True, minutes=step.number))


async def decide_award(principal: Principal, purchase_id: int, word: AwardWord) -> bool:
    """Say yes or no to the result that waits; return whether the tender is awarded with it."""
    scope = principal.scope(Permission.PURCHASE_APPROVE)
    if not word.approve and not word.reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明不批准的理由。"))})
    async with transaction():
        row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
        scope.require_place(row["place_code"])
        purchases.after(row, PurchaseEvent.AWARD)
        if row["requested_by"] == principal.actor:
            raise OnePerson
        waiting = await _waiting(purchase_id)
        if waiting is None:
            raise NothingToDecide
        if word.round is not None and word.round != waiting["round"]:
            raise AwardMoved
        return await _take(principal, purchase_id, word)


async def _take(principal: Principal, purchase_id: int, word: AwardWord) -> bool:
    row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
    if word.approve:
        require(offer_blocks(purchases.offer_of(row), clock.today()))
    decision = PurchaseDecision(purchase_id, word.approve, word.reason, word.minutes, word.step)
    ended = await take_steps(principal, [decision])
    if not word.approve:
        await _tell_refusal(principal, row, word.reason.strip())
    if not ended or not word.approve:
        return False
    await _conclude(principal, row)
    return True


async def _conclude(principal: Principal, row: Row) -> None:
    """Award the purchase on the day of the last approver's word, by the law of that day."""
    award = await database.fetch_one(_WAITING, row["id"])
    if award is None:
        raise NothingToDecide
    alone = award["recorded_by"] == principal.actor
    at = award["happened_at"] if alone else max(award["happened_at"], clock.now())
    step = Step(StepKind.AWARD, at, read_facts(StepKind.AWARD, award["detail"]))
    require(await files.blocks_of(row, step))
    await database.update_row("purchase", row["id"], {"approved_by": principal.actor, "approved_at": at})
    await _settle_reservation(principal, row, award["id"])
    await files.write_step(principal, row["id"], step)
    await purchases.move(principal, {row["id"]: purchases.after(row, PurchaseEvent.AWARD)})


async def _settle_reservation(principal: Principal, row: Row, award_id: int) -> None:
    source, line = MoneySource("tender_award", award_id), row["budget_line_id"]
    rest = await reserved(row["id"]) - row["amount_fen"]
    if rest > 0:
        await post_movements(principal, [release(line, rest, source, Pot.RESERVED)])
    elif rest < 0:
        await post_movements(principal, [reserve(line, -rest, source)])


async def reserved(purchase_id: int) -> int:
    """Return what is set aside for a tender: its ceiling until a result is decided, then that result's price."""
    return int(await database.fetch_value(_RESERVED, purchase_id))


async def _write(principal: Principal, row: Row, step: Step, chosen: Row) -> None:
    award_id = await database.fetch_value(
        _INSERT, row["id"], step.at, msgspec.json.encode(step.facts).decode(), *chosen.values(), principal.actor,
        clock.now(),
    )  # fmt: skip
    await database.update_row(
        "purchase", row["id"], {**chosen, "amount_fen": row["quantity"] * step.facts.unit_price_fen}
    )
    await audit.record(principal, "tender_award.recorded", "purchase", row["id"], award=award_id)


async def _waiting(purchase_id: int) -> Row | None:
    """Return the result that approvers decide about, with its facts as their own type."""
    row = await database.fetch_one(_WAITING, purchase_id)
    if row is None:
        return None
    facts: AwardFacts = read_facts(StepKind.AWARD, row["detail"])
    return {**row, "facts": facts}


async def _chosen(row: Row, step: Step) -> Row:
    """Return what a result writes into the purchase: the supplier of the rank, its listed product, its price."""
    file = await files.file_of(row["id"])
    evaluation = file.of(StepKind.EVALUATE)
    uscc = evaluation.facts.ranking.split()[step.facts.rank - 1] if evaluation else ""
    found = await database.fetch_one(_SUPPLIER, uscc, step.facts.product)
    fields = {}
    if found is None:
        fields["product"] = Message(
            N_("第%(rank)s名没有这样的上架产品。请核对产品编号，或先请其登记、上架。"), {"rank": step.facts.rank}
        )
    if step.facts.unit_price_fen > ceiling_fen(file, row["quantity"]):
        fields["unit_price_fen"] = Message(N_("成交单价不能超过预算单价。"))
    if fields or found is None:
        raise InvalidInput(fields)
    return {**found, "unit_price_fen": step.facts.unit_price_fen}


def ceiling_fen(file: TenderFile, quantity: int) -> int:
    """Return the most that a unit may cost: what the published intention says."""
    intent = file.of(StepKind.INTENT)
    return int(intent.facts.budget_fen) // quantity if intent else 0


async def _tell_refusal(principal: Principal, row: Row, reason: str) -> None:
    text = N_("采购%(reference)s的结果未获批准：%(reason)s 请重新登记结果，或终止采购。")
    told = await database.fetch(_INVOLVED, row["id"], principal.actor)
    detail = {"reference": row["reference"], "reason": reason}
    link = f"/buying/tenders/{row['reference']}"
    await notify_many([Notice(one["account_id"], text, detail, link=link) for one in told])


_WAITING = """
SELECT a.id, a.round, a.happened_at, a.detail::text AS detail, a.recorded_by FROM tender_award a
WHERE a.purchase_id = $1 AND a.round = approval_round($1)
  AND NOT EXISTS (SELECT FROM purchase_step s
                  WHERE s.purchase_id = a.purchase_id AND s.kind = 'reopen' AND s.recorded_at >= a.recorded_at)
  AND NOT EXISTS (SELECT FROM purchase_approval p
                  WHERE p.purchase_id = a.purchase_id AND p.round = a.round AND p.verdict = 'refused')
"""
_INSERT = """
INSERT INTO tender_award (purchase_id, round, happened_at, detail, organization_id, product_id, product_version,
                          unit_price_fen, recorded_by, recorded_at)
SELECT $1, 1 + greatest((SELECT max(round) FROM tender_award WHERE purchase_id = $1),
                        (SELECT max(round) FROM purchase_approval WHERE purchase_id = $1), 0),
       $2, $3::text::jsonb, $4, $5, $6, $7, $8, $9 RETURNING id
"""
_RESERVED = """
SELECT coalesce(sum(reserved_fen), 0) FROM budget_movement
WHERE source_type IN ('purchase', 'purchase_award') AND source_id = $1
   OR source_type = 'tender_award' AND source_id IN (SELECT id FROM tender_award WHERE purchase_id = $1)
"""
_SUPPLIER = """
SELECT o.id AS organization_id, product.id AS product_id, product.listed_version AS product_version
FROM organization o JOIN product ON product.organization_id = o.id
WHERE o.uscc = $1 AND product.reference = $2 AND product.status = 'listed'
"""
_INVOLVED = """
SELECT recorded_by AS account_id FROM tender_award WHERE purchase_id = $1 AND round = approval_round($1)
UNION SELECT decided_by FROM purchase_approval WHERE purchase_id = $1 AND round = approval_round($1)
UNION SELECT requested_by FROM purchase WHERE id = $1
EXCEPT SELECT $2::bigint ORDER BY 1
"""
