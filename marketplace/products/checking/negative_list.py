"""The negative list: dated entries with words that point a reader to a passage; no refusal rests on a word."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.products.content import ProductContent

FILE = Path(__file__).with_name("negative_list.toml")
READ = ("title_zh", "summary_zh", "content_zh", "standard_zh", "staffing_zh", "process_zh")
_NEAR = 6  # characters before a word within which a denial ("不推销") takes the hint away


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of matter that government may not buy as a service."""

    code: str
    article: str
    name_zh: str
    name_en: str
    words: tuple[str, ...]
    effective_from: date
    effective_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the entry holds on the day."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True, slots=True)
class Hint:
    """A passage that a reader should look at twice."""

    entry: Entry
    field: str
    word: str


@cache
def _file() -> dict[str, Any]:
    with FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def entries() -> tuple[Entry, ...]:
    """Return the whole list, in the order of the article."""
    written = {code: row for code, row in _file().items() if isinstance(row, dict)}
    return tuple(Entry(code=code, **{**row, "words": tuple(row["words"])}) for code, row in written.items())


def hints(content: ProductContent, day: date) -> list[Hint]:
    """Return where a version's words touch the list as it stands on the day: each entry once in a field."""
    return [
        Hint(entry, field, word)
        for entry in entries()
        if entry.in_force(day)
        for field in READ
        for word in _first(getattr(content, field), entry)
    ]


def _first(text: str, entry: Entry) -> Iterator[str]:
    for word in entry.words:
        place = text.find(word)
        if place >= 0 and not any(denial in text[max(place - _NEAR, 0) : place] for denial in _file()["denials"]):
            yield word
            return
