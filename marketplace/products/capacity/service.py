"""A provider states how many units a month it can deliver and when it does not come.

What is ordered already is kept by the database (``product_capacity_kept``, ``product_blackout_free``): the layer that
knows orders puts its triggers on these tables.
"""

from collections.abc import Sequence
from datetime import date

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_
from app.rulebook.blocks import LawRefusal, house
from marketplace.products.capacity import rules
from marketplace.products.capacity.rules import Statement

CAPACITY = house(N_("每月可接数量和停约日"))


class CapacityBelowOrders(LawRefusal):
    """What villages have ordered already cannot be taken from them."""

    code, status = "capacity_below_orders", 409
    source, compared = CAPACITY, N_("少于已点单的数量")
    reason = N_("这个数比已经点的单还少。")
    remedy = N_("请填不少于已点数量的数，或先与村社商量改期、取消。")


class DayHasOrders(LawRefusal):
    """A day off cannot be laid over orders."""

    code, status = "day_has_orders", 409
    source, compared = CAPACITY, N_("已有点单")
    reason, remedy = N_("这些天里有村社已经点单。"), N_("请先与村社商量改期，再登记停约日。")


_STATE = """
INSERT INTO product_capacity (product_id, from_month, units, stated_by, stated_at)
SELECT d.product_id, d.month, d.units, $4, $5
FROM unnest($1::bigint[], $2::date[], $3::integer[]) AS d (product_id, month, units) ORDER BY 1, 2
ON CONFLICT (product_id, from_month) DO UPDATE
SET units = excluded.units, stated_by = excluded.stated_by, stated_at = excluded.stated_at
"""
_REFUSALS = {"product_capacity_kept": CapacityBelowOrders, "product_blackout_free": DayHasOrders}


async def state_capacity(principal: Principal, reference: str, statement: Statement) -> None:
    """State, or state anew, how many units a month can be delivered from a month on."""
    if faults := rules.statement_faults(statement, clock.today()):
        raise InvalidInput(faults)
    async with database.refusing(_REFUSALS), transaction():
        await state_here(principal, [(await _own_product(principal, reference), statement)])


async def state_here(principal: Principal, stated: Sequence[tuple[int, Statement]]) -> None:
    """Do the same for products of one's own as part of a larger use case, in its transaction."""
    rows = [(product_id, rules.month_of(one.from_month), one.units) for product_id, one in stated]
    async with database.refusing(_REFUSALS):
        await database.execute(_STATE, *database.columns(rows, 3), principal.actor, clock.now())
    entries = [
        audit.Entry("product.capacity_stated", "product", product_id, {"from_month": month.isoformat(), "units": units})
        for product_id, month, units in rows
    ]
    await audit.record_many(principal, entries)


async def add_blackout(principal: Principal, reference: str, first: date, last: date, note_zh: str = "") -> int:
    """Note days on which nobody comes, all or none; return how many of them are new."""
    if faults := rules.blackout_faults(first, last, clock.today()):
        raise InvalidInput(faults)
    async with database.refusing(_REFUSALS), transaction():
        product_id = await _own_product(principal, reference)
        added = await database.execute(
            """INSERT INTO product_blackout (product_id, day, note_zh, stated_by, stated_at)
               SELECT $1, day, $3, $4, $5 FROM unnest($2::date[]) AS d (day) ORDER BY day
               ON CONFLICT (product_id, day) DO NOTHING""",
            *(product_id, rules.stretch(first, last), note_zh.strip(), principal.actor, clock.now()),
        )
        detail = {"first": first.isoformat(), "last": last.isoformat()}
        await audit.record(principal, "product.days_off_stated", "product", product_id, **detail)
    return added


async def remove_blackout(principal: Principal, reference: str, day: date) -> None:
    """Come on a day after all."""
    async with transaction():
        product_id = await _own_product(principal, reference)
        gone = await database.execute(
            "DELETE FROM product_blackout WHERE product_id = $1 AND day = $2 AND day >= $3",
            *(product_id, day, clock.today()),
        )
        if not gone:
            raise NotFound
        await audit.record(principal, "product.day_off_removed", "product", product_id, day=day.isoformat())


async def _own_product(principal: Principal, reference: str) -> int:
    """Return a product of the person's own organization, locked: two statements wait for each other."""
    scope = principal.scope(Permission.PRODUCT_WRITE)
    row = await database.fetch_one(
        "SELECT id, organization_id FROM product WHERE reference = $1 FOR NO KEY UPDATE", reference
    )
    if row is None:
        raise NotFound
    scope.require_organization(row["organization_id"])
    return int(row["id"])
