"""Reading budget lines: what was approved, what is bound, what is left, and every movement behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Scope
from app.core.database import Row
from app.core.errors import NotFound
from procurement.budgets.causes import JOINED, REFERENCE, path_of
from procurement.budgets.rules import Amounts, Fund


@dataclass(frozen=True, slots=True)
class LineView:
    """One budget line as a page shows it."""

    id: int
    programme: str
    programme_zh: str
    programme_en: str
    place_code: str
    place_zh: str
    place_en: str
    year: int
    functional_code: str
    economic_code: str
    amounts: Amounts
    fund: Fund
    closed: bool = False  # its year is closed: nothing moves it any more

    @property
    def path(self) -> str:
        """Return where the line's page lies."""
        return f"/buying/budgets/{self.year}/{self.place_code}/{self.programme}"


@dataclass(frozen=True, slots=True)
class MovementView:
    """One entry of the book, with the human reference of what caused it where it has one."""

    kind: str
    change: Amounts
    source_type: str
    reference: str
    moved_at: datetime

    @property
    def path(self) -> str:
        """Return the page of what caused it, if it has one."""
        return path_of(self.source_type, self.reference)


@dataclass(frozen=True, slots=True)
class ProposalView:
    """An appropriation that waits for a second person, or was decided by one."""

    public_id: UUID
    line: LineView
    amount_fen: int
    document: str
    status: str
    reason: str
    proposed_by: int
    proposer: str
    proposed_at: datetime


_LINE = """
SELECT l.id, p.code AS programme, p.name_zh AS programme_zh, p.name_en AS programme_en, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, l.year, l.functional_code, l.economic_code,
       l.approved_fen, l.reserved_fen, l.committed_fen, l.spent_fen, l.closed_fen, l.fund,
       l.closing_id IS NOT NULL AS closed
FROM budget_line l JOIN programme p ON p.id = l.programme_id JOIN place ON place.id = l.place_id
"""


async def lines(scope: Scope, year: int, programme: str = "") -> list[LineView]:
    """Return the year's lines of the places in scope, city first."""
    rows = await database.fetch(
        _LINE
        + """WHERE place.code LIKE ANY($1) AND l.year = $2 AND ($3 = '' OR p.code = $3)
             ORDER BY place.code, p.id""",
        scope.like_patterns(),
        year,
        programme,
    )
    return [_line(row) for row in rows]


async def line(scope: Scope, year: int, place_code: str, programme: str) -> LineView:
    """Return the one line of a year, place and programme, in scope."""
    row = await database.fetch_one(
        _LINE + "WHERE l.year = $1 AND place.code = $2 AND p.code = $3 AND place.code LIKE ANY($4)",
        year,
        place_code,
        programme,
        scope.like_patterns(),
    )
    if row is None:
        raise NotFound
    return _line(row)


async def movements(line_id: int, before: int | None = None, limit: int = 50) -> list[MovementView]:
    """Return the latest entries of a line's book."""
    rows = await database.fetch(
        f"""SELECT m.kind, m.approved_fen, m.reserved_fen, m.committed_fen, m.spent_fen, m.closed_fen, m.source_type,
                  m.moved_at, {REFERENCE}
           FROM budget_movement m {JOINED}
           WHERE m.budget_line_id = $1 AND ($2::bigint IS NULL OR m.id < $2) ORDER BY m.id DESC LIMIT $3""",
        line_id,
        before,
        limit,
    )
    return [
        MovementView(row["kind"], _amounts(row), row["source_type"], row["reference"], row["moved_at"]) for row in rows
    ]


async def waiting_proposals(scope: Scope) -> list[ProposalView]:
    """Return the appropriations in scope that nobody has decided."""
    return await _proposals("a.status = 'proposed' AND line.place_code LIKE ANY($1)", scope.like_patterns())


async def proposals_of(line_id: int) -> list[ProposalView]:
    """Return every appropriation of a line, the latest first."""
    return await _proposals("line.id = $1", line_id)


async def _proposals(where: str, value: object) -> list[ProposalView]:
    rows = await database.fetch(
        """SELECT a.public_id, a.amount_fen, a.document, a.status, a.reason, a.proposed_by, a.proposed_at,
                  account.display_name AS proposer, line.*
           FROM appropriation a JOIN account ON account.id = a.proposed_by
           JOIN ("""
        + _LINE
        + f""") AS line ON line.id = a.budget_line_id WHERE {where} ORDER BY a.id DESC""",
        value,
    )
    return [
        ProposalView(
            row["public_id"],
            _line(row),
            row["amount_fen"],
            row["document"],
            row["status"],
            row["reason"],
            row["proposed_by"],
            row["proposer"],
            row["proposed_at"],
        )
        for row in rows
    ]


async def years(scope: Scope) -> list[int]:
    """Return the years that have budget lines in scope, the latest first."""
    rows = await database.fetch(
        """SELECT DISTINCT l.year FROM budget_line l JOIN place ON place.id = l.place_id
           WHERE place.code LIKE ANY($1) ORDER BY l.year DESC""",
        scope.like_patterns(),
    )
    return [row["year"] for row in rows]


async def programmes() -> list[tuple[str, str, str]]:
    """Return the programmes: code, Chinese and English name."""
    rows = await database.fetch("SELECT code, name_zh, name_en FROM programme ORDER BY id")
    return [(row["code"], row["name_zh"], row["name_en"]) for row in rows]


async def appropriation_ids(public_ids: Sequence[UUID]) -> list[int]:
    """Return the rows behind public ids, in the order given."""
    rows = await database.fetch("SELECT id, public_id FROM appropriation WHERE public_id = ANY($1)", list(public_ids))
    found = {row["public_id"]: int(row["id"]) for row in rows}
    if not public_ids or any(public_id not in found for public_id in public_ids):
        raise NotFound
    return [found[public_id] for public_id in public_ids]


def _amounts(row: Row) -> Amounts:
    return Amounts(*(row[f"{name}_fen"] for name in ("approved", "reserved", "committed", "spent", "closed")))


def _line(row: Row) -> LineView:
    return LineView(
        row["id"],
        row["programme"],
        row["programme_zh"],
        row["programme_en"],
        row["place_code"],
        row["place_zh"],
        row["place_en"],
        row["year"],
        row["functional_code"],
        row["economic_code"],
        _amounts(row),
        Fund(row["fund"]),
        row["closed"],
    )
