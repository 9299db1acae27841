"""The rules of every day, read once: the rulebook with its history, the approval limits, the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.core import calendar, database
from app.core.calendar import Calendar
from app.core.text import N_, Message, Words
from app.rulebook import Lawbook, lawbook
from procurement.blocks import Figure, Source
from procurement.oversight.reexamination.rules import Lookup

SECTION, DIVISION = "approval.section", "approval.division"
_LIMIT_NAMES: Mapping[str, str] = {
    SECTION: N_("科室负责人单独审批的上限"),
    DIVISION: N_("分管领导审批的上限"),
}
FEN = "fen"


@dataclass(frozen=True, slots=True)
class Limit:
    """Up to which amount who decides at a place, from a day on."""

    place_code: str
    effective_from: date
    section_up_to_fen: int
    division_up_to_fen: int
    document: str


@dataclass(frozen=True, slots=True)
class Book:
    """All dated rules that buying is judged by."""

    law: Lawbook
    limits: tuple[Limit, ...]  # the nearest place first, the latest first
    days: Calendar

    def at(self, place_code: str) -> Lookup:
        """Return how figures of any day are looked up for a place."""

        def look_up(key: str, day: date) -> Figure | None:
            if key in _LIMIT_NAMES:
                return self._limit(key, day, place_code)
            found = self.law.on(key, day, place_code)
            return Figure.of(found) if found else None

        return look_up

    def name(self, key: str) -> Message:
        """Return what a figure is about."""
        if key in _LIMIT_NAMES:
            return Message(_LIMIT_NAMES[key])
        row = self.law.rows[key][-1]
        return Message("%(name)s", {"name": Words(row.note_zh or key, row.note_en)})

    def _limit(self, key: str, day: date, place_code: str) -> Figure | None:
        for limit in self.limits:
            if place_code.startswith(limit.place_code) and limit.effective_from <= day:
                fen = limit.section_up_to_fen if key == SECTION else limit.division_up_to_fen
                return Figure(fen, Source(limit.document, figure_since=limit.effective_from), FEN)
        return None


async def open_book() -> Book:
    """Read everything once; a whole year's purchases are judged by one book."""
    rows = await database.fetch(
        """SELECT place.code AS place_code, l.effective_from, l.section_up_to_fen, l.division_up_to_fen, l.document
           FROM approval_limit l JOIN place ON place.id = l.place_id WHERE l.status = 'confirmed'
           ORDER BY length(place.code) DESC, l.effective_from DESC"""
    )
    return Book(await lawbook(), tuple(Limit(**row) for row in rows), await calendar.load_calendar())
