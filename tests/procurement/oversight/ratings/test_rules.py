"""The score: worked numbers, its bounds, and that doing better never lowers it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.oversight.ratings.rules import Formula, Part, Record, evaluation_text, rate

FORMULA = Formula({Part.ACCEPTANCE: 35, Part.OPINIONS: 30, Part.TIMELINESS: 20, Part.ORDERS: 15}, 80, 10, 5)
COUNTS = st.integers(0, 300)


@st.composite
def records(draw: st.DrawFn) -> Record:
    accepted, refused, waiting = draw(COUNTS), draw(COUNTS), draw(COUNTS)
    opinions, served = draw(COUNTS), accepted + refused + waiting
    return Record(
        ordered=served + draw(COUNTS),
        taken=served + draw(COUNTS),
        declined=draw(COUNTS),
        missed=draw(COUNTS),
        accepted=accepted,
        refused=refused,
        put_right=draw(st.integers(0, accepted)),
        served=served,
        late=draw(st.integers(0, served)),
        people=draw(COUNTS),
        opinions=opinions,
        stars=draw(st.integers(opinions, 5 * opinions)),
    )


def test_a_provider_without_any_record_stands_at_the_prior_and_is_not_shown() -> None:
    rating = rate(Record(), FORMULA)
    assert (rating.score, rating.points, rating.shown) == (800, "80.0", False)


def test_the_worked_example_of_the_documentation() -> None:
    """Ten orders taken, two declined; nine accepted, one of them put right, one refused; 20 opinions of 4.5 stars."""
    record = Record(
        ordered=12, taken=10, declined=2, accepted=9, refused=1, put_right=1, served=10, late=2, opinions=20, stars=90
    )
    rating = rate(record, FORMULA)
    # (8.5+8)/20, (17.5+8)/30, (8+8)/20, (10+8)/22
    assert rating.parts == {Part.ACCEPTANCE: 825, Part.OPINIONS: 850, Part.TIMELINESS: 800, Part.ORDERS: 818}
    assert (rating.score, rating.shown, rating.judged) == (826, True, 10)


@pytest.mark.parametrize(("judged", "shown"), [(4, False), (5, True)])
def test_a_score_is_shown_from_the_minimum_on(judged: int, shown: bool) -> None:
    assert rate(Record(accepted=judged), FORMULA).shown is shown


@given(records())
def test_a_score_stays_within_its_scale(record: Record) -> None:
    rating = rate(record, FORMULA)
    assert 0 <= rating.score <= 1000
    assert all(0 <= part <= 1000 for part in rating.parts.values())
    assert evaluation_text(rating)


@given(records())
def test_one_more_good_delivery_never_lowers_it_and_one_more_bad_never_raises_it(record: Record) -> None:
    score = rate(record, FORMULA).score
    better = replace(record, taken=record.taken + 1, served=record.served + 1, accepted=record.accepted + 1)
    assert rate(better, FORMULA).score >= score
    for name in ("refused", "declined", "missed"):
        assert rate(replace(record, **{name: getattr(record, name) + 1}), FORMULA).score <= score
    assert rate(replace(record, opinions=record.opinions + 1, stars=record.stars + 5), FORMULA).score >= score
    assert rate(replace(record, opinions=record.opinions + 1, stars=record.stars + 1), FORMULA).score <= score
