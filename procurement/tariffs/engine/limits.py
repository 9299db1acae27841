"""Caps, and the rounding that never lifts an amount above its cap."""

from collections.abc import Iterable
from decimal import Decimal

from procurement.tariffs.engine.amounts import rounded
from procurement.tariffs.engine.kinds import Mode, Scope
from procurement.tariffs.engine.model import Cap, Phrase, Rounding, Said

ZERO = Decimal(0)
ROUNDED = Phrase("rounded")
PlannedCap = tuple[Cap, Phrase]


def cap_limit(cap: Cap, base: Decimal, used_fen: int) -> Decimal:
    """Return what a cap leaves, in yuan, never below 0.

    ``base`` is the amount before modifiers that a multiple multiplies; ``used_fen`` what earlier claims of
    the matter or period took. Source: settlement.md, "Cap line | claim | matter | payee-period".
    """
    limit = cap.amount if cap.amount is not None else base * (cap.multiple or ZERO)
    if cap.scope in (Scope.MATTER, Scope.PAYEE_PERIOD):
        limit -= Decimal(used_fen).scaleb(-2)
    return max(limit, ZERO)


def capped(
    amount: Decimal, base: Decimal, caps: Iterable[PlannedCap], used_fen: dict[str, int], steps: list[Said]
) -> tuple[Decimal, Decimal | None]:
    """Return the amount in yuan under every cap, and the lowest limit; a step for each cap that bites."""
    lowest: Decimal | None = None
    for cap, phrase in caps:
        limit = cap_limit(cap, base, used_fen.get(cap.id, 0))
        lowest = limit if lowest is None else min(lowest, limit)
        if amount > limit:
            steps.append((phrase, {"limit": limit, "before": amount, "after": limit}))
            amount = limit
    return amount, lowest


def rounded_below(amount: Decimal, limit: Decimal | None, rounding: Rounding, steps: list[Said]) -> Decimal:
    """Round yuan to the step; where that would pass the limit, round down instead. A step if it changed."""
    result = rounded(amount, rounding)
    if limit is not None and result > limit:
        result = rounded(limit, Rounding(step=rounding.step, mode=Mode.DOWN))
    if result != amount:
        steps.append((ROUNDED, {"step": rounding.step, "before": amount, "after": result}))
    return result
