"""A purchase by three sealed quotations from the request to the claim; what is handed in and opened when."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.errors import InvalidInput, NotFound, TransitionRefused
from procurement.blocks import Blocked
from procurement.claims.accrual import accrue
from procurement.contracts.service import ContractOffer, offer_contracts, sign_contracts
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.offers.openings.service import AlreadyUnlocked, NothingToOpen, WrongPassphrase, unlock
from procurement.offers.submissions.service import TooLate, hand_in, take_back
from procurement.purchases.service import PurchaseDecision, cancel_purchase, decide_purchases
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.procurement.offers.bidding import bound, status_of


async def test_from_the_request_to_the_claim(db: None) -> None:
    here = await bidding.compared()
    row = await database.fetch_one(
        "SELECT status, organization_id, unit_price_fen, amount_fen FROM purchase WHERE id = $1", here.purchase_id
    )
    assert row == {
        "status": "compared",
        "organization_id": here.suppliers[1].organization_id,
        "unit_price_fen": 52_000,
        "amount_fen": 520_000,
    }
    assert await bound(here.purchase_id) == (520_000, 0, 0)  # 80,000 of the 600,000 are free again
    await decide_purchases(here.approver, [PurchaseDecision(here.purchase_id, approve=True)])
    today = clock.today()
    offer = ContractOffer(here.purchase_id, today, today + timedelta(days=300))
    [contract_id] = await offer_contracts(here.officer, [offer])
    text = await database.fetch_value("SELECT body_zh FROM contract WHERE id = $1", contract_id)
    assert "三家比价" in text
    assert "框架协议" not in text
    assert "520.00 元" in text
    await sign_contracts(here.suppliers[1].member, [contract_id])
    assert await bound(here.purchase_id) == (0, 520_000, 0)
    await buying.station(buying.DISTRICT)
    codes = [village["code"] for village in await buying.villages(1)]
    await buying.quota(codes, 3)
    [order_id] = await buying.delivered_orders(contract_id, codes)
    await accept_deliveries(here.acceptor, [Verdict(order_id, Finding(True, 40, 5, "好"))])
    assert await database.fetch_value("SELECT accepted FROM contract WHERE id = $1", contract_id) == 1
    assert await status_of(here.purchase_id) == "delivering"
    await accrue(clock.now())
    claim = await database.fetch_one("SELECT amount_fen, organization_id FROM claim")
    assert claim == {"amount_fen": 52_000, "organization_id": here.suppliers[1].organization_id}


async def test_a_supplier_replaces_and_takes_back_before_the_deadline(db: None) -> None:
    here = await bidding.invited()
    first = await bidding.quote(here, 0, 58_000)
    second = await bidding.quote(here, 0, 50_000)
    assert first.sha256 != second.sha256
    assert first.received_at < second.received_at
    await take_back(here.suppliers[1].member, await bidding.invitation_of(here, 1))
    await bidding.quote(here, 1, 51_000)
    await bidding.quote(here, 2, 52_000)
    await bidding.passed(here)
    with pytest.raises(TooLate, match="报价已截止"):
        await bidding.quote(here, 0, 1)
    with pytest.raises(TooLate):
        await take_back(here.suppliers[0].member, await bidding.invitation_of(here, 0))
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            """INSERT INTO sealed_quotation (invitation_id, round_id, submitted_by, received_at)
               SELECT i.id, i.round_id, $1, now() - interval '1 day' FROM quotation_invitation i LIMIT 1""",
            here.officer.actor,
        )
    assert refusal.value.constraint_name == "quotation_in_time"
    await unlock(here.keepers[2], here.purchase_id, bidding.passphrase(2))
    assert await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    prices = await database.fetch("SELECT unit_price_fen FROM opened_quotation ORDER BY unit_price_fen")
    assert [row["unit_price_fen"] for row in prices] == [50_000, 51_000, 52_000]


async def test_a_quotation_that_cannot_stand_is_refused_and_kept_nowhere(db: None) -> None:
    here = await bidding.invited()
    for changes, field in (
        ({"unit_price_fen": bidding.CEILING + 1}, "unit_price_fen"),
        ({"unit_price_fen": 0}, "unit_price_fen"),
        ({"product_reference": here.suppliers[1].product}, "product"),
        ({"legal_representative": " "}, "legal_representative"),
        ({"met": (3,)}, "met"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await bidding.quote(here, 0, **{"price": 50_000} | changes) if "unit_price_fen" not in changes else (
                await hand_in(
                    here.suppliers[0].member,
                    await bidding.invitation_of(here, 0),
                    bidding.offered(here, 0, int(changes["unit_price_fen"])),
                )
            )
        assert list(refusal.value.fields) == [field]
    with pytest.raises(NotFound):
        await hand_in(here.suppliers[1].member, await bidding.invitation_of(here, 0), bidding.offered(here, 0, 50_000))
    assert await database.fetch_value("SELECT count(*) FROM sealed_quotation") == 0


async def test_nobody_opens_before_the_deadline_and_one_keeper_opens_nothing(db: None) -> None:
    here = await bidding.invited()
    for number, price in enumerate(bidding.PRICES):
        await bidding.quote(here, number, price)
    with pytest.raises(Blocked, match="截止之前任何人都不能开启报价"):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            """INSERT INTO quotation_unlock (keeper_id, round_id, unlocked_at)
               SELECT id, round_id, now() + interval '1 day' FROM quotation_keeper LIMIT 1"""
        )
    assert refusal.value.constraint_name == "quotation_unlock_after_deadline"
    await bidding.passed(here)
    with pytest.raises(NotFound):
        await unlock(here.officer, here.purchase_id, bidding.passphrase(0))
    with pytest.raises(WrongPassphrase):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(1))
    assert not await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    with pytest.raises(AlreadyUnlocked):
        await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    assert await status_of(here.purchase_id) == "quotations_sealed"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            "INSERT INTO quotation_opening (round_id, opened_at) SELECT id, now() FROM quotation_round"
        )
    assert refusal.value.constraint_name == "quotation_opening_together"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute("UPDATE purchase SET status = 'opened' WHERE id = $1", here.purchase_id)
    assert refusal.value.constraint_name == "purchase_as_opened"
    assert await unlock(here.keepers[2], here.purchase_id, bidding.passphrase(2))
    with pytest.raises(NothingToOpen):
        await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))


async def test_a_refusal_or_cancellation_frees_what_is_left(db: None) -> None:
    here = await bidding.compared()
    await decide_purchases(here.approver, [PurchaseDecision(here.purchase_id, approve=False, reason="不急")])
    assert (await status_of(here.purchase_id), await bound(here.purchase_id)) == ("refused", (0, 0, 0))
    other = await bidding.another(here)
    await cancel_purchase(other.officer, other.purchase_id, "计划调整")
    assert await bound(other.purchase_id) == (0, 0, 0)
    with pytest.raises(TransitionRefused):
        await bidding.invite(other)


async def test_deadlines_belong_to_the_real_clock(db: None) -> None:
    """Whatever the program believes the time is, the database's clock decides."""
    here = await bidding.invited()
    await bidding.passed(here)
    with clock.travelled_to(datetime.now(tz=clock.SHANGHAI) - timedelta(days=1)), pytest.raises(TooLate):
        await bidding.quote(here, 0, 50_000)
