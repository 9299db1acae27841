"""Money is integer fen; the one rounding function and the one way to write an amount."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from app.core.errors import InvalidInput

ONE, CENT = Decimal(1), Decimal("0.01")
DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3}
"""ISO 4217: the currencies that do not have two decimals, as far as payment services settle in them."""


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


def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217)."""
    return DECIMALS.get(currency, 2)


def plain(minor: int, currency: str) -> str:
    """Write minor units of a currency as a bare decimal number, for files that machines read."""
    digits = minor_digits(currency)
    sign, rest = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{rest // 10**digits}" + (f".{rest % 10**digits:0{digits}d}" if digits else "")


def written(minor: int, currency: str) -> str:
    """Write minor units of a currency as a person reads them: ¥1,234.50, HKD 1,234.50, JPY 1,235."""
    if currency == "CNY":
        return yuan(minor)
    whole, point, rest = plain(abs(minor), currency).partition(".")
    return f"{'-' if minor < 0 else ''}{currency} {int(whole):,}{point}{rest}"


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
