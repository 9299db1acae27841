"""Looking for the people who do not exist yet: whoever is qualified and said they are not free is told of the day."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core import clock, database
from app.core.text import N_, Words
from app.notifications.service import Notice, notify_many
from volunteers.coverage.causes.counting import WeekCount
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.instance import Instance

NEEDED = N_("%(place)s缺人：%(first)s 起有 %(shifts)s 个村社还没有人去。那天能来的话，请打开报名，先到先得。")
MAY_STILL_COME = (None, Refusal.AVAILABILITY)
"""What is no reason not to ask: somebody free, or who said that they are not."""


@dataclass(frozen=True, slots=True)
class Call:
    """The open seats, each a shift and a position of the week."""

    scenario: UUID
    code: str
    place: Words
    instance: Instance
    seats: Sequence[tuple[str, str]]


async def call(wanted: Call) -> int:
    """Tell everybody who could take one of the seats, once; return how many."""
    if not wanted.seats:
        return 0
    people = await asyncio.to_thread(_who, wanted)
    rows = await database.fetch(
        "SELECT account_id FROM person WHERE id = ANY ($1) AND status = 'active' ORDER BY account_id", people
    )
    shifts = {shift for shift, _ in wanted.seats}
    first = await database.fetch_value(
        "SELECT min(starts) FROM assignment WHERE id = ANY ($1)", [int(shift) for shift in shifts]
    )
    detail = {
        "place": wanted.place,
        "first": clock.local(first).strftime("%Y-%m-%d %H:%M"),
        "shifts": len(shifts),
    }
    await notify_many(
        [
            Notice(
                row["account_id"],
                NEEDED,
                detail,
                link=f"/assignments?place={wanted.code}",
                once_key=f"scenario:{wanted.scenario}:{row['account_id']}",
            )
            for row in rows
        ]
    )
    return len(rows)


def _who(wanted: Call) -> list[int]:
    counting = WeekCount(wanted.instance)
    found: set[int] = set()
    for shift, position in wanted.seats:
        in_the_way = counting.people(shift, position)
        found |= {int(person) for person, why in in_the_way.items() if why in MAY_STILL_COME}
    return sorted(found)
