"""Locking a person or a shift of a plan for the next plan of the week, and taking that back."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from volunteers.dispatch.locks.rules import AlreadyLocked, NothingToLock, ReasonForLockMissing
from volunteers.dispatch.review.approving import locked_run

CONSTRAINTS = {"dispatch_lock_person_once": AlreadyLocked, "dispatch_lock_shift_once": AlreadyLocked}
_SEATS = """
SELECT d.position_id, d.person_id FROM dispatch_proposal d JOIN position p ON p.id = d.position_id
WHERE d.run_id = $1 AND d.outcome NOT IN ('taken', 'refused') AND (d.person_id = $2 OR p.assignment_id = $3)
ORDER BY d.id
"""


async def lock_person(principal: Principal, run: UUID, person: UUID, reason: str) -> UUID:
    """Keep all seats that somebody has by this plan; return the lock's public id."""
    found = await database.fetch_value("SELECT id FROM person WHERE public_id = $1", person)
    return await _lock(principal, run, {"person_id": found}, reason)


async def lock_shift(principal: Principal, run: UUID, reference: str, reason: str) -> UUID:
    """Keep everybody who is on a shift by this plan; return the lock's public id."""
    found = await database.fetch_value("SELECT id FROM assignment WHERE reference = $1", reference)
    return await _lock(principal, run, {"assignment_id": found}, reason)


async def unlock(principal: Principal, lock: UUID) -> None:
    """Leave the person or the shift to the next plan again."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    async with transaction():
        row = await database.fetch_one(
            """SELECT l.id, place.code FROM dispatch_lock l JOIN dispatch_run r ON r.id = l.run_id
               JOIN place ON place.id = r.place_id WHERE l.public_id = $1 AND l.removed_at IS NULL
               FOR NO KEY UPDATE OF l""",
            lock,
        )
        if row is None or not scope.covers_place(row["code"]):
            raise NotFound
        removed = {"removed_by": principal.actor, "removed_at": clock.now()}
        await database.update_row("dispatch_lock", row["id"], removed)
        await audit.record(principal, "dispatch.unlocked", "dispatch_lock", row["id"])


async def _lock(principal: Principal, run: UUID, what: dict[str, int | None], reason: str) -> UUID:
    if None in what.values():
        raise NotFound
    if not reason.strip():
        raise ReasonForLockMissing
    async with database.refusing(CONSTRAINTS), transaction():
        row = await locked_run(principal, Permission.DISPATCH_PLAN, run)
        seats = await database.fetch(_SEATS, row["id"], what.get("person_id"), what.get("assignment_id"))
        if not seats:
            raise NothingToLock
        said = {"reason": reason.strip(), "locked_by": principal.actor, "locked_at": clock.now()}
        lock_id = await database.insert_row(
            "dispatch_lock", {"run_id": row["id"], "week_start": row["week_start"], **what, **said}
        )
        await database.copy_rows(
            "dispatch_lock_seat",
            ("lock_id", "position_id", "person_id"),
            [(lock_id, seat["position_id"], seat["person_id"]) for seat in seats],
        )
        await audit.record(principal, "dispatch.locked", "dispatch_lock", lock_id, seats=len(seats))
    public_id: UUID = await database.fetch_value("SELECT public_id FROM dispatch_lock WHERE id = $1", lock_id)
    return public_id
