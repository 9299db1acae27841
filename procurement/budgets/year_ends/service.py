"""Closing a budget year: one person prepares it, another closes it, and then it is closed for good.

Everything happens in one transaction, which the database judges as a whole: a closing that was cut short left nothing.
"""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.rulebook import rely_on
from procurement.blocks import require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import Amounts, MoneySource, Movement, carry, lapse
from procurement.budgets.year_ends.booking import book
from procurement.budgets.year_ends.figures import YearEnd, year_end
from procurement.budgets.year_ends.rules import ClosingStatus, Fate, Held, Item, Pot
from procurement.separation import OnePersonOnMoney


class YearAlreadyClosed(DomainError):
    """A year is closed once, and stays closed."""

    code, status, message = "year_closing_once", 409, N_("%(year)s 年已经结转，不能再办一次。")


class NotPrepared(DomainError):
    """Somebody prepares a closing before another person closes it."""

    code, status, message = "year_closing_not_prepared", 409, N_("还没有人提出结转。先由经办人提出，再由另一人办理。")


class FiguresMoved(DomainError):
    """Money moved since the closing was prepared: what would be closed is not what was looked at."""

    code, status = "year_closing_moved", 409
    message = N_("提出结转以后金额有变动，请经办人核对后重新提出。")


async def prepare_year(principal: Principal, year: int, place_code: str) -> None:
    """Propose to close a year as it stands, for a second person; what somebody prepared before is dropped.

    Raises Blocked where something stands in the way, YearAlreadyClosed where it is done.
    """
    principal.scope(Permission.BUDGET_MANAGE).require_place(place_code)
    async with transaction():
        place_id = await _held_place(place_code)
        standing = await _standing(place_id, year)
        if standing and standing["status"] == ClosingStatus.CLOSED:
            raise YearAlreadyClosed(year=str(year))
        found = await _judged(place_code, year)
        if standing:
            await database.update_row("year_closing", standing["id"], {"status": ClosingStatus.DROPPED.value})
        closing_id = await database.insert_row(
            "year_closing",
            {
                "year": year,
                "place_id": place_id,
                "status": ClosingStatus.PREPARED.value,
                "carry_years": found.carry.whole,
                "figures_sha256": found.fingerprint,
                "prepared_by": principal.actor,
                "prepared_at": clock.now(),
            },
        )
        await audit.record(principal, "budget_year.prepared", "year_closing", closing_id, year=year)


async def close_year(principal: Principal, year: int, place_code: str) -> None:
    """Close a year as another person prepared it: the rest of each line lapses or goes over into the next year's.

    Raises NotPrepared, OnePersonOnMoney for one's own preparation, FiguresMoved where money moved since, Blocked where
    something stands in the way, YearAlreadyClosed where it is done.
    """
    principal.scope(Permission.BUDGET_APPROVE).require_place(place_code)
    async with transaction():
        place_id = await _held_place(place_code)
        standing = await _standing(place_id, year)
        standing = _require_prepared(principal, standing, year)
        await database.fetch(_LOCK_LINES, place_id, year)
        await database.execute(_OPEN_NEXT, place_id, year)
        found = await _judged(place_code, year)
        if found.fingerprint != standing["figures_sha256"]:
            raise FiguresMoved
        await _close(principal, standing["id"], found)
        done = {"status": ClosingStatus.CLOSED.value, "closed_by": principal.actor, "closed_at": clock.now()}
        await database.update_row("year_closing", standing["id"], done)
        await audit.record(principal, "budget_year.closed", "year_closing", standing["id"], year=year)


def _require_prepared(principal: Principal, standing: Row | None, year: int) -> Row:
    if standing is None:
        raise NotPrepared
    if standing["status"] == ClosingStatus.CLOSED:
        raise YearAlreadyClosed(year=str(year))
    if standing["prepared_by"] == principal.actor:
        raise OnePersonOnMoney
    return standing


async def _held_place(place_code: str) -> int:
    """Hold the place: no line is opened in it, and no other closing runs, until this is done."""
    found: int | None = await database.fetch_value("SELECT id FROM place WHERE code = $1 FOR NO KEY UPDATE", place_code)
    if found is None:
        raise NotFound
    return found


async def _standing(place_id: int, year: int) -> Row | None:
    return await database.fetch_one(
        """SELECT id, status, prepared_by, figures_sha256 FROM year_closing
           WHERE place_id = $1 AND year = $2 AND status <> 'dropped' FOR NO KEY UPDATE""",
        place_id,
        year,
    )


async def _judged(place_code: str, year: int) -> YearEnd:
    found = await year_end(place_code, year)
    if not found.lines:
        raise NotFound
    require(found.blocks)
    rely_on(found.figures)
    return found


async def _close(principal: Principal, closing_id: int, found: YearEnd) -> None:
    lines = [end.view.id for end in found.lines]
    rows = await database.fetch(
        _LINES,
        closing_id,
        lines,
        [end.judged.lapsed for end in found.lines],
        [end.judged.carried for end in found.lines],
    )
    closed = {row["budget_line_id"]: row for row in rows}
    moved = [(closed[end.view.id], item) for end in found.lines for item in end.judged.items]
    ids = await _write_items(moved)
    await post_movements(
        principal, [one for item_id, (row, item) in zip(ids, moved, strict=True) for one in _moves(row, item, item_id)]
    )
    await database.execute(_MARK, closing_id)
    await book(principal, rows)


async def _write_items(moved: list[tuple[Row, Item]]) -> list[int]:
    rows = await database.fetch(
        _ITEMS,
        *database.columns(
            [
                (
                    *(row["id"], item.held.pot.value, item.held.purchase_id, item.held.claim_id),
                    *(item.held.origin_year, item.fate.value, item.held.fen),
                )
                for row, item in moved
            ],
            7,
        ),
    )
    return sorted(row["id"] for row in rows)


def _moves(row: Row, item: Item, item_id: int) -> tuple[Movement, ...]:
    source, held = MoneySource("year_closing_item", item_id), _waiting(item.held)
    if item.fate is Fate.LAPSED:
        return (lapse(row["budget_line_id"], held, source),)
    return carry(row["budget_line_id"], row["to_line_id"], held, source)


def _waiting(held: Held) -> Amounts:
    return Amounts(
        held.fen,
        reserved=held.fen if held.pot is Pot.RESERVED else 0,
        committed=held.fen if held.pot is Pot.COMMITTED else 0,
    )


_LOCK_LINES = """
SELECT id FROM budget_line WHERE place_id = $1 AND year IN ($2::integer, $2::integer + 1) ORDER BY id FOR NO KEY UPDATE
"""
_OPEN_NEXT = """
INSERT INTO budget_line (programme_id, place_id, year, functional_code, economic_code, fund)
SELECT l.programme_id, l.place_id, l.year + 1, l.functional_code, l.economic_code, l.fund FROM budget_line l
WHERE l.place_id = $1 AND l.year = $2 ORDER BY l.id
ON CONFLICT (programme_id, place_id, year) DO NOTHING
"""
_LINES = """
INSERT INTO year_closing_line (closing_id, budget_line_id, to_line_id, approved_fen, spent_fen, lapsed_fen, carried_fen)
SELECT $1, l.id, onto.id, l.approved_fen, l.spent_fen, d.lapsed, d.carried
FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS d (line_id, lapsed, carried)
JOIN budget_line l ON l.id = d.line_id
JOIN budget_line onto ON (onto.programme_id, onto.place_id, onto.year) = (l.programme_id, l.place_id, l.year + 1)
ORDER BY l.id RETURNING id, budget_line_id, to_line_id, lapsed_fen, carried_fen
"""
_ITEMS = """
INSERT INTO year_closing_item (closing_line_id, pot, purchase_id, claim_id, origin_year, fate, amount_fen)
SELECT d.line, d.pot, d.purchase, d.claim, d.origin, d.fate, d.fen
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[], $6::text[], $7::bigint[])
     WITH ORDINALITY AS d (line, pot, purchase, claim, origin, fate, fen, nth)
ORDER BY d.nth RETURNING id
"""
_MARK = """
UPDATE budget_line l SET closing_id = e.closing_id, carried_to = e.to_line_id
FROM year_closing_line e WHERE e.budget_line_id = l.id AND e.closing_id = $1
"""
