"""Exact numbers only: the one rule on what may enter a calculation, and the struct that enforces it."""

from decimal import Decimal

from msgspec import Struct

Count = Decimal | int
LARGEST_DIGITS = 12
LARGEST: int = 10**LARGEST_DIGITS
SMALLEST_PLACE = Decimal(1).scaleb(-LARGEST_DIGITS)


def is_exact(value: object) -> bool:
    """Tell whether a number may enter a calculation.

    It may if it is an int or a finite Decimal, 12 digits at most on either side of the point; never a float.
    """
    if type(value) is int:
        return abs(value) < LARGEST
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() >= LARGEST_DIGITS:
        return False
    return value.quantize(SMALLEST_PLACE) == value


def is_count(value: object) -> bool:
    """Tell whether a number may count units: exact, and not below 0."""
    if type(value) is int:
        return 0 <= value < LARGEST
    return is_exact(value) and value >= 0  # type: ignore[operator]  # an exact number is comparable


class TariffPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any piece of a tariff: unknown fields and inexact numbers are refused when it is read or built."""

    def __post_init__(self) -> None:
        """Refuse NaN, infinities and floats."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, Decimal | float) and not is_exact(value):
                raise ValueError(f"{name}: {value!r} is not an exact amount")


def shortest(value: Decimal | str | int) -> str:
    """Write a number in its shortest plain form: 2.50 becomes 2.5, 2000.00 becomes 2000."""
    number = Decimal(value)
    return format(number.normalize() if number else Decimal(0), "f")
