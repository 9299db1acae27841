"""Setting how a bank wants its files: from a day on, by the officer who approves batches and does not pay them."""

from uuid import UUID

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.settlement.layouts.rules import Layout, layout_faults


async def set_layout(principal: Principal, place_code: str, layout: Layout) -> UUID:
    """Put a layout in force for a place and everything below it; what was in force stays with the files it made."""
    principal.scope(Permission.SETTLEMENT_APPROVE).require_place(place_code)
    faults = layout_faults(layout)
    if layout.effective_from < clock.today():
        faults["effective_from"] = Message(N_("格式从今天或以后的一天起用，不能倒填。"))
    if faults:
        raise InvalidInput(faults)
    async with transaction():
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
        if place_id is None:
            raise NotFound
        row = await database.fetch_one(
            """INSERT INTO bank_layout (place_id, body, effective_from, set_by, set_at)
               VALUES ($1, $2::jsonb, $3, $4, $5) RETURNING id, public_id""",
            *(place_id, msgspec.json.encode(layout).decode(), layout.effective_from, principal.actor, clock.now()),
        )
        if row is None:
            raise LookupError(place_code)
        await audit.record(principal, "settlement.layout_set", "bank_layout", row["id"], columns=len(layout.columns))
    public_id: UUID = row["public_id"]
    return public_id
