"""Whatever comes in whatever order, no fen is paid twice, early or beyond the contract, and the books tie out."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import system_principal
from app.core.database import transaction
from app.core.errors import DomainError
from procurement.claims.accrual import accrue
from procurement.claims.service import reject_claim, resubmit_claim, return_claim
from procurement.demonstration import report
from procurement.payments.ending import Received, release_rests, return_advance
from procurement.payments.rules import PaymentTerms
from tests.conftest import rounds
from tests.procurement.payments.contracts import BAD, Deal, signed

EVENTS = ("accept", "refuse", "accrue", "approve", "pay", "return", "resubmit", "reject", "terminate", "give_back")
TERMS = st.sampled_from([PaymentTerms(), PaymentTerms(30), PaymentTerms(30, (50, 100)), PaymentTerms(7, (33, 66, 100))])
QUANTITY = 5
_BOOKS = """
SELECT c.quantity * c.unit_price_fen AS price, c.accepted * c.unit_price_fen AS accepted,
       standing_advance(c.id) AS advance,
       coalesce(sum(k.amount_fen) FILTER (WHERE claim_lives(k.status)), 0)::bigint AS claimed,
       coalesce(sum(k.amount_fen) FILTER (WHERE k.status = 'paid'), 0)::bigint AS paid,
       coalesce(sum(k.amount_fen) FILTER (WHERE k.status = 'paid' AND k.item = 'advance'), 0)::bigint AS advance_paid,
       offset_so_far(c.id) AS offset, p.status,
       coalesce((SELECT amount_fen FROM advance_return r WHERE r.contract_id = c.id), 0) AS returned
FROM contract c JOIN purchase p ON p.id = c.purchase_id LEFT JOIN claim k ON k.contract_id = c.id
WHERE c.id = $1 GROUP BY c.id, p.id
"""


async def take(deal: Deal, event: str) -> None:
    """Let one thing happen; what is refused changes nothing."""
    match event:
        case "accept" | "refuse" if deal.orders and not await ended(deal):
            await (deal.accept() if event == "accept" else deal.accept(1, BAD))
        case "accrue":
            await accrue(clock.now())
        case "approve":
            await deal.approve()
        case "pay":
            await deal.pay()
        case "return" | "reject":
            for claim in (await deal.ids("accrued"))[:1]:
                await (return_claim if event == "return" else reject_claim)(deal.claims, claim, "请核对")
        case "resubmit":
            for claim in (await deal.ids("returned"))[:1]:
                await resubmit_claim(deal.who.provider, claim)
        case "terminate" if not await ended(deal):
            await terminate(deal)
        case "give_back":
            await return_advance(deal.cashier, deal.reference, Received(clock.today(), "凭证"))


async def ended(deal: Deal) -> bool:
    status = await database.fetch_value(
        "SELECT p.status FROM purchase p JOIN contract c ON c.purchase_id = p.id WHERE c.id = $1", deal.contract
    )
    return status in ("accepted", "terminated")


async def terminate(deal: Deal) -> None:
    """End the contract early with nothing left open, as a termination does in the end: the rest is free."""
    async with transaction():
        await database.execute(
            "UPDATE village_order SET status = 'cancelled', reason = '合同解除' WHERE id = ANY($1)", deal.orders
        )
        deal.orders.clear()
        purchase = await database.fetch_value("SELECT purchase_id FROM contract WHERE id = $1", deal.contract)
        await database.execute("UPDATE purchase SET status = 'terminated' WHERE id = $1", purchase)
        await release_rests(system_principal(), [purchase], clock.now())


async def require_sound(deal: Deal) -> None:
    row = await database.fetch_one(_BOOKS, deal.contract)
    assert row is not None
    assert row["paid"] <= row["claimed"] <= min(row["advance"] + row["accepted"], row["price"])
    assert row["offset"] <= row["advance"]
    assert row["paid"] - row["advance_paid"] <= row["accepted"] - (row["offset"] if row["advance"] else 0)
    assert await report.tied_out() >= 0
    line = await database.fetch_one("SELECT reserved_fen, committed_fen, spent_fen FROM budget_line")
    assert line is not None
    assert line["reserved_fen"] + line["committed_fen"] + line["spent_fen"] <= row["price"]


async def finish(deal: Deal) -> None:
    """Walk to the end whatever was left, and see that every fen is where it belongs."""
    for _ in range(len(deal.orders)):
        await take(deal, "accept")
    if not await ended(deal):
        await terminate(deal)
    for event in ("resubmit", "resubmit", "resubmit", "resubmit", "resubmit", "accrue", "approve", "pay", "give_back"):
        with suppress(DomainError):
            await take(deal, event)
    await require_sound(deal)
    row = await database.fetch_one(_BOOKS, deal.contract)
    assert row is not None
    rejected = await database.fetch_value(
        "SELECT coalesce(sum(amount_fen), 0)::bigint FROM claim WHERE status = 'rejected' AND item <> 'advance'"
    )
    # What was accepted is paid, less what an officer rejected; nothing of the advance stays with who did not earn it.
    assert row["paid"] == row["claimed"]
    assert row["paid"] - row["returned"] == row["accepted"] - rejected
    line = await database.fetch_one("SELECT reserved_fen, committed_fen, spent_fen FROM budget_line")
    assert line == {"reserved_fen": 0, "committed_fen": 0, "spent_fen": row["accepted"] - rejected}


def walks() -> Iterator[tuple[PaymentTerms, int, list[str]]]:
    """Return examples of hypothesis, the later and longer ones; each is walked in a database of its own."""
    found: list[tuple[PaymentTerms, int, list[str]]] = []

    @settings(max_examples=200, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(TERMS, st.integers(0, QUANTITY), st.lists(st.sampled_from(EVENTS), min_size=4, max_size=25))
    def collect(terms: PaymentTerms, delivered: int, events: list[str]) -> None:
        found.append((terms, delivered, events))

    collect()
    yield from sorted(found, key=lambda walk: len(set(walk[2])))[-rounds(6, 100) :]


@pytest.mark.parametrize(("terms", "delivered", "events"), list(walks()))
async def test_any_order_of_things_keeps_the_money_within_what_was_agreed(
    db: None, terms: PaymentTerms, delivered: int, events: list[str]
) -> None:
    deal = await signed(terms, QUANTITY, delivered)
    for event in events:
        with suppress(DomainError):
            await take(deal, event)
        await require_sound(deal)
    await finish(deal)
