"""Handing a quotation in, replacing it, taking it back: append-only, the last one counts.

The plain text exists in the memory of the request that brings it. It is sealed before the transaction begins; what
the database receives, and what the log and the audit trail say, are ciphertext, its hash and ids.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.attachments.rules import clean_name, media_type
from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.blocks import LawRefusal
from procurement.offers.engine import envelopes
from procurement.offers.rules import SEALED
from procurement.offers.submissions.content import Attached, Quotation, context_of, written


class TooLate(LawRefusal):
    """The deadline passed before the quotation was complete."""

    code, status = "quotation_in_time", 409
    source, compared = SEALED, N_("截止 %(deadline)s")
    reason, remedy = N_("报价已截止，不再接收。"), N_("如果重新邀请，可以在新的期限内报价。")


class NotTakingQuotations(DomainError):
    """The purchase was cancelled, opened, or invited anew."""

    code, status, message = "quotation_while_sealed", 409, N_("这次邀请已经结束，不再接收报价。")


REFUSALS = {"quotation_in_time": TooLate, "quotation_while_sealed": NotTakingQuotations}


@dataclass(frozen=True, slots=True)
class Offered:
    """What a supplier fills in; the product is named by its number."""

    unit_price_fen: int
    product_reference: str
    met: Sequence[int]
    legal_representative: str
    controlled_by: str = ""
    words_zh: str = ""
    file_name: str = ""
    file_content: bytes = b""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the supplier keeps: which ciphertext arrived when, by the database's clock."""

    public_id: UUID
    sha256: bytes
    received_at: datetime


async def hand_in(principal: Principal, invitation: UUID, offered: Offered) -> Receipt:
    """Seal a quotation to the keepers and store it; it replaces the supplier's earlier one."""
    asked = await _invited(principal, invitation)
    quotation = await _quotation(asked, offered)
    envelope = await asyncio.to_thread(
        envelopes.seal, written(quotation), dict(asked["keys"]), asked["needed"], context_of(invitation)
    )
    async with transaction(), database.refusing(REFUSALS, deadline=_deadline(asked)):
        row = await _store(principal, asked, envelope.ciphertext)
        places = list(envelope.shares)
        await database.execute(
            """INSERT INTO sealed_share (quotation_id, keeper_id, round_id, sealed)
               SELECT $1, k.id, k.round_id, d.sealed FROM unnest($3::integer[], $4::bytea[]) AS d (place, sealed)
               JOIN quotation_keeper k ON k.round_id = $2 AND k.position = d.place""",
            row["id"],
            asked["round_id"],
            places,
            [envelope.shares[place] for place in places],
        )
        await audit.record(
            principal, "quotation.received", "sealed_quotation", row["id"], sha256=row["ciphertext_sha256"].hex()
        )
    return Receipt(row["public_id"], row["ciphertext_sha256"], row["received_at"])


async def take_back(principal: Principal, invitation: UUID) -> None:
    """Take one's quotation back before the deadline; another may follow."""
    asked = await _invited(principal, invitation)
    async with transaction(), database.refusing(REFUSALS, deadline=_deadline(asked)):
        row = await _store(principal, asked, None)
        await audit.record(principal, "quotation.taken_back", "sealed_quotation", row["id"])


async def _invited(principal: Principal, invitation: UUID) -> Row:
    scope = principal.scope(Permission.FRAMEWORK_APPLY)
    row = await database.fetch_one(_INVITED, invitation)
    if row is None or not scope.covers_organization(row["organization_id"]):
        raise NotFound
    keys = await database.fetch(
        """SELECT k.position, keeper_key.public_key FROM quotation_keeper k
           JOIN keeper_key ON keeper_key.id = k.keeper_key_id WHERE k.round_id = $1 ORDER BY k.position""",
        row["round_id"],
    )
    return {**row, "keys": [(key["position"], key["public_key"]) for key in keys]}


def _deadline(asked: Row) -> str:
    return f"{clock.local(asked['deadline']):%Y-%m-%d %H:%M}"


async def _quotation(asked: Row, offered: Offered) -> Quotation:
    """Check what can be checked without keeping it; nothing here is written anywhere."""
    product = await database.fetch_one(_PRODUCT, offered.product_reference, asked["organization_id"])
    fields = {}
    if product is None or (product["category"], product["unit"]) != (asked["category"], asked["unit"]):
        fields["product"] = Message(N_("请选择本机构已上架、类别和计量单位相符的产品。"))
    if not 1 <= offered.unit_price_fen <= asked["ceiling_fen"]:
        fields["unit_price_fen"] = Message(N_("单价应大于零，且不超过最高单价。"))
    if not offered.legal_representative.strip():
        fields["legal_representative"] = Message(N_("请填写法定代表人。"))
    if not set(offered.met) <= set(range(1, asked["requirements"] + 1)):
        fields["met"] = Message(N_("请从需求清单中选择。"))
    if fields or product is None:
        raise InvalidInput(fields)
    attached = None
    if offered.file_content:
        name = clean_name(offered.file_name)
        media_type(offered.file_content, name)
        attached = Attached(name, offered.file_content)
    return Quotation(
        unit_price_fen=offered.unit_price_fen,
        product_id=product["id"],
        product_version=product["version"],
        met=sorted(set(offered.met)),
        legal_representative=offered.legal_representative.strip(),
        controlled_by=offered.controlled_by.strip(),
        words_zh=offered.words_zh.strip(),
        attached=attached,
    )


async def _store(principal: Principal, asked: Row, ciphertext: bytes | None) -> Row:
    # The trigger locks the purchase, reads the clock and refuses; a parameter of the statement cannot set the instant.
    row = await database.fetch_one(
        """INSERT INTO sealed_quotation (invitation_id, round_id, ciphertext, ciphertext_sha256, submitted_by,
                                         received_at)
           VALUES ($1, $2, $3::bytea, sha256($3::bytea), $4, clock_timestamp())
           RETURNING id, public_id, ciphertext_sha256, received_at""",
        asked["invitation_id"],
        asked["round_id"],
        ciphertext,
        principal.actor,
    )
    assert row is not None  # noqa: S101 - INSERT … RETURNING gives a row or raises
    return row


_INVITED = """
SELECT i.id AS invitation_id, i.organization_id, r.id AS round_id, r.needed, r.deadline, q.category, q.unit,
       q.ceiling_fen,
       (SELECT count(*) FROM quotation_requirement d WHERE d.request_id = q.id) AS requirements
FROM quotation_invitation i JOIN quotation_round r ON r.id = i.round_id
JOIN quotation_request q ON q.purchase_id = r.purchase_id WHERE i.public_id = $1
"""
_PRODUCT = """
SELECT product.id, product.category, v.number AS version, v.unit FROM product
JOIN product_version v ON v.product_id = product.id AND v.number = product.listed_version
WHERE product.reference = $1 AND product.organization_id = $2 AND product.status = 'listed'
"""
