"""Which payees wait to be checked before a batch takes their claims."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Permission, Principal
from procurement.claims.payees.rules import Unfit


@dataclass(frozen=True, slots=True)
class UnfitPayee:
    """A payee whose approved claims wait, why, and with whom they share an account."""

    person_id: int
    name: str
    ground: Unfit
    other_id: int | None
    other: str
    claims: int
    total_fen: int


async def unfit(principal: Principal) -> list[UnfitPayee]:
    """Return the payees of the officer's places who are left out of batches, with what waits for them."""
    rows = await database.fetch(
        """SELECT p.id AS person_id, p.name, u.ground, other.id AS other_id, coalesce(other.name, '') AS other,
                  count(*) AS claims, sum(c.amount_fen)::bigint AS total_fen
           FROM unfit_payee u JOIN person p ON p.id = u.person_id JOIN waiting_claim c ON c.person_id = p.id
           LEFT JOIN twin_payee t ON u.ground = 'twin' AND p.id IN (t.person_id, t.other_person_id)
           LEFT JOIN person other ON other.id = t.person_id + t.other_person_id - p.id
           WHERE c.place_code LIKE ANY ($1)
           GROUP BY p.id, u.ground, other.id ORDER BY p.name, p.id LIMIT 200""",
        principal.scope(Permission.CLAIM_APPROVE).like_patterns(),
    )
    return [UnfitPayee(**{**row, "ground": Unfit(row["ground"])}) for row in rows]
