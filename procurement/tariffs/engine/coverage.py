"""How many units a range covers; the one rule that lines and modifiers share."""

from procurement.tariffs.engine.exact import Count


def units_covered(count: Count, first: int, last: int | None, in_range_only: bool = False) -> Count | None:
    """Return how many of ``count`` units a range covers, or None where it does not apply.

    It applies when the count is at least ``first`` (and, if ``in_range_only``, at most ``last``) and covers
    min(count, last) − first + 1 units; with first = 0, min(count, last); never below 0. No unit conversion.
    Source: settlement.md, "The tariff model"; conformance/fees, ``how_the_numbers_arise``.
    """
    if count < first:
        return None
    if last is None or count <= last:
        reached = count
    elif in_range_only:
        return None
    else:
        reached = last
    return max(reached - first + 1, 0) if first > 0 else reached
