"""When an organization is reminded that a paper ends: without it its listings are suspended (条例 art. 19)."""

DAYS_BEFORE = (60, 30, 7)
"""How many days before its last day: time for the renewal, then for the reminder of it, then the last call."""


def due(days_left: int) -> int | None:
    """Return which reminder is due with so many days left; the nearest alone, should earlier ones have been missed."""
    return min((days for days in DAYS_BEFORE if 0 <= days_left <= days), default=None)
