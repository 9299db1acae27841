"""A tender from its intention to the last unit: recorded in order, by separate people; challenges hold it."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked
from procurement.contracts import service as contracts
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.contracts.service import ContractOffer
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.purchases.challenges import PurchaseChallenged
from procurement.purchases.tenders import service
from procurement.purchases.tenders.challenges.facts import AnswerFacts, ChallengeFacts, Outcome
from procurement.purchases.tenders.facts import Step, TerminationFacts
from procurement.purchases.tenders.files import StepAhead
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import RAW as RAW_ORDER
from tests.procurement.purchases.tenders.stage import Ground, K, changed, ground
from tests.procurement.purchases.test_purchases import bound, status_of
from tests.refusals import refused


async def signed(here: Ground) -> int:
    """Have the awarded contract signed by both, up to its publication."""
    today = clock.today()
    offer = ContractOffer(here.tender, today, today + timedelta(days=200))
    [contract] = await contracts.offer_contracts(here.who.officer, [offer])
    await contracts.sign_contracts(here.who.provider, [contract])
    return contract


async def test_a_tender_goes_from_its_intention_to_the_accepted_unit(db: None) -> None:
    here = await ground()
    assert (await status_of(here.tender), await bound(here.tender)) == ("intent", (0, 0, 0))
    await here.record(K.RESERVE)
    assert (await status_of(here.tender), await bound(here.tender)) == ("reserved", (60_000_000, 0, 0))
    await here.record(K.REVIEW_REQUIREMENT, K.FILE_PLAN, K.SET_METHOD, K.NOTICE, K.SEAL, K.OPEN, K.EVALUATE)
    assert await status_of(here.tender) == "evaluated"
    await here.record(K.AWARD)
    # The price found is below the ceiling: the rest of the reservation is free at once.
    assert (await status_of(here.tender), await bound(here.tender)) == ("awarded", (55_000_000, 0, 0))
    await here.record(K.PUBLISH_RESULT)
    contract = await signed(here)
    assert (await status_of(here.tender), await bound(here.tender)) == ("contracted", (0, 55_000_000, 0))
    code = (await buying.villages(1))[0]["code"]
    await buying.quota([code], 3)
    await buying.station(buying.DISTRICT)
    with pytest.raises(Blocked, match="合同还没有签订"):
        await buying.placed_order(contract, code)
    published = Recorded(NoticeKind.PUBLISHED, clock.today(), "https://zfcg.czt.zj.gov.cn/2", "11NMB1234567")
    await record_notice(here.who.officer, contract, published)
    assert await status_of(here.tender) == "contract_published"
    [order] = await buying.delivered_orders(contract, [code])
    assert await status_of(here.tender) == "delivering"
    await accept_deliveries(here.who.acceptor, [Verdict(order, Finding(True, 30, 5, "好"))])
    assert await database.fetch_value("SELECT accepted FROM contract WHERE id = $1", contract) == 1


async def test_each_step_follows_the_one_before_it(db: None) -> None:
    here = await ground()
    for kind in (K.FILE_PLAN, K.NOTICE, K.AWARD, K.PUBLISH_RESULT):
        with pytest.raises(TransitionRefused):
            await here.record(kind)
    await here.record(K.RESERVE)
    with pytest.raises(TransitionRefused):
        await here.record(K.RESERVE)


async def test_a_blocked_step_writes_nothing_and_says_what_would_clear_it(db: None) -> None:
    here = await ground()
    await here.record_until(K.SEAL)
    here.steps[K.OPEN] = changed(here.steps[K.OPEN], valid=1)
    said = "有效供应商不足2家。依据：财库〔2015〕124号 全文 †，自2022-03-01起施行；数值：2 家。请终止本次采购"
    with pytest.raises(Blocked, match=said):
        await here.record(K.OPEN)
    assert await status_of(here.tender) == "sealed"
    end = Step(K.TERMINATE, clock.now(), TerminationFacts("有效供应商不足"))
    await service.record_step(here.who.officer, here.tender, end)
    assert (await status_of(here.tender), await bound(here.tender)) == ("terminated", (0, 0, 0))


async def test_who_wrote_the_requirement_neither_reviews_it_nor_decides_the_award(db: None) -> None:
    here = await ground()
    await here.record(K.RESERVE)
    with pytest.raises(SamePersonRefused):
        await service.record_step(here.who.officer, here.tender, here.steps[K.REVIEW_REQUIREMENT])
    await here.record(K.REVIEW_REQUIREMENT, K.FILE_PLAN, K.SET_METHOD, K.NOTICE, K.SEAL, K.OPEN, K.EVALUATE)
    with pytest.raises(NotPermitted):
        await service.record_step(here.reviewer, here.tender, here.steps[K.AWARD])
    author = buying.acting(here.who.officer.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused):
        await service.record_step(author, here.tender, here.steps[K.AWARD])


async def test_the_award_goes_to_a_listed_product_of_the_ranked_supplier_within_the_ceiling(db: None) -> None:
    here = await ground()
    await here.record_until(K.EVALUATE)
    right = here.steps[K.AWARD]
    for wrong, field in (
        (changed(right, product="CP-2026-999999"), "product"),
        (changed(right, rank=2), "product"),
        (changed(right, unit_price_fen=60_001), "unit_price_fen"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await service.record_step(here.who.approver, here.tender, wrong)
        assert list(refusal.value.fields) == [field]
    assert await status_of(here.tender) == "evaluated"
    await here.record(K.AWARD)


async def test_splitting_counts_what_else_was_bought_of_the_line_and_category_without_an_open_tender(db: None) -> None:
    first = await ground(quantity=4_000)
    await first.record_until(K.SET_METHOD)
    line = await database.fetch_value("SELECT budget_line_id FROM purchase WHERE id = $1", first.tender)
    wanted = service.NewTender(line, buying.DISTRICT, 3_000, 60_000, "第二次")
    intent = first.steps[K.INTENT]
    second = await service.open_tender(first.who.officer, wanted, intent)
    here = Ground(first.who, first.reviewer, first.organization, second, list(first.steps.values()))
    await here.record_until(K.FILE_PLAN)
    with pytest.raises(Blocked, match="属于化整为零"):
        await here.record(K.SET_METHOD)
    approved = changed(
        here.steps[K.SET_METHOD], approval_number="浙财采〔2026〕9号", approved_on=clock.today() - timedelta(days=75)
    )
    await service.record_step(here.who.officer, second, approved)
    stored = await database.fetch_value(
        "SELECT (detail ->> 'others_fen')::bigint FROM purchase_step WHERE purchase_id = $1 AND kind = 'set_method'",
        second,
    )
    assert stored == 240_000_000


async def test_an_open_challenge_stops_signing_and_performance_until_it_is_settled(db: None) -> None:
    here = await ground(days_ago=60)
    await here.record_until(K.PUBLISH_RESULT)
    harmless = Step(K.CHALLENGE, clock.now(), ChallengeFacts("某某中心", could_change_result=False))
    await service.record_step(here.who.officer, here.tender, harmless)
    assert await database.fetch_value("SELECT challenged_at FROM purchase WHERE id = $1", here.tender) is None
    await service.record_step(here.who.officer, here.tender, Step(K.CHALLENGE, clock.now(), ChallengeFacts("某某中心")))
    today = clock.today()
    offer = ContractOffer(here.tender, today, today + timedelta(days=200))
    with pytest.raises(PurchaseChallenged):
        await contracts.offer_contracts(here.who.officer, [offer])
    settled = Step(K.SETTLE_CHALLENGE, clock.now(), AnswerFacts(Outcome.REJECTED, True))
    await service.record_step(here.who.officer, here.tender, settled)
    contract = await signed(here)
    await record_notice(
        here.who.officer, contract, Recorded(NoticeKind.PUBLISHED, today, "https://zfcg.czt.zj.gov.cn/2", "1")
    )
    code = (await buying.villages(1))[0]["code"]
    await buying.quota([code], 3)
    await buying.placed_order(contract, code)
    await service.record_step(here.who.officer, here.tender, Step(K.CHALLENGE, clock.now(), ChallengeFacts("某某中心")))
    with pytest.raises(PurchaseChallenged):
        await buying.placed_order(contract, code)
    await refused("purchase_is_challenged", "UPDATE purchase SET status = 'contracted' WHERE id = $1", here.tender)
    await refused("purchase_is_challenged", RAW_ORDER, contract, code, buying.soon(), here.who.officer.actor)
    await refused("purchase_challenge_is_recorded", "UPDATE purchase SET challenged_at = NULL")
    await service.record_step(here.who.officer, here.tender, replace(settled, at=clock.now()))
    await buying.placed_order(contract, code)


async def test_what_has_not_happened_is_not_recorded(db: None) -> None:
    here = await ground()
    with pytest.raises(StepAhead):
        await service.record_step(
            here.who.officer, here.tender, replace(here.steps[K.RESERVE], at=clock.now() + timedelta(hours=1))
        )


async def test_raw_sql_cannot_alter_a_step_nor_let_an_author_review(db: None) -> None:
    here = await ground()
    await here.record(K.RESERVE)
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await database.execute("UPDATE purchase_step SET number = 'x'")
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await database.execute("DELETE FROM purchase_step")
    raw = """INSERT INTO purchase_step (purchase_id, kind, happened_at, detail, recorded_by, recorded_at)
             VALUES ($1, $2, $3, '{}', $4, now())"""
    officer, now = here.who.officer.actor, clock.now()
    for values, constraint in (
        (("review_requirement", now, officer), "purchase_step_second_person"),
        (("award", now, officer), "purchase_step_second_person"),
        (("file_plan", now + timedelta(days=1), officer), "purchase_step_not_ahead"),
        (("file_plan", now - timedelta(days=300), officer), "purchase_step_in_order"),
        (("notice", now, here.reviewer.actor), "purchase_step_notice_hashed"),
        (("reserve", now, officer), "purchase_step_once"),
    ):
        await refused(constraint, raw, here.tender, *values)
    other = await buying.reserved_purchase(here.organization, here.who)
    await refused("purchase_step_of_tender", raw, other, "file_plan", now, officer)
