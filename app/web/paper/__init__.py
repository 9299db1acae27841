"""A document on paper: a list of parts, printed as PDF on A4 with our font, bookmarks and page numbers.

    parts = [Title("合同"), Facts([("甲方", "西湖区")]), Contents("目录"), Heading("一、内容"), Text("…")]
    content = await asyncio.to_thread(pdf, "HT-2026-000003", signed_at, parts)

The same parts give the same bytes, so that a file can be told from another by its hash. Reading the font takes
half a second: print in a thread. What all pages say is in the reader's language, as everywhere, unless a NewPage
names another.
"""

from collections.abc import Sequence
from datetime import datetime

from app.web.paper.parts import Code, Contents, Facts, Heading, NewPage, Part, Picture, Table, Text, Title
from app.web.paper.sheet import Sheet, blank, fitting, qr_code

__all__ = [
    "Code", "Contents", "Facts", "Heading", "NewPage", "Part", "Picture", "Table", "Text", "Title", "blank", "fitting",
    "pdf", "qr_code",
]  # fmt: skip


def pdf(title: str, made_at: datetime, parts: Sequence[Part]) -> bytes:
    """Return the document: its parts one below the other, then what every page says."""
    sheet = Sheet(blank(title, made_at), headings=sum(isinstance(part, Heading) for part in parts))
    sheet.new_page()
    for part in parts:
        part.draw(sheet)
    sheet.finish(title)
    return bytes(sheet.document.output())
