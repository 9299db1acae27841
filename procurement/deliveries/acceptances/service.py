"""Accepting deliveries: by somebody who neither handled nor approved nor delivered them (采购法 §61, 条例 §45)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from procurement.deliveries import rules
from procurement.deliveries.rules import Finding, OrderEvent, OrderStatus
from procurement.deliveries.service import lock_orders, record
from procurement.payments.ending import release_rests
from procurement.purchases import service as purchases
from procurement.purchases.rules import PurchaseEvent, PurchaseStatus

FACT = "order_accepted"
_HANDLERS = ("requested_by", "approved_by", "signed_by_buyer", "signed_by_provider", "placed_by", "answered_by")


class AcceptorInvolved(DomainError):
    """采购法 §61: who handles or approves a purchase does not accept it as well."""

    code, status = "acceptor_involved", 409
    message = N_(
        "你经办、审批、点单或提供了这项服务（%(reference)s），不能验收。"
        "依据：政府采购法第61条、实施条例第45条。请由其他验收人员验收。"
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """An acceptor's finding about one order."""

    order_id: int
    finding: Finding


async def accept_deliveries(principal: Principal, verdicts: Sequence[Verdict]) -> Counter[str]:
    """Accept or refuse delivered orders, all or none; return how many ended in which state.

    Each accepted order is announced as the fact ``order_accepted``, from which its payment is claimed; a
    contract whose last unit is accepted takes its purchase along.
    """
    scope = principal.scope(Permission.DELIVERY_ACCEPT)
    _refuse_incomplete(verdicts)
    now = clock.now()
    async with transaction():
        rows = await lock_orders([verdict.order_id for verdict in verdicts])
        outcomes = {}
        for verdict in verdicts:
            row = rows[verdict.order_id]
            scope.require_place(row["place_code"])
            event = OrderEvent.ACCEPT if verdict.finding.accepted else OrderEvent.REFUSE
            outcomes[row["id"]] = advance(rules.TRANSITIONS, OrderStatus(row["status"]), event)
            if principal.actor in [row[name] for name in _HANDLERS]:
                raise AcceptorInvolved(reference=row["reference"])
        await _write(principal.actor, verdicts, outcomes, now)
        await record(principal, outcomes)
        await _conclude_full(principal, list(rows.values()))
        return Counter(status.value for status in outcomes.values())


async def conclude_purchases(principal: Principal, now: datetime) -> dict[str, int]:
    """End contracts whose term is over with nothing open, and note purchases whose accepted units are all paid.

    What was committed for units that nobody ordered or that were refused is free again.
    """
    async with transaction():
        ended = await _move(principal, await _ids(_ENDED, clock.local(now).date()), PurchaseEvent.ACCEPT)
        await release_rests(principal, [row["id"] for row in ended], now)
        paid = await _move(principal, await _ids(_PAID), PurchaseEvent.PAY)
        return {"ended": len(ended), "paid": len(paid)}


def _refuse_incomplete(verdicts: Sequence[Verdict]) -> None:
    if not verdicts:
        raise NotFound
    for verdict in verdicts:
        fields: dict[str, Message] = rules.finding_faults(verdict.finding)
        if fields:
            raise InvalidInput(fields)


async def _write(actor: int, verdicts: Sequence[Verdict], outcomes: dict[int, OrderStatus], now: datetime) -> None:
    rows = [
        (verdict.order_id, outcomes[verdict.order_id].value, found.people_reached, found.rating, found.opinion.strip())
        for verdict in verdicts
        for found in [verdict.finding]
    ]
    turned = database.columns(rows, 5)
    async with database.refusing({"acceptance_separate_person": AcceptorInvolved}, reference=""):
        await database.execute(_ACCEPT, *turned, actor, now)
    await database.execute(
        """UPDATE village_order SET status = d.status FROM unnest($1::bigint[], $2::text[]) AS d (id, status)
           WHERE village_order.id = d.id""",
        turned[0],
        turned[1],
    )
    accepted = [order_id for order_id, status in outcomes.items() if status is OrderStatus.ACCEPTED]
    await database.execute(
        "INSERT INTO fact (topic, subject_id, occurred_at) SELECT $1, id, $3 FROM unnest($2::bigint[]) AS d (id)",
        FACT,
        accepted,
        now,
    )


async def _conclude_full(principal: Principal, orders: Sequence[Row]) -> None:
    full = await _ids(_FULL, [row["purchase_id"] for row in orders])
    await _move(principal, full, PurchaseEvent.ACCEPT)


async def _ids(query: str, *values: object) -> list[int]:
    return [row["id"] for row in await database.fetch(query, *values)]


async def _move(principal: Principal, purchase_ids: Sequence[int], event: PurchaseEvent) -> list[Row]:
    """Lock purchases, move them, and return them."""
    if not purchase_ids:
        return []
    locked = await purchases.lock_purchases(purchase_ids)
    moved: dict[int, PurchaseStatus] = {row["id"]: purchases.after(row, event) for row in locked.values()}
    await purchases.move(principal, moved)
    return list(locked.values())


_ACCEPT = """
INSERT INTO acceptance (village_order_id, verdict, people_reached, rating, opinion, acceptor_id, accepted_at)
SELECT d.id, d.verdict, d.people, d.rating, d.opinion, $6, $7
FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::integer[], $5::text[])
     AS d (id, verdict, people, rating, opinion)
"""
_FULL = """
SELECT p.id FROM purchase p JOIN contract c ON c.purchase_id = p.id
WHERE p.id = ANY($1) AND p.status = 'delivering' AND c.accepted = c.quantity
"""
# Locked in id order: another run of the job waits, and then finds nothing left to do.
_ENDED = """
SELECT p.id FROM purchase p JOIN contract c ON c.purchase_id = p.id
WHERE p.status IN ('contracted', 'delivering') AND c.ends_on < $1 AND NOT EXISTS (
    SELECT 1 FROM village_order o
    WHERE o.contract_id = c.id AND o.status IN ('placed', 'taken', 'scheduled', 'delivered'))
ORDER BY p.id FOR NO KEY UPDATE OF p
"""
_PAID = """
SELECT p.id FROM purchase p JOIN contract c ON c.purchase_id = p.id
WHERE p.status = 'accepted' AND c.accepted = (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id)
  AND NOT EXISTS (SELECT FROM claim WHERE claim.contract_id = c.id AND claim.status NOT IN ('paid', 'rejected'))
  AND (unearned_advance(c.id) = 0 OR EXISTS (SELECT FROM advance_return r WHERE r.contract_id = c.id))
ORDER BY p.id FOR NO KEY UPDATE OF p
"""
