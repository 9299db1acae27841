"""What waits for a payee: an account that money came back from."""

from dataclasses import dataclass
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting


@dataclass(frozen=True, slots=True)
class ReturnedAccount:
    """An account of one's own, or of one's organization, with the money that waits for its correction."""

    organization: UUID | None
    reason: str
    total_fen: int


async def accounts_to_correct(principal: Principal) -> list[Waiting]:
    """Return the accounts that money came back from and that are still the ones named."""
    if not principal.can(Permission.CLAIM_SELF):
        return []
    return [
        Waiting(
            Tag("need", N_("银行退回")),
            Message(N_("银行退回了付款，%(amount)s等你更正收款账户"), {"amount": yuan(found.total_fen)}),
            found.reason,
            Action(
                N_("去更正"), f"/my/organizations/{found.organization}/edit" if found.organization else "/my/profile"
            ),
        )
        for found in await _returned(principal)
    ]


async def _returned(principal: Principal) -> list[ReturnedAccount]:
    organizations = list(principal.scope(Permission.CLAIM_SELF).organization_ids)
    return [ReturnedAccount(**row) for row in await database.fetch(_RETURNED, principal.actor, organizations)]


_RETURNED = """
SELECT o.public_id AS organization, said.reason, sum(c.amount_fen)::bigint AS total_fen
FROM returned_account x LEFT JOIN person ON person.id = x.person_id LEFT JOIN organization o ON o.id = x.organization_id
JOIN waiting_claim c ON c.person_id = person.id OR c.organization_id = o.id
CROSS JOIN LATERAL (
    SELECT r.reason_zh AS reason FROM bank_return r JOIN settlement_payment p ON p.id = r.payment_id
    WHERE p.person_id = person.id OR p.organization_id = o.id ORDER BY r.id DESC LIMIT 1) AS said
WHERE person.account_id = $1 OR o.id = ANY($2)
GROUP BY o.public_id, person.id, said.reason ORDER BY o.public_id
"""
