"""Why an order is not taken, and until when it is answered."""

from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from procurement.deliveries.answering import rules
from procurement.deliveries.answering.rules import OrderAnswer, Refusal

WISH = datetime(2026, 12, 10, 14, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("chosen", "words", "kept"),
    [
        (Refusal.NO_PEOPLE, "", (Refusal.NO_PEOPLE, "派不出人")),
        (Refusal.NO_PEOPLE, " 两位讲师请假 ", (Refusal.NO_PEOPLE, "两位讲师请假")),
        (None, "路断了", (Refusal.OTHER, "路断了")),
        (Refusal.OTHER, "路断了", (Refusal.OTHER, "路断了")),
        (Refusal.OTHER, " ", None),
        (None, "", None),
        (Refusal.SILENCE, "没看到", None),
    ],
)
def test_a_reason_is_chosen_from_the_list_or_written(
    chosen: Refusal | None, words: str, kept: tuple[Refusal, str] | None
) -> None:
    assert rules.refusal_of(chosen, words) == kept
    answer = OrderAnswer(1, False, words, chosen)
    assert answer.kept == ((kept[1], kept[0]) if kept else ("", ""))
    assert OrderAnswer(1, True, words, chosen).kept == ("", "")


def test_silence_is_no_choice() -> None:
    assert set(rules.CHOICES) == set(Refusal) - {Refusal.SILENCE}


def test_an_order_is_answered_by_the_end_of_the_last_day_and_before_it_begins() -> None:
    assert rules.answer_by(date(2026, 12, 1), WISH) == datetime(2026, 12, 1, 23, 59, tzinfo=SHANGHAI)
    assert rules.answer_by(date(2026, 12, 15), WISH) == WISH
    assert rules.answer_by(WISH.date() - timedelta(days=1), WISH) == datetime(2026, 12, 9, 23, 59, tzinfo=SHANGHAI)
