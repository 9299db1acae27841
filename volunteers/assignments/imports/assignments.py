"""Assignments from a file: a row for each kind of seat, rows of one number being one assignment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.imports.cells import Cells
from app.imports.importers import Importer, Tick
from volunteers.assignments import rules
from volunteers.assignments.imports.grounds import Grounds, Known, grounds_of
from volunteers.assignments.imports.seats import position, trainings_of
from volunteers.assignments.imports.wording import ASSIGNMENT
from volunteers.assignments.rules import (
    COMPENSATION_NAMES,
    KIND_NAMES,
    SIGN_UP_MODE_NAMES,
    AssignmentDraft,
    AssignmentStatus,
    SignUpMode,
)
from volunteers.assignments.service import add_assignments

STEP = 250
COLUMN_OF = {"starts": "date", "ends": "end", "positions": "role_zh", "status": "draft"}
"""Which cell to look at for a fault of a whole assignment."""
_TEXTS = ("contact_name", "contact_phone", "meeting_point_zh", "questions_zh", "limits_zh", "briefing_zh")


@dataclass(slots=True)
class _Reading:
    """What rows are compared with: what is there, and the rows before."""

    grounds: Grounds
    trainings: frozenset[str]
    now: datetime
    seen: dict[Known, int]


async def check(principal: Principal, rows: Sequence[Cells], tick: Tick) -> Mapping[int, AssignmentDraft]:
    """Return the assignments that the rows describe, each by its first row; the rows say what is wrong."""
    reading = _Reading(await grounds_of(principal), await trainings_of(rows), clock.now(), {})
    found: dict[int, AssignmentDraft] = {}
    done = told = 0
    for _, together in groupby(enumerate(rows), key=_group):
        group = [cells for _, cells in together]
        draft = _assignment(reading, group)
        if draft is not None and not any(cells.faults for cells in group):
            found[group[0].number] = draft
        else:
            _leave_out(group)
        done += len(group)
        if done - told >= STEP:
            told = done
            await tick(done)
    return found


async def store(principal: Principal, values: Mapping[int, Any], only_good: bool) -> Mapping[int, Message]:
    """Publish them, all in one statement."""
    del only_good
    await add_assignments(principal, list(values.values()))
    return {}


def _group(numbered: tuple[int, Cells]) -> tuple[str, int]:
    """Return by what neighbouring rows belong together; a row without a number stands alone."""
    place, cells = numbered
    where = cells.places.get("group")
    number = cells.row.cells[where] if where is not None and where < len(cells.row.cells) else ""
    return (number, -1) if number else ("", place)


def _assignment(reading: _Reading, group: Sequence[Cells]) -> AssignmentDraft | None:
    first = group[0]
    positions = tuple(position(cells, reading.trainings) for cells in group)
    kind = first.choice("kind", KIND_NAMES)
    compensation = first.choice("compensation", COMPENSATION_NAMES)
    station = reading.grounds.station(first)
    place_id = reading.grounds.place(first, station) if station else None
    starts, ends = _times(first)
    mode = first.choice("sign_up_mode", SIGN_UP_MODE_NAMES, SignUpMode.INSTANT)
    title, title_en = first.text("title_zh", most=80), first.text("title_en", most=120)
    stated = {
        **{name: first.text(name, most=2_000) for name in _TEXTS},
        "regulars_until": first.moment("regulars_until"),
        "insured": first.yes("insured", default=True),
        "green": first.yes("green"),
        "status": AssignmentStatus.DRAFT if first.yes("draft") else AssignmentStatus.OPEN,
    }
    if station is None or place_id is None or kind is None or compensation is None or mode is None:
        return None
    if starts is None or ends is None:
        return None
    draft = AssignmentDraft(
        *(kind, title, place_id, station.id, starts, ends, compensation),
        positions=positions, title_en=title_en, sign_up_mode=mode, **stated,
    )  # fmt: skip
    _compare(reading, first, draft)
    return draft


def _times(cells: Cells) -> tuple[datetime | None, datetime | None]:
    day, start, end = cells.day("date"), cells.time("start"), cells.time("end")
    return _instant(day, start), _instant(day, end)


def _instant(day: date | None, wall: time | None) -> datetime | None:
    return None if day is None or wall is None else clock.at_local(day, wall)


def _compare(reading: _Reading, first: Cells, draft: AssignmentDraft) -> None:
    """Note what is wrong with the assignment as a whole, and whether it is there already."""
    if first.faults:
        return
    for name, fault in rules.faults(draft, reading.now).items():
        first.refuse(COLUMN_OF.get(name, name), fault)
    key = (draft.station_id, draft.place_id, draft.title_zh, draft.starts, draft.ends)
    if key in reading.seen:
        first.faults.append(Message(N_("和第 %(row)s 行重复，删掉一行。"), {"row": reading.seen[key]}))
    elif key in reading.grounds.known:
        told = Message(N_("已经有同样的任务 %(reference)s，删掉这一行。"), {"reference": reading.grounds.known[key]})
        first.faults.append(told)
    else:
        reading.seen[key] = first.number


def _leave_out(group: Sequence[Cells]) -> None:
    """Say of the rows of an assignment that cannot be stored which of its rows is the reason."""
    wrong = next((cells.number for cells in group if cells.faults), group[0].number)
    for cells in group:
        if not cells.faults:
            cells.faults.append(Message(N_("同一个任务的第 %(row)s 行有问题，先改那一行。"), {"row": wrong}))


IMPORTER = Importer(
    kind="assignments",
    title=N_("导入任务"),
    lede=N_("一行一个岗位。先检查每一行，没有问题再写入。"),
    permission=Permission.ASSIGNMENT_PUBLISH,
    columns=ASSIGNMENT,
    check=check,
    store=store,
    done="/station/week",
)
