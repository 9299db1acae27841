"""Reading where contracts' money is: three statements, however many contracts there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core import database
from app.core.access import Permission, Principal, Scope
from app.core.database import Row
from app.core.errors import NotFound
from procurement.claims.queries import READERS
from procurement.claims.rules import ClaimStatus
from procurement.payments.holding import rules
from procurement.payments.holding.rules import Parts, Step, Thing, Wait
from procurement.payments.rules import Standing
from procurement.purchases.rules import PurchaseStatus
from procurement.reading import BUYERS
from procurement.settlement.rules import BatchStatus

OFFICERS = tuple(dict.fromkeys((*BUYERS, *READERS)))
LIMIT, LONGEST = 300, 50
LATEST = datetime.max.replace(tzinfo=UTC)
_GONE = ("refused", "cancelled")


@dataclass(frozen=True, slots=True)
class Advance:
    """How far a contract's advance has come; ``status`` is None while it is not claimed."""

    percent: int
    fen: int
    status: ClaimStatus | None
    since: datetime | None
    unearned_fen: int
    returned_fen: int


@dataclass(frozen=True, slots=True)
class Money:
    """A contract's money as its bar shows it."""

    contract_id: int
    reference: str
    organization_id: int
    organization_zh: str
    organization_en: str
    title_zh: str
    title_en: str
    place_code: str
    status: PurchaseStatus
    standing: Standing
    advance: Advance
    parts: Parts
    holder: Wait

    @property
    def accepted(self) -> int:
        """Return how many units are accepted."""
        return self.standing.claimed + self.standing.waiting


async def of_provider(principal: Principal) -> list[Money]:
    """Return the contracts of the person's organizations, the newest first."""
    scope = principal.scope(Permission.ORDER_ANSWER)
    return await _read("c.organization_id = ANY($1)", list(scope.organization_ids))


async def of_places(scope: Scope) -> list[Money]:
    """Return the contracts of an officer's places in which something waits, what waits longest first."""
    found = await _read("place.code LIKE ANY($1) AND p.status <> ALL ('{closed,rated}')", scope.like_patterns())
    waiting = [money for money in found if money.holder.since]
    return sorted(waiting, key=lambda money: money.holder.since or LATEST)[:LONGEST]


async def of_contract(principal: Principal, reference: str) -> Money:
    """Return one contract's money to its provider and to the officers of its place; to others it does not exist."""
    found = await _read("c.reference = $1", reference)
    if not found or not may_read(principal, found[0]):
        raise NotFound
    return found[0]


async def of_order(principal: Principal, order_id: int) -> tuple[str, Money] | None:
    """Return an order's number and the money of its contract, to those who may read it."""
    if not any(principal.can(one) for one in (Permission.ORDER_ANSWER, *OFFICERS)):
        return None
    order = await database.fetch_one("SELECT reference, contract_id FROM village_order WHERE id = $1", order_id)
    found = await _read("c.id = $1", order["contract_id"]) if order else []
    return (order["reference"], found[0]) if order and found and may_read(principal, found[0]) else None


async def of_contract_id(principal: Principal, contract_id: int) -> Money | None:
    """Return the money of a contract, to those who may read it."""
    found = await _read("c.id = $1", contract_id)
    return found[0] if found and may_read(principal, found[0]) else None


def is_provider(principal: Principal, money: Money) -> bool:
    """Tell whether the person acts for the contract's provider."""
    scope = principal.scopes.get(Permission.ORDER_ANSWER)
    return scope is not None and scope.covers_organization(money.organization_id)


def may_read(principal: Principal, money: Money) -> bool:
    """Tell whether the person is of the provider or an officer of the contract's place."""
    held = (principal.scopes.get(permission) for permission in OFFICERS)
    return is_provider(principal, money) or any(scope and scope.covers_place(money.place_code) for scope in held)


async def _read(which: str, value: Any) -> list[Money]:
    contracts = await database.fetch(_CONTRACTS.format(which=which), value, list(_GONE), LIMIT)
    ids = [row["id"] for row in contracts]
    if not ids:
        return []
    claims = _by_contract(await database.fetch(_CLAIMS, ids))
    orders = _by_contract(await database.fetch(_ORDERS, ids))
    return [_money(row, claims[row["id"]], orders[row["id"]]) for row in contracts]


def _by_contract(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["contract_id"]].append(row)
    return found


def _money(row: Row, claims: Sequence[Row], orders: Sequence[Row]) -> Money:
    standing = Standing(
        row["quantity"], row["unit_price_fen"], tuple(row["milestones"]), claimed=row["claimed"],
        waiting=row["accepted"] - row["claimed"], advance_fen=row["standing_fen"], offset_fen=row["offset_fen"],
        ended=row["ended"],
    )  # fmt: skip
    signed = row["signed_at"] is not None
    waits = [_claim_wait(claim) for claim in claims if _step_of(claim)]
    waits += [_order_wait(order) for order in orders]
    if row["status"] == PurchaseStatus.ORDERED:
        waits.append(Wait(Step.SIGNATURE, row["offered_at"], reference=row["reference"]))
    if signed and _unclaimed(row, standing):
        waits.append(Wait(Step.ACCRUAL, row["signed_at"]))
    unearned = 0 if row["returned_fen"] or row["advance_status"] != "paid" else standing.unearned_fen
    advance = Advance(
        row["advance_percent"], row["advance_fen"],
        ClaimStatus(row["advance_status"]) if row["advance_status"] else None, row["advance_since"],
        standing.unearned_fen, row["returned_fen"],
    )  # fmt: skip
    return Money(
        row["id"], row["reference"], row["organization_id"], row["organization_zh"], row["organization_en"],
        row["title_zh"], row["title_en"], row["place_code"], PurchaseStatus(row["status"]), standing, advance,
        _parts(standing, claims, row["returned_fen"]), rules.holder(waits, standing, signed=signed, unearned_paid_fen=unearned),
    )  # fmt: skip


def _unclaimed(row: Row, standing: Standing) -> bool:
    """Tell whether the program has a claim to write: an advance, or units that do not wait for a milestone."""
    late = row["advance_fen"] and row["advance_status"] is None
    return bool(late or (standing.waiting and (not standing.milestones or standing.ended)))


def _parts(standing: Standing, claims: Sequence[Row], returned_fen: int) -> Parts:
    """Return the parts of the price; an advance that came back is no longer paid."""
    sums: dict[str, int] = defaultdict(int)
    for claim in claims:
        sums[_PART.get(ClaimStatus(claim["status"]), "")] += claim["fen"]
    return Parts(
        standing.quantity * standing.price_fen, sums["paid"] - returned_fen, sums["batched"], sums["approved"], sums["claimed"],
        rules.accepted_fen(standing),
    )  # fmt: skip


_PART = {
    ClaimStatus.PAID: "paid",
    ClaimStatus.BATCHED: "batched",
    ClaimStatus.APPROVED: "approved",
    ClaimStatus.RETURNED_BY_BANK: "approved",
    ClaimStatus.ACCRUED: "claimed",
    ClaimStatus.HELD: "claimed",
    ClaimStatus.RETURNED: "claimed",
}
_CLAIM_STEPS = {
    ClaimStatus.ACCRUED: Step.APPROVAL,
    ClaimStatus.RETURNED: Step.CORRECTION,
    ClaimStatus.APPROVED: Step.BATCHING,
    ClaimStatus.RETURNED_BY_BANK: Step.ACCOUNT,
}
_ORDER_STEPS = {"placed": Step.ANSWER, "taken": Step.DELIVERY, "scheduled": Step.DELIVERY, "delivered": Step.ACCEPTANCE}


def _step_of(claim: Row) -> Step | None:
    if claim["status"] == ClaimStatus.BATCHED:
        return Step.PAYING if claim["batch_status"] == BatchStatus.APPROVED else Step.CHECKING
    return _CLAIM_STEPS.get(ClaimStatus(claim["status"]))


def _claim_wait(row: Row) -> Wait:
    step = _step_of(row) or Step.NOBODY
    place = {name: row[name] for name in ("place_code", "place_zh", "place_en")}
    reference = row["batch"] if step in (Step.CHECKING, Step.PAYING) else row["reference"]
    return Wait(step, row["since"], **place, reference=reference, fen=row["fen"], units=row["count"],
                thing=Thing(claim_id=row["id"]))  # fmt: skip


def _order_wait(row: Row) -> Wait:
    place = {name: row[name] for name in ("place_code", "place_zh", "place_en")}
    return Wait(_ORDER_STEPS[row["status"]], row["since"], **place, reference=row["reference"], units=row["count"],
                thing=Thing(order_id=row["id"]))  # fmt: skip


_CONTRACTS = """
SELECT c.id, c.reference, c.organization_id, o.name_zh AS organization_zh, o.name_en AS organization_en, v.title_zh,
       v.title_en, place.code AS place_code, p.status, c.quantity + c.added AS quantity, c.unit_price_fen,
       c.accepted, c.offered_at,
       c.signed_at, t.advance_percent, t.advance_fen, t.milestones, standing_advance(c.id) AS standing_fen,
       offset_so_far(c.id) AS offset_fen, advance.status AS advance_status, advance.since AS advance_since,
       (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id) AS claimed,
       coalesce((SELECT amount_fen FROM advance_return r WHERE r.contract_id = c.id), 0) AS returned_fen,
       contract_is_over(c.id) AS ended
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
JOIN organization o ON o.id = c.organization_id JOIN payment_terms t ON t.contract_id = c.id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
LEFT JOIN LATERAL (
    SELECT k.status, coalesce(b.paid_at, k.approved_at, k.accrued_at) AS since
    FROM contract_payment a JOIN claim k ON k.contract_payment_id = a.id
    LEFT JOIN settlement_item i ON i.claim_id = k.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
    WHERE a.contract_id = c.id AND a.kind = 'advance') AS advance ON true
WHERE {which} AND p.status <> ALL ($2) ORDER BY c.id DESC LIMIT $3
"""
# Claims by where they stand, each group called by the one that has waited longest.
_CLAIMS = """
SELECT contract_id, status, batch_status, sum(amount_fen)::bigint AS fen, count(*) AS count, min(since) AS since,
       (array_agg(id ORDER BY since, id))[1] AS id, (array_agg(reference ORDER BY since, id))[1] AS reference,
       (array_agg(batch ORDER BY since, id))[1] AS batch, (array_agg(place_code ORDER BY since, id))[1] AS place_code,
       (array_agg(place_zh ORDER BY since, id))[1] AS place_zh, (array_agg(place_en ORDER BY since, id))[1] AS place_en
FROM (
    SELECT k.contract_id, k.id, k.reference, k.status, k.amount_fen, b.status AS batch_status, b.reference AS batch,
           district.code AS place_code, district.name_zh AS place_zh, district.name_en AS place_en,
           CASE k.status WHEN 'approved' THEN k.approved_at
               WHEN 'batched' THEN coalesce(b.approved_at, b.computed_at)
               WHEN 'paid' THEN b.paid_at
               WHEN 'accrued' THEN k.accrued_at
               ELSE coalesce((SELECT max(e.occurred_at) FROM audit_event e WHERE e.object_type = 'claim'
                              AND e.object_id = k.id AND e.action = 'claim.' || k.status), k.accrued_at) END AS since
    FROM claim k JOIN place ON place.id = k.place_id JOIN place district ON district.code = left(place.code, 6)
    LEFT JOIN settlement_item i ON i.claim_id = k.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
    WHERE k.contract_id = ANY($1)) AS found
GROUP BY contract_id, status, batch_status
"""
# What was delivered waits since its service was over; it is accepted by the town of its village.
_ORDERS = """
SELECT contract_id, status, count(*) AS count, min(since) AS since, (array_agg(id ORDER BY since, id))[1] AS id,
       (array_agg(reference ORDER BY since, id))[1] AS reference,
       (array_agg(place_code ORDER BY since, id))[1] AS place_code,
       (array_agg(place_zh ORDER BY since, id))[1] AS place_zh, (array_agg(place_en ORDER BY since, id))[1] AS place_en
FROM (
    SELECT o.contract_id, o.id, o.reference, o.status, place.code AS place_code, town.name_zh AS place_zh,
           town.name_en AS place_en, CASE o.status WHEN 'placed' THEN o.placed_at
               WHEN 'delivered' THEN o.wished_start + make_interval(mins => o.minutes) ELSE o.wished_start END AS since
    FROM village_order o JOIN place ON place.id = o.place_id JOIN place town ON town.id = place.parent_id
    WHERE o.contract_id = ANY($1) AND o.status IN ('placed', 'taken', 'scheduled', 'delivered')) AS found
GROUP BY contract_id, status
"""
