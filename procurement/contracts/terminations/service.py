"""Ending a contract early, at either side's proposal: what is not yet arranged is cancelled, the rest judged and paid.

The rest of the money is freed when nothing of the contract is open any more, in the same lock order as an
acceptance, so that a unit is either counted before or still to be judged, and never both paid and freed.
"""

from datetime import datetime
from typing import Any

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement import law
from procurement.blocks import require
from procurement.contracts.standing import is_performed, locked_contract
from procurement.contracts.terminations import rules
from procurement.contracts.terminations.rules import Ground, Proposal, Side, TerminationEvent, TerminationStatus
from procurement.payments.ending import release_rests
from procurement.purchases import service as purchases
from procurement.purchases.rules import PurchaseEvent
from procurement.separation import OnePerson

CANCELLED = N_("合同已解除，点单取消，名额已退回。")
_ANSWERED_AS = {Side.PROVIDER: ("signed_by_provider", "agreed_at"), Side.BUYER: ("answered_by_buyer", "answered_at")}
_PROPOSED = {
    Side.BUYER: N_("采购人提出解除合同%(reference)s，请查看理由。"),
    Side.PROVIDER: N_("服务机构提出解除合同%(reference)s，请答复。"),
}
_AGREED = {
    Side.PROVIDER: N_("服务机构同意解除合同%(reference)s。"),
    Side.BUYER: N_("采购人同意解除合同%(reference)s，待另一人决定。"),
}
_DECLINED = {
    Side.PROVIDER: N_("服务机构不同意解除合同%(reference)s。"),
    Side.BUYER: N_("采购人不同意解除合同%(reference)s，继续履行。"),
}


class OtherSide(DomainError):
    """Nobody who works for the provider proposes, answers or decides for the buyer, nor the other way round."""

    code, status = "termination_other_side", 409
    message = N_("每一方由自己的人提出、答复和决定：服务机构的人员不能代表采购人，采购人的人员也不能代表服务机构。")


class TerminationOpen(DomainError):
    """The contract's end is being decided already."""

    code, status = "termination_open", 409
    message = N_("这份合同的解除正在办理，或已经解除。")


class NotRevoked(DomainError):
    """Only a recorded decision of the finance department revokes a contract, and the buyer carries it out."""

    code, status = "contract_not_revoked", 409
    message = N_("没有登记财政部门撤销这份合同的处理决定。请先在采购页登记，由采购人办理。")


_REFUSALS: dict[str, type[DomainError]] = {
    "contract_termination_one": TerminationOpen,
    "contract_termination_two_parties": OnePerson,
    "contract_termination_second_person": OnePerson,
    "contract_termination_side": OtherSide,
    "contract_termination_revoked": NotRevoked,
}


async def propose_termination(principal: Principal, contract_id: int, proposal: Proposal) -> int:
    """Propose the early end for one's own side; for a breach this is the notice with the time to cure it."""
    async with transaction():
        contract = await locked_contract(contract_id)
        side = _side(principal, contract)
        fields = rules.proposal_faults(proposal, side, clock.today())
        if fields:
            raise InvalidInput(fields)
        require(rules.proposal_blocks(is_performed(contract)))
        async with database.refusing(_REFUSALS):
            termination_id = await database.insert_row(
                "contract_termination",
                {
                    "contract_id": contract_id,
                    "status": TerminationStatus.PROPOSED.value,
                    "ground": proposal.ground.value,
                    "reason_zh": proposal.reason_zh.strip(),
                    "cure_by": proposal.cure_by,
                    "at_fault": proposal.at_fault.value,
                    "compensation_fen": proposal.compensation_fen,
                    "proposed_for": side.value,
                    "proposed_by": principal.actor,
                    "proposed_at": clock.now(),
                },
            )
        await _record(principal, termination_id, TerminationStatus.PROPOSED)
        told = "signed_by_provider" if side is Side.BUYER else "signed_by_buyer"
        await _tell(contract[told], _PROPOSED[side], contract)
        return termination_id


async def agree(principal: Principal, termination_id: int) -> None:
    """Agree for the side that did not propose; another person of the buyer decides next."""
    async with transaction():
        contract, row = await _locked(termination_id)
        side = _require_side(principal, contract, row, TerminationEvent.AGREE)
        who, when = _ANSWERED_AS[side]
        await _move(principal, row, TerminationEvent.AGREE, {who: principal.actor, when: clock.now()})
        await _tell(row["proposed_by"], _AGREED[side], contract)


async def decline(principal: Principal, termination_id: int, reason: str) -> None:
    """Insist on the contract for the side that did not propose: nobody ends it alone."""
    async with transaction():
        contract, row = await _locked(termination_id)
        side = _require_side(principal, contract, row, TerminationEvent.DECLINE)
        await _end(principal, row, TerminationEvent.DECLINE, reason)
        await _tell(row["proposed_by"], _DECLINED[side], contract)


async def take_back(principal: Principal, termination_id: int, reason: str) -> None:
    """Take a proposal off the table for the side that made it."""
    await _drop(principal, termination_id, TerminationEvent.WITHDRAW, reason)


async def note_cure(principal: Principal, termination_id: int, how: str) -> None:
    """Record, for the side that gave notice of a breach, that it was put right in time, and how."""
    await _drop(principal, termination_id, TerminationEvent.CURE, how)


async def refuse(principal: Principal, termination_id: int, reason: str) -> None:
    """Let the contract go on; decided by another person than who handles it."""
    async with transaction():
        contract, row = await _locked(termination_id)
        principal.scope(Permission.PURCHASE_APPROVE).require_place(contract["place_code"])
        await _end(principal, row, TerminationEvent.REFUSE, reason)
        await _tell(row["proposed_by"], N_("合同%(reference)s不予解除，继续履行。"), contract)


async def decide(principal: Principal, termination_id: int) -> None:
    """End the contract: orders not yet arranged are cancelled, the others go on to their acceptance."""
    now = clock.now()
    async with transaction():
        contract, row = await _locked(termination_id)
        principal.scope(Permission.PURCHASE_APPROVE).require_place(contract["place_code"])
        cure = await law.source(law.CURE, clock.today(), contract["place_code"])
        require(rules.decision_blocks(Ground(row["ground"]), row["cure_by"], cure, clock.today()))
        purchase = (await purchases.lock_purchases([contract["purchase_id"]]))[contract["purchase_id"]]
        ended = purchases.after(purchase, PurchaseEvent.TERMINATE)
        await _cancel_orders(principal, contract["id"])
        await _move(principal, row, TerminationEvent.DECIDE, {"ended_by": principal.actor, "ended_at": now})
        await database.update_row("purchase", purchase["id"], {"refusal_reason": row["reason_zh"]})
        await purchases.move(principal, {purchase["id"]: ended})
        await database.execute(_WITHDRAW_AMENDMENTS, contract["id"], principal.actor, now, CANCELLED)
        await _settle(principal, termination_id, now)
        for account_id in sorted({row["proposed_by"], contract["signed_by_buyer"], contract["signed_by_provider"]}):
            await _tell(account_id, N_("合同%(reference)s已解除。已经完成的服务照常验收、付款。"), contract)


async def settle_terminations(principal: Principal, now: datetime) -> dict[str, int]:
    """Free the rest of each terminated contract of which nothing is open any more."""
    waiting = await database.fetch(
        "SELECT id FROM contract_termination WHERE status = 'in_force' AND settled_at IS NULL ORDER BY id"
    )
    settled = 0
    for row in waiting:
        async with transaction():
            await _locked(row["id"])
            settled += await _settle(principal, row["id"], now)
    return {"settled": settled}


async def _drop(principal: Principal, termination_id: int, event: TerminationEvent, reason: str) -> None:
    async with transaction():
        contract, row = await _locked(termination_id)
        _require_side(principal, contract, row, event)
        await _end(principal, row, event, reason)


def _side(principal: Principal, contract: Row) -> Side:
    """Return for whom a person who signs contracts acts here."""
    scope = principal.scope(Permission.CONTRACT_SIGN)
    if scope.covers_organization(contract["organization_id"]):
        return Side.PROVIDER
    scope.require_place(contract["place_code"])
    return Side.BUYER


def _require_side(principal: Principal, contract: Row, row: Row, event: TerminationEvent) -> Side:
    """Refuse a step that belongs to the other side; return whose it is."""
    side, scope = rules.who_acts(Side(row["proposed_for"]), event), principal.scope(Permission.CONTRACT_SIGN)
    if side is Side.PROVIDER:
        scope.require_organization(contract["organization_id"])
    else:
        scope.require_place(contract["place_code"])
    return side


async def _settle(principal: Principal, termination_id: int, now: datetime) -> bool:
    """Free what no accepted unit will need, if nothing is open; the contract is locked."""
    purchase_id = await database.fetch_value(_SETTLEABLE, termination_id)
    if purchase_id is None:
        return False
    [released] = (await release_rests(principal, [purchase_id], now)).values()
    await database.update_row("contract_termination", termination_id, {"settled_at": now, "released_fen": released})
    await audit.record(principal, "contract_termination.settled", "contract_termination", termination_id)
    return True


async def _cancel_orders(principal: Principal, contract_id: int) -> None:
    """Take back what nobody is sent for yet; quota and units return by the triggers that count them."""
    await database.fetch(_LOCK_QUOTAS, contract_id)
    cancelled = await database.fetch(_CANCEL_ORDERS, contract_id, CANCELLED)
    if not cancelled:
        return
    await audit.record_many(
        principal, [audit.Entry("village_order.cancelled", "village_order", row["id"], {}) for row in cancelled]
    )
    text = N_("点单“%(title)s”已取消：合同解除。名额已退回，可以另选服务。")
    await notify_many(
        [
            Notice(row["placed_by"], text, {"title": row["title"]}, link=f"/orders/{row['reference']}")
            for row in cancelled
        ]
    )


async def _locked(termination_id: int) -> tuple[Row, Row]:
    """Lock purchase and contract, then the termination."""
    contract_id = await database.fetch_value(
        "SELECT contract_id FROM contract_termination WHERE id = $1", termination_id
    )
    if contract_id is None:
        raise NotFound
    contract = await locked_contract(contract_id)
    row = await database.fetch_one("SELECT * FROM contract_termination WHERE id = $1 FOR NO KEY UPDATE", termination_id)
    if row is None:
        raise NotFound
    return contract, row


async def _end(principal: Principal, row: Row, event: TerminationEvent, reason: str) -> None:
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明理由，对方会看到。"))})
    ended = {"ended_by": principal.actor, "ended_at": clock.now(), "end_reason": reason.strip()}
    await _move(principal, row, event, ended)


async def _move(principal: Principal, row: Row, event: TerminationEvent, written: dict[str, Any]) -> None:
    status = rules.after(
        Side(row["proposed_for"]), Ground(row["ground"]), TerminationStatus(row["status"]), event
    )  # fmt: skip
    async with database.refusing(_REFUSALS):
        await database.update_row("contract_termination", row["id"], {"status": status.value, **written})
    await _record(principal, row["id"], status)


async def _record(principal: Principal, termination_id: int, status: TerminationStatus) -> None:
    await audit.record(principal, f"contract_termination.{status.value}", "contract_termination", termination_id)


async def _tell(account_id: int, text: str, contract: Row) -> None:
    link = f"/contracts/{contract['reference']}/termination"
    await notify_many([Notice(account_id, text, {"reference": contract["reference"]}, link=link)])


_LOCK_QUOTAS = """
SELECT q.id FROM village_quota q
WHERE q.id IN (SELECT quota_id FROM village_order WHERE contract_id = $1 AND status IN ('placed', 'taken'))
ORDER BY q.id FOR NO KEY UPDATE
"""
_CANCEL_ORDERS = """
WITH open AS (
    SELECT id FROM village_order WHERE contract_id = $1 AND status IN ('placed', 'taken')
    ORDER BY id FOR NO KEY UPDATE)
UPDATE village_order o SET status = 'cancelled', reason = $2
FROM open, contract c, product_version v
WHERE o.id = open.id AND c.id = o.contract_id AND v.product_id = c.product_id AND v.number = c.product_version
RETURNING o.id, o.reference, o.placed_by, v.title_zh AS title
"""
_WITHDRAW_AMENDMENTS = """
UPDATE contract_amendment SET status = 'withdrawn', ended_by = $2, ended_at = $3, end_reason = $4
WHERE contract_id = $1 AND status IN ('proposed', 'agreed')
"""
_SETTLEABLE = """
SELECT c.purchase_id FROM contract_termination t JOIN contract c ON c.id = t.contract_id
WHERE t.id = $1 AND t.status = 'in_force' AND t.settled_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM village_order o
    WHERE o.contract_id = c.id AND o.status IN ('placed', 'taken', 'scheduled', 'delivered'))
"""
