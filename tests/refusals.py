"""What the database refuses, whoever writes: raw SQL that breaks one guard and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from app.core import database


@asynccontextmanager
async def refusal_by(guard: str) -> AsyncIterator[None]:
    """Expect the block, run as one transaction of the application, to be refused by the named guard, at COMMIT too."""
    with pytest.raises(asyncpg.PostgresError) as refusal:
        async with database.transaction():
            yield
    found = getattr(refusal.value, "constraint_name", None)
    assert found == guard, f"{guard} was to refuse, and not: {found or refusal.value}"


async def refused(guard: str, sql: str, *values: Any) -> None:
    """Expect one statement to be refused by the named guard."""
    async with refusal_by(guard):
        await database.execute(sql, *values)
