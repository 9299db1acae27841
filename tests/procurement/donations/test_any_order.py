"""Events in any order, twice or lost, a service that is away: a look at its books ends in the same ledger.

What the ledger must say is added up from the payment service's own entries alone. So two ways of one life that differ
in what was sent, when, how often and whether it came are compared with the same list, line by line.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.core import clock, database, embedded
from app.core.errors import DomainError
from procurement.donations.events.service import handle_waiting
from procurement.donations.fake import acting, objects
from procurement.donations.fake.objects import Body
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_checkout
from procurement.donations.reconciliation.service import PATIENCE, reconcile
from tests import lending
from tests.conftest import rounds
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE, Away, Desk

KINDS = {
    "gift": "gift", "refund": "gift_refund", "dispute": "gift_dispute", "dispute_return": "gift_dispute",
    "payout": "gateway_payout", "fee": "gateway_fee",
}  # fmt: skip


async def some(kind: str, number: int, **where: Any) -> Body:
    """Return one of the payment service's objects; refuse where there is none."""
    found = await objects.listed(kind, **where)
    if not found:
        raise DomainError
    return found[number % len(found)]


async def begin(_: Desk, number: int) -> None:
    await giving.asked(1_000 + number, monthly=number % 3 == 0, email="a@example.org")


async def pay(_: Desk, number: int) -> None:
    page = await some("checkout", number, status="open")
    await acting.pay(STRIPE, page["id"])


async def give(desk: Desk, number: int) -> None:
    await begin(desk, number)
    await acting.pay(STRIPE, (await objects.listed("checkout"))[-1]["id"])


async def decline(_: Desk, number: int) -> None:
    await acting.decline((await some("checkout", number, status="open"))["id"])


async def expire(_: Desk, number: int) -> None:
    await acting.expire((await some("checkout", number, status="open"))["id"])


async def renew(_: Desk, number: int) -> None:
    await acting.renew(STRIPE, (await some("plan", number, status="active"))["id"])


async def end(_: Desk, number: int) -> None:
    plan = await some("plan", number, status="active")
    await STRIPE.end_plan(plan["id"], f"end {plan['id']}")


async def refund_there(_: Desk, number: int) -> None:
    payment = await some("payment", number, status="succeeded")
    await acting.refund_there(STRIPE, payment["id"], 1 + number % payment["amount"])


async def refund_here(desk: Desk, number: int) -> None:
    payment = await some("payment", number, status="succeeded")
    if await database.fetch_value("SELECT EXISTS (SELECT FROM gift WHERE payment_id = $1)", payment["id"]):
        await giving.refunded(desk, payment["id"], 1 + number % payment["amount"])


async def dispute(_: Desk, number: int) -> None:
    await acting.dispute(STRIPE, (await some("payment", number, status="succeeded"))["id"])


async def close_dispute(_: Desk, number: int) -> None:
    found = await some("dispute", number, status="open")
    await acting.close_dispute(STRIPE, found["id"], won=number % 2 == 0)


async def come_back(_: Desk, number: int) -> None:
    await settle_checkout((await some("checkout", number))["id"], Finder.REDIRECT)


async def look(_: Desk, _number: int) -> None:
    await reconcile(clock.now())


async def take_out(_: Desk, number: int) -> None:
    await (acting.pay_out if number % 2 else acting.charge_fee)(STRIPE, 1 + number)


STEPS: list[Callable[[Desk, int], Awaitable[None]]] = [
    give, give, begin, pay, decline, expire, renew, end, refund_there, refund_here, dispute, close_dispute, come_back,
    look, take_out,
]  # fmt: skip
LIVES = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.integers(0, 40_000),
        st.lists(st.integers(0, 40), max_size=4),  # which of the events so far are sent now, at once, again or not
        st.booleans(),  # whether the service answers while they are handled
    ),
    min_size=3, max_size=14,
)  # fmt: skip
Life = list[tuple[Callable[[Desk, int], Awaitable[None]], int, list[int], bool]]
FIRST_LATE: Life = [
    (give, 3_000, [], True), (renew, 0, [2, 2], True), (refund_there, 500, [3, 0], False), (dispute, 1, [], True),
    (close_dispute, 1, [4, 1, 4], True), (end, 0, [0], True), (give, 4_001, [6], True), (refund_here, 4_001, [], True),
]  # fmt: skip


async def lived(desk: Desk, life: Life) -> None:
    """Let donors, banks and finance act, and the post bring what it brings."""
    for step, number, post, answers in life:
        try:
            await step(desk, number)
        except DomainError:  # a step that is not possible now is none
            continue
        known = await objects.listed("event")
        with giving.paid_through(STRIPE if answers else Away()):
            await asyncio.gather(*[giving.send(known[one % len(known)]) for one in post if known])


async def wanted() -> list[tuple[Any, ...]]:
    """Write the ledger down from the payment service's entries alone."""
    lines = []
    for one in await objects.listed("entry"):
        kind, day = one["type"], clock.local(datetime.fromtimestamp(one["created"], UTC)).date()
        fund = "legal-aid:" if one["payment_intent"] else ""
        against = {"payout": "bank", "fee": "fees"}.get(kind, f"{fund}given")
        moves = (("gateway", one["net"]), (against, -one["amount"]), (f"{fund}fees", one["fee"]))
        lines += [
            (f"gateway:{one['id']}", day, KINDS[kind], f"donated:{account}:CNY", minor, "CNY")
            for account, minor in moves if minor
        ]  # fmt: skip
    return sorted(lines, key=lambda line: (line[0], line[3], line[4]))


async def agree_with_the_service() -> None:
    """Compare gifts, monthly gifts, refunds and letters with what the payment service has."""
    paid = {one["id"] for one in await objects.listed("payment", status="succeeded")}
    gifts = await database.fetch("SELECT payment_id FROM gift WHERE status = 'given'")
    assert sorted(one["payment_id"] for one in gifts) == sorted(paid)
    plans = await database.fetch("SELECT gateway_id, status FROM gift_plan WHERE gateway_id IS NOT NULL")
    assert {one["gateway_id"]: one["status"] for one in plans} == {
        one["id"]: one["status"] for one in await objects.listed("plan")
    }
    back = await database.fetch("SELECT gateway_id, amount_minor FROM gift_refund WHERE status = 'succeeded'")
    assert {one["gateway_id"]: one["amount_minor"] for one in back} == {
        one["id"]: one["amount"] for one in await objects.listed("refund", status="succeeded")
    }
    assert await database.fetch(_LETTERS_THAT_LIE) == []


_LETTERS_THAT_LIE = """
SELECT gift.reference FROM gift LEFT JOIN acknowledgement a ON a.gift_id = gift.id AND a.voided_at IS NULL
WHERE gift.status = 'given' AND coalesce(a.amount_minor, 0) <> greatest(0, gift.amount_minor
  - (SELECT coalesce(sum(amount_minor), 0) FROM gift_refund r WHERE r.gift_id = gift.id AND r.status = 'succeeded')
  - (SELECT coalesce(sum(amount_minor), 0) FROM gift_dispute d WHERE d.gift_id = gift.id AND d.status = 'lost'))
"""


async def ends_in_the_same_ledger(name: str, life: Life) -> None:
    await database.connect(embedded.dsn(embedded.APPLICATION_ROLE, name), pool_size=8)
    try:
        await lived(await giving.desk(), life)
        with clock.travelled_to(clock.now() + 2 * PATIENCE):
            await handle_waiting()
            await reconcile(clock.now())
            assert await giving.ledger() == await wanted()
            await agree_with_the_service()
            for event in await objects.listed("event"):
                await giving.send(event)
            await reconcile(clock.now())
            assert await giving.ledger() == await wanted()
            await agree_with_the_service()
    finally:
        await database.disconnect()


@pytest.mark.usefixtures("lent_databases")
@settings(max_examples=rounds(4, 100), suppress_health_check=[HealthCheck.too_slow], print_blob=True)
@given(life=LIVES)
@example(life=FIRST_LATE)
def test_any_order_repetition_and_loss_end_in_the_same_ledger(life: Life) -> None:
    with lending.lent() as name:
        asyncio.run(ends_in_the_same_ledger(name, life))
