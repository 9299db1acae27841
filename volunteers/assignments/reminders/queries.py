"""When a person is reminded."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Permission, Principal

_MOMENTS = """
SELECT m.minutes_before, f.id IS NULL AS wanted
FROM reminder_moment m LEFT JOIN person ON person.account_id = $1
LEFT JOIN reminder_refusal f ON f.moment_id = m.id AND f.person_id = person.id ORDER BY m.minutes_before DESC
"""


@dataclass(frozen=True, slots=True)
class MyMoment:
    """A moment before each shift, and whether the person wants to hear then."""

    minutes_before: int
    wanted: bool

    @property
    def hours(self) -> int:
        """Return the same in hours, as people say it."""
        return self.minutes_before // 60


async def my_moments(principal: Principal) -> list[MyMoment]:
    """Return the moments before a shift, the earliest first."""
    principal.scope(Permission.VOLUNTEER_SELF)
    return [MyMoment(**row) for row in await database.fetch(_MOMENTS, principal.actor)]
