"""Looking at two payees who share an account."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.claims.payees.rules import NotTwins


async def clear_twins(principal: Principal, person_id: int, other_id: int, ground: str) -> None:
    """Say that two payees with one account are two people, and how one knows; their claims go into the next batch."""
    scope = principal.scope(Permission.CLAIM_APPROVE)
    if not ground.strip():
        raise InvalidInput({"ground": Message(N_("请写明怎么核实的。"))})
    first, second = sorted((person_id, other_id))
    async with transaction():
        row = await database.fetch_one(
            """SELECT EXISTS (SELECT FROM twin_payee WHERE person_id = $1 AND other_person_id = $2) AS twins,
                      ARRAY(SELECT place.code FROM person p JOIN place ON place.id = p.home_place_id
                            WHERE p.id IN ($1, $2)) AS codes""",
            *(first, second),
        )
        if row is None or not any(scope.covers_place(code) for code in row["codes"]):
            raise NotFound
        if not row["twins"]:
            raise NotTwins
        values = {
            "person_id": first, "other_person_id": second, "ground_zh": ground.strip(), "cleared_by": principal.actor,
            "cleared_at": clock.now(),
        }  # fmt: skip
        made = await database.insert_row("payee_clearance", values)
        await audit.record(principal, "payee.cleared", "payee_clearance", made)
