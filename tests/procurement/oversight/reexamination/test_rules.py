"""Judging again by figures of the day: pure, without a database."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from app.core import clock
from app.core.calendar import Calendar
from procurement.blocks import Block, Figure, Source
from procurement.contracts.notices.rules import Done, Duty, NoticeKind, duty_blocks
from procurement.offers.rules import comparison_blocks
from procurement.oversight.reexamination.rules import (
    DecidedStep,
    LawOfDay,
    PastStep,
    Verdict,
    reexamined,
)
from procurement.oversight.reexamination.tendering import recorded
from procurement.purchases.approvals.rules import Level, Taken, chain_blocks
from procurement.purchases.tenders import law
from procurement.purchases.tenders.facts import TenderFile
from procurement.separation import SEPARATION
from tests.procurement.purchases.tenders.stage import FIGURES, START, K, changed, steps

DAYS = Calendar()
LATER = START + timedelta(days=200)


def figure(value: int, document: str = "某办法", since: date = START) -> Figure:
    return Figure(value, Source(document, "第1条", figure_since=since), "days")


def judged(past: list[PastStep], figures: Mapping[date, Mapping[str, Figure]]) -> list[Verdict]:
    """Judge with the figures of the latest named day that has begun."""

    def look_up(key: str, day: date) -> Figure | None:
        return figures[max(start for start in figures if start <= day)].get(key)

    return reexamined(past, look_up, DAYS, LATER)


def test_a_past_tender_is_right_by_the_law_of_its_day_whatever_the_law_says_later() -> None:
    file, past = TenderFile(), []
    for step in steps():
        past.append(PastStep(step.kind, step.at, recorded(step, file)))
        file = file.with_step(step)
    stricter = {
        **FIGURES,
        law.INTENT: Figure(45, Source("财库〔2027〕1号", "第3条"), "calendar_days"),
        law.CONSULTATION_PANEL: Figure(7, Source("财库〔2027〕2号", "第14条"), "people"),
    }
    verdicts = judged(past, {START: FIGURES, LATER: stricter})
    assert all(verdict.still_right for verdict in verdicts)
    assert {verdict.step.kind: [block.code for block in verdict.now] for verdict in verdicts if verdict.now} == {
        K.NOTICE: ["intent_too_recent"],
        K.EVALUATE: ["panel_size"],
    }
    changes = {one.key: (one.then.value, one.now.value) for verdict in verdicts for one in verdict.weighed
               if one.differs and one.then and one.now}  # fmt: skip
    assert changes == {law.INTENT: (30, 45), law.CONSULTATION_PANEL: (3, 7)}
    by_kind = {verdict.step.kind: {one.key for one in verdict.weighed} for verdict in verdicts}
    assert by_kind[K.REVIEW_REQUIREMENT] == {law.SURVEY}
    assert by_kind[K.PUBLISH_RESULT] == {law.RESULT}


def test_a_tender_s_late_step_is_found_though_its_record_was_taken() -> None:
    file = TenderFile(tuple(steps()))
    award = file.of(K.AWARD)
    assert award is not None
    late = changed(award, reported_on=START + timedelta(days=40))
    [verdict] = judged([PastStep(late.kind, late.at, recorded(late, TenderFile(file.steps[:9])))], {START: FIGURES})
    assert [(block.code, str(block.source)) for block in verdict.then] == [
        ("period_passed", "政府采购法实施条例 第43条")
    ]


def test_what_is_listed_is_what_a_judgement_looked_at_on_either_day() -> None:
    def judge(figures: LawOfDay, _: Calendar) -> list[Block]:
        keys = ("a",) if figures["a"].value < 5 else ("a", "b")
        return [block for key in keys if figures[key].value > 99 for block in ()]

    at = clock.at_local(START, datetime.min.time())
    [verdict] = judged(
        [PastStep(DecidedStep.SIGN, at, judge)],
        {START: {"a": figure(1), "b": figure(2)}, LATER: {"a": figure(9), "b": figure(2)}},
    )
    assert [(one.key, one.differs) for one in verdict.weighed] == [("a", True), ("b", False)]


def test_a_figure_that_the_rulebook_does_not_have_for_the_day_is_said_and_not_guessed() -> None:
    at = clock.at_local(START, datetime.min.time())
    past = [PastStep(DecidedStep.SIGN, at, lambda figures, _: comparison_blocks(2, figures["a"]))]
    [verdict] = judged(past, {START: {}, LATER: {"a": figure(1)}})
    assert ([block.code for block in verdict.then], verdict.now) == (["rule_missing"], ())
    assert [(one.then, one.now and one.now.value) for one in verdict.weighed] == [(None, 1)]


def test_a_duty_not_done_yet_is_told_only_once_it_is_overdue() -> None:
    at = clock.at_local(START + timedelta(days=1), datetime.min.time())
    for last_day, done, expected in (
        (START, None, ["contract_published_late"]),
        (START + timedelta(days=1), None, []),
        (START, Done(START + timedelta(days=1)), ["contract_published_late"]),
        (START, Done(START), []),
    ):
        blocks = duty_blocks(Duty(NoticeKind.PUBLISHED, figure(2), last_day, done), START + timedelta(days=1))
        assert [block.code for block in blocks] == expected
        step = PastStep(DecidedStep.PUBLISH, at, lambda _, __, found=blocks: found, taken=done is not None)
        assert len(judged([step], {START: {}})) == (1 if done or blocks else 0)


def test_a_chain_names_the_step_left_out_the_person_twice_and_the_level_not_held() -> None:
    both = (Level.SECTION, Level.DIVISION)
    section, division = Taken(Level.SECTION, 2, None, True), Taken(Level.DIVISION, 3, None, True)
    for taken, chain, expected in (
        ([section, division], both, []),
        ([section], both, ["approval_incomplete"]),
        ([Taken(Level.SINGLE, 2, None, True)], (Level.SINGLE,), []),
        ([], (Level.SINGLE,), ["approval_incomplete"]),
        ([section, Taken(Level.DIVISION, 2, None, True)], both, ["step_taken_already"]),
        ([section, Taken(Level.DIVISION, 3, 2, True)], both, ["step_taken_already"]),
        ([Taken(Level.SECTION, 1, None, True), division], both, ["same_person"]),
        ([Taken(Level.SECTION, 2, 1, True), division], both, ["deputy_of_requester"]),
        ([section, Taken(Level.DIVISION, 3, None, False)], both, ["not_your_step"]),
    ):
        found = list(chain_blocks("CG-1", 1, taken, chain, SEPARATION))
        assert [block.code for block in found] == expected
