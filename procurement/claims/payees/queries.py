"""Which payees wait to be checked before a batch takes their claims."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.claims.payees.rules import Unfit


class WaitingClaim(msgspec.Struct, array_like=True, frozen=True):
    """An approved claim that is left out of batches, and who approved it."""

    reference: str
    amount_fen: int
    approved_by: int


@dataclass(frozen=True, slots=True)
class UnfitPayee:
    """A payee whose approved claims wait, why, and with whom they share an account."""

    payee_id: UUID
    name: str
    ground: Unfit
    other_id: UUID | None
    other: str
    claims: int
    total_fen: int
    waiting: tuple[WaitingClaim, ...] = ()


async def unfit(principal: Principal) -> list[UnfitPayee]:
    """Return the payees of the officer's places who are left out of batches, with what waits for them."""
    rows = await database.fetch(
        """SELECT p.public_id AS payee_id, p.name, u.ground, other.public_id AS other_id,
                  coalesce(other.name, '') AS other, count(*) AS claims, sum(c.amount_fen)::bigint AS total_fen,
                  jsonb_agg(jsonb_build_array(k.reference, c.amount_fen, k.approved_by) ORDER BY c.id)::text AS waiting
           FROM unfit_payee u JOIN person p ON p.id = u.person_id JOIN waiting_claim c ON c.person_id = p.id
           JOIN claim k ON k.id = c.id
           LEFT JOIN twin_payee t ON u.ground = 'twin' AND p.id IN (t.person_id, t.other_person_id)
           LEFT JOIN person other ON other.id = t.person_id + t.other_person_id - p.id
           WHERE c.place_code LIKE ANY ($1)
           GROUP BY p.id, u.ground, other.id ORDER BY p.name, p.id LIMIT 200""",
        principal.scope(Permission.CLAIM_APPROVE).like_patterns(),
    )
    return [_payee(row) for row in rows]


def _payee(row: database.Row) -> UnfitPayee:
    waiting = database.decoded(row["waiting"], tuple[WaitingClaim, ...])
    return UnfitPayee(**{**row, "ground": Unfit(row["ground"]), "waiting": waiting})


async def ids_of(*public_ids: UUID) -> list[int]:
    """Return the people that random ids name, in their order; whoever acts on them is checked there."""
    rows = await database.fetch("SELECT id, public_id FROM person WHERE public_id = ANY ($1)", list(public_ids))
    known = {row["public_id"]: row["id"] for row in rows}
    if len(known) < len(set(public_ids)):
        raise NotFound
    return [known[one] for one in public_ids]
