"""Signing a group up: one transaction in the order that everybody keeps, positions by id, then persons by id."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.groups.rules import (
    MOST_AT_ONCE,
    GroupDoesNotFit,
    NobodyChosen,
    NotOneOrganization,
    Refused,
    reasons_of,
)
from volunteers.assignments.sign_ups.rules import CONSTRAINTS, AskFirst, Origin
from volunteers.assignments.sign_ups.service import SignedUp, Wanted, seat_allowed

_PEOPLE = """
SELECT id, public_id, name, account_id, organization_id FROM person WHERE public_id = ANY ($1) AND status <> 'left'
"""
_SHIFT = """
SELECT a.id, a.reference, a.title_zh, a.starts, a.sign_up_mode FROM position p
JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1
"""
_TOLD = N_("单位为你报了 %(starts)s 的“%(title)s”。去不了请尽早退出，好让别人补上。")


@dataclass(frozen=True, slots=True)
class Grouped:
    """How many were signed up, and for each name left out why."""

    public_id: UUID
    taken: int
    refused: Refused = field(default_factory=dict)


async def sign_up_group(
    principal: Principal, position_id: int, members: Sequence[UUID], *, all_or_none: bool
) -> Grouped:
    """Give the organization's own people seats of one position, in the order given."""
    scope = principal.scope(Permission.ORGANIZATION_SCHEDULE)
    async with database.refusing(CONSTRAINTS), transaction():
        people = await _people(members)
        organization_id = _one_organization(people)
        scope.require_organization(organization_id)
        shift = await database.fetch_one(_SHIFT, position_id)
        if shift is None:
            raise NotFound
        if shift["sign_up_mode"] == "request":
            raise AskFirst
        by_wish = {Wanted(position_id, person["id"]): person for person in people}
        result = await seat_allowed(principal, list(by_wish), Origin.GROUP)
        refused = {by_wish[wish]["name"]: reasons_of(refusal) for wish, refusal in result.refused.items()}
        if not result.taken or (refused and all_or_none):
            raise GroupDoesNotFit(refused)
        stated = {"organization_id": organization_id, "assignment_id": shift["id"], "wanted": len(people)}
        public_id = await _write(principal, {**stated, "all_or_none": all_or_none}, result)
        await _tell(shift, [by_wish[wish] for wish in result.taken], public_id)
    return Grouped(public_id, len(result.taken), refused)


async def _people(members: Sequence[UUID]) -> list[Row]:
    wanted = list(dict.fromkeys(members))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise NobodyChosen
    rows = await database.fetch(_PEOPLE, wanted)
    if len(rows) < len(wanted):
        raise NotFound
    return sorted(rows, key=lambda row: wanted.index(row["public_id"]))


def _one_organization(people: Sequence[Row]) -> int:
    organizations = {person["organization_id"] for person in people}
    if len(organizations) != 1 or None in organizations:
        raise NotOneOrganization
    return int(organizations.pop())


async def _write(principal: Principal, stated: Row, result: SignedUp) -> UUID:
    made = {**stated, "created_by": principal.actor, "created_at": clock.now()}
    group_id = await database.insert_row("group_sign_up", made)
    await database.execute(
        "INSERT INTO group_member (group_id, sign_up_id) SELECT $1, unnest($2::bigint[])",
        *(group_id, sorted(result.taken.values())),
    )
    await audit.record(principal, "group.signed_up", "group_sign_up", group_id, seated=len(result.taken))
    public_id: UUID = await database.fetch_value("SELECT public_id FROM group_sign_up WHERE id = $1", group_id)
    return public_id


async def _tell(shift: Row, people: Sequence[Row], public_id: UUID) -> None:
    detail = {"starts": clock.local(shift["starts"]).strftime("%Y-%m-%d %H:%M"), "title": shift["title_zh"]}
    await notify_many(
        [
            Notice(
                *(person["account_id"], _TOLD, detail, (Channel.IN_APP, Channel.SMS)),
                link=f"/assignments/{shift['reference']}",
                once_key=f"group:{public_id}:{person['public_id']}",
            )
            for person in people
        ]
    )
