"""Reading where contracts' money is: two statements, however many contracts there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal, Scope
from app.core.database import Row
from app.core.errors import NotFound
from procurement.claims.queries import READERS
from procurement.claims.rules import ClaimStatus
from procurement.payments.holding import rules
from procurement.payments.holding.rules import Parts, Step, Thing, Wait
from procurement.payments.holding.statements import CONTRACTS, LONGEST, WAITS
from procurement.payments.rules import Standing
from procurement.purchases.rules import PurchaseStatus
from procurement.reading import BUYERS
from procurement.settlement.rules import BatchStatus

OFFICERS = tuple(dict.fromkeys((*BUYERS, *READERS)))
LIMIT, AT_ONCE = 300, 50
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
    organization_public_id: UUID
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
    longest = await database.fetch(LONGEST, scope.like_patterns(), AT_ONCE)
    found = await _read("c.id = ANY($1)", [row["contract_id"] for row in longest])
    waiting = [money for money in found if money.holder.since]
    return sorted(waiting, key=lambda money: money.holder.since or LATEST)


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
    contracts = await database.fetch(CONTRACTS.format(which=which), value, list(_GONE), LIMIT)
    if not contracts:
        return []
    claims: dict[int, list[Row]] = defaultdict(list)
    orders: dict[int, list[Row]] = defaultdict(list)
    for row in await database.fetch(WAITS, [row["id"] for row in contracts]):
        (claims if row["what"] == "claim" else orders)[row["contract_id"]].append(row)
    return [_money(row, claims[row["id"]], orders[row["id"]]) for row in contracts]


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
        row["id"], row["reference"], row["organization_id"], row["organization_public_id"],
        row["organization_zh"], row["organization_en"], row["title_zh"], row["title_en"], row["place_code"],
        PurchaseStatus(row["status"]), standing, advance,
        _parts(standing, claims, row["returned_fen"]),
        rules.holder(
            waits, standing, signed=signed, unearned_paid_fen=unearned, stopped_since=row["stopped_since"]
        ),
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
        standing.quantity * standing.price_fen, sums["paid"] - returned_fen, sums["batched"], sums["approved"],
        sums["claimed"], rules.accepted_fen(standing),
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
_ORDER_STEPS = {
    "placed": Step.ANSWER,
    "taken": Step.DELIVERY,
    "scheduled": Step.DELIVERY,
    "unproven": Step.PROOFS,
    "sent_back": Step.RECTIFICATION,
    "delivered": Step.ACCEPTANCE,
}


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
