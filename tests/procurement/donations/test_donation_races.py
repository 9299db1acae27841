"""What happens at once: webhooks of one event, a webhook and the donor's return, refunds of a gift, uses of a fund."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from app.core import audit, clock, database
from app.core.errors import DomainError, TransitionRefused
from procurement.donations.fake import acting, events, objects
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_checkout
from procurement.donations.refunds.service import (
    NewRefund,
    RefundBeyondGift,
    decide_refund,
    propose_refund,
    send_refund,
)
from procurement.donations.uses.service import FundHasNotSoMuch, NewUse, decide_use, propose_use
from tests.conftest import rounds
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE

TIMES = rounds(3, 100)


async def at_once(*work: Any) -> list[Any]:
    """Do all at once on connections of their own; refusals are answers, anything else is a fault."""
    done = await asyncio.gather(*work, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException) and not isinstance(one, DomainError):
            raise one
    return done


async def each_gift_is_booked_and_thanked_once(gifts: int) -> None:
    counted = await database.fetch_one(
        """SELECT (SELECT count(*) FROM gift WHERE status = 'given') AS given,
                  (SELECT count(*) FROM gateway_entry WHERE kind = 'gift') AS entries,
                  (SELECT count(*) FROM ledger_transaction WHERE kind = 'gift') AS booked,
                  (SELECT count(*) FROM acknowledgement WHERE voided_at IS NULL) AS letters,
                  (SELECT max(number) FROM acknowledgement) AS highest"""
    )
    assert counted == dict.fromkeys(("given", "entries", "booked", "letters", "highest"), gifts)


async def test_two_webhooks_of_one_event_are_one(db: None) -> None:
    await giving.desk()
    for _ in range(TIMES):
        await acting.pay(STRIPE, await giving.asked(10_000, email=""))
        for event in await events.unsent():
            assert sorted(await at_once(giving.send(event), giving.send(event))) == [False, True]
            await events.mark_sent(event)
    await each_gift_is_booked_and_thanked_once(TIMES)


async def test_a_webhook_and_the_donors_return_book_once(db: None) -> None:
    await giving.desk()
    for _ in range(TIMES):
        page = await giving.asked(10_000, email="")
        await acting.pay(STRIPE, page)
        (first, second) = await events.unsent()
        await at_once(
            giving.send(first), settle_checkout(page, Finder.REDIRECT), giving.send(second),
            settle_checkout(page, Finder.REDIRECT),
        )  # fmt: skip
        await events.mark_sent(first)
        await events.mark_sent(second)
    await each_gift_is_booked_and_thanked_once(TIMES)


async def test_a_webhook_and_the_donors_return_begin_one_month_of_a_monthly_gift(db: None) -> None:
    await giving.desk()
    for _ in range(rounds(2, 100)):
        page = await giving.asked(10_000, monthly=True)
        await acting.pay(STRIPE, page)
        waiting = await events.unsent()
        await at_once(*map(giving.send, waiting), settle_checkout(page, Finder.REDIRECT))
        for event in waiting:
            await events.mark_sent(event)
    await each_gift_is_booked_and_thanked_once(rounds(2, 100))


async def test_two_people_who_ask_for_a_refund_never_ask_for_more_than_the_gift(db: None) -> None:
    desk = await giving.desk()
    for _ in range(TIMES):
        reference = await giving.reference_of(await giving.given(10_000, email=""))
        done = await at_once(*[propose_refund(desk.clerk, NewRefund(reference, 6_000, "x")) for _ in range(3)])
        assert Counter(type(one) for one in done)[RefundBeyondGift] == 2


async def test_a_refund_that_is_approved_and_sent_several_times_at_once_is_made_once(db: None) -> None:
    desk = await giving.desk()
    for _ in range(TIMES):
        payment = await giving.given(10_000, email="")
        asked = await propose_refund(desk.clerk, NewRefund(await giving.reference_of(payment), 6_000, "x"))
        done = await at_once(*[decide_refund(desk.approver, asked, approve=True) for _ in range(2)], send_refund(asked))
        assert sum(isinstance(one, TransitionRefused) for one in done) == 1
        (made,) = await objects.listed("refund", payment_intent=payment)
        assert made["amount"] == 6_000
        assert await database.fetch_value("SELECT status FROM gift_refund WHERE public_id = $1", asked) == "succeeded"


async def test_a_refund_here_and_one_at_the_payment_service_never_give_back_more_than_the_gift(db: None) -> None:
    desk = await giving.desk()
    for _ in range(TIMES):
        payment = await giving.given(10_000, email="")
        asked = await propose_refund(desk.clerk, NewRefund(await giving.reference_of(payment), 6_000, "x"))
        await at_once(
            decide_refund(desk.approver, asked, approve=True), acting.refund_there(STRIPE, payment, 6_000)
        )  # fmt: skip
        await giving.deliver()
        (made,) = await objects.listed("refund", payment_intent=payment)
        back = await database.fetch(
            """SELECT r.amount_minor FROM gift_refund r JOIN gift ON gift.id = r.gift_id
               WHERE gift.payment_id = $1 AND r.status = 'succeeded'""",
            payment,
        )
        assert [one["amount_minor"] for one in back] == [made["amount"]]
        balance = (await giving.balances())["donated:legal-aid:given:CNY"]
        assert balance == -sum(one["amount"] for one in await objects.listed("entry", currency="CNY"))


async def test_two_uses_that_together_exceed_the_fund_are_never_both_approved(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await giving.desk()
    written = audit.record

    async def write_and_look_early(*about: Any, **more: Any) -> None:
        """End a use case as always, have what is checked at its end checked now, and commit a moment later."""
        await written(*about, **more)
        await database.execute("SET CONSTRAINTS ALL IMMEDIATE")
        await asyncio.sleep(0.2)

    async def proposed(minor: int) -> Any:
        new = NewUse(desk.code, minor, "CNY", clock.today(), "鉴定费", "Appraisal", "付001")
        return await propose_use(desk.clerk, new)

    await giving.given(20_000)
    # The first use opens the fund's account of uses, and others wait for its name; the race is between later ones.
    await decide_use(desk.approver, await proposed(100), approve=True)
    used = 100
    for _ in range(TIMES):
        await giving.given(10_000)
        left = -sum(minor for code, minor in (await giving.balances()).items() if code.startswith("donated:legal-aid:"))
        uses = [await proposed(left * 6 // 10) for _ in range(2)]
        with monkeypatch.context() as patched:
            patched.setattr(audit, "record", write_and_look_early)
            done = await at_once(*[decide_use(desk.approver, one, approve=True) for one in uses])
        assert Counter(type(one) for one in done) == {type(None): 1, FundHasNotSoMuch: 1}
        used += left * 6 // 10
        assert (await giving.balances())["donated:legal-aid:used:CNY"] == used


async def test_many_gifts_at_once_are_numbered_in_one_row(db: None) -> None:
    await giving.desk()
    payments = rounds(6, 60)
    for _ in range(payments):
        await acting.pay(STRIPE, await giving.asked(10_000, email=""))
    waiting = await events.unsent()
    await asyncio.gather(*[giving.send(event) for event in (*waiting, *reversed(waiting))])
    rows = await database.fetch("SELECT number FROM acknowledgement ORDER BY number")
    assert [row["number"] for row in rows] == list(range(1, payments + 1))
    assert await database.fetch_value("SELECT count(*) FROM gateway_entry") == payments
