"""What is flagged, at its boundary: one step below nothing is said, at the figure it is."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import TransitionRefused
from app.core.state import advance
from procurement.blocks import Figure, Source
from procurement.offers.rules import Compared, LowFigures, low_prices
from procurement.oversight.flags import rules
from procurement.oversight.flags.rules import TRANSITIONS, Bound, FlagEvent, FlagStatus

SOURCE = Source("OCP Red Flags", "R000")
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
prices = st.lists(st.integers(1, 10**7), min_size=1, max_size=8)


def figure(value: int) -> Figure:
    return Figure(value, SOURCE)


def bound(threshold: int, minimum: int = 1) -> Bound:
    return Bound(figure(threshold), figure(minimum))


def test_splitting_begins_at_nine_tenths_of_the_figure_and_with_two_purchases() -> None:
    limit, by = figure(1_000_000), bound(90, 2)
    found = rules.splitting([45_000_000, 45_000_000], limit, by)
    assert found
    assert (found.measured, found.threshold, found.n, found.minimum) == (90_000_000, 90_000_000, 2, 2)
    assert rules.splitting([45_000_000, 44_999_999], limit, by) is None
    assert rules.splitting([99_000_000], limit, by) is None


@given(st.lists(st.integers(1, 10**9), max_size=8), st.integers(1, 2_000_000), st.integers(1, 100))
def test_splitting_is_the_sum_against_the_share_of_the_figure_in_fen(sums: list[int], yuan: int, share: int) -> None:
    found = rules.splitting(sums, figure(yuan), bound(share, 2))
    assert (found is not None) == (len(sums) >= 2 and sum(sums) * 100 >= yuan * 100 * share)
    assert found is None or found.measured == sum(sums)


def test_a_period_is_short_when_a_second_is_missing() -> None:
    days = timedelta(days=3)
    assert rules.short_period(AT, AT + days, 3, bound(3)) is None
    found = rules.short_period(AT, AT + days - timedelta(seconds=1), 3, bound(3))
    assert found
    assert (found.measured, found.threshold, found.unit) == (2, 3, "days")


@pytest.mark.parametrize(("invited", "answered", "told"), [(3, 1, True), (3, 2, False), (3, 0, False), (1, 1, False)])
def test_one_answer_of_several_asked(invited: int, answered: int, told: bool) -> None:
    assert (rules.single_response(invited, answered, bound(1, 2)) is not None) == told


def test_two_equal_prices_are_enough() -> None:
    assert rules.identical_prices([700, 701, 702], bound(2, 2)) is None
    found = rules.identical_prices([700, 701, 700], bound(2, 2))
    assert found
    assert (found.measured, found.n, found.parts[0].value) == (2, 3, 700)


@given(prices)
def test_identical_prices_are_found_exactly_where_a_price_repeats(offered: list[int]) -> None:
    assert (rules.identical_prices(offered, bound(2, 2)) is not None) == (len(set(offered)) < len(offered))


def test_a_fixed_ratio_holds_within_its_error() -> None:
    by = bound(2, 3)
    assert rules.fixed_ratio([100_000, 110_000, 121_000], by)
    assert rules.fixed_ratio([100_000, 110_000, 121_200], by)  # 1.7 per mille off
    assert rules.fixed_ratio([100_000, 110_000, 121_300], by) is None  # 2.5 per mille
    assert rules.fixed_ratio([100_000, 110_000], by) is None
    assert rules.fixed_ratio([100_000, 100_000, 100_000], by) is None  # that is another flag


@given(st.integers(1_000, 10_000), st.integers(2, 9), st.integers(3, 6), st.randoms())
def test_whatever_is_multiplied_again_and_again_is_found_in_any_order(
    first: int, factor: int, count: int, chance: object
) -> None:
    offered = [first * factor**power for power in range(count)]
    chance.shuffle(offered)  # type: ignore[attr-defined]
    assert rules.fixed_ratio(offered, bound(0, 3)) is not None


@pytest.mark.parametrize(("opened", "left", "told"), [(3, 1, True), (3, 2, False), (2, 1, False), (3, 0, False)])
def test_all_but_one_excluded_of_three(opened: int, left: int, told: bool) -> None:
    assert (rules.all_excluded(opened, left, bound(1, 3)) is not None) == told


LOW = LowFigures(figure(50), figure(50), figure(45))


@given(prices, st.integers(1, 10**7))
def test_low_is_what_the_comparison_calls_low_and_below_the_line_that_is_shown(
    offered: list[int], ceiling: int
) -> None:
    offers = [Compared(number, price) for number, price in enumerate(offered)]
    found = rules.abnormally_low(offers, ceiling, LOW, figure(2))
    assert set(found) == (set(low_prices(offers, ceiling, LOW)) if len(offers) > 1 else set())
    assert all(one.measured is not None and one.measured < one.threshold for one in found.values())


def test_low_begins_below_45_per_cent_of_the_ceiling() -> None:
    def low(price: int) -> set[int]:
        return set(rules.abnormally_low([Compared(1, price), Compared(2, 46_000)], 100_000, LOW, figure(2)))

    assert low(44_999) == {1}
    assert low(45_000) == set()


@pytest.mark.parametrize(("own", "of_all", "told"), [(4, 5, True), (7, 10, True), (6, 9, False), (4, 4, False)])
def test_capture_needs_five_call_offs_and_seventy_per_cent(own: int, of_all: int, told: bool) -> None:
    assert (rules.capture(own, of_all, own, of_all, bound(70, 5)) is not None) == told


def test_an_overlap_needs_a_minute_and_two_shifts() -> None:
    assert rules.overlap(1, 2, bound(1, 2))
    assert rules.overlap(0, 2, bound(1, 2)) is None
    assert rules.overlap(90, 1, bound(1, 2)) is None


def test_one_claim_is_as_many_as_a_unit_has() -> None:
    assert rules.billed_twice([60_000], bound(1, 2)) is None
    found = rules.billed_twice([60_000, 25_000], bound(1, 2))
    assert found
    assert [part.value for part in found.parts] == [60_000, 25_000]


def test_money_comes_with_the_acceptance_or_after_it() -> None:
    assert rules.paid_early(AT, AT, bound(0)) is None
    assert rules.paid_early(AT, AT + timedelta(seconds=1), bound(0))
    found = rules.paid_early(AT, None, bound(0))
    assert found
    assert found.measured is None


def test_an_acceptor_with_another_duty() -> None:
    assert rules.same_person([], bound(1)) is None
    found = rules.same_person(["approved"], bound(1))
    assert found
    assert found.measured == 1


@pytest.mark.parametrize(("people", "opinions", "told"), [(30, 0, True), (29, 0, False), (300, 1, False)])
def test_many_people_and_nobody_said_a_word(people: int, opinions: int, told: bool) -> None:
    assert (rules.no_opinion(people, opinions, bound(30)) is not None) == told


def test_a_notice_is_late_the_day_after_its_last_day_done_or_not() -> None:
    signed, last = date(2026, 11, 2), date(2026, 11, 4)
    duty, after = figure(2), last + timedelta(days=1)
    assert rules.late_notice(signed, last, last, after, duty) is None
    assert rules.late_notice(signed, last, None, last, duty) is None
    done = rules.late_notice(signed, last, after, after, duty)
    assert done
    assert (done.measured, done.threshold) == (3, 2)
    undone = rules.late_notice(signed, last, None, after, duty)
    assert undone
    assert undone.measured is None
    # What is still to be done stands the same every night, so that no night opens it again.
    assert undone == rules.late_notice(signed, last, None, after + timedelta(days=9), duty)


@pytest.mark.parametrize(("status", "event"), list(itertools.product(FlagStatus, FlagEvent)))
def test_every_pair_of_state_and_event(status: FlagStatus, event: FlagEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
        return
    with pytest.raises(TransitionRefused):
        advance(TRANSITIONS, status, event)


def test_an_explanation_is_the_end() -> None:
    assert not [event for (status, event) in TRANSITIONS if status is FlagStatus.EXPLAINED]
