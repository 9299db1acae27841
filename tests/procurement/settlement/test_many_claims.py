"""What a batch of thousands takes: everything about it is judged in proportion to its size."""

import time

from app.core import database
from tests.procurement import settled_work
from tests.procurement.offers.bidding import as_owner
from tests.refusals import refused

MANY = """INSERT INTO claim OVERRIDING SYSTEM VALUE
          SELECT (jsonb_populate_record(claim, jsonb_build_object('id', claim.id + n, 'reference', 'X' || n,
                  'public_id', gen_random_uuid(), 'sign_up_id', claim.sign_up_id + n))).*
          FROM claim, generate_series(1, 8900) AS n"""
BATCHED = "UPDATE claim SET status = 'batched' WHERE id IN (SELECT id FROM claim WHERE status = 'approved' LIMIT $1)"


async def test_thousands_of_claims_are_judged_in_proportion_to_their_number(db: None) -> None:
    """When each was compared with each, after plans had been made for single ones, ten thousand took minutes."""
    await settled_work.approved(1, 1)
    await as_owner(MANY)
    async with database.transaction():
        for _ in range(8):
            await database.execute(BATCHED, 1)
        few, many = await _seconds(800), await _seconds(8_000)
    assert many < 30 * few
    await refused("claim_amount_frozen", "UPDATE claim SET amount_fen = amount_fen + 1")


async def _seconds(claims: int) -> float:
    began = time.perf_counter()
    assert await database.execute(BATCHED, claims) == claims
    return time.perf_counter() - began
