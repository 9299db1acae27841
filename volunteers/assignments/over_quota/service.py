"""Adding somebody beyond the quota, and moving them into a seat that became free."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.over_quota.rules import (
    CONSTRAINTS,
    NoSeatFree,
    NotOverQuota,
    ReasonForAddingMissing,
    SeatsFree,
    reasons_to_refuse,
)
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups import rules as sign_ups
from volunteers.assignments.sign_ups.rules import Origin, refused
from volunteers.people.finding import volunteer_named

_POSITION = """
SELECT p.id, a.reference, a.title_zh, a.starts, at.code AS station_code FROM position p
JOIN assignment a ON a.id = p.assignment_id JOIN station ON station.id = a.station_id
JOIN place AS at ON at.id = station.place_id
"""
_ADD = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, over_quota, created_by,
                     created_at)
SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', $3, true, $4, $5
FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1 RETURNING id, public_id
"""
_ADDED = N_("站点请你加入 %(starts)s 的“%(title)s”：%(reason)s。来不了请尽早退出。")
_SEATED = N_("%(starts)s 的“%(title)s”空出名额，你已转为正式。")


async def add_beyond_quota(principal: Principal, position_id: int, who: str, reason: str) -> UUID:
    """Add a person, named by mobile number or full name, to a full position; return the sign-up's public id."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if not reason.strip():
        raise ReasonForAddingMissing
    async with database.refusing({**sign_ups.CONSTRAINTS, **CONSTRAINTS}), transaction():
        shift = await database.fetch_one(f"{_POSITION} WHERE p.id = $1", position_id)
        if shift is None:
            raise NotFound
        scope.require_place(shift["station_code"])
        person = await volunteer_named(who)
        await database.locked("position", [position_id])
        await database.locked("person", [person.id])
        seat = (await loading.seats([position_id]))[position_id]
        candidate = (await loading.candidates([person.id], [seat]))[person.id]
        if seat.free > 0:
            raise SeatsFree
        now = clock.now()
        if reasons := reasons_to_refuse(seat, candidate, now):
            raise refused(reasons)
        row = await database.fetch_one(_ADD, position_id, person.id, Origin.OVER_QUOTA, principal.actor, now)
        if row is None:
            raise NotFound
        decided = {"reason": reason.strip(), "decided_by": principal.actor, "decided_at": now}
        await database.insert_row("over_quota", {"sign_up_id": row["id"], **decided})
        await audit.record(principal, "sign_up.over_quota", "sign_up", row["id"], position=position_id)
        await _tell(shift, person.account_id, _ADDED, f"over-quota:{row['public_id']}", reason.strip().rstrip("。"))
    public_id: UUID = row["public_id"]
    return public_id


async def move_into_seat(principal: Principal, public_id: UUID) -> None:
    """Give somebody beyond the quota a seat that is free now; from then on they count."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with database.refusing({"position_capacity": NoSeatFree}), transaction():
        shift = await database.fetch_one(
            f"{_POSITION} JOIN sign_up s ON s.position_id = p.id WHERE s.public_id = $1", public_id
        )
        if shift is None:
            raise NotFound
        scope.require_place(shift["station_code"])
        await database.locked("position", [shift["id"]])
        row = await database.fetch_one(
            """SELECT s.id, p.account_id, s.over_quota AND s.status IN ('confirmed', 'checked_in') AS beyond
               FROM sign_up s JOIN person p ON p.id = s.person_id WHERE s.public_id = $1 FOR NO KEY UPDATE OF s""",
            public_id,
        )
        if row is None or not row["beyond"]:
            raise NotOverQuota
        await database.update_row("sign_up", row["id"], {"over_quota": False})
        await audit.record(principal, "sign_up.moved_into_seat", "sign_up", row["id"])
        await _tell(shift, row["account_id"], _SEATED, f"over-quota-seated:{public_id}")


async def _tell(shift: Row, account_id: int, msgid: str, key: str, reason: str = "") -> None:
    starts = clock.local(shift["starts"]).strftime("%Y-%m-%d %H:%M")
    detail = {"starts": starts, "title": shift["title_zh"], **({"reason": reason} if reason else {})}
    channels = (Channel.IN_APP, Channel.SMS)
    await notify_many([Notice(account_id, msgid, detail, channels, f"/assignments/{shift['reference']}", key)])
