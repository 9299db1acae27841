"""Counting the SQL statements that a page asks."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.core import database


def counted_statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which every statement is added from now on; clear it before each page."""
    asked: list[str] = []
    for name in ("fetch", "fetch_one", "fetch_value", "execute"):
        monkeypatch.setattr(database, name, counting(getattr(database, name), asked))
    return asked


def counting(query: Callable[..., Awaitable[Any]], asked: list[str]) -> Callable[..., Awaitable[Any]]:
    """Return a query that also adds its statement to a list."""

    async def counted(sql: str, *values: object) -> Any:
        asked.append(sql)
        return await query(sql, *values)

    return counted
