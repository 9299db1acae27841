"""A group with its people, read under the locks that everybody takes: positions by id, then persons by id."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.companions.rules import GroupIsOver, GroupStatus, token_sha256
from volunteers.people.rules import NotJoined


@dataclass(frozen=True, slots=True)
class Member:
    """One who has agreed."""

    person_id: int
    account_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it now is."""

    id: int
    public_id: UUID
    position_id: int
    made_by: int
    size: int
    status: GroupStatus
    until: datetime
    members: tuple[Member, ...]

    @property
    def complete(self) -> bool:
        """Tell whether all have agreed."""
        return len(self.members) == self.size

    def require_open(self) -> None:
        """Refuse when nothing about the group can change any more."""
        if self.status is not GroupStatus.GATHERING or self.until <= clock.now():
            raise GroupIsOver

    def has(self, person_id: int) -> bool:
        """Tell whether somebody is one of them."""
        return any(member.person_id == person_id for member in self.members)


_GROUP = """
SELECT id, public_id, position_id, made_by, size, status, until FROM companion_group WHERE id = $1 FOR NO KEY UPDATE
"""
_MEMBERS = """
SELECT c.person_id, person.account_id, person.name FROM companion c JOIN person ON person.id = c.person_id
WHERE c.group_id = $1 AND c.left_at IS NULL ORDER BY c.id
"""


async def own_person(principal: Principal) -> int:
    """Return the person who acts; who has not joined has none."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    found: int | None = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.actor)
    if found is None:
        raise NotJoined
    return found


async def locked_by_link(token: str, me: int) -> Group:
    """Lock the group that a link leads to."""
    digest = token_sha256(token)
    row = await database.fetch_one("SELECT id, position_id FROM companion_group WHERE token_sha256 = $1", digest)
    return await _locked(row, me)


async def locked_own(public_id: UUID, me: int) -> Group:
    """Lock a group that one belongs to."""
    row = await database.fetch_one("SELECT id, position_id FROM companion_group WHERE public_id = $1", public_id)
    group = await _locked(row, me)
    if not group.has(me):
        raise NotFound
    return group


async def _locked(row: database.Row | None, me: int) -> Group:
    if row is None:
        raise NotFound
    await database.locked("position", {row["position_id"]})
    # Whoever joins or leaves holds the position too, so from here on the group keeps its people.
    members = [Member(**one) for one in await database.fetch(_MEMBERS, row["id"])]
    await database.locked("person", {me, *(member.person_id for member in members)})
    found = await database.fetch_one(_GROUP, row["id"])
    if found is None:
        raise NotFound
    return Group(**{**found, "status": GroupStatus(found["status"])}, members=tuple(members))
