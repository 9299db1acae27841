"""Ending a monthly gift, by its donor's own page or by finance when the donor asks."""

import hashlib
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, system_principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from procurement.donations.choosing import gateway
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_plan

PROGRAM = system_principal(Permission.DONATION_MANAGE)


async def end_plan(gift: UUID) -> None:
    """End the monthly gift that a gift belongs to; what was given stays given. Ending it twice is ending it once."""
    await _end(PROGRAM, await database.fetch_one(f"{_PLAN} WHERE gift.public_id = $1", gift))


async def end_plan_for(principal: Principal, reference: str) -> None:
    """End the monthly gift of a gift of an officer's places, because its donor asked finance."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    plan = await database.fetch_one(f"{_PLAN} WHERE gift.reference = $1", reference)
    if plan is not None:
        scope.require_place(plan["place_code"])
    await _end(principal, plan)


async def _end(principal: Principal, plan: Row | None) -> None:
    if plan is None or plan["gateway_id"] is None:
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
            await audit.record(principal, "gift_plan.end_asked", "gift_plan", plan["id"])
    await gateway().end_plan(plan["gateway_id"], key)
    await settle_plan(plan["gateway_id"], Finder.DESK)


_PLAN = """
SELECT p.id, p.gateway_id, p.status, place.code AS place_code
FROM gift JOIN gift_plan p ON p.id = gift.plan_id JOIN donation_fund f ON f.id = gift.fund_id
JOIN place ON place.id = f.place_id
"""
