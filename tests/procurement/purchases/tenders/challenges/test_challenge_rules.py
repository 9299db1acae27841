"""A challenge's way, every state with every event, and what the law of each step's day has against it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.calendar import Calendar
from app.core.errors import TransitionRefused
from app.core.state import advance
from procurement.purchases.tenders.challenges import rules
from procurement.purchases.tenders.challenges.facts import (
    AnswerFacts,
    ChallengeFacts,
    ComplaintFacts,
    Decision,
    DecisionFacts,
    Outcome,
    Remedy,
    ReopeningFacts,
    ResumptionFacts,
    Subject,
    SuspensionFacts,
)
from procurement.purchases.tenders.challenges.owing import Owed
from procurement.purchases.tenders.challenges.reminders import due_texts
from procurement.purchases.tenders.challenges.rules import TRANSITIONS, ChallengeEvent, ChallengeStatus, dossiers
from procurement.purchases.tenders.clocks import clocks
from procurement.purchases.tenders.facts import Step, TenderFile
from procurement.purchases.tenders.rules import judge
from tests.procurement.purchases.tenders.stage import FIGURES, START, K, at, changed, steps

S = ChallengeStatus
DAYS = Calendar()
PUBLISHED = TenderFile(tuple(steps()))  # its result is of day 57, a Tuesday, and on show until day 58
RAISED_ON, ANSWERED_ON, COMPLAINED_ON = 60, 66, 70
"""A Friday; a Thursday within seven working days; a Monday."""
LEADS = {
    "raised": {"answer": "answered", "uphold": "upheld", "withdraw": "withdrawn", "complain": "complained"},
    "answered": {"complain": "complained"},
    "upheld": {"remedy": "remedied"},
    "overturned": {"remedy": "remedied"},
    "complained": {"suspend": "suspended"},
    "suspended": {"resume": "resumed"},
    "resumed": {},
    **{state: {} for state in ("withdrawn", "dismissed", "without_effect", "remedied")},
}
for _state in ("complained", "suspended", "resumed"):
    LEADS[_state] = LEADS[_state] | {
        "dismiss": "dismissed", "leave": "without_effect", "overturn": "overturned", "withdraw": "withdrawn",
    }  # fmt: skip


@pytest.mark.parametrize("status", ChallengeStatus)
@pytest.mark.parametrize("event", ChallengeEvent)
def test_a_challenge_takes_each_step_that_there_is_and_no_other(status: ChallengeStatus, event: ChallengeEvent) -> None:
    end = LEADS[status.value].get(event.value)
    if end is None:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)
    else:
        assert advance(TRANSITIONS, status, event) == end


def raised(day: int = RAISED_ON, **facts: Any) -> Step:
    return Step(K.CHALLENGE, at(START, day), ChallengeFacts("某中心", **facts))


def answer(day: int = ANSWERED_ON, outcome: Outcome = Outcome.REJECTED, told: bool = True) -> Step:
    return Step(K.SETTLE_CHALLENGE, at(START, day), AnswerFacts(outcome, told))


def complaint(day: int = COMPLAINED_ON, within: bool = True) -> Step:
    return Step(K.COMPLAIN, at(START, day), ComplaintFacts(within), "浙财采投〔2026〕1号")


def suspension(day: int = COMPLAINED_ON, until: int = COMPLAINED_ON + 30) -> Step:
    return Step(K.SUSPEND, at(START, day), SuspensionFacts(START + timedelta(days=until)), "暂停1号", "", b"1" * 32)


def decision(day: int = 90, what: Decision = Decision.DISMISSED, remedy: Remedy = Remedy.NONE) -> Step:
    return Step(K.DECIDE_COMPLAINT, at(START, day), DecisionFacts(what, remedy), "决定1号")


RESUMED = Step(K.RESUME, at(START, 75), ResumptionFacts())
REOPENED = Step(K.REOPEN, at(START, 92), ReopeningFacts("按处理决定"))


def after(*more: Step) -> TenderFile:
    return TenderFile((*PUBLISHED.steps, *more))


def found(step: Step, before: TenderFile) -> list[tuple[str, str]]:
    return [(block.code, str(block.source)) for block in judge(step, before, FIGURES, DAYS)]


@pytest.mark.parametrize(
    ("recorded", "status"),
    [
        ([raised()], S.RAISED),
        ([raised(), answer()], S.ANSWERED),
        ([raised(), answer(outcome=Outcome.UPHELD_NO_EFFECT)], S.ANSWERED),
        ([raised(), answer(outcome=Outcome.UPHELD)], S.UPHELD),
        ([raised(), answer(outcome=Outcome.WITHDRAWN)], S.WITHDRAWN),
        ([raised(), complaint(80)], S.COMPLAINED),
        ([raised(), answer(), complaint(), suspension()], S.SUSPENDED),
        ([raised(), answer(), complaint(), suspension(), RESUMED], S.RESUMED),
        ([raised(), answer(), complaint(), decision()], S.DISMISSED),
        ([raised(), answer(), complaint(), suspension(), decision(what=Decision.UPHELD_NO_EFFECT)], S.WITHOUT_EFFECT),
        ([raised(), answer(), complaint(), decision(what=Decision.WITHDRAWN)], S.WITHDRAWN),
        ([raised(), complaint(80), decision(90, Decision.OVERTURNED, Remedy.ANOTHER)], S.OVERTURNED),
        ([raised(), complaint(80), decision(90, Decision.OVERTURNED, Remedy.ANOTHER), REOPENED], S.REMEDIED),
        ([raised(), answer(outcome=Outcome.UPHELD), replace(REOPENED, kind=K.TERMINATE)], S.REMEDIED),
        ([raised(), answer(), replace(REOPENED, kind=K.TERMINATE)], S.ANSWERED),
    ],
)
def test_recorded_steps_lead_a_challenge_to_where_it_stands(recorded: list[Step], status: S) -> None:
    [one] = dossiers(after(*recorded))
    assert (one.number, one.status) == (1, status)
    assert one.raised == recorded[0]


def test_a_step_is_about_the_challenge_that_it_names_or_the_newest_open_one_that_holds() -> None:
    two = after(raised(), raised(61, could_change_result=False))
    assert [one.status for one in dossiers(two.with_step(answer()))] == [S.ANSWERED, S.RAISED]
    named = changed(answer(), challenge=2)
    assert [one.status for one in dossiers(two.with_step(named))] == [S.RAISED, S.ANSWERED]
    assert [one.status for one in dossiers(two.with_step(changed(answer(), challenge=3)))] == [S.RAISED, S.RAISED]
    assert [one.status for one in dossiers(two.with_step(answer()).with_step(answer(67)))] == [S.ANSWERED, S.ANSWERED]


def test_a_challenge_of_the_result_comes_within_seven_working_days_of_its_notice() -> None:
    assert found(raised(67), PUBLISHED) == []  # the seventh working day after the one on which it was on show
    assert found(raised(68), PUBLISHED) == [("challenge_too_late", "政府采购法 第52条")]


def test_documents_and_process_are_challenged_from_when_the_supplier_knew() -> None:
    noticed = TenderFile(tuple(step for step in steps() if step.at <= at(START, 31)))
    about = {"about": Subject.DOCUMENTS}
    assert found(raised(32, **about), noticed) == []
    assert found(raised(49, **about), noticed) == []  # the documents were on sale until day 38, a Thursday
    assert found(raised(50, **about), noticed) == [("challenge_too_late", "政府采购法 第52条")]
    early = START + timedelta(days=33)
    assert found(raised(42, knew_on=early, **about), noticed) == []
    assert found(raised(43, knew_on=early, **about), noticed) == []
    assert found(raised(44, knew_on=early, **about), noticed) == [("challenge_too_late", "政府采购法 第52条")]
    opened = TenderFile(tuple(step for step in steps() if step.kind is not K.PUBLISH_RESULT))
    assert found(raised(58, about=Subject.PROCESS), opened) == []
    nothing = ("challenge_too_early", "政府采购法实施条例 第53条")
    assert found(raised(58), opened) == [nothing]
    assert found(raised(30, about=Subject.PROCESS), TenderFile(PUBLISHED.steps[:5])) == [nothing]


def test_an_answer_goes_to_all_suppliers_concerned_in_writing() -> None:
    assert found(answer(told=False), after(raised())) == [("answer_not_sent", "政府采购法 第53条")]
    assert found(answer(told=False, outcome=Outcome.WITHDRAWN), after(raised())) == []
    assert found(answer(), after(raised())) == []


def test_a_complaint_follows_an_answer_or_its_lapse_within_fifteen_working_days() -> None:
    unanswered, answered = after(raised()), after(raised(), answer())
    early = [("complaint_before_answer", "政府采购法 第55条")]
    assert found(complaint(71), unanswered) == early  # the seventh working day after the challenge
    assert found(complaint(72), unanswered) == []
    assert found(complaint(66), answered) == []
    # An early answer shortens nothing: fifteen working days from the end of the time to answer.
    assert found(complaint(92), answered) == []
    assert found(complaint(93), answered) == [("complaint_too_late", "政府采购法 第55条")]
    assert found(complaint(93), unanswered) == [("complaint_too_late", "政府采购法 第55条")]
    late = after(raised(), answer(75))
    assert found(complaint(95), late) == []
    assert found(complaint(96), late) == [("complaint_too_late", "政府采购法 第55条")]


def test_a_complaint_stays_within_what_was_challenged() -> None:
    beyond = found(complaint(within=False), after(raised(), answer()))
    assert beyond == [("complaint_beyond_challenge", "政府采购法实施条例 第55条")]


@pytest.mark.parametrize(("until", "refused"), [(69, True), (70, False), (100, False), (101, True)])
def test_finance_suspends_for_thirty_days_at_most(until: int, refused: bool) -> None:
    blocks = found(suspension(until=until), after(raised(), answer(), complaint()))
    assert blocks == ([("suspension_too_long", "政府采购法 第57条")] if refused else [])


def test_while_finance_suspends_nothing_goes_on_and_afterwards_it_does() -> None:
    unpublished = tuple(step for step in steps() if step.kind is not K.PUBLISH_RESULT)
    process = raised(58, about=Subject.PROCESS)
    stopped = TenderFile((*unpublished, process, answer(60), complaint(61), suspension(62, 80)))
    result = replace(steps()[-1], at=at(START, 80))
    assert found(result, stopped) == [("procurement_suspended", "政府采购法 第57条")]
    assert found(replace(result, at=at(START, 81)), stopped) == []
    assert found(result, stopped.with_step(RESUMED)) == []
    assert found(decision(80), stopped) == []


@pytest.mark.parametrize("what", Decision)
@pytest.mark.parametrize("remedy", Remedy)
def test_a_decision_orders_something_if_the_result_falls_and_only_then(what: Decision, remedy: Remedy) -> None:
    fits = (what is Decision.OVERTURNED) == (remedy is not Remedy.NONE)
    blocks = found(decision(what=what, remedy=remedy), after(raised(), answer(), complaint()))
    assert blocks == ([] if fits else [("decision_without_order", "财政部令第94号 第32条 †")])


def test_another_supplier_is_chosen_only_if_a_result_fell_and_somebody_else_was_ranked() -> None:
    nothing = [("nothing_to_reopen", "财政部令第94号 第16条 †")]
    fell = (raised(), answer(outcome=Outcome.UPHELD))
    assert found(REOPENED, after(raised(), answer())) == nothing
    assert found(REOPENED, after(*fell)) == []
    alone = [
        changed(step, ranking=step.facts.ranking.split()[0]) if step.kind is K.EVALUATE else step
        for step in PUBLISHED.steps
    ]
    assert found(REOPENED, TenderFile((*alone, *fell))) == nothing


def test_after_a_result_fell_it_is_another_rank_that_is_taken_however_late() -> None:
    award = next(step for step in PUBLISHED.steps if step.kind is K.AWARD)
    reopened = after(raised(), answer(outcome=Outcome.UPHELD), REOPENED)
    again = replace(award, at=at(START, 95))
    assert found(again, reopened) == [("result_that_fell", "财政部令第94号 第16条 †")]
    assert found(changed(again, rank=2), reopened) == []


def test_the_buyers_and_finances_clocks_run_in_working_days_of_the_chinese_calendar() -> None:
    file = after(raised(), answer(), complaint())
    by_name = {clock.name: clock for clock in clocks(file, FIGURES, DAYS) if clock.challenge == 1}
    answering, deciding = by_name["答复质疑"], by_name["处理投诉"]
    assert (answering.last_day, answering.done_on) == (START + timedelta(days=71), START + timedelta(days=66))
    assert (deciding.last_day, deciding.done_on) == (START + timedelta(days=112), None)
    assert (deciding.late(START + timedelta(days=112)), deciding.late(START + timedelta(days=113))) == (False, True)
    holiday = Calendar({START + timedelta(days=64): False})
    [moved] = [one for one in clocks(after(raised()), FIGURES, holiday) if one.challenge]
    assert moved.last_day == START + timedelta(days=72)


MONDAY = date(2026, 3, 2)


def owed(status: S, last_day: date | None, held_until: date | None = None) -> Owed:
    return Owed(1, 1, status, 1, "CG-2026-000001", "普法", last_day, held_until)


@pytest.mark.parametrize(
    ("status", "days", "held", "said"),
    [
        (S.RAISED, 3, None, []),
        (S.RAISED, 2, None, ["最迟"]),
        (S.RAISED, 0, None, ["最迟"]),
        (S.RAISED, -1, None, ["已过答复期限"]),
        (S.COMPLAINED, 2, None, ["财政部门最迟"]),
        (S.RESUMED, -1, None, ["已过处理期限"]),
        (S.SUSPENDED, 9, 3, []),
        (S.SUSPENDED, 9, 2, ["期满自行恢复"]),
        (S.SUSPENDED, 9, -1, []),
        (S.OVERTURNED, None, None, []),
    ],
)
def test_what_is_said_before_and_after_a_last_day(
    status: S, days: int | None, held: int | None, said: list[str]
) -> None:
    day, until = (MONDAY + timedelta(days=n) if n is not None else None for n in (days, held))
    texts = [text for _, text, _ in due_texts([owed(status, day, until)], MONDAY, DAYS)]
    assert [word in text for word, text in zip(said, texts, strict=True)] == [True] * len(said)


def test_every_decision_and_answer_is_an_event() -> None:
    for outcome in Outcome:
        assert rules.event_of(answer(outcome=outcome)) in ChallengeEvent
    for what in Decision:
        assert rules.event_of(decision(what=what)) in ChallengeEvent
