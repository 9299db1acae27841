"""Packing evidence, when a sample was drawn."""

from datetime import datetime

from procurement.oversight.samples import packing


async def pack_samples(now: datetime) -> dict[str, int]:
    """Pack what waits."""
    return await packing.pack_samples(now)
