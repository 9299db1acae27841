"""One row's cells on their way to values: each wrong one leaves a sentence that says what to do.

    cells.text("title_zh", most=80)     cells.day("date")     cells.choice("kind", KIND_NAMES, Kind)

A cell that is wrong gives None (or the default), so that a row names all that is wrong with it at once.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TypeVar

from app.core import clock
from app.core.text import N_, Message
from app.imports.names import AFTERNOON, COUNTERS, DAY, DECORATION, NO, SEPARATORS, TIME, YES
from app.imports.rules import SheetRow
from app.web import i18n

Value = TypeVar("Value")
FIRST_SERIAL, LAST_SERIAL = 36_526, 73_050
"""Days as spreadsheets count them, from 2000 to 2099; counted from the last day but one of 1899."""
SERIAL_ORIGIN = date(1899, 12, 30)
NOON = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind of file; ``name`` is a msgid, and a header may use it, its English or the key."""

    key: str
    name: str
    required: bool = False
    example: str = ""
    hint: str = ""

    def names(self) -> set[str]:
        """Return all that a header may call it, folded."""
        return {folded(self.key), *(folded(spelling) for spelling in _spellings(self.name))}


def folded(name: str) -> str:
    """Return a header's name without what people add to it: blanks, stars, brackets, case."""
    return DECORATION.sub("", name).casefold()


@dataclass(slots=True)
class Cells:
    """A row, the columns' places, and what is wrong with it so far."""

    row: SheetRow
    places: Mapping[str, int]
    columns: Mapping[str, Column]
    faults: list[Message] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Return the row's number in the spreadsheet."""
        return self.row.number

    def refuse(self, key: str, problem: Message) -> None:
        """Say what is wrong with one cell."""
        values = {"column": Message(self.columns[key].name), "problem": problem}
        said = Message(N_("%(column)s：%(problem)s"), values)
        if said not in self.faults:  # a cell may be looked at more than once
            self.faults.append(said)

    def text(self, key: str, *, most: int = 200) -> str:
        """Return a text, empty where there is no such column."""
        place = self.places.get(key)
        if place is None or place >= len(self.row.cells):
            found = ""
        else:
            found = self.row.cells[place]
            if place in self.row.formulas:
                self.refuse(key, Message(N_("这一格是公式，请改成数值或文字。")))
                return ""
        if not found and self.columns[key].required:
            self.refuse(key, Message(N_("请填写这一格。")))
        if len(found) > most:
            self.refuse(key, Message(N_("最多 %(limit)s 个字。"), {"limit": most}))
        return found[:most]

    def whole(self, key: str, least: int, most: int, default: int) -> int:
        """Return a whole number between two limits."""
        found = self.text(key).rstrip(COUNTERS)
        if not found:
            return default
        if not re.fullmatch(r"\d{1,9}", found) or not least <= int(found) <= most:
            wanted = {"least": least, "most": most}
            self.refuse(key, Message(N_("请填 %(least)s 到 %(most)s 之间的整数。"), wanted))
            return default
        return int(found)

    def yes(self, key: str, default: bool = False) -> bool:
        """Return yes or no."""
        found = self.text(key).casefold()
        if found in YES or found in NO:
            return found in YES
        if found:
            self.refuse(key, Message(N_("请填“是”或“否”。")))
        return default

    def choice(self, key: str, names: Mapping[Value, str], default: Value | None = None) -> Value | None:
        """Return one of a list, by its code or its name in either language."""
        found = self.text(key)
        return self._one_of(key, found, names) if found else default

    def parts(self, key: str) -> list[str]:
        """Return the texts of a cell, written with any usual sign between them."""
        return [part.strip() for part in SEPARATORS.split(self.text(key)) if part.strip()]

    def many(self, key: str, names: Mapping[Value, str]) -> tuple[Value, ...]:
        """Return several of a list, written with any usual sign between them."""
        chosen = [self._one_of(key, part, names) for part in self.parts(key)]
        return tuple(dict.fromkeys(one for one in chosen if one is not None))

    def day(self, key: str) -> date | None:
        """Return a date, however it is usually written."""
        return self._read(key, as_day, N_("看不懂这个日期，请写成 2026-11-30 的样子。"))

    def time(self, key: str) -> time | None:
        """Return a time of day."""
        return self._read(key, as_time, N_("看不懂这个时间，请写成 09:00 的样子。"))

    def moment(self, key: str) -> datetime | None:
        """Return a date with a time of day; a date alone is its midnight."""
        return self._read(key, as_moment, N_("看不懂这个时间，请写成 2026-11-30 09:00 的样子。"))

    def _read(self, key: str, reader: Callable[[str], Value | None], problem: str) -> Value | None:
        found = self.text(key)
        value = reader(found) if found else None
        if found and value is None:
            self.refuse(key, Message(problem))
        return value

    def _one_of(self, key: str, found: str, names: Mapping[Value, str]) -> Value | None:
        for code, name in names.items():
            if found.casefold() in {str(code).casefold(), *_spellings(name)}:
                return code
        known = listed(names.values())
        self.refuse(
            key, Message(N_("没有“%(found)s”这一项，可以填：%(known)s。"), {"found": found[:40], "known": known})
        )
        return None


def as_day(text: str) -> date | None:
    """Read a date: 2026-11-30, 2026/11/30, 2026.11.30, 20261130, with Chinese signs, or a spreadsheet's number."""
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if re.fullmatch(r"\d{5}", text):
        serial = int(text)
        return SERIAL_ORIGIN + timedelta(days=serial) if FIRST_SERIAL <= serial <= LAST_SERIAL else None
    found = DAY.match(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def as_time(text: str) -> time | None:
    """Read a time of day: 9:00, 09：00, 0900, 9 am, with Chinese signs; also behind a date."""
    text = DAY.sub("", text, count=1).strip(" T")
    if re.fullmatch(r"\d{4}", text):
        text = f"{text[:2]}:{text[2:]}"
    found = TIME.fullmatch(text)
    if found is None:
        return None
    half = (found[1] or found[4] or found[5] or "").casefold()
    hour, minute = int(found[2]), int(found[3] or 0)
    if half in AFTERNOON and hour < NOON:
        hour += NOON
    elif half == "am" and hour == NOON:
        hour = 0
    try:
        return time(hour, minute)
    except ValueError:
        return None


def as_moment(text: str) -> datetime | None:
    """Read a date with a time of day behind it, in Hangzhou; a spreadsheet writes midnight as the date alone."""
    day, wall = as_day(text), as_time(text)
    if wall is None and not DAY.sub("", text, count=1).strip(" T"):
        wall = time.min
    return None if day is None or wall is None or not DAY.match(text) else clock.at_local(day, wall)


def listed(names: Iterable[str]) -> Message:
    """Join translatable names into one message, so that each is still translated."""
    joined: Message | None = None
    for name in names:
        one = Message(name)
        joined = one if joined is None else Message(N_("%(done)s、%(name)s"), {"done": joined, "name": one})
    return joined or Message("")


@cache
def _spellings(name: str) -> frozenset[str]:
    """Return a name in both languages, case folded."""
    with i18n.speaking("en"):
        return frozenset({name.casefold(), i18n.gettext(name).casefold()})
