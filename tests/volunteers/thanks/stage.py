"""A shift that somebody works, its code, and browsers that tap."""

from itertools import count

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.people.rules import Profile
from volunteers.thanks import service
from volunteers.thanks.service import Visitor

_numbers = count(1)


async def worked_shift(hours: float = 9, *profiles: Profile) -> tuple[Published, list[Principal], str]:
    """Return a shift with people on it, and its code."""
    people = await world.people(profiles or [world.profile(name="王小芳")])
    seats = (PositionDraft("律师", capacity=len(people)),)
    [shift] = await world.publish(await world.draft(hours, positions=seats))
    for _, who in people:
        await sign_up(who, shift.position_ids[0])
    return shift, [who for _, who in people], await code_of(shift.id)


async def code_of(assignment_id: int) -> str:
    """Return the code that stands on the notice."""
    return str(await database.fetch_value("SELECT thanks_code FROM assignment WHERE id = $1", assignment_id))


def somebody() -> Visitor:
    """Return a browser that nobody has seen before."""
    number = next(_numbers)
    return Visitor(f"browser-{number}", f"10.1.{number // 250}.{number % 250}")


async def rated(code: str, *stars: int, words: str = "") -> None:
    """Let one browser after the other rate the shift, half an hour into it."""
    starts = await database.fetch_value("SELECT starts FROM assignment WHERE thanks_code = $1", code)
    with clock.travelled_to(starts + clock.timedelta(minutes=30)):
        for given in stars:
            visitor = somebody()
            await service.rate(ANONYMOUS, visitor, code, given)
            if words:
                await service.thank(ANONYMOUS, visitor, code, words)
