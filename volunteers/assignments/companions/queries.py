"""Groups as pages show them: to their people, and to who opens the link."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.core.text import N_, Message
from volunteers.assignments.companions.rules import LARGEST, SMALLEST, GroupStatus, gather_until, token_sha256
from volunteers.assignments.rules import Compensation
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.eligibility import reasons_against
from volunteers.assignments.sign_ups.rules import Origin, Reason


class Standing(StrEnum):
    """What a group is to its reader."""

    MAKER = "maker"
    MEMBER = "member"
    INVITED = "invited"
    STRANGER = "stranger"
    FULL = "full"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group with its shift; ``names`` are for its people, ``reasons`` keep the reader from agreeing."""

    public_id: UUID
    status: GroupStatus
    standing: Standing
    size: int
    agreed: int
    until: datetime
    maker_name: str
    names: tuple[str, ...]
    assignment_id: int
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    compensation: Compensation
    insured: bool
    place_zh: str
    place_en: str
    station_zh: str
    station_en: str
    free: int
    reasons: tuple[Message, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether all have agreed."""
        return self.agreed == self.size


@dataclass(frozen=True, slots=True)
class OnPosition:
    """What a position offers who would go with friends: the group they have, or that one can be made."""

    reference: str
    number: int
    free: int
    gathering: UUID | None


_CARD = """
SELECT g.public_id, g.position_id, g.made_by, g.size, g.status, g.until, maker.name AS maker_name,
       ARRAY(SELECT (c.person_id, who.name) FROM companion c JOIN person AS who ON who.id = c.person_id
             WHERE c.group_id = g.id AND c.left_at IS NULL ORDER BY c.id) AS people,
       a.id AS assignment_id, a.reference, a.title_zh, a.title_en, p.role_zh, p.role_en, a.starts, a.ends,
       a.compensation, a.insured, place.name_zh AS place_zh, place.name_en AS place_en, at.name_zh AS station_zh,
       at.name_en AS station_en, p.capacity - p.booked AS free
FROM companion_group g JOIN person AS maker ON maker.id = g.made_by JOIN position p ON p.id = g.position_id
JOIN assignment a ON a.id = g.assignment_id JOIN place ON place.id = a.place_id
JOIN station AS at ON at.id = a.station_id
"""
_ON_POSITION = """
SELECT a.reference, p.number, p.capacity - p.booked AS free, a.starts, a.status, a.sign_up_mode,
       EXISTS (SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.person_id = me.id AND s.live) AS on_it,
       (SELECT g.public_id FROM companion_group g JOIN companion c ON c.group_id = g.id AND c.left_at IS NULL
        WHERE g.position_id = p.id AND c.person_id = me.id AND g.status = 'gathering' AND g.until > $3
        ORDER BY g.id LIMIT 1) AS gathering
FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN person AS me ON me.account_id = $2
WHERE p.id = $1
"""


async def invitation(principal: Principal, token: str) -> GroupCard:
    """Return the group that a link leads to, as its reader may see it."""
    row = await database.fetch_one(f"{_CARD} WHERE g.token_sha256 = $1", token_sha256(token))
    if row is None:
        raise NotFound
    me = await _person(principal)
    card = _card(row, me)
    if card.standing is not Standing.INVITED or me is None:
        return card
    return replace(card, reasons=await _reasons(row["position_id"], me))


async def own_group(principal: Principal, public_id: UUID) -> GroupCard:
    """Return a group that one belongs to."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    me = await _person(principal)
    row = await database.fetch_one(f"{_CARD} WHERE g.public_id = $1", public_id)
    if row is None or me is None or me not in {person_id for person_id, _ in row["people"]}:
        raise NotFound
    card = _card(row, me)
    if card.standing is Standing.OVER or not card.complete:
        return card
    return replace(card, reasons=await _reasons(row["position_id"], me))


async def my_open_groups(principal: Principal) -> list[GroupCard]:
    """Return the groups that one is in and that still gather, soonest shift first."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    me = await _person(principal)
    rows = await database.fetch(
        f"""{_CARD} JOIN companion AS mine ON mine.group_id = g.id AND mine.person_id = $1 AND mine.left_at IS NULL
            WHERE g.status = 'gathering' AND g.until > $2 ORDER BY a.starts, g.id""",
        *(me, clock.now()),
    )
    return [_card(row, me) for row in rows]


async def on_position(principal: Principal, position_id: int) -> OnPosition | None:
    """Return what a position offers somebody who would go with friends, if anything."""
    now = clock.now()
    row = await database.fetch_one(_ON_POSITION, position_id, principal.account_id, now)
    if row is None:
        return None
    open_to_groups = (row.pop("status"), row.pop("sign_up_mode")) == ("open", "instant") and row["free"] >= SMALLEST
    possible = open_to_groups and not row.pop("on_it") and gather_until(now, row.pop("starts")) is not None
    if row["gathering"] is None and not possible:
        return None
    return OnPosition(**{name: row[name] for name in OnPosition.__slots__})


def sizes(free: int) -> list[tuple[int, Message]]:
    """Return how many may come while so many seats are free, as choices."""
    return [(size, Message(N_("连我 %(size)s 人"), {"size": size})) for size in range(SMALLEST, min(free, LARGEST) + 1)]


async def _reasons(position_id: int, person_id: int) -> tuple[Message, ...]:
    """Return what keeps a person from the position, but for how many seats are free: that concerns all of them."""
    seats = await loading.seats([position_id])
    person = (await loading.candidates([person_id], seats.values()))[person_id]
    found = reasons_against(seats[position_id], person, clock.now(), Origin.COMPANIONS)
    found.pop(Reason.SEATS_TAKEN, None)
    return tuple(found.values())


async def _person(principal: Principal) -> int | None:
    if not principal.signed_in:
        return None
    found: int | None = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.account_id)
    return found


def _card(row: database.Row, me: int | None) -> GroupCard:
    people = row["people"]
    among = me in {person_id for person_id, _ in people}
    said = {name: row[name] for name in GroupCard.__slots__ if name in row}
    return GroupCard(
        **{
            **said,
            "status": GroupStatus(row["status"]),
            "compensation": Compensation(row["compensation"]),
            "standing": _standing(row, me, among=among),
            "agreed": len(people),
            "names": tuple(name for _, name in people) if among else (),
        }
    )


def _standing(row: database.Row, me: int | None, *, among: bool) -> Standing:
    if row["status"] != GroupStatus.GATHERING or row["until"] <= clock.now():
        return Standing.OVER
    if among:
        return Standing.MAKER if me == row["made_by"] else Standing.MEMBER
    if len(row["people"]) >= row["size"]:
        return Standing.FULL
    return Standing.STRANGER if me is None else Standing.INVITED
