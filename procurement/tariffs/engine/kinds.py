"""The words a tariff may use: status, combination, scope of a cap, place and mode of rounding."""

from enum import StrEnum


class Status(StrEnum):
    """Where a set stands; not part of what it says, so not part of its sha256."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Combine(StrEnum):
    """How the amounts of an item's units become one."""

    SUM = "sum"
    MAX = "max"


class Scope(StrEnum):
    """What a cap limits."""

    LINE = "line"
    CLAIM = "claim"
    MATTER = "matter"
    PAYEE_PERIOD = "payee_period"


class Period(StrEnum):
    """For how long a payee's cap counts."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Place(StrEnum):
    """Where the rounding happens."""

    PART = "part"
    LINE = "line"
    CLAIM = "claim"


class Mode(StrEnum):
    """How a remainder is rounded; the values are those of ``decimal``."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"

    @property
    def decimal_name(self) -> str:
        """Return the name that the decimal module uses."""
        return "ROUND_" + self.upper()
