"""Methods and splitting as the records show them: what a year's parts sum up to, what a single source may add."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.core import clock, database
from app.core.errors import InvalidInput
from marketplace.organizations.provision import Category
from procurement.blocks import Blocked
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.contracts.terminations import service as terminations
from procurement.contracts.terminations.rules import Ground as TerminationGround
from procurement.contracts.terminations.rules import Proposal
from procurement.offers.requests.service import request_quotations
from procurement.oversight.flags.rules import FlagKind
from procurement.oversight.flags.service import look
from procurement.purchases.service import cancel_purchase
from procurement.purchases.tenders import service
from procurement.purchases.tenders.facts import Procedure, SingleSourceCase, Step, StepKind, TerminationFacts
from procurement.purchases.tenders.methods.queries import non_open_fen
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.procurement.offers.bidding import as_owner
from tests.procurement.oversight.flags.test_looking import standing
from tests.procurement.purchases.tenders.stage import Ground, K, changed, ground
from tests.procurement.purchases.tenders.test_tenders import signed
from tests.refusals import refused

QUOTED = {"quantity": 450, "ceiling_fen": 100_000}  # ¥450,000


async def line_of(here: Ground) -> int:
    return int(await database.fetch_value("SELECT budget_line_id FROM purchase WHERE id = $1", here.tender))


async def another(here: Ground, quantity: int = 1_000, **method: Any) -> Ground:
    """Open one more tender of the same line and category, up to its plan."""
    wanted = service.NewTender(await line_of(here), buying.DISTRICT, quantity, 60_000, "再一次")
    made = await service.open_tender(here.who.officer, wanted, here.steps[K.INTENT])
    there = Ground(here.who, here.reviewer, here.organization, made, list(here.steps.values()))
    there.steps[K.SET_METHOD] = changed(there.steps[K.SET_METHOD], **method)
    await there.record_until(K.FILE_PLAN)
    return there


async def test_quotations_count_what_the_line_bought_of_the_category_in_every_way_that_is_not_open(db: None) -> None:
    here = await ground(quantity=1_000)  # ¥600,000
    line, officer = await line_of(here), here.who.officer
    await here.record_until(K.FILE_PLAN)
    assert await non_open_fen(line, "legal_education") == 0  # how it will be bought is not decided
    await here.record(K.SET_METHOD)
    with pytest.raises(Blocked, match="非公开招标采购累计将达"):
        await request_quotations(officer, await bidding.wish(line, **QUOTED))
    other = await bidding.wish(line, **QUOTED, category=Category.CONSULTATION)
    await request_quotations(officer, other)
    end = Step(StepKind.TERMINATE, clock.now(), TerminationFacts("需求取消"))
    await service.record_step(officer, here.tender, end)
    await request_quotations(officer, await bidding.wish(line, **QUOTED))
    assert await non_open_fen(line, "legal_education") == 45_000_000


async def test_open_tenders_approved_ones_and_call_offs_of_a_published_framework_do_not_count(db: None) -> None:
    first = await ground(quantity=1_000)
    approved = {"approval_number": "浙财采〔2026〕9号", "approved_on": clock.today() - timedelta(days=75)}
    for method in ({"procedure": Procedure.OPEN_TENDER}, approved):
        await (await another(first, **method)).record(K.SET_METHOD)
    called = await buying.reserved_purchase(first.organization, first.who)
    paid_from = await database.fetch_value("SELECT budget_line_id FROM purchase WHERE id = $1", called)
    assert await non_open_fen(paid_from, "legal_education") == 0
    await as_owner("DELETE FROM framework_notice WHERE kind = 'call'")
    amount = await database.fetch_value("SELECT amount_fen FROM purchase WHERE id = $1", called)
    assert await non_open_fen(paid_from, "legal_education") == amount
    await cancel_purchase(first.who.officer, called, "不需要了")
    assert await non_open_fen(paid_from, "legal_education") == 0


async def test_two_tenders_at_once_do_not_each_leave_the_other_out(db: None) -> None:
    first = await ground(quantity=4_000)
    await first.record_until(K.FILE_PLAN)
    second = await another(first, 3_000)
    done = await asyncio.gather(*(one.record(K.SET_METHOD) for one in (first, second)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Blocked", "NoneType"]


async def test_raw_sql_neither_splits_nor_takes_a_method_that_is_not_its_own(db: None) -> None:
    here = await ground(quantity=4_000)  # ¥2,400,000
    await here.record_until(K.SET_METHOD)
    line, officer = await line_of(here), here.who.officer.actor
    second = await another(here, 3_000)
    large = await another(here, 7_000)
    raw = """INSERT INTO purchase_step (purchase_id, kind, happened_at, detail, recorded_by, recorded_at)
             VALUES ($1, 'set_method', now(), $2::text::jsonb, $3, now())"""
    consulted, single = {"procedure": "consultation"}, {"procedure": "single_source", "evidence": "见附件"}
    late = {"approval_number": "9号", "approved_on": str(clock.today() + timedelta(days=1))}
    small = await another(here, 10)
    for guard, purchase, method in (
        ("purchase_method_offered", second, {"procedure": "inquiry"}),
        ("purchase_not_split", second, consulted),
        ("purchase_not_split", second, consulted | late),
        ("purchase_open_tender", large, consulted),
        ("purchase_single_source_case", small, single),
        ("purchase_single_source_case", small, single | {"case": "urgent", "evidence": " \n"}),
        ("purchase_add_on_within_share", small, single | {"case": "add_on", "original_contract": "HT-2026-999999"}),
    ):
        await refused(guard, raw, purchase.tender, msgspec.json.encode(method).decode(), officer)
    purchase = await database.fetch_value(
        """INSERT INTO purchase (method, status, budget_line_id, place_id, purpose_zh, quantity, unit_price_fen,
                                 amount_fen, requested_by, requested_at)
           SELECT 'quotation', 'reserved', $1, place_id, 'x', 1, 1000000, 1000000, requested_by, now() FROM purchase
           WHERE id = $2 RETURNING id""",
        line,
        here.tender,
    )
    quoted = """INSERT INTO quotation_request (purchase_id, category, unit, ceiling_fen, starts_on, ends_on)
                VALUES ($1, 'legal_education', 'lecture', 1, now(), now() + interval '9 days')"""
    await refused("purchase_not_split", quoted, purchase)


async def test_an_addition_names_the_contract_it_adds_to_and_goes_to_its_supplier(db: None) -> None:
    here = await ground(quantity=1_000)
    await here.record_until(K.PUBLISH_RESULT)
    await signed(here)  # ¥550,000
    reference = await database.fetch_value("SELECT reference FROM contract")
    case = {"procedure": Procedure.SINGLE_SOURCE, "case": SingleSourceCase.ADD_ON, "evidence": "需与原服务配套"}
    first = await another(here, 50, **case, original_contract="HT-2026-999999")  # ¥30,000
    with pytest.raises(InvalidInput) as unknown:
        await first.record(K.SET_METHOD)
    assert list(unknown.value.fields) == ["original_contract"]
    first.steps[K.SET_METHOD] = changed(first.steps[K.SET_METHOD], original_contract=reference)
    await first.record(K.SET_METHOD)
    second = await another(here, 42, **case, original_contract=reference)  # ¥25,200 more: above ¥55,000 together
    with pytest.raises(Blocked, match="超过原合同金额的10%"):
        await second.record(K.SET_METHOD)
    stored = await database.fetch_value(
        "SELECT detail ->> 'original_supplier' FROM purchase_step WHERE purchase_id = $1 AND kind = 'set_method'",
        first.tender,
    )
    assert stored == await database.fetch_value("SELECT uscc FROM organization WHERE id = $1", here.organization)


async def test_raw_sql_adds_no_more_than_a_tenth_whatever_the_file_says(db: None) -> None:
    here = await ground(quantity=1_000)
    await here.record_until(K.PUBLISH_RESULT)
    await signed(here)  # ¥550,000
    reference = await database.fetch_value("SELECT reference FROM contract")
    raw = """INSERT INTO purchase_step (purchase_id, kind, happened_at, detail, recorded_by, recorded_at)
             VALUES ($1, 'set_method', now(), jsonb_build_object('procedure', 'single_source', 'case', 'add_on',
                     'evidence', 'x', 'original_contract', $2::text, 'original_fen', 1e12), $3, now())"""
    first, second = await another(here, 50), await another(here, 42)  # ¥30,000 and ¥25,200
    await database.execute(raw, first.tender, reference, here.who.officer.actor)
    await refused("purchase_add_on_within_share", raw, second.tender, reference, here.who.officer.actor)


async def test_a_years_purchases_without_an_open_tender_are_flagged_near_the_figure(db: None) -> None:
    here = await ground(quantity=4_000)
    await here.record_until(K.SET_METHOD)
    second = await another(here, 2_000)
    await second.record(K.SET_METHOD)  # ¥3,600,000 together: nine tenths
    await look(clock.now())
    [flag] = await standing(FlagKind.SPLITTING)
    assert (flag.measured, flag.threshold, flag.n) == (360_000_000, 360_000_000, 2)
    await database.execute("UPDATE law_rule SET value = 4000001 WHERE rule_key = 'tender.threshold'")
    await look(clock.now())
    assert await standing(FlagKind.SPLITTING) == []


async def test_of_a_contract_that_ended_early_counts_what_was_accepted(db: None) -> None:
    here = await ground(quantity=1_000)
    await here.record_until(K.PUBLISH_RESULT)
    contract, line = await signed(here), await line_of(here)
    assert await non_open_fen(line, "legal_education") == 55_000_000
    published = Recorded(NoticeKind.PUBLISHED, clock.today(), "https://zfcg.czt.zj.gov.cn/2", "1")
    await record_notice(here.who.officer, contract, published)
    why = Proposal(TerminationGround.PUBLIC_INTEREST, "场地关闭")
    await terminations.decide(
        here.who.approver, await terminations.propose_termination(here.who.officer, contract, why)
    )
    assert await non_open_fen(line, "legal_education") == 0
