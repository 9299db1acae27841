"""What a contract owes becomes claims: the advance once both have signed, units as they are accepted.

Contracts are locked by id before anything is counted, so that two runs, or a run and an acceptance, follow each
other; the database refuses what would go beyond the contract, whoever writes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from app.core import audit, clock, database
from app.core.access import system_principal
from app.core.database import Row, transaction
from procurement.payments import rules
from procurement.payments.rules import Group, Standing
from procurement.tariffs.engine.model import Step

CHUNK = 500
SYSTEM = system_principal()


@dataclass(frozen=True, slots=True)
class _Unit:
    """An accepted unit that no claim carries yet."""

    order_id: int
    reference: str
    place_id: int
    day: date


@dataclass(frozen=True, slots=True)
class _Paid:
    """What one unit brings, and under which milestone (kind and percent) if under one."""

    unit: _Unit
    contract_id: int
    price_fen: int
    offset_fen: int
    milestone: tuple[str, int] | None

    @property
    def net_fen(self) -> int:
        """Return the price less the share of the advance."""
        return self.price_fen - self.offset_fen


async def accrue_contracts(now: datetime) -> int:
    """Claim whatever contracts owe by now; return how many claims that made. Doing it again does nothing."""
    made, seen = 0, 0
    while True:
        async with transaction():
            due = await database.fetch(_DUE, seen, CHUNK)
            made += await accrue([row["id"] for row in due], now)
        if len(due) < CHUNK:
            return made
        seen = due[-1]["id"]


async def accrue(contract_ids: Sequence[int], now: datetime) -> int:
    """Claim what these contracts owe by now, in the current transaction; return how many claims that made."""
    if not contract_ids:
        return 0
    await database.fetch("SELECT FROM contract WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(contract_ids))
    contracts = await database.fetch(_CONTRACTS, list(contract_ids))
    advances = [row for row in contracts if row["advance_fen"] and not row["advanced"]]
    made = await _advance(advances, now)
    units: dict[int, list[_Unit]] = defaultdict(list)
    for row in await database.fetch(_UNITS, list(contract_ids)):
        units[row.pop("contract_id")].append(_Unit(**row))
    fresh = {row["id"] for row in advances}
    paid = [
        one
        for row in contracts
        if units[row["id"]]
        for one in _due(row, units[row["id"]], row["advance_fen"] if row["id"] in fresh else row["standing_fen"])
    ]
    return made + await _claim(contracts, paid, now)


async def _advance(contracts: Sequence[Row], now: datetime) -> int:
    rows = [(row["id"], "advance", 0, row["advance_fen"]) for row in contracts]
    ids = await _payments(rows, now)
    claims = []
    for row in contracts:
        step = Step("payment.advance", {"contract": row["reference"], "percent": row["advance_percent"],
                                        "price_fen": row["quantity"] * row["unit_price_fen"],
                                        "advance_fen": row["advance_fen"]})  # fmt: skip
        payment = ids[row["id"], "advance", 0]
        day = clock.local(row["signed_at"]).date()
        claims.append((row["id"], None, payment, "advance", day, row["place_id"], row["advance_fen"], _trace([step])))
    return await _insert(claims, now)


def _due(row: Row, units: Sequence[_Unit], advance_fen: int) -> Iterator[_Paid]:
    """Yield what the units that are due now bring, in the order in which they were accepted."""
    standing = Standing(
        row["quantity"], row["unit_price_fen"], tuple(row["milestones"]), frozenset(row["made"]), row["claimed"],
        len(units), advance_fen, row["offset_fen"], row["ended"],
    )  # fmt: skip
    due = rules.groups(standing)
    waiting = iter(units)
    for group, offsets in zip(due, rules.offsets(standing, due), strict=True):
        milestone = _milestone(group) if standing.milestones else None
        for offset in offsets:
            yield _Paid(next(waiting), row["id"], standing.price_fen, offset, milestone)


def _milestone(group: Group) -> tuple[str, int]:
    return ("final", rules.WHOLE) if group.percent is None else ("milestone", group.percent)


async def _claim(contracts: Sequence[Row], paid: Sequence[_Paid], now: datetime) -> int:
    by_id = {row["id"]: row for row in contracts}
    together: dict[tuple[int, str, int], list[_Paid]] = defaultdict(list)
    for one in paid:
        if one.milestone:
            together[one.contract_id, *one.milestone].append(one)
    sums = {key: sum(one.net_fen for one in units) for key, units in together.items()}
    ids = await _payments([(*key, fen) for key, fen in sums.items() if fen], now)
    await _write_units(paid, ids, now)
    claims = [_of_unit(by_id[one.contract_id], one) for one in paid if not one.milestone and one.net_fen]
    claims += [_of_milestone(by_id[key[0]], key, ids[key], together[key]) for key in ids]
    return await _insert(claims, now)


def _of_unit(row: Row, one: _Paid) -> tuple[Any, ...]:
    steps = [Step("contract_price", {"contract": row["reference"], "amount_fen": one.price_fen})]
    if one.offset_fen:
        steps.append(Step("payment.offset", {"offset_fen": one.offset_fen, "net_fen": one.net_fen}))
    unit = one.unit
    return row["id"], unit.order_id, None, "order", unit.day, unit.place_id, one.net_fen, _trace(steps)


def _of_milestone(row: Row, key: tuple[int, str, int], payment: int, paid: Sequence[_Paid]) -> tuple[Any, ...]:
    _, kind, percent = key
    offset = sum(one.offset_fen for one in paid)
    net = sum(one.net_fen for one in paid)
    head = {"contract": row["reference"], "percent": percent, "units": len(paid)}
    steps = [Step(f"payment.{kind}", head)]
    steps += [Step("payment.unit", {"order": one.unit.reference, "amount_fen": one.price_fen}) for one in paid]
    if offset:
        steps.append(Step("payment.offset", {"offset_fen": offset, "net_fen": net}))
    day = max(one.unit.day for one in paid)
    return row["id"], None, payment, kind, day, row["place_id"], net, _trace(steps)


async def _payments(rows: Sequence[tuple[int, str, int, int]], now: datetime) -> dict[tuple[int, str, int], int]:
    if not rows:
        return {}
    made = await database.fetch(_PAYMENTS, *database.columns(rows, 4), now)
    return {(row["contract_id"], row["kind"], row["percent"]): row["id"] for row in made}


async def _write_units(paid: Sequence[_Paid], ids: dict[tuple[int, str, int], int], now: datetime) -> None:
    rows = [
        (one.contract_id, one.unit.order_id, ids.get((one.contract_id, *one.milestone)) if one.milestone else None,
         one.price_fen, one.offset_fen)
        for one in paid
    ]  # fmt: skip
    if rows:
        await database.execute(_UNIT_PAYMENTS, *database.columns(rows, 5), now)


async def _insert(claims: Sequence[tuple[Any, ...]], now: datetime) -> int:
    if not claims:
        return 0
    made = await database.fetch(_CLAIMS, *database.columns(claims, 8), now)
    entries = [audit.Entry("claim.accrued", "claim", row["id"], {}) for row in made]
    await audit.record_many(SYSTEM, entries)
    return len(made)


def _trace(steps: Sequence[Step]) -> str:
    return msgspec.json.encode(steps).decode()


_DUE = """
SELECT c.id FROM contract c JOIN payment_terms t ON t.contract_id = c.id
WHERE c.id > $1 AND c.signed_at IS NOT NULL AND (
    t.advance_fen > 0 AND NOT EXISTS (SELECT FROM contract_payment p WHERE p.contract_id = c.id AND p.kind = 'advance')
    OR c.accepted > (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id))
ORDER BY c.id LIMIT $2
"""
_CONTRACTS = """
SELECT c.id, c.reference, c.quantity + c.added AS quantity, c.unit_price_fen, c.signed_at, p.place_id,
       t.advance_percent, t.advance_fen,
       t.milestones, standing_advance(c.id) AS standing_fen, offset_so_far(c.id) AS offset_fen,
       EXISTS (SELECT FROM contract_payment a WHERE a.contract_id = c.id AND a.kind = 'advance') AS advanced,
       ARRAY(SELECT percent FROM contract_payment m WHERE m.contract_id = c.id AND m.kind = 'milestone') AS made,
       (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id) AS claimed,
       contract_is_over(c.id) AS ended
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN payment_terms t ON t.contract_id = c.id
WHERE c.id = ANY($1) AND c.signed_at IS NOT NULL ORDER BY c.id
"""
_UNITS = """
SELECT o.contract_id, o.id AS order_id, o.reference, o.place_id,
       (o.wished_start AT TIME ZONE 'Asia/Shanghai')::date AS day
FROM village_order o JOIN acceptance a ON a.village_order_id = o.id AND a.verdict = 'accepted'
WHERE o.contract_id = ANY($1) AND NOT EXISTS (SELECT FROM unit_payment u WHERE u.village_order_id = o.id)
ORDER BY a.id
"""
_PAYMENTS = """
INSERT INTO contract_payment (contract_id, kind, percent, amount_fen, made_at)
SELECT d.*, $5 FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::bigint[]) AS d
RETURNING id, contract_id, kind, percent
"""
_UNIT_PAYMENTS = """
INSERT INTO unit_payment (contract_id, village_order_id, contract_payment_id, price_fen, offset_fen, made_at)
SELECT d.*, $6 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS d
"""
_CLAIMS = """
INSERT INTO claim (programme_id, status, contract_id, village_order_id, contract_payment_id, organization_id, item,
                   service_day, place_id, budget_line_id, amount_fen, trace, accrued_at)
SELECT line.programme_id, 'accrued', c.id, d.order_id, d.payment_id, c.organization_id, d.item, d.day, d.place_id,
       line.id, d.amount_fen, d.trace::jsonb, $9
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::date[], $6::bigint[], $7::bigint[], $8::text[])
     WITH ORDINALITY AS d (contract_id, order_id, payment_id, item, day, place_id, amount_fen, trace, place_in_list)
JOIN contract c ON c.id = d.contract_id JOIN purchase p ON p.id = c.purchase_id
JOIN budget_line began ON began.id = p.budget_line_id
JOIN budget_line line ON line.id = CASE WHEN began.closing_id IS NULL THEN began.id ELSE paying_line(began.id) END
ORDER BY d.place_in_list RETURNING id
"""
