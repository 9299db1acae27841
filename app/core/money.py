"""Money is integer fen; the one rounding function and the one way to write an amount."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from app.core.errors import InvalidInput

ONE, CENT = Decimal(1), Decimal("0.01")


class NotAnAmount(InvalidInput):
    """The text is not an amount in yuan with at most two decimals."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in fen of Chinese yuan."""

    fen: int

    def __add__(self, other: "Money") -> "Money":
        """Add two amounts."""
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        """Subtract an amount."""
        return Money(self.fen - other.fen)

    def __neg__(self) -> "Money":
        """Return the opposite posting."""
        return Money(-self.fen)

    def times(self, count: int) -> "Money":
        """Return the amount for a whole number of units."""
        return Money(self.fen * count)

    def __str__(self) -> str:
        """Return the amount as a person reads it: ¥1,234.50."""
        return yuan(self.fen)


def round_to_fen(amount_yuan: Decimal, step: Decimal = CENT, mode: str = ROUND_HALF_UP) -> int:
    """Round an amount in yuan to a multiple of ``step`` yuan and return it in fen."""
    if step == CENT:
        return int((amount_yuan * 100).quantize(ONE, rounding=mode))
    steps = (amount_yuan / step).quantize(ONE, rounding=mode)
    return int((steps * step * 100).to_integral_exact())


def yuan(fen: int) -> str:
    """Write fen as yuan with separators and always two decimals."""
    sign, rest = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}¥{rest // 100:,}.{rest % 100:02d}"


def plain_yuan(fen: int) -> str:
    """Write fen as a bare decimal number of yuan, for files that machines read."""
    sign, rest = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def parse_yuan(text: str) -> int:
    """Read what a person typed (¥1,234.5) as fen; refuse more than two decimals."""
    try:
        amount = Decimal(text.strip().lstrip("¥").replace(",", ""))
        fen = amount * 100
        if not amount.is_finite() or fen != fen.to_integral_value():
            raise NotAnAmount
    except InvalidOperation:
        raise NotAnAmount from None
    return int(fen)
