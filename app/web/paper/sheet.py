"""The page that parts are printed on: our font, colours and margins, and where the next line goes."""

from datetime import datetime

import segno
from fpdf import FPDF

from app import assets
from app.core.text import N_
from app.web import i18n
from app.web.paper.line_breaks import wrapped

FONT = "paper"
INK, QUIET, RULE, LAKE, NEED = (29, 29, 27), (96, 96, 92), (200, 198, 190), (14, 110, 107), (168, 40, 24)
LEFT, TOP, WIDTH, BOTTOM = 22.0, 22.0, 166.0, 272.0
QR_MM = 34.0
CONTENTS_HEAD_MM, ENTRY_MM = 16.0, 7.0
PAGE = N_("第 %(number)s 页 共 %(total)s 页")
Colour = tuple[int, int, int]


def blank(title: str, made_at: datetime) -> FPDF:
    """Return an empty A4 document with our font, for what needs a layout of its own."""
    document = FPDF(format="A4")
    document.set_creation_date(made_at)
    document.set_title(title)
    document.set_lang("zh-CN")
    document.add_font(FONT, fname=assets.font_path())
    document.set_auto_page_break(auto=False)
    return document


def qr_code(document: FPDF, text: str, left: float, top: float) -> None:
    """Draw a QR code as squares."""
    matrix = segno.make_qr(text, error="m").matrix
    module = QR_MM / len(matrix)
    document.set_fill_color(0, 0, 0)
    for number, line in enumerate(matrix):
        for column, dark in enumerate(line):
            if dark:
                document.rect(left + column * module, top + number * module, module, module, style="F")


def fitting(document: FPDF, text: str, width: float) -> str:
    """Return as much of a text as fits a width in the font that is set."""
    if document.get_string_width(text) <= width:
        return text
    while text and document.get_string_width(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…"


def contents_before(place: int) -> int:
    """Return how many headings stand before the n-th page of the table of contents."""
    if place == 0:
        return 0
    return place * int((BOTTOM - TOP) / ENTRY_MM) - int(CONTENTS_HEAD_MM / ENTRY_MM) - 1


class Sheet:
    """Where the next line goes."""

    def __init__(self, document: FPDF, headings: int) -> None:
        """Begin with no page."""
        self.document, self.headings, self.y = document, headings, TOP
        document.c_margin = 0
        self.language = i18n.locale()  # of what the pages say from here on
        self.languages: list[str] = []  # of each page
        self.entries: list[tuple[int, str, int]] = []  # level, text and page of each heading
        self.reserved: list[int] = []  # pages of the table of contents

    def new_page(self) -> None:
        """Go on at the top of another page."""
        self.document.add_page()
        self.languages.append(self.language)
        self.document.set_line_width(0.2)
        self.y = TOP

    def room(self, height: float) -> None:
        """Go to a new page unless so much fits on this one."""
        if self.y + height > BOTTOM and self.y > TOP:
            self.new_page()

    def style(self, size: float, colour: Colour) -> float:
        """Choose how the next lines look; return the height of one."""
        self.document.set_font(FONT, size=size)
        self.document.set_text_color(*colour)
        return size * 0.56

    def lines(self, text: str, width: float) -> list[str]:
        """Return a text's lines in the style that is set."""
        return wrapped(text, width, self.document.get_string_width)

    def line(self, text: str, left: float, width: float, height: float, align: str = "L") -> None:
        """Print one line at the present height."""
        self.document.set_xy(left, self.y)
        self.document.cell(width, height, text, align=align)

    def paragraph(self, text: str, size: float, colour: Colour, left: float = LEFT, width: float = WIDTH) -> None:
        """Print a text line by line, over as many pages as it needs."""
        height = self.style(size, colour)
        for line in self.lines(text, width):
            self.room(height)
            self.style(size, colour)
            self.line(line, left, width, height)
            self.y += height

    def rule(self) -> None:
        """Draw a thin line."""
        self.document.set_draw_color(*RULE)
        self.document.line(LEFT, self.y, LEFT + WIDTH, self.y)

    def finish(self, title: str) -> None:
        """Write the table of contents and the foot of every page."""
        total = len(self.document.pages)
        for number in range(1, total + 1):
            self._turn_to(number)
            self.y = 282
            height = self.style(8, QUIET)
            self.line(fitting(self.document, title, 110), LEFT, 110, height)
            with i18n.speaking(self.languages[number - 1]):
                self.line(i18n.translate(PAGE, number=number, total=total), LEFT, WIDTH, height, "R")
        for place, number in enumerate(self.reserved):
            self._turn_to(number)
            self.y = TOP + (CONTENTS_HEAD_MM if place == 0 else 0)
            for entry in self.entries[contents_before(place) : contents_before(place + 1)]:
                self._entry(*entry)

    def _entry(self, level: int, text: str, page: int) -> None:
        height = self.style(10.5, INK)
        left, link = LEFT + (level - 1) * 6, self.document.add_link(page=page)
        self.document.set_xy(left, self.y)
        self.document.cell(WIDTH - 20 + LEFT - left, height, fitting(self.document, text, WIDTH - 30), link=link)
        self.line(str(page), LEFT, WIDTH, height, "R")
        self.y += ENTRY_MM

    def _turn_to(self, number: int) -> None:
        self.document.page = number
        self.document.current_font_is_set_on_page = False
