"""Every state and event of a framework and an admission, and every guard with its citation."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.core.errors import TransitionRefused
from app.core.state import advance
from procurement.blocks import Blocked, Figure, Source, require
from procurement.frameworks import rules
from procurement.frameworks.rules import (
    ADMISSION_TRANSITIONS,
    TRANSITIONS,
    AdmissionEvent,
    AdmissionStatus,
    Candidate,
    Framework,
    FrameworkEvent,
    FrameworkStatus,
    Term,
)

TODAY = date(2026, 11, 22)
TERM = Term(date(2026, 11, 1), date(2027, 10, 31))
FRAMEWORK = Framework(FrameworkStatus.CALL_PUBLISHED, "legal_education", "lecture", 60_000, TERM)
CANDIDATE = Candidate(True, True, True, "legal_education", "lecture", 80_000, False)
DUTY = Source("财政部令第110号", "采购方案备案", verified=False)
TWO_YEARS = Figure(2, Source("财政部令第110号", "第15条"))
TWO_SUPPLIERS = Figure(2, Source("财政部令第110号", "第3条第3项"))

FRAMEWORK_STEPS = {
    ("scheme", "file"): "filed",
    ("filed", "publish_call"): "call_published",
    ("call_published", "bring_into_force"): "in_force",
    ("call_published", "expire"): "expired",
    ("in_force", "expire"): "expired",
}
ADMISSION_STEPS = {
    ("applied", "admit"): "admitted",
    ("applied", "refuse"): "refused",
    ("applied", "withdraw"): "withdrawn",
    ("admitted", "withdraw"): "withdrawn",
    ("admitted", "remove"): "removed",
}


@pytest.mark.parametrize("status", FrameworkStatus)
@pytest.mark.parametrize("event", FrameworkEvent)
def test_a_framework_moves_only_as_the_table_says(status: FrameworkStatus, event: FrameworkEvent) -> None:
    expected = FRAMEWORK_STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)
    else:
        assert advance(TRANSITIONS, status, event) == expected


@pytest.mark.parametrize("status", AdmissionStatus)
@pytest.mark.parametrize("event", AdmissionEvent)
def test_an_admission_moves_only_as_the_table_says(status: AdmissionStatus, event: AdmissionEvent) -> None:
    expected = ADMISSION_STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(ADMISSION_TRANSITIONS, status, event)
    else:
        assert advance(ADMISSION_TRANSITIONS, status, event) == expected


def found(blocks: list) -> list[tuple[str, str]]:
    return [(block.code, str(block.source)) for block in blocks]


def test_a_sound_scheme_is_not_blocked() -> None:
    assert rules.scheme_blocks(60_000, TERM, TWO_YEARS, TODAY) == []


@pytest.mark.parametrize(
    ("rate", "term", "expected"),
    [
        (0, TERM, ("framework_uniform_rate", "财政部令第110号 第10条第2款")),
        (1, Term(date(2026, 11, 1), date(2028, 11, 2)), ("framework_term", "财政部令第110号 第15条")),
        (1, Term(date(2026, 11, 1), TODAY), ("framework_dates", "本平台规则 框架协议的期限")),
        (1, Term(date(2027, 1, 1), date(2027, 1, 1)), ("framework_dates", "本平台规则 框架协议的期限")),
    ],
)
def test_each_guard_of_a_scheme_names_its_source(rate: int, term: Term, expected: tuple[str, str]) -> None:
    assert found(rules.scheme_blocks(rate, term, TWO_YEARS, TODAY)) == [expected]


def test_a_term_of_exactly_two_years_is_lawful_also_from_a_leap_day() -> None:
    assert rules.scheme_blocks(1, Term(date(2026, 11, 23), date(2028, 11, 23)), TWO_YEARS, TODAY) == []
    leap = Term(date(2028, 2, 29), date(2030, 2, 28))
    assert rules.scheme_blocks(1, leap, TWO_YEARS, TODAY) == []
    assert found(rules.scheme_blocks(1, replace(leap, ends_on=date(2030, 3, 1)), TWO_YEARS, TODAY)) == [
        ("framework_term", "财政部令第110号 第15条")
    ]


def test_filing_needs_a_number_and_says_that_its_article_is_unconfirmed() -> None:
    assert rules.filing_blocks("浙财采备7号", DUTY) == []
    assert found(rules.filing_blocks("  ", DUTY)) == [("framework_filing_number", "财政部令第110号 采购方案备案 †")]


@pytest.mark.parametrize(
    ("today", "suppliers", "expected"),
    [
        (TODAY, 2, []),
        (TODAY, 1, [("framework_suppliers", "财政部令第110号 第3条第3项")]),
        (TERM.starts_on, 2, []),
        (TERM.ends_on, 2, []),
        (TERM.starts_on - timedelta(days=1), 2, [("framework_not_in_term", "本平台规则 框架协议的期限")]),
        (TERM.ends_on + timedelta(days=1), 2, [("framework_not_in_term", "本平台规则 框架协议的期限")]),
    ],
)
def test_a_framework_comes_into_force_in_its_term_with_two_suppliers(
    today: date, suppliers: int, expected: list[tuple[str, str]]
) -> None:
    assert found(rules.force_blocks(TERM, suppliers, TWO_SUPPLIERS, today)) == expected


def test_a_willing_qualified_supplier_is_not_blocked() -> None:
    assert rules.admission_blocks(FRAMEWORK, CANDIDATE, TODAY) == []
    assert rules.admission_blocks(replace(FRAMEWORK, status=FrameworkStatus.IN_FORCE), CANDIDATE, TERM.ends_on) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"organization_verified": False}, ("supplier_not_verified", "政府采购法 第22条")),
        ({"qualified": False}, ("supplier_not_qualified", "政府采购法 第22条")),
        ({"removed_before": True}, ("supplier_removed_before", "财政部令第110号 第19条")),
        ({"listed": False}, ("product_not_listed", "财政部令第110号 第12条")),
        ({"category": "mediation"}, ("product_of_another_kind", "财政部令第110号 第12条")),
        ({"unit": "case"}, ("product_of_another_kind", "财政部令第110号 第12条")),
        ({"ceiling_fen": 59_999}, ("product_rate_above_ceiling", "财政部令第110号 第12条")),
    ],
)
def test_each_guard_of_admission_names_its_source(change: dict[str, object], expected: tuple[str, str]) -> None:
    assert found(rules.admission_blocks(FRAMEWORK, replace(CANDIDATE, **change), TODAY)) == [expected]


@pytest.mark.parametrize("status", FrameworkStatus)
def test_only_a_published_framework_takes_applications(status: FrameworkStatus) -> None:
    blocks = rules.admission_blocks(replace(FRAMEWORK, status=status), CANDIDATE, TODAY)
    assert (not blocks) == (status in {FrameworkStatus.CALL_PUBLISHED, FrameworkStatus.IN_FORCE})
    after = rules.admission_blocks(replace(FRAMEWORK, status=status), CANDIDATE, TERM.ends_on + timedelta(days=1))
    assert found(after) == [("framework_not_open", "财政部令第110号 第10条第2款")]


def test_the_refusal_says_reason_source_and_remedy() -> None:
    with pytest.raises(Blocked) as refusal:
        require(rules.force_blocks(TERM, 1, TWO_SUPPLIERS, TODAY))
    text = str(refusal.value.text())
    assert "至少要有2家供应商入围，现在是1家" in text
    assert "财政部令第110号 第3条第3项" in text
    assert "请先处理待审的入围申请" in text
