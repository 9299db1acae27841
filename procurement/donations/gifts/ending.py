"""Ending a monthly gift, by its donor's own page."""

import hashlib
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, system_principal
from app.core.database import transaction
from app.core.errors import NotFound
from procurement.donations.choosing import gateway
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_plan

PROGRAM = system_principal(Permission.DONATION_MANAGE)


async def end_plan(gift: UUID) -> None:
    """End the monthly gift that a gift belongs to; what was given stays given. Ending it twice is ending it once."""
    plan = await database.fetch_one(
        """SELECT p.id, p.gateway_id, p.status FROM gift JOIN gift_plan p ON p.id = gift.plan_id
           WHERE gift.public_id = $1 AND p.gateway_id IS NOT NULL""",
        gift,
    )
    if plan is None:
        raise NotFound
    if plan["status"] == "ended":
        return
    key = f"end_plan:{plan['gateway_id']}"
    async with transaction():
        made = await database.insert_once(
            "gateway_attempt",
            {
                "key": key,
                "purpose": "end_plan",
                "subject_id": plan["id"],
                "request_sha256": hashlib.sha256(key.encode()).digest(),
                "made_at": clock.now(),
            },
            ("key",),
        )
        if made is not None:
            await audit.record(PROGRAM, "gift_plan.end_asked", "gift_plan", plan["id"])
    await gateway().end_plan(plan["gateway_id"], key)
    await settle_plan(plan["gateway_id"], Finder.DESK)
