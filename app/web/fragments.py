"""Markup of list rows, kept: a row of a list looks the same to everybody who reads it in the same language."""

from collections.abc import Callable, Hashable
from typing import Any

from markupsafe import Markup

from app.web import i18n

MOST = 20_000
_kept: dict[Hashable, Markup] = {}


def remembered(macro: Callable[..., Markup], row: Hashable, *words: Any) -> Markup:
    """Return ``macro(row, *words)``, from memory if this very row was shown before in this language.

    For macros whose markup depends on the row's values and on constants alone: never on the reader, the
    address or the time. A row that changed is another value, so nothing stale is shown.
    """
    key = (macro, i18n.locale(), row)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= MOST:
            _kept.clear()
        found = _kept[key] = macro(row, *words)
    return found
