"""What is asked about a page: figures picked by their names, each with the SQL that says what it must be."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.procurement.year.reading import Element, Page, fen

Pick = Callable[[Page], dict[str, Any]]


@dataclass(frozen=True)
class Figure:
    """Figures of one kind on a page by key, and the query that returns ``key`` and ``value`` for each."""

    name: str
    pick: Pick
    sql: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A page as one reader sees it; a list is followed to its end where ``to_the_end`` says so."""

    path: str
    reader: str
    figures: Sequence[Figure]
    to_the_end: bool = False
    also: tuple[str, ...] = ()  # others who open it: for them only the statements are counted


def by_link(row: Element) -> str:
    """Name a row by what its head leads to."""
    return row.link


def by_reference(row: Element) -> str:
    """Name a row by the reference below its head."""
    found = re.search(r"[A-Z]+-\d{4}-\d+", row.every("span", "fine")[0].text)
    assert found is not None, row.text
    return found[0]


def by_words(row: Element) -> str:
    """Name a row by its head."""
    return row.text


def cells(caption: str, label: str, read: Callable[[str], Any] = fen, key: Callable[[Element], str] = by_link) -> Pick:
    """Pick a column of a table."""
    return lambda page: {key(head): read(row[label]) for head, row in page.rows(caption)}


def large(label: str, read: Callable[[str], Any] = fen, block: int = 0) -> Pick:
    """Pick one of the large figures."""
    return lambda page: {"": read(page.figures(block)[label])}


def fact(label: str, read: Callable[[str], Any] = fen) -> Pick:
    """Pick one of the facts."""
    return lambda page: {"": read(page.facts()[label])}


def meter(label: str) -> Pick:
    """Pick a bar: its part and its whole."""
    return lambda page: dict(zip(("part", "whole"), page.meters().get(label, (0, 0)), strict=True))


def drawn(title: str, series: str, read: Callable[[str], Any] = fen) -> Pick:
    """Pick a series of a chart."""
    return lambda page: {category: read(row[series]) for category, row in page.chart(title).items()}


def part_of_bars(name: str) -> Pick:
    """Pick one part of all contracts' bars; what a bar does not show is nothing."""
    return lambda page: {reference: parts.get(name, 0) for reference, parts in page.bars().items()}


def words(said: str) -> str:
    """Leave a figure as it is said."""
    return said
