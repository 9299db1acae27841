"""What a batch of thousands takes: everything about it is judged in proportion to its size."""

import time

from app.core import database
from tests.procurement import settled_work
from tests.procurement.offers.bidding import as_owner
from tests.refusals import refused

MANY = """INSERT INTO claim OVERRIDING SYSTEM VALUE
          SELECT (jsonb_populate_record(claim, jsonb_build_object('id', claim.id + n, 'reference', 'X' || n,
                  'public_id', gen_random_uuid(), 'sign_up_id', claim.sign_up_id + n))).*
          FROM claim, generate_series(1, 4000) AS n"""


async def test_thousands_of_claims_move_together_in_a_moment(db: None) -> None:
    """They are judged in proportion to their number: when each was compared with each, ten thousand took minutes."""
    await settled_work.approved(1, 1)
    await as_owner(MANY)
    began = time.perf_counter()
    assert await database.execute("UPDATE claim SET status = 'batched'") == 4_001
    assert time.perf_counter() - began < 5
    await refused("claim_amount_frozen", "UPDATE claim SET amount_fen = amount_fen + 1")
