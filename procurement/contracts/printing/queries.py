"""What the paper says beside the text: the parties' full names, and for the parties who signed."""

from dataclasses import dataclass

from app.core import database
from app.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Signers:
    """Who signed a contract and an amendment of it, by the names of their accounts."""

    uscc: str
    buyer: str
    provider: str | None
    amendment_buyer: str | None
    amendment_provider: str | None
    amendment_approver: str | None


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text in force, and whether its hash is still what was signed."""

    number: int  # 0 is the contract itself
    text_sha256: bytes
    untouched: bool


async def signers(contract_id: int, number: int = 0) -> Signers:
    """Return the signers of a contract, and of its n-th amendment."""
    row = await database.fetch_one(_SIGNERS, contract_id, number)
    if row is None:
        raise NotFound
    return Signers(**row)


async def signed_texts(contract_id: int) -> list[SignedText]:
    """Return the contract's text and its amendments' in force, hashed again from what is stored now."""
    rows = await database.fetch(
        """SELECT 0 AS number, text_sha256, text_sha256 = sha256(convert_to(body_zh, 'UTF8')) AS untouched
           FROM contract WHERE id = $1
           UNION ALL SELECT number, text_sha256, text_sha256 = sha256(convert_to(body_zh, 'UTF8'))
           FROM contract_amendment WHERE contract_id = $1 AND status = 'in_force' ORDER BY number""",
        contract_id,
    )
    return [SignedText(**row) for row in rows]


_SIGNERS = """
SELECT o.uscc, buyer.display_name AS buyer, provider.display_name AS provider,
       proposer.display_name AS amendment_buyer, agreed.display_name AS amendment_provider,
       approver.display_name AS amendment_approver
FROM contract c JOIN organization o ON o.id = c.organization_id
JOIN account buyer ON buyer.id = c.signed_by_buyer LEFT JOIN account provider ON provider.id = c.signed_by_provider
LEFT JOIN contract_amendment a ON a.contract_id = c.id AND a.number = $2
LEFT JOIN account proposer ON proposer.id = a.proposed_by LEFT JOIN account agreed ON agreed.id = a.signed_by_provider
LEFT JOIN account approver ON approver.id = a.approved_by WHERE c.id = $1
"""
