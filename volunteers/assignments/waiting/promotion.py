"""Passing a free seat on to the line, inside the use case that freed it.

The caller holds the positions' locks, then those of everybody who waits for them (``lock_line``), in the order of ids:
nobody joins or leaves these lines meanwhile, and no two promotions meet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.database import Row
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.eligibility import Candidate, Seat, reasons_against
from volunteers.assignments.sign_ups.rules import Reason
from volunteers.assignments.waiting.rules import offer_until

_LINES = """
SELECT w.id, w.position_id, w.person_id, row_number() OVER (PARTITION BY w.position_id ORDER BY w.line, w.id) AS place
FROM waiting_entry w WHERE w.position_id = ANY ($1) AND w.status = 'waiting' ORDER BY w.position_id, w.line, w.id
"""
_OFFER = """
WITH seated AS (
    INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_by, created_at,
                         offer_expires_at)
    SELECT p.id, a.id, $2, a.starts, a.ends, 'offered', 'self', NULL, $3, $4
    FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1 RETURNING id, public_id)
SELECT seated.id, seated.public_id, person.account_id, a.reference, a.title_zh, a.starts
FROM seated, person, position p JOIN assignment a ON a.id = p.assignment_id WHERE person.id = $2 AND p.id = $1
"""

_WAITING_FOR = """
SELECT w.public_id, person.account_id, a.starts, a.title_zh, a.reference
FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN waiting_entry w ON w.position_id = p.id
JOIN person ON person.id = w.person_id WHERE a.id = $1 AND w.status = 'waiting'
"""


async def people_in_line(position_ids: Iterable[int]) -> set[int]:
    """Return who waits for these positions, for the caller to lock together with its own people."""
    rows = await database.fetch(
        "SELECT person_id FROM waiting_entry WHERE position_id = ANY ($1) AND status = 'waiting'", list(position_ids)
    )
    return {row["person_id"] for row in rows}


async def promote(principal: Principal, position_ids: Iterable[int]) -> int:
    """Offer the free seats of these positions to those who wait, in turn; return how many offers were made."""
    lines: dict[int, list[Row]] = {}
    for row in await database.fetch(_LINES, sorted(set(position_ids))):
        lines.setdefault(row["position_id"], []).append(row)
    if not lines:
        return 0
    now = clock.now()
    seats = await loading.seats(lines)
    people = await loading.candidates((row["person_id"] for line in lines.values() for row in line), seats.values())
    offers: list[tuple[Row, datetime]] = []
    for position_id, line in lines.items():
        made = await _promote_one(principal, seats[position_id], line, people, now)
        offers += made
    await notify_many([_notice(row, until) for row, until in offers])
    return len(offers)


async def _promote_one(
    principal: Principal, seat: Seat, line: Sequence[Row], people: dict[int, Candidate], now: datetime
) -> list[tuple[Row, datetime]]:
    until, offers = offer_until(now, seat.at.starts), []
    if until is None or seat.status not in ("open", "closed"):
        return []
    for entry in line:
        if seat.free <= 0:
            break
        person = people[entry["person_id"]]
        reasons = reasons_against(replace(seat, status="open", by_request=False, regulars_until=None), person, now)
        if reasons:
            await _pass_over(principal, entry, reasons, now)
            continue
        row = await _offer(principal, entry, seat, until, now)
        offers.append((row, until))
        seat = replace(seat, free=seat.free - 1)
        people[entry["person_id"]] = person.engaged(seat.at)
    return offers


async def _offer(principal: Principal, entry: Row, seat: Seat, until: datetime, now: datetime) -> Row:
    row = await database.fetch_one(_OFFER, seat.position_id, entry["person_id"], now, until)
    if row is None:
        raise LookupError("the position and the person are locked")
    await database.update_row("waiting_entry", entry["id"], {"status": "offered", "sign_up_id": row["id"]})
    await audit.record(principal, "waiting_entry.offered", "waiting_entry", entry["id"], sign_up=row["id"])
    return row


async def _pass_over(principal: Principal, entry: Row, reasons: Iterable[Reason], now: datetime) -> None:
    codes = ",".join(reasons)
    await database.update_row("waiting_entry", entry["id"], {"status": "passed_over"})
    await database.insert_row(
        "waiting_event",
        {
            "waiting_entry_id": entry["id"],
            "kind": "passed_over",
            "from_place": entry["place"],
            "reason": codes,
            "decided_at": now,
        },
    )
    await audit.record(principal, "waiting_entry.passed_over", "waiting_entry", entry["id"], reasons=codes)


async def tell_line_of_end(assignment_id: int) -> None:
    """Write to those who wait for a seat on an assignment that is being called off."""
    rows = await database.fetch(_WAITING_FOR, assignment_id)
    await notify_many(
        [
            Notice(
                row["account_id"],
                N_("%(starts)s 的“%(title)s”取消了，你的候补也随之结束。可以在任务列表里另选一个。"),
                {"starts": _spoken(row["starts"]), "title": row["title_zh"]},
                link=f"/assignments/{row['reference']}",
                once_key=f"waiting-ended:{row['public_id']}",
            )
            for row in rows
        ]
    )


def _notice(row: Row, until: datetime) -> Notice:
    return Notice(
        row["account_id"],
        N_("轮到你了：%(starts)s 的“%(title)s”空出一个名额，请在 %(until)s 前答复，过时让给下一位。"),
        {
            "starts": _spoken(row["starts"]),
            "title": row["title_zh"],
            "until": _spoken(until),
        },
        (Channel.IN_APP, Channel.SMS),
        link=f"/assignments/{row['reference']}",
        once_key=f"offered:{row['public_id']}",
    )


def _spoken(instant: datetime) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")
