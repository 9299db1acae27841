"""From what a browser sends to values of a Struct, field by field, each with its own message.

An empty string is nothing, a checkbox is a truth value, a repeated name is a list, an amount is typed in yuan, a
date-time without a zone is Hangzhou's wall clock.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from app.core import clock
from app.core.money import NotAnAmount, parse_yuan, plain_yuan
from app.core.text import N_, Message

REQUIRED = N_("请填写这一项。")
UNREADABLE = N_("这一项的格式不对。")
LIMITS = (
    (r"length <= (\d+)", N_("最多 %(limit)s 个字。")),
    (r"length >= (\d+)", N_("至少 %(limit)s 个字。")),
    (r"[`>]= (-?[\d.]+)|>= (-?[\d.]+)", N_("不能小于 %(limit)s。")),
    (r"<= (-?[\d.]+)", N_("不能大于 %(limit)s。")),
)
KINDS: tuple[tuple[str, str], ...] = (
    ("Invalid enum value", N_("请从列表中选择一项。")),
    ("Expected `int`", N_("请填写整数。")),
    ("Expected `float`", N_("请填写数字。")),
    ("RFC3339", N_("请填写有效的日期或时间。")),
    ("ISO8601", N_("请填写有效的日期或时间。")),
    ("matching regex", N_("这一项的格式不对。")),
)
LARGEST = 2**63 - 1
"""What a bigint column holds; a larger number would fail in the database, not in the form."""
ON = frozenset({"on", "1", "true", "yes"})


class _NotGiven:
    """The mark of a field that the browser left empty."""


NOT_GIVEN = _NotGiven()


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What the decoder and the templates need to know about one field."""

    name: str
    annotation: Any
    form: str  # text, textarea, yuan, bool, list, int, float, date, time, datetime, choice
    nullable: bool
    default: Any
    max_length: int | None = None
    error: str | None = None

    @property
    def required(self) -> bool:
        """Tell whether the field must be filled in."""
        return self.form not in ("bool", "list") and not self.nullable and self.default is msgspec.NODEFAULT


def kinds(struct: type[msgspec.Struct]) -> dict[str, FieldKind]:
    """Return the fields of a form Struct by name; the mapping is the caller's own."""
    return dict(_kinds(struct))


@cache
def _kinds(struct: type[msgspec.Struct]) -> dict[str, FieldKind]:
    hints = {field.name: field for field in msgspec.structs.fields(struct)}
    described = inspect.type_info(struct)
    assert isinstance(described, inspect.StructType)  # noqa: S101 - by the type of the argument
    return {field.name: _kind(hints[field.name], field.type) for field in described.fields}


def _kind(field: Any, described: Any) -> FieldKind:
    extra: dict[str, Any] = {}
    nullable = False
    while isinstance(described, inspect.Metadata | inspect.UnionType):
        if isinstance(described, inspect.Metadata):
            extra |= described.extra or {}
            described = described.type
        else:
            nullable = any(isinstance(part, inspect.NoneType) for part in described.types)
            described = next(part for part in described.types if not isinstance(part, inspect.NoneType))
    default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    return FieldKind(
        name=field.name,
        annotation=field.type,
        form=extra.get("input") or FORM_OF.get(type(described), "text"),
        nullable=nullable,
        default=default,
        max_length=getattr(described, "max_length", None),
        error=extra.get("error"),
    )


FORM_OF: dict[type, str] = {
    inspect.BoolType: "bool",
    inspect.IntType: "int",
    inspect.FloatType: "float",
    inspect.DateType: "date",
    inspect.TimeType: "time",
    inspect.DateTimeType: "datetime",
    inspect.EnumType: "choice",
    inspect.LiteralType: "choice",
    inspect.ListType: "list",
    inspect.VarTupleType: "list",
    inspect.SetType: "list",
    inspect.FrozenSetType: "list",
}


def decoded(kind: FieldKind, texts: list[str]) -> Any:
    """Return the value of one field; raises ValueError with a Message a person understands."""
    raw = _normalised(kind, texts)
    if raw is NOT_GIVEN:
        if kind.nullable:
            return None
        if kind.required:
            raise ValueError(Message(kind.error or REQUIRED))
        return kind.default
    try:
        value = msgspec.convert(raw, kind.annotation, strict=False)
    except msgspec.ValidationError as refusal:
        raise ValueError(_explained(kind, str(refusal))) from None
    if isinstance(value, int) and abs(value) > LARGEST:
        raise ValueError(Message(kind.error or UNREADABLE))
    return value


def _normalised(kind: FieldKind, texts: list[str]) -> Any:
    if kind.form == "bool":
        return bool(texts) and texts[-1].strip().lower() in ON
    if kind.form == "list":
        return [text.replace("\x00", "").strip() for text in texts if text.strip("\x00 ")]
    text = texts[-1].replace("\x00", "").strip().replace("\r\n", "\n") if texts else ""
    if not text:
        return NOT_GIVEN
    if kind.form == "yuan":
        return _fen(text)
    if kind.form == "datetime":
        return _instant(text)
    return f"{text}:00" if kind.form == "time" and text.count(":") == 1 else text


def _fen(text: str) -> int:
    try:
        return parse_yuan(text)
    except NotAnAmount:
        raise ValueError(Message(N_("请填写金额（元），最多两位小数。"))) from None


def _instant(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(Message(N_("请填写有效的日期或时间。"))) from None
    return given if given.tzinfo else clock.at_local(given.date(), given.time())


def _explained(kind: FieldKind, said: str) -> Message:
    """Turn msgspec's sentence into ours."""
    if kind.error:
        return Message(kind.error)
    for pattern, msgid in LIMITS:
        if found := re.search(pattern, said):
            limit = next(group for group in found.groups() if group)
            return Message(msgid, {"limit": plain_yuan(int(limit)) if kind.form == "yuan" else limit})
    return Message(next((msgid for part, msgid in KINDS if part in said), UNREADABLE))


def shown(value: Any, form: str) -> Any:
    """Return how a value stands in its input element: the way back."""
    if form == "bool" or value is None:
        return bool(value) if form == "bool" else ""
    if form == "list":
        return [str(getattr(entry, "value", entry)) for entry in value]
    if form == "yuan":
        return plain_yuan(value)
    if form == "datetime":
        return clock.local(value).strftime("%Y-%m-%dT%H:%M")
    return value.strftime("%H:%M") if form == "time" else str(getattr(value, "value", value))
