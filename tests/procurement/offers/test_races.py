"""Races at the deadline: each accepted quotation is before it, each refused one after it, and none is lost."""

import asyncio
from datetime import timedelta

from app.core import clock, database
from app.core.errors import DomainError
from procurement.blocks import Blocked
from procurement.offers.openings.service import NothingToOpen, unlock
from procurement.offers.rounds.service import RoundNotOver, invite_suppliers
from procurement.offers.submissions.service import NotTakingQuotations, Receipt, TooLate, hand_in
from procurement.purchases.service import cancel_purchase
from tests.conftest import rounds
from tests.procurement.offers import bidding


async def _until_late(here: bidding.Bidding, number: int) -> tuple[list[tuple[int, Receipt]], DomainError | None]:
    """Hand in one quotation after the other, each cheaper, until one is refused."""
    taken: list[tuple[int, Receipt]] = []
    invitation = await bidding.invitation_of(here, number)
    for price in range(50_000, 40_000, -1):
        try:
            offered = bidding.offered(here, number, price)
            taken.append((price, await hand_in(here.suppliers[number].member, invitation, offered)))
        except DomainError as refusal:
            return taken, refusal
    return taken, None


async def test_at_the_deadline_none_is_late_and_none_is_lost(db: None) -> None:
    here = await bidding.requested()
    for turn in range(rounds(2, 100)):
        here = here if turn == 0 else await bidding.another(here)
        deadline = await bidding.invite(here, 1.2)
        done = await asyncio.gather(*(_until_late(here, number) for number in range(3)))
        assert {type(refusal) for _, refusal in done} == {TooLate}
        last = {number: taken[-1] for number, (taken, _) in enumerate(done)}
        assert all(receipt.received_at < deadline for taken, _ in done for _, receipt in taken)
        stored = await database.fetch_value(
            """SELECT count(*) FROM sealed_quotation s JOIN quotation_round r ON r.id = s.round_id
               WHERE r.purchase_id = $1 AND s.received_at < r.deadline""",
            here.purchase_id,
        )
        assert stored == sum(len(taken) for taken, _ in done)
        await asyncio.gather(*(unlock(here.keepers[n], here.purchase_id, bidding.passphrase(n)) for n in range(2)))
        prices = await database.fetch(
            """SELECT q.organization_id, q.unit_price_fen FROM opened_quotation q
               JOIN quotation_round r ON r.id = q.round_id WHERE r.purchase_id = $1""",
            here.purchase_id,
        )
        assert {row["organization_id"]: row["unit_price_fen"] for row in prices} == {
            here.suppliers[number].organization_id: price for number, (price, _) in last.items()
        }


async def test_three_keepers_at_once_open_once(db: None) -> None:
    here = await bidding.sealed()
    for turn in range(rounds(2, 100)):
        if turn:
            here = await bidding.another(here)
            await bidding.invite(here)
            for number, price in enumerate(bidding.PRICES):
                await bidding.quote(here, number, price)
            await bidding.passed(here)
        done = await asyncio.gather(
            *(unlock(here.keepers[n], here.purchase_id, bidding.passphrase(n)) for n in range(3)),
            return_exceptions=True,
        )
        assert [one for one in done if one is True] == [True]
        assert all(one in (True, False) or isinstance(one, NothingToOpen) for one in done)
        counted = await database.fetch_one(
            """SELECT count(DISTINCT o.id) AS openings, count(q.id) AS quotations FROM quotation_opening o
               JOIN quotation_round r ON r.id = o.round_id JOIN opened_quotation q ON q.opening_id = o.id
               WHERE r.purchase_id = $1""",
            here.purchase_id,
        )
        assert counted == {"openings": 1, "quotations": 3}


async def test_a_quotation_against_the_cancellation(db: None) -> None:
    here = await bidding.requested()
    for turn in range(rounds(3, 100)):
        here = here if turn == 0 else await bidding.another(here)
        await bidding.invite(here, 3600)
        invitation = await bidding.invitation_of(here, 0)
        offered = bidding.offered(here, 0, 50_000)
        sent, cancelled = await asyncio.gather(
            hand_in(here.suppliers[0].member, invitation, offered),
            cancel_purchase(here.officer, here.purchase_id, "计划调整"),
            return_exceptions=True,
        )
        assert cancelled is None
        assert isinstance(sent, Receipt | NotTakingQuotations)
        stored = await database.fetch_value(
            """SELECT count(*) FROM sealed_quotation s JOIN quotation_round r ON r.id = s.round_id
               WHERE r.purchase_id = $1""",
            here.purchase_id,
        )
        assert stored == isinstance(sent, Receipt)


async def test_two_invitations_at_once_make_one_round(db: None) -> None:
    here = await bidding.requested()
    asked = bidding.invitation(here, clock.now() + timedelta(days=4))
    done = await asyncio.gather(*(invite_suppliers(here.officer, asked) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in done) == 1
    refused = [one for one in done if not isinstance(one, int)]
    assert all(isinstance(one, RoundNotOver | Blocked) for one in refused)
    assert await database.fetch_value("SELECT count(*) FROM quotation_round") == 1
