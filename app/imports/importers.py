"""What a feature says so that its files can be imported: its columns, how rows become values, how values are kept."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.core.text import Message
from app.imports.cells import Cells, Column, folded, listed
from app.imports.rules import ColumnsMissing, ColumnTwice, Sheet

Tick = Callable[[int], Awaitable[None]]
"""Told now and then how many rows are done."""
Check = Callable[[Principal, Sequence[Cells], Tick], Awaitable[Mapping[int, Any]]]
"""Turns rows into values by row number; what is wrong with a row it writes into the row's own faults."""
Store = Callable[[Principal, Mapping[int, Any], bool], Awaitable[Mapping[int, Message]]]
"""Keeps the values, in the transaction it is called in; with the flag it may leave rows out and says why."""


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of file."""

    kind: str
    title: str
    lede: str
    permission: Permission
    columns: tuple[Column, ...]
    check: Check
    store: Store
    done: str
    """Where to look at what was imported."""


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Take a feature's kind of file; safe to call again."""
    _importers[importer.kind] = importer


def importer_of(kind: str) -> Importer:
    """Return a kind of file by its code."""
    if kind not in _importers:
        raise NotFound
    return _importers[kind]


def rows_of(importer: Importer, sheet: Sheet) -> list[Cells]:
    """Return the rows ready to be read, or refuse because the header does not fit."""
    places = _places(importer, sheet.header)
    columns = {column.key: column for column in importer.columns}
    return [Cells(row, places, columns) for row in sheet.rows]


def unused(importer: Importer, header: Sequence[str]) -> list[str]:
    """Return the header's names that mean nothing here."""
    known = set().union(*(column.names() for column in importer.columns))
    return [name for name in header if name and folded(name) not in known]


def _places(importer: Importer, header: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for column in importer.columns:
        names = column.names()
        found = [place for place, name in enumerate(header) if name and folded(name) in names]
        if len(found) > 1:
            raise ColumnTwice(column=Message(column.name))
        if found:
            places[column.key] = found[0]
    missing = [column.name for column in importer.columns if column.required and column.key not in places]
    if missing:
        raise ColumnsMissing(missing=listed(missing))
    return places
