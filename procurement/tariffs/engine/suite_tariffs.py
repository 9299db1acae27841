"""Read the tariffs of a suite, whose lines are rows under named columns, into tariff sets."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from procurement.tariffs.engine.kinds import Combine
from procurement.tariffs.engine.model import Dimensions, Line, Modifier, TariffSet
from procurement.tariffs.engine.refusals import SuiteMalformed

ANY = "any"
SomeStruct = TypeVar("SomeStruct", bound=Struct)


class Effective(Struct, frozen=True):
    """A tariff's days, both included."""

    from_: date | None = field(default=None, name="from")
    to: date | None = None


class Header(Struct, frozen=True):
    """What a tariff says besides its lines, which are read one by one so that a fault can be named."""

    line_columns: list[str]
    lines: list[Any]
    effective: Effective = Effective()
    currency: str = "CNY"
    modifiers: dict[str, Any] = {}
    aggregation: dict[str, Combine] = {}


class SuiteModifier(Struct, frozen=True):
    """A modifier in the suite's words."""

    type: str
    from_: int = field(default=1, name="from")
    to: int | None = None
    fixed_percent: Decimal = Decimal(0)
    percent_per_unit: Decimal = Decimal(0)
    add: Decimal = Decimal(0)
    add_per_unit: Decimal = Decimal(0)
    max_units: int | None = None
    required: bool = False
    only_within_range: bool = False
    priority: int = 0


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """A line in the suite's words; a column that we do not know could change the price, so it is refused."""

    fee_type: str
    unit: str
    scenario: str | None = None
    stage: str | None = None
    class_: str | None = field(default=None, name="class")
    person: str | None = None
    area: str | None = None
    from_: int = field(default=1, name="from")
    to: int | None = None
    only_within_range: bool = False
    fixed: Decimal = Decimal(0)
    per_unit: Decimal = Decimal(0)
    modifiers: list[str] = []


def read_tariff(name: str, raw: Any) -> TariffSet:
    """Return a suite's tariff as a set whose lines and modifiers keep their place in the suite as ids.

    Fee types without an aggregation are summed; a line's dimension that is null or "any" matches anything.
    Errors: SuiteMalformed naming ``tariffs.NAME``, its modifier or its line. Source: conformance/fees README.
    """
    where = f"tariffs.{name}"
    header = _converted(raw, Header, where)
    modifiers = {key: _modifier(key, member, f"{where}.modifiers.{key}") for key, member in header.modifiers.items()}
    lines = [_line(header, row, modifiers, f"{where}.lines[{index}]") for index, row in enumerate(header.lines)]
    return TariffSet(
        id=name,
        region="",
        family=name,
        currency=header.currency,
        from_=header.effective.from_,
        to=header.effective.to,
        lines=tuple(lines),
        modifiers=tuple(modifiers.values()),
        combine=header.aggregation,
    )


def _modifier(key: str, raw: Any, where: str) -> Modifier:
    read = _converted(raw, SuiteModifier, where)
    return _built(
        where,
        Modifier,
        id=key,
        count=read.type,
        from_=read.from_,
        to=read.to,
        in_range_only=read.only_within_range,
        required=read.required,
        priority=read.priority,
        fixed_percent=read.fixed_percent,
        percent_per_unit=read.percent_per_unit,
        add=read.add,
        add_per_unit=read.add_per_unit,
        max_units=read.max_units,
        title_zh=read.type,
    )


def _line(header: Header, raw: Any, modifiers: dict[str, Modifier], where: str) -> Line:
    columns = header.line_columns
    if not isinstance(raw, list | tuple) or len(raw) != len(columns):
        raise SuiteMalformed(where=where, problem=f"expected {len(columns)} values")
    row = _converted(dict(zip(columns, raw, strict=True)), Row, where)
    for key in row.modifiers:
        if key not in modifiers:
            raise SuiteMalformed(where=where, problem=f"unknown modifier {key!r}")
    return _built(
        where,
        Line,
        id=where.rpartition(".")[2],
        item=row.fee_type,
        unit=row.unit,
        dimensions=_dimensions(row),
        from_=row.from_,
        to=row.to,
        in_range_only=row.only_within_range,
        fixed=row.fixed,
        per_unit=row.per_unit,
        modifiers=tuple(row.modifiers),
    )


def _dimensions(row: Row) -> Dimensions:
    stated = (row.scenario, row.stage, row.class_, row.person, row.area)
    scenario, stage, class_, person, area = (None if value == ANY else value for value in stated)
    return Dimensions(scenario=scenario, stage=stage, class_=class_, provider=person, area=area)


def _built(where: str, kind: type[SomeStruct], **values: Any) -> SomeStruct:
    try:
        return kind(**values)
    except ValueError as error:
        raise SuiteMalformed(where=where, problem=str(error)) from None


def _converted(raw: Any, kind: type[SomeStruct], where: str) -> SomeStruct:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise SuiteMalformed(where=where, problem=str(error)) from None
