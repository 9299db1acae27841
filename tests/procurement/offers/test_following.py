"""Keepers are asked when a round is due, suppliers are told how it ended: once each."""

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import SamePersonRefused
from procurement.offers.jobs import follow_quotations
from procurement.offers.openings.service import unlock
from procurement.purchases.service import PurchaseDecision, cancel_purchase, decide_purchases
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.refusals import refused


async def told(msgid_part: str) -> set[int]:
    rows = await database.fetch(
        "SELECT account_id FROM notification WHERE channel = 'in_app' AND msgid LIKE '%' || $1 || '%'", msgid_part
    )
    assert len({row["account_id"] for row in rows}) == len(rows)
    return {row["account_id"] for row in rows}


async def test_keepers_are_asked_once_when_the_deadline_is_over(db: None) -> None:
    here = await bidding.sealed()
    await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    for _ in range(2):
        await follow_quotations(clock.now())
    assert await told("请用你的密钥开启") == {here.keepers[1].actor, here.keepers[2].actor}


async def test_suppliers_are_told_the_result_once(db: None) -> None:
    here = await bidding.compared()
    await follow_quotations(clock.now())
    assert await told("选中") == set()
    await decide_purchases(here.approver, [PurchaseDecision(here.purchase_id, approve=True)])
    for _ in range(2):
        await follow_quotations(clock.now())
    assert here.suppliers[1].member.actor in await told("选中了你的报价")
    losers = {here.suppliers[0].member.actor, here.suppliers[2].member.actor}
    assert losers <= await told("没有选中你的报价")


async def test_suppliers_are_told_that_a_purchase_was_cancelled(db: None) -> None:
    here = await bidding.invited()
    await cancel_purchase(here.officer, here.purchase_id, "计划调整")
    await follow_quotations(clock.now())
    assert {one.member.actor for one in here.suppliers} <= await told("已取消，不再进行")


async def test_who_compared_does_not_approve(db: None) -> None:
    here = await bidding.opened()
    other = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.CITY)
    await bidding.propose_supplier(other, here.purchase_id, await bidding.proposal(here, 1))
    both = buying.acting(other.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await decide_purchases(both, [PurchaseDecision(here.purchase_id, approve=True)])
    assert await bidding.status_of(here.purchase_id) == "compared"


async def test_raw_sql_cannot_exchange_a_keepers_key(db: None) -> None:
    await bidding.keeper(0)
    for change in ("public_key = sha256('x')", "private_sealed = '\\x00'", "account_id = account_id + 1"):
        await refused("keeper_key_is_frozen", f"UPDATE keeper_key SET {change}")
