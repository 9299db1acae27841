"""Orders that were taken become assignments; confirmed attendance makes them delivered.

An assignment is published in a transaction of its own, in the layer below. So that a crash between the two
leaves neither an order without its assignment nor two assignments for it, each assignment carries its order's
code, unique while it is not cancelled: a second attempt finds it and only links it.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from app.core import clock, database
from app.core.access import Permission, Principal, Scope, system_principal
from app.core.audit import Entry, record_many
from app.core.database import Row, transaction
from app.core.errors import DomainError
from procurement.deliveries import rules
from procurement.deliveries.rules import OrderEvent, OrderStatus
from procurement.deliveries.scheduling.rules import TakenOrder, draft_of
from volunteers.assignments.service import publish_assignments

_PROGRAM = system_principal()


class PublishedMeanwhile(DomainError):
    """Somebody else scheduled one of these orders at the same moment."""

    code = "order_published_meanwhile"


async def schedule_orders(order_ids: Sequence[int] | None = None) -> int:
    """Publish an assignment for each taken order, or those named, and link it; return how many were linked.

    An order whose village has no station, whose time has passed or whose purchase is challenged stays as it is.
    """
    for _ in range(3):
        waiting = await database.fetch(_TAKEN, order_ids, clock.now())
        try:
            await _publish([row for row in waiting if row["existing"] is None])
        except PublishedMeanwhile:
            continue
        break
    return await _link(order_ids)


async def note_deliveries(now: datetime) -> dict[str, int]:
    """Mark what was delivered, and give back what was missed, from confirmed attendance; return how many."""
    async with transaction():
        rows = await database.fetch(_OUTCOMES, now)
        if not rows:
            return {"delivered": 0, "missed": 0}
        # Contracts and quotas before orders: a missed order gives its unit back to both.
        missed = [row for row in rows if row["event"] == OrderEvent.MISS]
        await database.locked("contract", {row["contract_id"] for row in missed})
        await database.locked("village_quota", {row["quota_id"] for row in missed})
        moved = await database.fetch(_MOVE, *database.columns([_outcome(row) for row in rows], 4))
        await record_many(
            _PROGRAM,
            [Entry(f"village_order.{row['status']}", "village_order", row["id"], {}) for row in moved],
        )
        delivered = sum(row["status"] == OrderStatus.DELIVERED for row in moved)
        return {"delivered": delivered, "missed": len(moved) - delivered}


async def _publish(rows: Sequence[Row]) -> None:
    """Publish in the name of the provider's member who took the order."""
    for actor, taken in groupby(rows, key=lambda row: int(row["answered_by"])):
        of_actor = list(taken)
        async with database.refusing({"assignment_of_order": PublishedMeanwhile}):
            await publish_assignments(_publisher(actor, of_actor), [draft_of(_order(row)) for row in of_actor])


def _publisher(actor: int, rows: Sequence[Row]) -> Principal:
    """Return the member who took the orders, with the right to publish at exactly the stations of these orders."""
    stations = Scope(place_codes=tuple(sorted({row["station_code"] for row in rows})))
    return Principal(account_id=actor, kind="system", scopes={Permission.ASSIGNMENT_PUBLISH: stations})


async def _link(order_ids: Sequence[int] | None) -> int:
    async with transaction():
        linked = await database.fetch(_LINK, order_ids)
        if linked:
            await record_many(
                _PROGRAM,
                [
                    Entry("village_order.scheduled", "village_order", row["id"], {"assignment": row["assignment_id"]})
                    for row in linked
                ],
            )
        return len(linked)


def _order(row: Row) -> TakenOrder:
    kept = {name: row[name] for name in TakenOrder.__dataclass_fields__}
    return TakenOrder(
        **{**kept, "credentials_any": tuple(row["credentials_any"]), "skills_all": tuple(row["skills_all"])}
    )


def _outcome(row: Row) -> tuple[int, str, str, str]:
    status = rules.TRANSITIONS[OrderStatus(row["status"]), OrderEvent(row["event"])]
    reason = rules.MISSED if row["event"] == OrderEvent.MISS else ""
    return row["id"], row["status"], status.value, reason


_CODE = "ARRAY['order:' || o.reference]"
_TAKEN = f"""
SELECT o.reference, o.place_id, station.id AS station_id, station.code AS station_code, o.wished_start, o.minutes,
       o.note_zh, o.answered_by, product.category, v.title_zh, v.title_en, v.unit, v.people, v.credentials_any,
       v.skills_all, existing.id AS existing
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN product ON product.id = c.product_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN place ON place.id = o.place_id
JOIN LATERAL (
    SELECT s.id, near.code FROM station s JOIN place near ON near.id = s.place_id
    WHERE s.open AND near.code IN (place.code, left(place.code, 9), left(place.code, 6), left(place.code, 4))
    ORDER BY length(near.code) DESC, s.kind = 'workstation', s.id LIMIT 1) AS station ON true
LEFT JOIN assignment existing ON existing.parties = {_CODE} AND existing.status <> 'cancelled'
WHERE o.status = 'taken' AND ($1::bigint[] IS NULL OR o.id = ANY($1)) AND o.wished_start > $2
  AND NOT purchase_is_held(c.purchase_id)
ORDER BY o.answered_by, o.id
"""
_LINK = f"""
UPDATE village_order o SET status = 'scheduled', assignment_id = a.id
FROM assignment a
WHERE o.status = 'taken' AND ($1::bigint[] IS NULL OR o.id = ANY($1))
  AND a.parties = {_CODE} AND a.parties[1] LIKE 'order:%' AND a.status <> 'cancelled'
  AND NOT EXISTS (SELECT FROM contract c WHERE c.id = o.contract_id AND purchase_is_held(c.purchase_id))
RETURNING o.id, o.assignment_id
"""
# Delivered: somebody attended and nobody is left to be confirmed. Missed: the time is over, or the assignment was
# cancelled, and nobody attended.
_OUTCOMES = """
SELECT o.id, o.status, o.contract_id, o.quota_id, CASE WHEN seen.attended > 0 THEN 'deliver' ELSE 'miss' END AS event
FROM village_order o LEFT JOIN assignment a ON a.id = o.assignment_id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.status = 'completed') AS attended,
           count(*) FILTER (WHERE s.status IN ('offered', 'confirmed', 'checked_in')) AS waiting
    FROM sign_up s WHERE s.assignment_id = a.id) AS seen
WHERE o.status IN ('placed', 'taken', 'scheduled') AND seen.waiting = 0
  AND (o.status = 'scheduled' AND (seen.attended > 0 OR a.status = 'cancelled')
       OR o.wished_start + make_interval(mins => o.minutes) < $1)
ORDER BY o.id
"""
_MOVE = """
UPDATE village_order SET status = d.after, reason = CASE WHEN d.reason = '' THEN village_order.reason ELSE d.reason END
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS d (id, before, after, reason)
WHERE village_order.id = d.id AND village_order.status = d.before
RETURNING village_order.id, village_order.status
"""
