"""Claims accrue by themselves."""

from datetime import datetime
from typing import Any

import msgspec

from procurement.claims import accrual


async def accrue_claims(now: datetime) -> dict[str, Any]:
    """Write a claim for each confirmed unit of work that has none yet."""
    done: dict[str, Any] = msgspec.to_builtins(await accrual.accrue(now))
    return done
