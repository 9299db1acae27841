"""The days that a tariff document names, looked at before it is read as a whole."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from procurement.tariffs.engine.lines import read_plain


@dataclass(frozen=True, slots=True)
class NoDay:
    """A place in a document where a day is to stand, and what stands there."""

    where: str
    value: str


def no_day(document: bytes) -> NoDay | None:
    """Return the first place of a readable document where something else stands for a day; None where all are days."""
    plain = read_plain(document)
    if not isinstance(plain, dict):
        return None
    second = plain.get("second_date")
    said = {"from": plain.get("from"), "to": plain.get("to")}
    if isinstance(second, dict):
        said["second_date.on_or_after"] = second.get("on_or_after")
    return next((NoDay(where, str(value)) for where, value in said.items() if not _is_day(value)), None)


def _is_day(value: Any) -> bool:
    try:
        msgspec.convert(value, date | None)
    except msgspec.ValidationError:
        return False
    return True
