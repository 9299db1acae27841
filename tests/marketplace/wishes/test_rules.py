"""Wishes: every state and event, and words that may be public."""

import pytest

from app.core.errors import TransitionRefused
from app.core.state import advance
from marketplace.wishes import rules
from marketplace.wishes.rules import WishEvent, WishStatus

STEPS = {
    ("open", "support"): "open",
    ("open", "answer"): "answered",
    ("open", "close"): "closed",
    ("answered", "support"): "answered",
    ("answered", "answer"): "answered",
    ("answered", "fulfil"): "fulfilled",
    ("answered", "reopen"): "open",
    ("answered", "close"): "closed",
}


@pytest.mark.parametrize("status", WishStatus)
@pytest.mark.parametrize("event", WishEvent)
def test_a_wish_moves_only_as_the_table_says(status: WishStatus, event: WishEvent) -> None:
    expected = STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
    else:
        assert advance(rules.TRANSITIONS, status, event) == expected


@pytest.mark.parametrize("status", WishStatus)
def test_alive_is_what_still_moves(status: WishStatus) -> None:
    assert (status in rules.ALIVE) == any(start is status for start, _ in rules.TRANSITIONS)


@pytest.mark.parametrize(
    ("words", "wrong"),
    [("想请人讲讲社保", False), ("每年 2 次", False), (" ", True), ("请打 13812345678", True), ("证号330106199", True)],
)
def test_words_are_there_and_hold_no_number(words: str, wrong: bool) -> None:
    assert bool(rules.faults(words)) == wrong
