"""The days that a tariff document names, looked at where it could not be read as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class NoDay:
    """A place in a document where a day is to stand, and what stands there."""

    where: str
    value: str


def no_day(plain: Mapping[str, Any]) -> NoDay | None:
    """Return the first place of a document where something else stands for a day; None where all are days."""
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
