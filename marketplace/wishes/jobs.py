"""Wishes come true by themselves."""

from datetime import datetime
from typing import Any

from marketplace.wishes.service import follow_wishes


async def answer_wishes(now: datetime) -> dict[str, Any]:
    """Tell villages that a product which answers their wish is listed."""
    return {**await follow_wishes(now)}
