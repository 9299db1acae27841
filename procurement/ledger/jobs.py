"""The balances follow the postings."""

from datetime import datetime
from typing import Any

from procurement.ledger import balances


async def fold_ledger(_: datetime) -> dict[str, Any]:
    """Add what was posted to the balances."""
    return {"folded": await balances.fold()}
