"""A resident's stars and words, and the station's decision about words."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts import attempts
from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from volunteers.certificates.rules import read_code
from volunteers.thanks import rules
from volunteers.thanks.rules import CONSTRAINTS, TRANSITIONS, ThanksEvent, ThanksStatus

_SHIFT = """
SELECT a.id, a.starts, a.ends, a.status IN ('open', 'closed') AND EXISTS (
           SELECT FROM sign_up s WHERE s.assignment_id = a.id AND s.status IN ('confirmed', 'checked_in', 'completed')
       ) AS worked,
       EXISTS (SELECT FROM sign_up s JOIN person p ON p.id = s.person_id
               WHERE s.assignment_id = a.id AND s.live AND p.account_id = $2) AS own
FROM assignment a WHERE a.thanks_code = $1
"""
_WORKERS = """
SELECT s.public_id, person.account_id FROM sign_up s JOIN person ON person.id = s.person_id
WHERE s.assignment_id = $1 AND s.status IN ('confirmed', 'checked_in', 'completed')
"""
_THANKED = N_("有居民对你的班次说了谢谢。")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who taps, as far as anybody knows: a signed cookie and a network address."""

    browser: str
    address: str


def browser_sha256(assignment_id: int, browser: str) -> bytes:
    """Return what is kept of a browser: another digest for each shift."""
    return vault.digest(f"rating/{assignment_id}/{browser}")


async def rate(principal: Principal, visitor: Visitor, code: str, stars: int) -> None:
    """Keep one browser's stars for the shift behind a code; anybody may, nobody twice."""
    shift = await _shift(principal, code)
    await attempts.count("rating", f"{visitor.address}/{shift['id']}", rules.PER_ADDRESS_AND_SHIFT)
    _require_ratable(shift)
    values = {"assignment_id": shift["id"], "stars": stars, "rated_at": clock.now()}
    values["browser_sha256"] = browser_sha256(shift["id"], visitor.browser)
    async with database.refusing(CONSTRAINTS), transaction():
        rating_id = await database.insert_row("shift_rating", values)
        await audit.record(principal, "shift.rated", "shift_rating", rating_id, assignment=shift["id"])


async def thank(principal: Principal, visitor: Visitor, code: str, words: str) -> None:
    """Add words to one's own rating; numbers in them are masked, and those who worked are told that there are some."""
    shift = await _shift(principal, code)
    await attempts.count("thanks", f"{visitor.address}/{shift['id']}", rules.PER_ADDRESS_AND_SHIFT)
    _require_ratable(shift)
    said = rules.masked(words)[: rules.LONGEST_WORDS]
    if not said:
        raise rules.NothingSaid
    async with database.refusing(CONSTRAINTS), transaction():
        rating_id = await database.fetch_value(
            "SELECT id FROM shift_rating WHERE assignment_id = $1 AND browser_sha256 = $2",
            *(shift["id"], browser_sha256(shift["id"], visitor.browser)),
        )
        if rating_id is None:
            raise rules.RateFirst
        values = {"rating_id": rating_id, "words": said, "said_at": clock.now()}
        thanks_id = await database.insert_row("shift_thanks", values)
        await audit.record(principal, "shift.thanked", "shift_thanks", thanks_id, assignment=shift["id"])
        await notify_many(
            [
                Notice(row["account_id"], _THANKED, link=f"/my/assignments/{row['public_id']}/done")
                for row in await database.fetch(_WORKERS, shift["id"])
            ]
        )


async def moderate(principal: Principal, public_id: UUID, event: ThanksEvent, reason: str) -> ThanksStatus:
    """Hide words, or show them again, with the reason that is kept; the stars stay counted."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    if not reason.strip():
        raise rules.ReasonForHidingMissing
    async with database.refusing(CONSTRAINTS), transaction():
        row = await database.fetch_one(
            """SELECT t.id, t.status, place.code AS station_code FROM shift_thanks t
               JOIN shift_rating r ON r.id = t.rating_id JOIN assignment a ON a.id = r.assignment_id
               JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
               WHERE t.public_id = $1 FOR NO KEY UPDATE OF t""",
            public_id,
        )
        if row is None:
            raise NotFound
        scope.require_place(row["station_code"])
        status = advance(TRANSITIONS, ThanksStatus(row["status"]), event)
        decided = {"thanks_id": row["id"], "event": event, "reason": reason.strip()}
        await database.insert_row(
            "thanks_moderation", {**decided, "decided_by": principal.actor, "decided_at": clock.now()}
        )
        await audit.record(principal, f"thanks.{event}", "shift_thanks", row["id"])
    return status


async def count_unknown_code(address: str) -> None:
    """Count a code that stands for nothing, so that nobody tries them out."""
    await attempts.count("thanks_code", address, rules.UNKNOWN_CODES_PER_ADDRESS)


async def _shift(principal: Principal, code: str) -> Row:
    row = await database.fetch_one(_SHIFT, read_code(code), principal.account_id)
    if row is None:
        raise NotFound
    if row["own"]:
        raise rules.OwnShift
    return row


def _require_ratable(shift: Row) -> None:
    if not rules.ratable(shift["starts"], shift["ends"], shift["worked"], clock.now()):
        raise rules.NotRatable
