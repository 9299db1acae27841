"""An offer with both its seats, read under the locks that everybody takes: positions by id, then persons by id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.errors import NotFound
from volunteers.assignments.exchanges.rules import Kind, OfferStatus


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat that somebody holds, as an offer about it needs it."""

    sign_up_id: int
    position_id: int
    person_id: int
    assignment_id: int
    status: str
    over_quota: bool
    starts: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as it now is; ``theirs`` is the seat asked for in a swap."""

    id: int
    public_id: UUID
    kind: Kind
    status: OfferStatus
    by_link: bool
    to_person_id: int | None
    expires_at: datetime
    own: HeldSeat
    theirs: HeldSeat | None

    @property
    def seats(self) -> tuple[HeldSeat, ...]:
        """Return the seats that change hands."""
        return (self.own,) if self.theirs is None else (self.own, self.theirs)


_HELD = "SELECT id AS sign_up_id, position_id, person_id, assignment_id, status, over_quota, starts FROM sign_up"
_OFFER = """
SELECT id, public_id, kind, status, by_link, to_person_id, expires_at, from_sign_up_id, to_sign_up_id
FROM seat_exchange WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
"""
_CONCERNED = """
SELECT o.id, array_remove(ARRAY[f.position_id, t.position_id], NULL) AS positions,
       array_remove(ARRAY[f.person_id, o.to_person_id], NULL) AS people
FROM seat_exchange o JOIN sign_up f ON f.id = o.from_sign_up_id LEFT JOIN sign_up t ON t.id = o.to_sign_up_id
"""


async def person_of(account_id: int) -> int | None:
    """Return the person behind an account, if it has joined."""
    found: int | None = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", account_id)
    return found


async def locked_seats(public_ids: Sequence[UUID], also: Sequence[int]) -> dict[UUID, HeldSeat]:
    """Lock these sign-ups' positions, then their people and others by id, and read the seats as they now are."""
    rows = await database.fetch(
        "SELECT position_id, person_id FROM sign_up WHERE public_id = ANY ($1)", list(public_ids)
    )
    await database.locked("position", {row["position_id"] for row in rows})
    await database.locked("person", {row["person_id"] for row in rows} | set(also))
    rows = await database.fetch(
        _HELD.replace("SELECT", "SELECT public_id,") + " WHERE public_id = ANY ($1)", list(public_ids)
    )
    return {row.pop("public_id"): HeldSeat(**row) for row in rows}


async def locked_offer(public_id: UUID, also: Sequence[int] = ()) -> Offer:
    """Lock what an offer concerns, and others by id, and read it as it now is."""
    found = await locked_offers("WHERE o.public_id = $1", public_id, also=also)
    if not found:
        raise NotFound
    return found[0]


async def locked_offers(condition: str, *values: object, also: Sequence[int] = ()) -> list[Offer]:
    """Lock what these offers concern and read them as they now are."""
    rows = await database.fetch(f"{_CONCERNED} {condition}", *values)
    await database.locked("position", {one for row in rows for one in row["positions"]})
    await database.locked("person", {one for row in rows for one in row["people"]} | set(also))
    offers = await database.fetch(_OFFER, [row["id"] for row in rows])
    wanted = [row[name] for row in offers for name in ("from_sign_up_id", "to_sign_up_id") if row[name]]
    held = {row["sign_up_id"]: HeldSeat(**row) for row in await database.fetch(f"{_HELD} WHERE id = ANY ($1)", wanted)}
    return [_offer(row, held) for row in offers]


def _offer(row: database.Row, held: dict[int, HeldSeat]) -> Offer:
    own, theirs = held[row.pop("from_sign_up_id")], row.pop("to_sign_up_id")
    typed = {"kind": Kind(row["kind"]), "status": OfferStatus(row["status"])}
    return Offer(**{**row, **typed}, own=own, theirs=held[theirs] if theirs else None)
