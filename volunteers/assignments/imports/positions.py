"""More kinds of seats for assignments that exist, from a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.imports.cells import Cells
from app.imports.importers import Importer, Tick
from volunteers.assignments import rules
from volunteers.assignments.desk.service import add_positions_here
from volunteers.assignments.imports.seats import position, trainings_of
from volunteers.assignments.imports.wording import POSITIONS
from volunteers.assignments.rules import Kind, PositionDraft

_FOUND = """
SELECT a.reference, a.kind, a.starts, a.status, place.code,
       (SELECT array_agg(p.role_zh) FROM position p WHERE p.assignment_id = a.id) AS roles
FROM assignment a JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE a.reference = ANY ($1)
"""
Seat = tuple[str, PositionDraft]


async def check(principal: Principal, rows: Sequence[Cells], tick: Tick) -> Mapping[int, Seat]:
    """Return each row's seat with the assignment it belongs to."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    trainings = await trainings_of(rows)
    drafts = [(cells, cells.text("reference").upper(), position(cells, trainings)) for cells in rows]
    wanted = list({reference for _, reference, _ in drafts})
    there = {row["reference"]: row for row in await database.fetch(_FOUND, wanted) if scope.covers_place(row["code"])}
    found: dict[int, Seat] = {}
    taken = {(reference, role) for reference, row in there.items() for role in row["roles"]}
    for cells, reference, draft in drafts:
        if reference and (fault := _fault(there.get(reference))):
            cells.refuse("reference", fault)
        elif not cells.faults:
            _compare(cells, there[reference]["kind"], reference, draft, taken)
        if not cells.faults:
            taken.add((reference, draft.role_zh))
            found[cells.number] = (reference, draft)
    await tick(len(rows))
    return found


async def store(principal: Principal, values: Mapping[int, Any], only_good: bool) -> Mapping[int, Message]:
    """Add them all."""
    del only_good
    await add_positions_here(principal, list(values.values()))
    return {}


def _fault(row: database.Row | None) -> Message | None:
    if row is None:
        return Message(N_("你的站点没有这个编号的任务。"))
    if row["starts"] <= clock.now() or row["status"] == "cancelled":
        return Message(N_("这个任务已经开始或取消了。"))
    return None


def _compare(cells: Cells, kind: str, reference: str, draft: PositionDraft, taken: set[tuple[str, str]]) -> None:
    if (reference, draft.role_zh) in taken:
        cells.refuse("role_zh", Message(N_("这个任务已经有同名的岗位。")))
    elif fault := rules.positions_fault(Kind(kind), (draft,)):
        cells.refuse("role_zh", fault)


IMPORTER = Importer(
    kind="positions",
    title=N_("导入岗位"),
    lede=N_("给已有的任务加岗位，一行一个。"),
    permission=Permission.ASSIGNMENT_PUBLISH,
    columns=POSITIONS,
    check=check,
    store=store,
    done="/station/week",
)
