"""Events in any order, twice or lost: a look at the payment service's books ends in the same ledger."""

import asyncio
import random

from app.core import clock, database
from procurement.donations.acknowledgements.queries import given_gift
from procurement.donations.fake import acting, events, objects
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_checkout
from procurement.donations.payments import GatewayRefused
from procurement.donations.reconciliation.service import PATIENCE, reconcile
from tests.conftest import rounds
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE


async def lived(chance: random.Random) -> None:
    """Let donors, banks and time do things at random at the payment service."""
    payments: list[str] = []
    for _ in range(chance.randint(2, 5)):
        page = await giving.asked(chance.randrange(1_000, 50_000), monthly=chance.random() < 0.4, email="a@example.org")
        if chance.random() < 0.3:
            await acting.decline(page)
        if chance.random() < 0.85:
            payments.append(await acting.pay(STRIPE, page))
        elif chance.random() < 0.5:
            await acting.expire(page)
    for plan in await objects.listed("plan", status="active"):
        for _ in range(chance.randint(0, 2)):
            payments.append(await acting.renew(STRIPE, plan["id"]))
        if chance.random() < 0.5:
            await STRIPE.end_plan(plan["id"], f"end {plan['id']}")
    for payment in payments:
        if chance.random() < 0.4:
            for _ in range(chance.randint(1, 3)):
                try:
                    await acting.refund_there(STRIPE, payment, chance.randrange(100, 20_000))
                except GatewayRefused:
                    continue
        elif chance.random() < 0.3:
            dispute = await acting.dispute(STRIPE, payment)
            if chance.random() < 0.7:
                await acting.close_dispute(STRIPE, dispute, won=chance.random() < 0.5)
    await acting.pay_out(STRIPE, 1_000)


async def expected() -> dict[str, int]:
    """Add up what the payment service booked: the one truth that does not come from our code."""
    entries = await objects.listed("entry")
    return {
        "gateway": sum(one["net"] for one in entries),
        "given": -sum(one["amount"] for one in entries if one["type"] != "payout"),
        "fees": sum(one["fee"] for one in entries),
        "bank": -sum(one["amount"] for one in entries if one["type"] == "payout"),
    }


async def test_any_order_repetition_and_loss_end_in_the_same_ledger(db: None) -> None:
    await giving.desk()
    for seed in range(rounds(4, 60)):
        chance = random.Random(seed)
        await lived(chance)
        waiting = await events.unsent()
        sent = [event for event in waiting if chance.random() < 0.7]
        sent += [event for event in sent if chance.random() < 0.4]
        chance.shuffle(sent)
        for start in range(0, len(sent), 3):
            await asyncio.gather(*[giving.send(event) for event in sent[start : start + 3]])
        for event in waiting:
            await events.mark_sent(event)
        with clock.travelled_to(clock.now() + 2 * PATIENCE):
            await reconcile(clock.now())
        balances, wanted = await giving.balances(), await expected()
        assert balances["donated:gateway:CNY"] == wanted["gateway"], seed
        assert balances["donated:legal-aid:given:CNY"] == wanted["given"], seed
        assert balances["donated:legal-aid:fees:CNY"] == wanted["fees"], seed
        assert balances["donated:bank:CNY"] == wanted["bank"], seed
        before = await giving.ledger()
        await reconcile(clock.now())
        assert await giving.ledger() == before, seed
        assert len(before) == len(set(before)), seed
        await _letters_agree()


async def _letters_agree() -> None:
    """What a donor holds is what the fund still has of the gift."""
    wrong = await database.fetch(
        """SELECT gift.reference FROM gift
           LEFT JOIN acknowledgement a ON a.gift_id = gift.id AND a.voided_at IS NULL
           WHERE gift.status = 'given' AND coalesce(a.amount_minor, 0) <> greatest(0, gift.amount_minor
             - (SELECT coalesce(sum(amount_minor), 0) FROM gift_refund r WHERE r.gift_id = gift.id
                AND r.status = 'succeeded')
             - (SELECT coalesce(sum(amount_minor), 0) FROM gift_dispute d WHERE d.gift_id = gift.id
                AND d.status = 'lost'))"""
    )
    assert wrong == []


async def test_the_event_and_the_donors_return_at_once_book_once(db: None) -> None:
    await giving.desk()
    for _ in range(rounds(3, 30)):
        page = await giving.asked(10_000)
        await acting.pay(STRIPE, page)
        (first, second) = await events.unsent()
        await asyncio.gather(
            giving.send(first), giving.send(first), giving.send(second),
            settle_checkout(page, Finder.REDIRECT), settle_checkout(page, Finder.REDIRECT),
        )  # fmt: skip
        await events.mark_sent(first)
        await events.mark_sent(second)
    gifts = await database.fetch("SELECT public_id FROM gift WHERE status = 'given'")
    assert len(gifts) == await database.fetch_value("SELECT count(*) FROM gateway_entry") == rounds(3, 30)
    assert [len((await given_gift(one["public_id"])).acknowledgements) for one in gifts] == [1] * len(gifts)
