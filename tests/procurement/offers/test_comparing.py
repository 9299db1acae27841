"""What counts, what is proposed and why; the purchase takes nothing but what the sheet says."""

from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.errors import InvalidInput, TransitionRefused
from procurement.blocks import Blocked
from procurement.offers.comparisons.service import propose_supplier, set_aside
from procurement.offers.openings.service import unlock
from procurement.offers.rules import Ground
from tests.procurement.offers import bidding
from tests.procurement.offers.bidding import bound, status_of


async def test_suppliers_under_one_control_are_both_out(db: None) -> None:
    here = await bidding.requested(5)
    await bidding.invite(here)
    for number, price in enumerate((50_000, 51_000, 52_000, 53_000, 54_000)):
        control = "某 集团" if number == 0 else ("某集团" if number == 1 else "")
        await bidding.quote(here, number, price, controlled_by=control)
    await bidding.passed(here)
    await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    out = await database.fetch(
        """SELECT q.organization_id, x.ground FROM quotation_exclusion x
           JOIN opened_quotation q ON q.id = x.opened_quotation_id"""
    )
    both = {here.suppliers[0].organization_id, here.suppliers[1].organization_id}
    assert {(row["organization_id"], row["ground"]) for row in out} == {(one, "same_control") for one in both}
    with pytest.raises(InvalidInput):
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0))
    await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 2))
    body = await database.fetch_value("SELECT body_zh FROM quotation_comparison")
    assert "不计入比较。原因：法定代表人相同或存在控股、管理关系" in body


async def test_another_than_the_lowest_needs_reasons_and_the_minutes_their_people(db: None) -> None:
    here = await bidding.opened()
    for changes, field in (
        ({}, "reasons"),
        ({"participants": ("王一", " ")}, "participants"),
        ({"held_on": clock.today() + timedelta(days=1)}, "held_on"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0, **changes))
        assert field in refusal.value.fields
    reasons = "讲师均为执业五年以上律师"
    sha256 = await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0, reasons=reasons))
    row = await database.fetch_one("SELECT body_zh, text_sha256 FROM quotation_comparison")
    assert row is not None
    assert row["text_sha256"].hex() == sha256
    assert reasons in row["body_zh"]
    assert "1. " in row["body_zh"]
    assert await bound(here.purchase_id) == (580_000, 0, 0)
    with pytest.raises(TransitionRefused):
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 1))


async def test_an_abnormally_low_price_is_looked_at_again(db: None) -> None:
    here = await bidding.opened((20_000, 52_000, 55_000))
    with pytest.raises(InvalidInput) as refusal:
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 0))
    assert list(refusal.value.fields) == ["reasons"]
    await propose_supplier(
        here.officer, here.purchase_id, await bidding.proposal(here, 0, reasons="已核实成本，能够履约")
    )
    assert "价格偏低，已提示核实" in await database.fetch_value("SELECT body_zh FROM quotation_comparison")


async def test_with_too_few_that_count_there_is_no_comparison_but_another_round(db: None) -> None:
    here = await bidding.opened()
    with pytest.raises(InvalidInput):
        await set_aside(
            here.officer, here.purchase_id, await bidding.opened_id(here, 0), Ground.REQUIREMENT_NOT_MET, " "
        )
    quotation = await bidding.opened_id(here, 0)
    await set_aside(here.officer, here.purchase_id, quotation, Ground.REQUIREMENT_NOT_MET, "讲师没有执业证")
    with pytest.raises(Blocked, match="有效报价不足3家"):
        await propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 1))
    await bidding.invite(here)
    assert await status_of(here.purchase_id) == "quotations_sealed"


async def test_an_altered_quotation_shows_itself_and_waits_for_every_keeper(db: None) -> None:
    here = await bidding.invited(suppliers=4)
    for number, price in enumerate((50_000, 51_000, 52_000, 53_000)):
        await bidding.quote(here, number, price)
    await bidding.passed(here)
    await bidding.as_owner(
        """UPDATE sealed_quotation SET ciphertext = ciphertext || '\\x00'::bytea,
                  ciphertext_sha256 = sha256(ciphertext || '\\x00'::bytea)
           WHERE id = (SELECT min(id) FROM sealed_quotation)"""
    )
    assert not await unlock(here.keepers[0], here.purchase_id, bidding.passphrase(0))
    assert not await unlock(here.keepers[1], here.purchase_id, bidding.passphrase(1))
    assert await unlock(here.keepers[2], here.purchase_id, bidding.passphrase(2))
    grounds = await database.fetch(
        """SELECT q.readable, x.ground FROM opened_quotation q
           LEFT JOIN quotation_exclusion x ON x.opened_quotation_id = q.id ORDER BY q.id"""
    )
    assert [(row["readable"], row["ground"]) for row in grounds] == [(False, "unreadable"), *[(True, None)] * 3]


async def test_raw_sql_cannot_give_a_purchase_another_supplier_or_price(db: None) -> None:
    here = await bidding.compared()
    for change in ("unit_price_fen = 1, amount_fen = quantity", "organization_id = $2"):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(
                f"UPDATE purchase SET {change}, evaluation_zh = $2::bigint::text WHERE id = $1",
                here.purchase_id,
                here.suppliers[0].organization_id,
            )
        assert refusal.value.constraint_name == "purchase_as_compared"
