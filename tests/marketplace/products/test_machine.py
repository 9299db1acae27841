"""The life of a product over the whole product of stages and events."""

from datetime import date
from itertools import product

import pytest

from app.core.calendar import Calendar
from app.core.errors import TransitionRefused
from marketplace.products import rules
from marketplace.products.review.rules import Clock, Verdict, review_clock
from marketplace.products.rules import ProductEvent as Event
from marketplace.products.rules import ProductStatus as Status
from marketplace.products.rules import Revision, Stage

NEW = (Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.CHANGES_REQUESTED)
OVER = (Status.DELISTED, Status.REJECTED, Status.WITHDRAWN)
STAGES = [
    *(Stage(status) for status in Status),
    *(Stage(status, revision) for status in sorted(rules.REVISABLE) for revision in Revision if revision != "none"),
]
FIRST_REVIEW = {
    ("draft", "save"): "draft",
    ("draft", "submit"): "submitted",
    ("submitted", "begin_review"): "in_review",
    ("in_review", "list"): "listed",
    ("in_review", "request_changes"): "changes_requested",
    ("in_review", "reject"): "rejected",
    ("changes_requested", "save"): "changes_requested",
    ("changes_requested", "submit"): "submitted",
}
LISTING = {
    ("listed", "suspend"): "suspended",
    ("suspended", "reinstate"): "listed",
    ("listed", "delist"): "delisted",
    ("suspended", "delist"): "delisted",
}
BESIDE_A_LISTING = {
    ("none", "save"): "draft",
    ("draft", "save"): "draft",
    ("draft", "submit"): "submitted",
    ("submitted", "begin_review"): "in_review",
    ("in_review", "list"): "none",
    ("in_review", "request_changes"): "changes_requested",
    ("in_review", "reject"): "none",
    ("changes_requested", "save"): "changes_requested",
    ("changes_requested", "submit"): "submitted",
}


def _expected(stage: Stage, event: Event) -> str | None:
    status, revision = stage.status.value, stage.revision.value
    if event is Event.WITHDRAW:
        return None if stage.status in OVER else "withdrawn"
    if stage.status in NEW:
        return FIRST_REVIEW.get((status, event.value))
    if (status, event.value) in LISTING:
        after = LISTING[status, event.value]
        return after if after == "delisted" or revision == "none" else f"{after}/{revision}"
    if stage.status in rules.REVISABLE and (revision, event.value) in BESIDE_A_LISTING:
        after = BESIDE_A_LISTING[revision, event.value]
        return status if after == "none" else f"{status}/{after}"
    return None


@pytest.mark.parametrize(("stage", "event"), list(product(STAGES, Event)), ids=lambda part: getattr(part, "code", part))
def test_a_product_moves_only_where_it_may(stage: Stage, event: Event) -> None:
    expected = _expected(stage, event)
    assert (event in rules.events_from(stage)) == (expected is not None)
    if expected is None:
        with pytest.raises(TransitionRefused):
            rules.step(stage, event)
    else:
        assert rules.step(stage, event).code == expected


def test_a_listing_is_left_alone_while_its_revision_is_reviewed() -> None:
    stage = Stage(Status.LISTED)
    for event in (Event.SAVE, Event.SUBMIT, Event.BEGIN_REVIEW, Event.REQUEST_CHANGES, Event.SAVE, Event.SUBMIT):
        stage = rules.step(stage, event)
        assert stage.status is Status.LISTED


def test_a_refusal_names_stage_and_event_in_words() -> None:
    with pytest.raises(TransitionRefused, match=r"修订审查中.*提交审查"):
        rules.step(Stage(Status.LISTED, Revision.IN_REVIEW), Event.SUBMIT)


def test_every_verdict_is_an_event_and_every_state_has_a_name() -> None:
    assert {verdict.event for verdict in Verdict} == rules.REVIEW_VERDICTS | rules.LISTING_VERDICTS
    assert set(rules.STATUS_NAMES) == set(Status)
    assert set(rules.EVENT_NAMES) == set(Event)
    assert set(rules.REVISION_NAMES) == set(Revision)


FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 11, 20), 7),
        (date(2026, 11, 22), 7),
        (date(2026, 11, 23), 6),
        (date(2026, 12, 1), 0),
        (date(2026, 12, 2), -1),
        (date(2026, 12, 7), -4),
    ],
)
def test_the_review_clock_counts_working_days_from_the_next_day_on(today: date, left: int) -> None:
    assert review_clock(Calendar(), FRIDAY, 7, today) == Clock(date(2026, 12, 1), left)
    assert Clock(date(2026, 12, 1), left).overdue == (left < 0)


def test_a_public_holiday_moves_the_review_clock() -> None:
    holiday = Calendar({date(2026, 11, 25): False})
    assert review_clock(holiday, FRIDAY, 7, FRIDAY).due == date(2026, 12, 2)


def test_a_term_that_ran_out_on_friday_is_overdue_on_saturday() -> None:
    assert review_clock(Calendar(), date(2026, 11, 11), 7, date(2026, 11, 21)).overdue
