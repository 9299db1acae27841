"""A clerk states when the village can have a service."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.deliveries.ordering.rules import Hours


async def state_hours(principal: Principal, place_code: str, hours: Hours) -> None:
    """Replace what was stated for a village."""
    principal.scope(Permission.ORDER_PLACE).require_place(place_code)
    if not hours:
        raise InvalidInput({"hours": Message(N_("请至少选一个时段。"))})
    async with transaction():
        row = await database.fetch_one(
            "SELECT id FROM place WHERE code = $1 AND level = 'village' FOR NO KEY UPDATE", place_code
        )
        if row is None:
            raise NotFound
        await database.execute("DELETE FROM village_hour WHERE place_id = $1", row["id"])
        await database.execute(
            """INSERT INTO village_hour (place_id, weekday, part, stated_by, stated_at)
               SELECT $1, weekday, part, $4, $5 FROM unnest($2::integer[], $3::text[]) AS d (weekday, part)""",
            row["id"],
            *database.columns(sorted(hours), 2),
            *(principal.actor, clock.now()),
        )
        await audit.record(principal, "village_hours.stated", "place", row["id"], parts=len(hours))
