"""Which layout is in force where, those that were and will be, and lines to preview one on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import msgspec

from app.core import clock, database, vault
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.settlement import bank_lines
from procurement.settlement.bank_file import BankLine
from procurement.settlement.layouts.rules import BUILT_IN, Layout
from procurement.settlement.queries import reading_scope

_STORED = """
SELECT l.id, l.public_id, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en,
       l.body::text AS body, l.set_at, setter.display_name AS set_by
FROM bank_layout l JOIN place ON place.id = l.place_id JOIN account setter ON setter.id = l.set_by
"""
_IN_FORCE = """
SELECT l.id, l.body::text AS body FROM bank_layout l JOIN place ON place.id = l.place_id
WHERE starts_with($1, place.code) AND l.effective_from <= $2
ORDER BY length(place.code) DESC, l.effective_from DESC, l.id DESC LIMIT 1
"""
_LATEST = """
SELECT b.id, b.reference FROM settlement_batch b JOIN place ON place.id = b.place_id
WHERE place.code LIKE ANY ($1) AND starts_with(place.code, $2) AND b.status <> 'cancelled' ORDER BY b.id DESC LIMIT 1
"""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class LayoutView:
    """A layout as it was set, for a place and everything below it."""

    public_id: UUID
    place_code: str
    place_zh: str
    place_en: str
    layout: Layout
    set_at: datetime
    set_by: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The first lines of the latest batch, account numbers masked."""

    batch: str
    lines: tuple[BankLine, ...]


async def layout_for(place_code: str, day: date) -> tuple[int | None, Layout]:
    """Return the layout of the nearest place that has one on a day, or what is built in."""
    row = await database.fetch_one(_IN_FORCE, place_code, day)
    return (row["id"], msgspec.json.decode(row["body"], type=Layout)) if row else (None, BUILT_IN)


async def layout_by_id(layout_id: int | None) -> Layout:
    """Return the layout that a file was written by."""
    if layout_id is None:
        return BUILT_IN
    body = await database.fetch_value("SELECT body::text FROM bank_layout WHERE id = $1", layout_id)
    return msgspec.json.decode(body, type=Layout)


async def layouts(principal: Principal) -> Sequence[LayoutView]:
    """Return every layout that concerns the officer's places, the latest first."""
    patterns = reading_scope(principal).like_patterns()
    rows = await database.fetch(
        f"""{_STORED} WHERE place.code LIKE ANY ($1)
            OR EXISTS (SELECT FROM unnest($1::text[]) AS own (code) WHERE own.code LIKE place.code || '%')
            ORDER BY place.code, l.effective_from DESC, l.id DESC""",
        patterns,
    )
    return [_view(row) for row in rows]


async def layout_view(principal: Principal, public_id: UUID) -> LayoutView:
    """Return one layout, to look at or to begin another one from."""
    row = await database.fetch_one(f"{_STORED} WHERE l.public_id = $1", public_id)
    scope = reading_scope(principal)
    if row is None or not (
        scope.covers_place(row["place_code"]) or any(c.startswith(row["place_code"]) for c in scope.place_codes)
    ):
        raise NotFound
    return _view(row)


async def preview_lines(principal: Principal, place_code: str) -> Preview:
    """Return the first lines of the latest batch at a place, to see a layout on; nothing where there is none."""
    scope = principal.scope(Permission.SETTLEMENT_APPROVE)
    scope.require_place(place_code)
    row = await database.fetch_one(_LATEST, scope.like_patterns(), place_code)
    if row is None:
        return Preview("", ())
    found = await bank_lines.lines_of(row["id"], most=SHOWN)
    masked = [replace(line, account_number=vault.masked(line.account_number, 4, 4)) for line in found]
    return Preview(row["reference"], tuple(masked))


def _view(row: database.Row) -> LayoutView:
    return LayoutView(
        row["public_id"], row["place_code"], row["place_zh"], row["place_en"],
        msgspec.json.decode(row["body"], type=Layout), row["set_at"], row["set_by"],
    )  # fmt: skip


async def layouts_of_batch(reference: str) -> Sequence[Layout]:
    """Return the layout that a batch was paid by and the one in force there today; the bank may answer by either."""
    row = await database.fetch_one(
        """SELECT f.layout_id, place.code FROM settlement_batch b JOIN place ON place.id = b.place_id
           LEFT JOIN bank_file f ON f.batch_id = b.id WHERE b.reference = $1""",
        reference,
    )
    if row is None:
        raise NotFound
    today_id, today = await layout_for(row["code"], clock.today())
    return (today,) if today_id == row["layout_id"] else (await layout_by_id(row["layout_id"]), today)
