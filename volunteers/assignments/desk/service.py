"""Putting an assignment in other words, and adding kinds of seats to it, while people sign up."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from volunteers.assignments import rules
from volunteers.assignments.rules import AlreadyStarted, AssignmentStatus, Kind, PositionDraft
from volunteers.assignments.service import lock_assignment, lock_seats
from volunteers.people.trainings.rules import CONSTRAINTS as TRAININGS

DETAILS = ("title_zh", "title_en", "sign_up_mode", "regulars_until", *rules.BRIEFING)
"""What may change while people are signed up: none of it is a reason to come or to stay away."""

_OFFERED = """
SELECT a.kind, p.number, p.role_zh, p.role_en, p.capacity, p.minimum, p.credentials_any, p.skills_all,
       p.languages_all, p.gender, p.trainings_all
FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE a.id = $1 ORDER BY p.number
"""


async def change_details(principal: Principal, reference: str, details: Mapping[str, Any]) -> None:
    """Write an assignment's words anew; time, seats and terms have use cases of their own."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    changes = {name: details[name] for name in DETAILS if name in details}
    if not str(changes.get("title_zh", "-")).strip():
        raise InvalidInput({"title_zh": Message(N_("请填写任务名称。"))})
    if not rules.is_phone(str(changes.get("contact_phone", ""))):
        raise InvalidInput({"contact_phone": Message(N_("联系电话只写数字、空格和横线。"))})
    async with transaction():
        row = await lock_assignment(reference)
        scope.require_place(row["station_code"])
        _require_ahead(row)
        if fault := rules.regulars_fault(changes.get("regulars_until"), row["starts"]):
            raise InvalidInput({"regulars_until": fault})
        if changes:
            await database.update_row("assignment", row["id"], changes)
        await audit.record(principal, "assignment.reworded", "assignment", row["id"], fields=sorted(changes))


async def add_positions(principal: Principal, wanted: Sequence[tuple[str, PositionDraft]]) -> int:
    """Add kinds of seats to assignments that exist, by reference; all of them or none."""
    async with database.refusing(TRAININGS), transaction():
        return await add_positions_here(principal, wanted)


async def add_positions_here(principal: Principal, wanted: Sequence[tuple[str, PositionDraft]]) -> int:
    """Add kinds of seats as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    by_reference: dict[str, list[PositionDraft]] = {}
    for reference, draft in wanted:
        by_reference.setdefault(reference, []).append(draft)
    await lock_seats(list(by_reference))
    for reference in sorted(by_reference):
        row = await lock_assignment(reference)
        scope.require_place(row["station_code"])
        _require_ahead(row)
        await _add(principal, row["id"], by_reference[reference])
    return len(wanted)


async def _add(principal: Principal, assignment_id: int, drafts: Sequence[PositionDraft]) -> None:
    there = await database.fetch(_OFFERED, assignment_id)
    kind = Kind(there[0]["kind"])
    last = max(row["number"] for row in there)
    standing = [PositionDraft(**{name: row[name] for name in PositionDraft.__slots__}) for row in there]
    if fault := rules.positions_fault(kind, (*standing, *drafts)):
        raise InvalidInput({"role_zh": fault})
    for number, draft in enumerate(drafts, start=last + 1):
        values = {"assignment_id": assignment_id, "number": number, **msgspec.to_builtins(draft)}
        position_id = await database.insert_row("position", values)
        await audit.record(principal, "position.added", "position", position_id, assignment=assignment_id)


def _require_ahead(row: Mapping[str, Any]) -> None:
    if row["starts"] <= clock.now() or row["status"] == AssignmentStatus.CANCELLED:
        raise AlreadyStarted
