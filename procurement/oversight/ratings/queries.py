"""Counting what providers did: of several at once, or of one purchase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from app.core import clock, database
from app.core.database import Row
from app.rulebook import rules_on
from procurement.deliveries import law
from procurement.deliveries.rules import MISSED
from procurement.oversight.ratings.rules import Formula, Part, Rating, Record, rate

_KEYS = (law.PRIOR, law.STRENGTH, law.RATED, law.YEARS, law.BROUGHT, *(f"{law.WEIGHT}.{part.value}" for part in Part))

# Orders of the last years; late is what was brought after its period, as the newest of its files and log entries says.
_COUNTED = """
count(*) FILTER (WHERE o.status <> 'placed') AS ordered,
count(*) FILTER (WHERE o.answered_by IS NOT NULL AND o.status <> 'declined') AS taken,
count(*) FILTER (WHERE o.status = 'declined') AS declined,
count(*) FILTER (WHERE o.status = 'cancelled' AND o.answered_by IS NOT NULL AND o.reason = $2) AS missed,
count(*) FILTER (WHERE o.status = 'accepted') AS accepted,
count(*) FILTER (WHERE o.status = 'refused') AS refused,
count(*) FILTER (WHERE o.status = 'accepted' AND j.round > 1) AS put_right,
count(*) FILTER (WHERE o.status IN ('delivered', 'accepted', 'refused')) AS served,
count(*) FILTER (WHERE o.status IN ('delivered', 'accepted', 'refused')
                   AND brought.last_at > o.wished_start + make_interval(mins => o.minutes, days => $3)) AS late,
coalesce(sum(j.people_reached) FILTER (WHERE o.status = 'accepted'), 0) AS people,
coalesce(sum(said.opinions), 0) AS opinions, coalesce(sum(said.stars), 0) AS stars
FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN organization org ON org.id = c.organization_id
LEFT JOIN judgement j ON j.village_order_id = o.id AND j.verdict <> 'rectify'
LEFT JOIN LATERAL (
    SELECT greatest((SELECT max(p.handed_in_at) FROM proof p WHERE p.village_order_id = o.id),
                    (SELECT min(l.written_at) FROM service_log l WHERE l.village_order_id = o.id)) AS last_at
) AS brought ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS opinions, sum(r.stars) AS stars FROM shift_rating r WHERE r.assignment_id = o.assignment_id
) AS said ON true
"""
_OF_ORGANIZATIONS = f"""
SELECT org.public_id AS key, {_COUNTED} WHERE org.public_id = ANY($1) AND o.wished_start >= $4 GROUP BY org.public_id
"""
_OF_PURCHASE = f"SELECT {_COUNTED} WHERE c.purchase_id = $1"


@dataclass(frozen=True, slots=True)
class Measures:
    """The formula of the day, and what is counted by it."""

    formula: Formula
    days: int  # within which proofs are brought
    years: int


async def measures(day: date) -> Measures:
    """Return the house's figures in force on a day."""
    rules = await rules_on(_KEYS, on=day)
    weights = {part: rules[f"{law.WEIGHT}.{part.value}"].whole for part in Part}
    formula = Formula(weights, rules[law.PRIOR].whole, rules[law.STRENGTH].whole, rules[law.RATED].whole)
    return Measures(formula, rules[law.BROUGHT].whole, rules[law.YEARS].whole)


async def of_organizations(public_ids: Sequence[UUID]) -> dict[UUID, Rating]:
    """Return the rating of each provider; one without deliveries stands at the prior, and is not shown."""
    if not public_ids:
        return {}
    today = clock.today()
    by = await measures(today)
    since = clock.at_local(date(today.year - by.years, today.month, min(today.day, 28)), time())
    rows = await database.fetch(_OF_ORGANIZATIONS, list(set(public_ids)), MISSED, by.days, since)
    records = {row["key"]: _record(row) for row in rows}
    return {one: rate(records.get(one, Record()), by.formula) for one in public_ids}


async def of_purchase(purchase_id: int) -> Rating:
    """Return how one purchase went."""
    by = await measures(clock.today())
    [row] = await database.fetch(_OF_PURCHASE, purchase_id, MISSED, by.days)
    return rate(_record(row), by.formula)


async def kept_of(purchase_id: int) -> Row | None:
    """Return the figures that were kept with a purchase's evaluation."""
    return await database.fetch_one("SELECT * FROM purchase_evaluation WHERE purchase_id = $1", purchase_id)


def _record(row: Row) -> Record:
    return Record(**{name: int(row[name]) for name in Record.__dataclass_fields__})
