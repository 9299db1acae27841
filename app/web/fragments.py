"""Markup of list rows, kept: a row of a list looks the same to everybody who reads it in the same language."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from markupsafe import Markup

from app.web import i18n

MOST = 20_000
_kept: dict[Hashable, Markup] = {}


def remembered(macro: Callable[..., Markup], rows: Iterable[Hashable], *words: Any) -> Markup:
    """Return ``macro(row, *words)`` for all rows, from memory where this very row was shown before in this language.

    For macros whose markup depends on the row's values and on constants alone: never on the reader, the
    address or the time. A row that changed is another value, so nothing stale is shown.
    """
    language = i18n.locale()
    return Markup().join([_row(macro, language, row, words) for row in rows])


def _row(macro: Callable[..., Markup], language: str, row: Hashable, words: tuple[Any, ...]) -> Markup:
    key = (macro, language, row)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= MOST:
            _kept.clear()
        found = _kept[key] = macro(row, *words)
    return found
