"""Every guard of a tender's steps: what goes right passes, one wrong fact is refused with its source."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.calendar import Calendar
from procurement.purchases.tenders.challenges.facts import AnswerFacts, ChallengeFacts, Outcome
from procurement.purchases.tenders.clocks import clocks
from procurement.purchases.tenders.facts import (
    Procedure,
    SingleSourceCase,
    Step,
    StepKind,
    TenderFile,
    day_of,
)
from procurement.purchases.tenders.rules import judge
from tests.procurement.purchases.tenders.stage import FIGURES, START, USCC, K, at, at_step, changed, steps

DAYS = Calendar()
TENDER, SINGLE = Procedure.OPEN_TENDER, Procedure.SINGLE_SOURCE


def found(step: Step, before: TenderFile) -> list[tuple[str, str]]:
    return [(block.code, str(block.source)) for block in judge(step, before, FIGURES, DAYS)]


@pytest.mark.parametrize("procedure", Procedure)
def test_a_tender_that_goes_right_meets_no_guard(procedure: Procedure) -> None:
    before = TenderFile()
    for step in steps(procedure=procedure):
        assert found(step, before) == [], step.kind
        before = before.with_step(step)


@pytest.mark.parametrize(
    ("kind", "procedure", "facts", "code", "source"),
    [
        (K.REVIEW_REQUIREMENT, None, {"respondents": 2}, "survey_too_small", "财库〔2021〕22号 第10条"),
        (K.REVIEW_REQUIREMENT, None, {"public_consulted": False}, "public_not_consulted", "政府采购法实施条例 第15条"),
        (K.REVIEW_REQUIREMENT, None, {"finance": " "}, "review_incomplete", "财库〔2021〕22号 第31条"),
        (K.REVIEW_REQUIREMENT, None, {"business": "周八 张三"}, "author_reviews", "财库〔2021〕22号 第33条"),
        (K.SET_METHOD, None, {"others_fen": 340_000_001}, "split_to_avoid_tender", "政府采购法实施条例 第28条"),
        (K.SET_METHOD, SINGLE, {"case": SingleSourceCase.NONE}, "single_source_without_case", "政府采购法 第31条"),
        (K.SET_METHOD, SINGLE, {"evidence": " \n"}, "single_source_without_case", "政府采购法 第31条"),
        (K.NOTICE, None, {"budget_disclosed": False}, "budget_not_disclosed", "政府采购法实施条例 第30条"),
        (K.NOTICE, None, {"deadline": at(START, 40)}, "notice_too_short", "财库〔2014〕214号 第10条"),
        (K.NOTICE, TENDER, {"deadline": at(START, 50)}, "notice_too_short", "政府采购法 第35条"),
        (K.NOTICE, TENDER, {"documents_until": START + timedelta(days=34)}, "documents_too_short",
         "政府采购法实施条例 第31条"),
        (K.OPEN, TENDER, {"valid": 2}, "too_few_suppliers", "政府采购法 第36条"),
        (K.OPEN, None, {"valid": 1}, "too_few_suppliers", "财库〔2015〕124号 全文 †"),
        (K.OPEN, None, {"panel_absent": False}, "panel_at_opening", "财政部令第87号 第40条"),
        (K.EVALUATE, None, {"panel": 4}, "panel_size", "财库〔2014〕214号 第14条"),
        (K.EVALUATE, None, {"panel": 1, "experts": 1}, "panel_size", "财库〔2014〕214号 第14条"),
        (K.EVALUATE, TENDER, {"panel": 3, "experts": 2}, "panel_size", "财政部令第87号 第47条 †"),
        (K.EVALUATE, None, {"experts": 3}, "too_few_experts", "财库〔2014〕214号 第14条"),
        (K.EVALUATE, None, {"drawn_at_random": False}, "experts_not_drawn", "政府采购法实施条例 第39条"),
        (K.EVALUATE, None, {"conflicts_declared": False}, "conflicts_not_declared", "政府采购法实施条例 第9条"),
        (K.EVALUATE, None, {"price_weight": 9}, "price_weight", "财库〔2014〕214号 第24条"),
        (K.EVALUATE, None, {"price_weight": 31}, "price_weight", "财库〔2014〕214号 第24条"),
        (K.EVALUATE, SINGLE, {"ranking": "52330106MJ00000022"}, "single_source_of_another", "政府采购法 第31条"),
        (K.EVALUATE, SINGLE, {"ranking": f"{USCC} 52330106MJ00000022"}, "single_source_of_another",
         "政府采购法 第31条"),
        (K.EVALUATE, SINGLE, {"conflicts_declared": False}, "conflicts_not_declared", "政府采购法实施条例 第9条"),
        (K.EVALUATE, TENDER, {"price_weight": 9}, "price_weight", "财政部令第87号 第55条 †"),
        (K.AWARD, None, {"rank": 3}, "rank_unknown", "政府采购法实施条例 第43条"),
        (K.PUBLISH_RESULT, None, {"evaluators_named": False}, "result_incomplete", "财库〔2014〕214号 第29条"),
        (K.PUBLISH_RESULT, None, {"documents_attached": False}, "result_incomplete", "财库〔2014〕214号 第29条"),
    ],
)  # fmt: skip
def test_each_guard_refuses_one_wrong_fact_and_names_its_source(
    kind: StepKind, procedure: Procedure | None, facts: dict[str, Any], code: str, source: str
) -> None:
    step, before = at_step(kind, procedure or Procedure.CONSULTATION)
    blocks = judge(changed(step, **facts), before, FIGURES, DAYS)
    assert [(block.code, str(block.source)) for block in blocks] == [(code, source)]
    assert all(str(block.reason) and str(block.remedy) for block in blocks)


def test_two_suppliers_go_on_in_a_consultation_for_services_and_not_in_a_tender() -> None:
    step, before = at_step(K.OPEN)
    assert found(changed(step, valid=2), before) == []


def test_inquiry_is_for_goods_and_not_offered() -> None:
    assert {procedure.value for procedure in Procedure} == {"open_tender", "consultation", "single_source"}


def test_above_the_figure_only_an_earlier_approval_of_finance_allows_another_procedure() -> None:
    _, before = at_step(K.SET_METHOD)
    intent = changed(before.steps[0], budget_fen=400_000_000)
    large = TenderFile((intent, *before.steps[1:]))
    step, _ = at_step(K.SET_METHOD)
    assert found(step, large) == [("open_tender_required", "浙江省政府集中采购目录及标准 公开招标数额标准 †")]
    on_the_day = changed(step, approval_number="浙财采〔2026〕3号", approved_on=day_of(step))
    assert found(on_the_day, large) == []
    after = changed(step, approval_number="浙财采〔2026〕3号", approved_on=day_of(step) + timedelta(days=1))
    assert [code for code, _ in found(after, large)] == ["open_tender_required"]
    assert found(changed(step, procedure=TENDER), large) == []


def test_what_is_summed_up_may_reach_the_figure_and_not_exceed_it() -> None:
    step, before = at_step(K.SET_METHOD)
    assert found(changed(step, others_fen=340_000_000), before) == []


def large(before: TenderFile) -> TenderFile:
    return TenderFile((changed(before.steps[0], budget_fen=400_000_000), *before.steps[1:]))


def test_above_the_figure_the_only_supplier_is_announced_for_five_working_days_before_finance_approves() -> None:
    step, before = at_step(K.SET_METHOD, SINGLE)
    approved = changed(step, approval_number="浙财采〔2026〕3号", approved_on=day_of(step))
    assert found(approved, large(before)) == [("single_source_not_announced", "政府采购法实施条例 第38条")]
    monday = START  # the first day is not counted: five working days end on the next Monday
    announced = changed(
        approved, announced_from=monday, announced_until=monday + timedelta(days=7), announced_url="https://zfcg/1"
    )
    assert found(announced, large(before)) == []
    short = changed(announced, announced_until=monday + timedelta(days=6))
    assert found(short, large(before)) == [("single_source_announced_too_short", "政府采购法实施条例 第38条")]
    early = changed(announced, approved_on=monday + timedelta(days=7))
    assert found(early, large(before)) == [("single_source_approved_too_early", "财政部令第74号 第38条 †")]
    urgent = changed(approved, case=SingleSourceCase.URGENT)
    assert found(urgent, large(before)) == []
    assert "open_tender_required" in [code for code, _ in found(step, large(before))]


def test_additions_to_a_contract_stay_together_within_a_tenth_of_it() -> None:
    step, before = at_step(K.SET_METHOD, SINGLE)  # a budget of ¥600,000
    added = changed(step, case=SingleSourceCase.ADD_ON, sole_supplier="")
    assert found(added, before) == [("add_on_without_original", "政府采购法 第31条")]
    within = changed(added, original_contract="HT-2026-000001", original_fen=700_000_000, added_fen=10_000_000)
    assert found(within, before) == []
    above = changed(within, added_fen=10_000_001)
    assert found(above, before) == [("add_on_above_share", "政府采购法 第31条")]
    evaluation, _ = at_step(K.EVALUATE, SINGLE)
    negotiated = before.with_step(changed(within, original_supplier="52330106MJ00000099"))
    assert found(evaluation, negotiated) == [("single_source_of_another", "政府采购法 第31条")]


def test_an_intention_is_public_for_thirty_days_unless_an_exception_is_recorded() -> None:
    step, before = at_step(K.NOTICE)
    early = replace(step, at=at(START, 29))
    assert found(early, before) == [("intent_too_recent", "财库〔2020〕10号 第3条 †")]
    exempt = TenderFile((changed(before.steps[0], exempt_reason="应急"), *before.steps[1:]))
    assert found(early, exempt) == []


def test_a_notice_carries_its_number_address_and_hash_and_a_plan_its_number() -> None:
    step, before = at_step(K.NOTICE)
    for missing in ({"url": ""}, {"number": ""}, {"sha256": None}):
        assert found(replace(step, **missing), before) == [("notice_not_identified", "财政部令第101号 第8条")]
    plan, before = at_step(K.FILE_PLAN)
    assert found(replace(plan, number=""), before) == [("plan_without_number", "政府采购法实施条例 第29条")]


def test_nothing_is_sealed_before_the_deadline_nor_recorded_before_the_step_before() -> None:
    step, before = at_step(K.SEAL)
    assert [code for code, _ in found(replace(step, at=at(START, 52, 8)), before)] == ["sealed_before_deadline"]
    step, before = at_step(K.AWARD)
    assert "step_before_the_last" in [code for code, _ in found(replace(step, at=at(START, 40)), before)]


def test_silence_takes_the_first_and_in_time_the_buyer_may_take_the_second() -> None:
    step, before = at_step(K.AWARD)
    second = changed(step, rank=2)
    assert found(second, before) == []
    late = replace(second, at=at(START, 70))
    assert found(late, before) == [("silence_takes_the_first", "政府采购法实施条例 第43条")]
    assert found(replace(step, at=at(START, 70)), before) == []


def test_clocks_run_from_one_step_to_the_next_in_working_days() -> None:
    file = TenderFile(tuple(steps()))
    running = {clock.name: clock for clock in clocks(file, FIGURES, DAYS)}
    result = running["公告结果"]
    assert (result.done_on, result.late(result.last_day)) == (START + timedelta(days=57), False)
    slow = TenderFile((*file.steps[:-1], replace(file.steps[-1], at=at(START, 63))))
    assert [clock.name for clock in clocks(slow, FIGURES, DAYS) if clock.late(START)] == ["公告结果"]
    challenged = file.with_step(Step(K.CHALLENGE, at(START, 60), ChallengeFacts("某中心")))
    [answer] = [clock for clock in clocks(challenged, FIGURES, DAYS) if clock.name == "答复质疑"]
    assert (answer.done_on, answer.late(START + timedelta(days=80))) == (None, True)
    settled = challenged.with_step(Step(K.SETTLE_CHALLENGE, at(START, 62), AnswerFacts(Outcome.REJECTED, True)))
    [answer] = [clock for clock in clocks(settled, FIGURES, DAYS) if clock.name == "答复质疑"]
    assert answer.done_on == START + timedelta(days=62)
