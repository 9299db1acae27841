"""Public totals of one district by town: they sum up to the district's, and small counts stay hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import database
from app.core.errors import NotFound
from procurement.ledger.disclosure.queries import Disclosure, Total, disclosure, few
from procurement.ledger.disclosure.suppression import Cell, Equation, Key, hidden


@dataclass(frozen=True, slots=True)
class Town:
    """What was approved and paid for work in one town; the row without a code is what belongs to no town."""

    code: str
    name_zh: str
    name_en: str
    approved_fen: int
    paid_fen: int
    works: int
    payees: int
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class District:
    """A district's year by town; ``hidden`` if the district's own total is not published either."""

    code: str
    name_zh: str
    name_en: str
    whole: Disclosure
    rows: tuple[Total, ...]
    towns: tuple[Town, ...]
    hidden: bool

    def sums(self) -> tuple[int, int]:
        """Return what was approved and paid in the district, over all its programmes."""
        return sum(row.approved_fen for row in self.rows), sum(row.paid_fen for row in self.rows)


# An advance that was given back belongs to no town, nor does work whose place is the district itself.
_TOWNS = """
WITH lines AS (
    SELECT line.id, place.code FROM budget_line line JOIN place ON place.id = line.place_id
    WHERE place.code = $1 AND line.year = $2 AND line.fund = 'fiscal'),
at AS (
    SELECT c.id, CASE WHEN length(place.code) >= 9 THEN left(place.code, 9) ELSE '' END AS town, c.person_id, c.status,
           c.contract_payment_id
    FROM claim c JOIN lines ON lines.id = c.budget_line_id JOIN place ON place.id = c.place_id),
approved AS (
    SELECT coalesce(at.town, '') AS town, sum(p.amount_fen) AS fen
    FROM ledger_account a JOIN lines ON lines.id = a.budget_line_id JOIN ledger_posting p ON p.account_id = a.id
    JOIN ledger_transaction t ON t.id = p.transaction_id
    LEFT JOIN at ON t.source_type = 'claim' AND at.id = t.source_id
    WHERE a.kind = 'expense' GROUP BY 1),
together AS (
    SELECT contract_payment_id, count(*) AS units FROM unit_payment
    WHERE contract_payment_id IS NOT NULL GROUP BY contract_payment_id),
paid AS (
    SELECT at.town, sum(i.amount_fen) AS fen,
           sum(CASE WHEN i.amount_fen < 0 THEN 0
                    WHEN at.contract_payment_id IS NULL THEN 1 ELSE coalesce(together.units, 0) END) AS works
    FROM at JOIN settlement_item i ON i.claim_id = at.id AND i.live JOIN settlement_batch b ON b.id = i.batch_id
    LEFT JOIN together ON together.contract_payment_id = at.contract_payment_id
    WHERE b.status = 'paid' GROUP BY at.town),
given AS (
    SELECT town, sum(fen) AS fen FROM (
        SELECT '' AS town, r.amount_fen AS fen
        FROM advance_return r JOIN contract c ON c.id = r.contract_id JOIN purchase p ON p.id = c.purchase_id
        JOIN lines ON lines.id = p.budget_line_id
        UNION ALL
        SELECT at.town, r.amount_fen FROM at JOIN deduction_repayment r ON r.claim_id = at.id
        WHERE r.status = 'confirmed') AS back
    GROUP BY town),
people AS (
    SELECT town, count(DISTINCT person_id) AS approved,
           count(DISTINCT person_id) FILTER (WHERE status = 'paid') AS paid
    FROM at WHERE person_id IS NOT NULL AND status IN ('approved', 'batched', 'paid', 'returned_by_bank')
    GROUP BY town),
every AS (
    SELECT town FROM approved UNION SELECT town FROM paid UNION SELECT town FROM given)
SELECT every.town AS code, coalesce(place.name_zh, '') AS name_zh, coalesce(place.name_en, '') AS name_en,
       coalesce(approved.fen, 0)::bigint AS approved_fen,
       (coalesce(paid.fen, 0) - coalesce(given.fen, 0))::bigint AS paid_fen, coalesce(paid.works, 0)::bigint AS works,
       coalesce(people.approved, 0) AS people_approved, coalesce(people.paid, 0) AS people_paid
FROM every LEFT JOIN place ON place.code = every.town LEFT JOIN approved ON approved.town = every.town
LEFT JOIN paid ON paid.town = every.town LEFT JOIN given ON given.town = every.town
LEFT JOIN people ON people.town = every.town ORDER BY every.town = '', every.town
"""


async def district(place_code: str, year: int | None = None) -> District:
    """Return a district's public totals by town."""
    whole = await disclosure(year)
    rows = tuple(row for row in whole.rows if row.place_code == place_code)
    if not rows:
        raise NotFound
    towns = await towns_of(place_code, whole.year)
    own: Key = ("place", place_code)
    secret = _hidden(own, own in whole.hidden, rows, towns, whole.smallest)
    marked = tuple(_marked(town, secret) for town in towns)
    return District(place_code, rows[0].place_zh, rows[0].place_en, whole, rows, marked, own in whole.hidden)


async def towns_of(place_code: str, year: int) -> list[Town]:
    """Return every town's totals, nothing hidden."""
    found = []
    for row in await database.fetch(_TOWNS, place_code, year):
        payees = few(row.pop("people_approved"), row.pop("people_paid"))
        found.append(Town(**row, payees=payees))
    return found


def _hidden(own: Key, own_hidden: bool, rows: Sequence[Total], towns: Sequence[Town], smallest: int) -> frozenset[Key]:
    """Hide the small towns; a district that is hidden itself must not be the sum of published towns either."""
    cells = {_key(town): Cell(town.payees, town.approved_fen) for town in towns}
    people = smallest - 1 if own_hidden else 0  # as if few: what hides it in the city hides it here
    whole = {own: Cell(people, sum(row.approved_fen for row in rows))}
    return hidden({**cells, **whole}, [Equation(own, tuple(cells))], smallest, None if own_hidden else own)


def _marked(town: Town, secret: frozenset[Key]) -> Town:
    return Town(town.code, town.name_zh, town.name_en, town.approved_fen, town.paid_fen, town.works, town.payees,
                _key(town) in secret)  # fmt: skip


def _key(town: Town) -> Key:
    return "town", town.code
