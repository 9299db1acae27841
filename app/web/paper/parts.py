"""What a document is made of; each part prints itself below what came before."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from PIL import Image

from app.web.paper.sheet import (
    BOTTOM,
    INK,
    LAKE,
    LEFT,
    QR_MM,
    QUIET,
    TOP,
    WIDTH,
    Colour,
    Sheet,
    contents_before,
    qr_code,
)


class Part(Protocol):
    """A piece of a document."""

    def draw(self, sheet: Sheet) -> None:
        """Print it below what came before."""


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the document, large; what is below it in small letters."""

    text: str
    below: str = ""

    def draw(self, sheet: Sheet) -> None:
        """Print it."""
        sheet.y += 12
        sheet.paragraph(self.text, 22, LAKE)
        if self.below:
            sheet.y += 2
            sheet.paragraph(self.below, 11, QUIET)
        sheet.y += 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first or second level: a bookmark, and a line of the contents."""

    text: str
    level: int = 1

    def draw(self, sheet: Sheet) -> None:
        """Print it, never as the last line of a page."""
        sheet.room(32)
        sheet.y += 5 if sheet.y > TOP else 0
        sheet.document.set_y(sheet.y)
        sheet.document.start_section(self.text, level=self.level - 1, strict=False)
        sheet.entries.append((self.level, self.text, sheet.document.page))
        sheet.paragraph(self.text, 14 if self.level == 1 else 12, LAKE if self.level == 1 else INK)
        sheet.y += 1.5


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs; a line feed begins a new one."""

    text: str
    small: bool = False
    colour: Colour = INK

    def draw(self, sheet: Sheet) -> None:
        """Print it."""
        for paragraph in self.text.split("\n"):
            sheet.paragraph(paragraph, 8.5 if self.small else 10.5, QUIET if self.small else self.colour)
            sheet.y += 1.2


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one pair per row."""

    pairs: Sequence[tuple[str, str]]

    def draw(self, sheet: Sheet) -> None:
        """Print it."""
        for name, value in self.pairs:
            height = sheet.style(10, QUIET)
            names, values = sheet.lines(name, 36), sheet.lines(value or "—", WIDTH - 42)
            sheet.room(height * max(len(names), min(len(values), 12)) + 2)
            start, page = sheet.y, sheet.document.page
            sheet.paragraph(name, 10, QUIET, LEFT, 36)
            after, sheet.y = sheet.y, start
            sheet.paragraph(value or "—", 10, INK, LEFT + 42, WIDTH - 42)
            if sheet.document.page == page:
                sheet.y = max(after, sheet.y)
            sheet.y += 1
            sheet.rule()
            sheet.y += 1
        sheet.y += 3


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the head is repeated on every page, and a cell may be as long as it likes."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()  # shares of the width; equal if none are given
    numbers: frozenset[int] = frozenset()  # columns to set to the right

    SIZE = 9.0

    def draw(self, sheet: Sheet) -> None:
        """Print it."""
        self._head(sheet)
        for row in self.rows:
            self._row(sheet, row, INK, head=False)
        sheet.y += 4

    def _head(self, sheet: Sheet) -> None:
        sheet.room(26)
        self._row(sheet, self.columns, QUIET, head=True)

    def _row(self, sheet: Sheet, row: Sequence[str], colour: Colour, *, head: bool) -> None:
        height, widths = sheet.style(self.SIZE, colour), self._widths()
        cells = [sheet.lines(cell, width - 3) for cell, width in zip(row, widths, strict=True)]
        while any(cells):
            if not head and sheet.y + height * min(4, max(map(len, cells))) + 2 > BOTTOM:
                sheet.new_page()
                self._head(sheet)
            fit = max(int((BOTTOM - sheet.y - 2) / height), 1)
            sheet.style(self.SIZE, colour)
            self._lines(sheet, [cell[:fit] for cell in cells], widths, height)
            cells = [cell[fit:] for cell in cells]

    def _lines(self, sheet: Sheet, cells: Sequence[Sequence[str]], widths: Sequence[float], height: float) -> None:
        start, left = sheet.y + 1, LEFT
        for number, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            for place, line in enumerate(lines):
                sheet.y = start + place * height
                sheet.line(line, left, width - 1, height, "R" if number in self.numbers else "L")
            left += width
        sheet.y = start + max(map(len, cells)) * height + 1
        sheet.rule()

    def _widths(self) -> list[float]:
        shares = self.widths or [1.0] * len(self.columns)
        return [WIDTH * share / sum(shares) for share in shares]


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph or a drawing with a line below it."""

    content: bytes
    caption: str = ""
    highest_mm: float = 110

    def draw(self, sheet: Sheet) -> None:
        """Print it as wide as the page allows, whole on one page."""
        with Image.open(BytesIO(self.content)) as image:
            wide, high = image.size
        width = min(WIDTH, self.highest_mm * wide / high, wide * 25.4 / 96)
        height = width * high / wide
        sheet.room(height + 10)
        sheet.document.image(BytesIO(self.content), LEFT, sheet.y, width, height)
        sheet.y += height + 1
        sheet.paragraph(self.caption, 8.5, QUIET)
        sheet.y += 3


@dataclass(frozen=True, slots=True)
class Code:
    """An address as a QR code, with what it is for beside it."""

    address: str
    caption: str

    def draw(self, sheet: Sheet) -> None:
        """Print it."""
        sheet.room(QR_MM + 4)
        qr_code(sheet.document, self.address, LEFT, sheet.y)
        top = sheet.y
        sheet.y += 4
        sheet.paragraph(f"{self.caption}\n{self.address}", 9, QUIET, LEFT + QR_MM + 6, WIDTH - QR_MM - 6)
        sheet.y = max(sheet.y, top + QR_MM + 4)


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on another page, in another language if one is named: the foot of the page speaks it too."""

    language: str = ""

    def draw(self, sheet: Sheet) -> None:
        """Begin it."""
        sheet.language = self.language or sheet.language
        sheet.new_page()


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, on pages of its own; written when all headings have found theirs."""

    title: str

    def draw(self, sheet: Sheet) -> None:
        """Keep as many pages as the headings will fill."""
        place = 0
        while place == 0 or contents_before(place) < sheet.headings:
            sheet.new_page()
            sheet.reserved.append(sheet.document.page)
            if place == 0:
                sheet.paragraph(self.title, 16, LAKE)
            place += 1
        sheet.new_page()
