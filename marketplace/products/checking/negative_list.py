"""The negative list: dated rows of the rulebook, each with words that point a reader to a passage.

No refusal rests on a word: who submits declares that the service is off the list. The words lie in the file beside this
one, with the first facts of each row; since when it holds, by which article and who confirmed it says the rulebook.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.core.text import N_
from app.rulebook.blocks import Source
from app.rulebook.rules import Lawbook, Rule, RuleSeed
from marketplace.products.content import ProductContent

FILE = Path(__file__).with_name("negative_list.toml")
PREFIX = "negative."
DOCUMENT, ARTICLES = N_("《政府购买服务管理办法》（财政部令第102号）"), N_("第十条至第十四条")
READ = ("title_zh", "summary_zh", "content_zh", "standard_zh", "staffing_zh", "process_zh")
_NEAR = 6  # characters before a word within which a denial ("不推销") takes the hint away


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of matter that government may not buy as a service, by its row of the rulebook."""

    rule: Rule
    words: tuple[str, ...]

    @property
    def citation(self) -> Source:
        """Return where the entry stands."""
        return Source.of(self.rule)

    @property
    def name_zh(self) -> str:
        """Return what may not be bought."""
        return self.rule.note_zh

    @property
    def name_en(self) -> str:
        """Return the same in English."""
        return self.rule.note_en


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
def _written() -> dict[str, dict[str, Any]]:
    return {code: row for code, row in _file().items() if isinstance(row, dict)}


def seeds() -> list[RuleSeed]:
    """Return the rows that the rulebook is first filled with."""
    return [
        RuleSeed(
            *(f"{PREFIX}{code}", DOCUMENT, row["article"], 1, "yes_no", row["name_zh"], row["name_en"]),
            read=False,
            effective_from=row["effective_from"],
        )
        for code, row in _written().items()
    ]


def entries_on(law: Lawbook, day: date) -> list[Entry]:
    """Return the list as it stands on a day, in the order of the article."""
    rows = ((law.on(f"{PREFIX}{code}", day), row["words"]) for code, row in _written().items())
    return [Entry(rule, tuple(words)) for rule, words in rows if rule and rule.value]


def declared_by(entries: Sequence[Entry]) -> Source:
    """Return what a declaration rests on; it is confirmed when every entry is."""
    since = max((entry.rule.effective_from for entry in entries), default=None)
    return Source(DOCUMENT, ARTICLES, all(entry.rule.verified for entry in entries), since)


def hints(content: ProductContent, entries: Iterable[Entry]) -> list[Hint]:
    """Return where a version's words touch the list: each entry once in a field."""
    return [
        Hint(entry, field, word)
        for entry in entries
        for field in READ
        for word in _first(getattr(content, field), entry)
    ]


def _first(text: str, entry: Entry) -> Iterator[str]:
    for word in entry.words:
        place = text.find(word)
        if place >= 0 and not any(denial in text[max(place - _NEAR, 0) : place] for denial in _file()["denials"]):
            yield word
            return
