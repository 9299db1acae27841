"""The tariff model: a set of lines with modifiers, combination, caps and rounding; work; and the result.

Source: settlement.md of the domain notes, "The tariff model". Amounts are yuan as Decimal, percents are written
as in the document (``20`` is 20 per cent). Everything is frozen; a published set is known by its sha256.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from procurement.tariffs.engine.exact import Count, TariffPart, is_count, is_exact
from procurement.tariffs.engine.kinds import Combine, Mode, Period, Place, Scope, Status
from procurement.tariffs.engine.refusals import CountRefused


class Dimensions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What a line is for; in a line an empty dimension matches anything, in work it is simply not stated."""

    scenario: str | None = None
    stage: str | None = None
    class_: str | None = field(default=None, name="class")
    provider: str | None = None
    area: str | None = None


DIMENSIONS = Dimensions.__struct_fields__


class Bounds(TariffPart, frozen=True):
    """A range within which somebody chooses and says why; an absent end is open."""

    min: Decimal | None = None
    max: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Tell whether a chosen value lies within the range."""
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)


class PercentOf(TariffPart, frozen=True):
    """A share of what another line gives for the same units, before modifiers."""

    line: str
    percent: Decimal


class Parts(TariffPart, frozen=True):
    """Direct cost in yuan and basic labour in days (of the set's ``labour_day``), per unit."""

    direct: Decimal = Decimal(0)
    labour_days: Decimal = Decimal(0)


class Line(TariffPart, frozen=True):
    """One line of a tariff. Its amount: ``fixed`` + units × ``per_unit``, or one of the other three forms."""

    id: str
    item: str
    unit: str
    dimensions: Dimensions = Dimensions()
    from_: int = field(default=1, name="from")
    to: int | None = None
    in_range_only: bool = False
    fixed: Decimal = Decimal(0)
    per_unit: Decimal = Decimal(0)
    percent_of: PercentOf | None = None
    parts: Parts | None = None
    choice: Bounds | None = None
    needs: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    title_zh: str = ""
    title_en: str = ""


class When(TariffPart, frozen=True):
    """A condition on a dimension of the work."""

    dimension: str
    value: str


class Grades(TariffPart, frozen=True):
    """A table by grade: the percent each grade adds; ``of`` names what was graded.

    What is not graded yet has no effect; a percent that is not exact is refused.
    """

    of: str
    percents: dict[str, Decimal]

    def __post_init__(self) -> None:
        """Refuse NaN, infinities and floats in the table."""
        for grade, percent in self.percents.items():
            if not is_exact(percent):
                raise ValueError(f"percents.{grade}: {percent!r} is not exact")


class Modifier(TariffPart, frozen=True):
    """Something that changes a line's amount when all its conditions hold.

    Conditions: the count named ``count`` reaches ``from`` (and, if ``in_range_only``, not beyond ``to``); a
    dimension has a value; a grade was given; a percent within ``choice`` was chosen with a reason. Units are
    covered as for a line and stop at ``max_units``.
    """

    id: str
    count: str | None = None
    from_: int = field(default=1, name="from")
    to: int | None = None
    in_range_only: bool = False
    when: When | None = None
    grades: Grades | None = None
    choice: Bounds | None = None
    required: bool = False
    priority: int = 0
    fixed_percent: Decimal = Decimal(0)
    percent_per_unit: Decimal = Decimal(0)
    add: Decimal = Decimal(0)
    add_per_unit: Decimal = Decimal(0)
    max_units: int | None = None
    title_zh: str = ""
    title_en: str = ""


class Cap(TariffPart, frozen=True):
    """A limit: an ``amount`` in yuan, or a ``multiple`` of the amount before modifiers.

    ``lines`` and ``items`` narrow it (empty: all). For a matter or a payee's period the work says how much of
    the cap earlier claims have used; ``period`` is how long a payee's cap counts.
    """

    id: str
    scope: Scope
    amount: Decimal | None = None
    multiple: Decimal | None = None
    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    period: Period = Period.MONTH
    title_zh: str = ""
    title_en: str = ""


class Rounding(TariffPart, frozen=True):
    """Round to a multiple of ``step`` yuan at one place; what is paid is always whole fen."""

    step: Decimal = Decimal("0.01")
    mode: Mode = Mode.HALF_UP
    place: Place = Place.CLAIM


class SecondDate(TariffPart, frozen=True):
    """A further condition on a set's choice: a second event on or after a day."""

    event: str
    on_or_after: date


class TariffSet(TariffPart, frozen=True, eq=False):
    """A dated tariff of one region and family.

    Compared by identity; two sets say the same when their sha256 is the same (``document.sha256_of``).
    """

    id: str
    region: str
    family: str
    lines: tuple[Line, ...]
    document: str = ""
    label_zh: str = ""
    label_en: str = ""
    currency: str = "CNY"
    from_: date | None = field(default=None, name="from")
    to: date | None = None
    deciding_event: str = ""
    second_date: SecondDate | None = None
    status: Status = Status.DRAFT
    labour_day: Decimal | None = None
    modifiers: tuple[Modifier, ...] = ()
    combine: dict[str, Combine] = {}
    caps: tuple[Cap, ...] = ()
    rounding: Rounding = Rounding()

    @property
    def second_on_or_after(self) -> date | None:
        """Return the earliest second date that this set asks for, if it asks for one."""
        return self.second_date.on_or_after if self.second_date else None


class Choice(TariffPart, frozen=True):
    """What was chosen within a tariff's range (yuan for a line, a percent for a modifier), and why."""

    value: Decimal
    reason: str


class Work(TariffPart, frozen=True, gc=False):
    """What is priced: one unit of work with its counts, the date that decides, and the documents present.

    ``units`` are counts by unit name, ``counts`` by modifier count name; ``grades`` by what was graded;
    ``choices`` by line or modifier id; ``used_fen`` by cap id, what earlier claims took of that cap.
    """

    item: str
    on: date | None = None
    dimensions: Dimensions = Dimensions()
    units: dict[str, Count] = {}
    counts: dict[str, Count] = {}
    second_on: date | None = None
    grades: dict[str, str] = {}
    choices: dict[str, Choice] = {}
    documents: frozenset[str] = frozenset()
    used_fen: dict[str, int] = {}

    def __post_init__(self) -> None:
        """Refuse a count that is negative, not finite, or a float."""
        for counted in (self.units, self.counts, self.used_fen):
            for name, value in counted.items():
                if not is_count(value):
                    raise CountRefused(name=name, value=value)


class Phrase(Struct, frozen=True, eq=False):
    """What a set always says in one kind of step: the message key, and the values that no work changes."""

    key: str
    stated: dict[str, Any] = {}


Said = tuple[Phrase, dict[str, Any]]
"""One step while a price is reckoned: the phrase, and the values that the work brings."""


class Step(Struct, frozen=True, gc=False):
    """One step of a trace: a message key and its values, rendered at the edge (``trace.message_of``)."""

    key: str
    values: dict[str, Any] = {}

    @classmethod
    def of(cls, said: Said) -> "Step":
        """Return what was said while the price was reckoned as a step of its trace."""
        phrase, values = said
        return cls(phrase.key, {**phrase.stated, **values})


class Priced(Struct, frozen=True, gc=False):
    """A price as it was reckoned; ``Result`` is what others see of it."""

    fen: int
    said: list[Said]
    missing: tuple[str, ...] = ()


class Result(Struct, frozen=True, kw_only=True, gc=False):
    """An amount in fen with its trace.

    ``missing`` documents hold the claim at 0; it is never approved at 0 for that reason.
    """

    fen: int
    trace: tuple[Step, ...]
    missing: tuple[str, ...] = ()
    set_sha256: str = ""

    @property
    def held(self) -> bool:
        """Tell whether the claim waits for documents."""
        return bool(self.missing)
