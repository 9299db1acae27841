"""Agreeing on how a contract is paid: written with its offer, frozen from then on."""

from collections.abc import Sequence
from datetime import date

from app.core import database
from procurement import law
from procurement.blocks import require
from procurement.payments import rules
from procurement.payments.rules import PaymentTerms


async def require_terms(offered: Sequence[tuple[PaymentTerms, str]], today: date) -> None:
    """Refuse terms that the law or the house does not allow; each comes with the code of the place that buys.

    The figure is asked for only where there is an advance.
    """
    for one, place_code in offered:
        most = await law.figure(law.ADVANCE, today, place_code) if one.advance_percent else None
        require(rules.terms_blocks(one, most))


async def write_terms(contract_ids: Sequence[int], offered: Sequence[PaymentTerms]) -> None:
    """Write the terms beside contracts that were offered in this transaction."""
    rows = [
        (contract_id, one.advance_percent, ",".join(map(str, one.milestones)))
        for contract_id, one in zip(contract_ids, offered, strict=True)
    ]
    await database.execute(_INSERT, *database.columns(rows, 3))


_INSERT = """
INSERT INTO payment_terms (contract_id, advance_percent, advance_fen, milestones)
SELECT c.id, d.percent, c.quantity * c.unit_price_fen * d.percent / 100,
       string_to_array(d.milestones, ',')::integer[]
FROM unnest($1::bigint[], $2::integer[], $3::text[]) AS d (contract_id, percent, milestones)
JOIN contract c ON c.id = d.contract_id
"""
