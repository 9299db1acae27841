"""The rules on plain values: all reasons at once, hints apart; and what Python and SQL both know, they agree on."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock, database
from app.web import i18n
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.bars import Bar, Consequence
from volunteers.assignments.sign_ups.eligibility import (
    Candidate,
    Engagement,
    Seat,
    TravelRule,
    clashes,
    hints_about,
    reasons_against,
    travel_minutes,
)
from volunteers.assignments.sign_ups.rules import (
    CONSTRAINTS,
    OWN_CHOICE,
    CredentialMissing,
    Hint,
    Origin,
    Reason,
    ShiftIsFull,
    SignUpRefused,
    refused,
)
from volunteers.people.credentials.rules import HeldCredential
from volunteers.people.exceptions.rules import ExceptionKind, Stretch
from volunteers.people.rules import Limits, Window
from volunteers.people.trainings.rules import HeldTraining, NeededTraining

TUESDAY = clock.at_local(date(2026, 12, 1), datetime.min.time())
TRAVEL = TravelRule(speed_m_per_min=500, setup_min=15, min_rest_min=600)
BEFORE = TUESDAY - timedelta(days=1)


def at(hours: float, lasting: float = 2, assignment_id: int = 1, east: int = 0) -> Engagement:
    """Return an engagement on the test's Tuesday, or later."""
    starts = TUESDAY + timedelta(hours=hours)
    return Engagement(assignment_id, starts, starts + timedelta(hours=lasting), east, 0)


SEAT = Seat(
    position_id=1,
    kind=Kind.DUTY,
    status="open",
    at=at(9),
    parties=frozenset(),
    credentials_any=(),
    skills_all=(),
    languages_all=(),
    gender=None,
    free=1,
    travel=TRAVEL,
)
INDUCTION = NeededTraining("PX-2026-000001", "上岗培训", "Induction")
PERSON = Candidate(
    person_id=1,
    active=True,
    gender="F",
    languages=frozenset({"putonghua"}),
    skills=frozenset(),
    preferred_kinds=frozenset(),
    limits=Limits(),
    home=(0, 0),
    credentials=(),
    recused_from=frozenset(),
    windows=(),
    engagements=(),
)


def test_nothing_against_a_plain_seat() -> None:
    assert reasons_against(SEAT, PERSON, BEFORE) == {}


ASKS = Bar(Consequence.REQUEST, 2, 90, TUESDAY + timedelta(days=30))
PAUSED = Bar(Consequence.PAUSE, 4, 90, TUESDAY + timedelta(days=30))


def test_every_reason_is_named_at_once() -> None:
    seat = replace(
        SEAT,
        status="closed",
        parties=frozenset({"p"}),
        credentials_any=("lawyer",),
        skills_all=("land",),
        languages_all=("sign",),
        gender="M",
        free=0,
        by_request=True,
        trainings=(INDUCTION,),
        regulars_until=TUESDAY + timedelta(hours=10),
    )
    person = replace(
        PERSON,
        active=False,
        bar=PAUSED,
        recused_from=frozenset({"p"}),
        limits=Limits(max_minutes_day=100, max_minutes_week=100, max_shifts_week=1),
        engagements=(at(8, 2, assignment_id=2), at(11.1, 1, assignment_id=3, east=9000)),
    )
    assert set(reasons_against(seat, person, TUESDAY + timedelta(hours=9))) == set(Reason) - {
        Reason.ALREADY_SIGNED_UP,
        Reason.REQUEST_ONLY,
    }


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize("by_request", [False, True])
def test_after_no_shows_one_asks_everywhere_or_waits_until_the_pause_is_over(origin: Origin, by_request: bool) -> None:
    seat = replace(SEAT, by_request=by_request)
    without = reasons_against(seat, PERSON, TUESDAY, origin)
    asks = reasons_against(seat, replace(PERSON, bar=ASKS), TUESDAY, origin)
    paused = reasons_against(seat, replace(PERSON, bar=PAUSED), TUESDAY, origin)
    asks_here = origin in OWN_CHOICE | {Origin.STANDING} and not by_request
    assert set(asks) - set(without) == ({Reason.REQUEST_ONLY} if asks_here else set())
    assert set(paused) - set(without) == {Reason.NO_SHOWS}


def test_who_is_on_it_already_hears_just_that() -> None:
    person = replace(PERSON, engagements=(at(9),))
    assert set(reasons_against(replace(SEAT, free=0), person, BEFORE)) == {Reason.ALREADY_SIGNED_UP}


def test_a_closed_assignment_still_takes_people_from_dispatch() -> None:
    closed = replace(SEAT, status="closed")
    assert Reason.NOT_OPEN in reasons_against(closed, PERSON, BEFORE)
    assert reasons_against(closed, PERSON, BEFORE, Origin.DISPATCH) == {}
    assert Reason.NOT_OPEN in reasons_against(replace(SEAT, status="draft"), PERSON, BEFORE, Origin.DISPATCH)


@pytest.mark.parametrize(
    ("held", "fits"),
    [
        (HeldCredential("lawyer", True, date(2020, 1, 1), None), True),
        (HeldCredential("lawyer", True, date(2020, 1, 1), date(2026, 12, 1)), True),
        (HeldCredential("lawyer", True, date(2020, 1, 1), date(2026, 11, 30)), False),
        (HeldCredential("lawyer", True, date(2026, 12, 2), None), False),
        (HeldCredential("lawyer", False, date(2020, 1, 1), None), False),
        (HeldCredential("notary", True, date(2020, 1, 1), None), False),
    ],
)
def test_a_credential_counts_verified_and_on_its_days(held: HeldCredential, fits: bool) -> None:
    seat = replace(SEAT, credentials_any=("lawyer", "legal_worker"))
    assert (not reasons_against(seat, replace(PERSON, credentials=(held,)), BEFORE)) is fits


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(max_minutes_day=239), Reason.DAY_LIMIT),
        (Limits(max_minutes_week=359), Reason.WEEK_LIMIT),
        (Limits(max_shifts_week=2), Reason.SHIFT_LIMIT),
        (Limits(max_minutes_day=240, max_minutes_week=360, max_shifts_week=3), None),
    ],
)
def test_limits_count_this_day_and_this_week_only(limits: Limits, reason: Reason | None) -> None:
    elsewhere = at(13, assignment_id=2), at(24 + 9, assignment_id=3), at(7 * 24 + 9, assignment_id=4)
    person = replace(PERSON, limits=limits, engagements=elsewhere)
    assert set(reasons_against(SEAT, person, BEFORE)) == ({reason} if reason else set())


@pytest.mark.parametrize(
    ("completed", "until", "fits"), [(0, None, True), (0, 0, True), (-30, 40, True), (1, None, False), (-30, -1, False)]
)
def test_a_training_counts_on_the_day_of_service(completed: int, until: int | None, fits: bool) -> None:
    day = clock.local(TUESDAY).date()
    last = None if until is None else day + timedelta(days=until)
    held = HeldTraining(INDUCTION.reference, day + timedelta(days=completed), last)
    seat = replace(SEAT, trainings=(INDUCTION,))
    reasons = reasons_against(seat, replace(PERSON, trainings=(held,)), BEFORE)
    assert (Reason.TRAINING not in reasons) is fits
    if not fits:
        assert "上岗培训" in str(reasons[Reason.TRAINING])
        with i18n.speaking("en"):
            assert "Induction" in i18n.translate(reasons[Reason.TRAINING])


def test_hints_give_pause_without_keeping_away() -> None:
    far = replace(SEAT, at=at(9, east=40_000))
    choosy = replace(PERSON, preferred_kinds=frozenset({"lecture"}), windows=(Window(1, 540, 659),))
    assert set(hints_about(far, choosy)) == set(Hint) - {Hint.AWAY}
    trip = (Stretch(ExceptionKind.AWAY, far.at.starts, far.at.starts + timedelta(minutes=1)),)
    assert set(hints_about(far, replace(choosy, exceptions=trip))) == set(Hint) - {Hint.AVAILABILITY}
    assert reasons_against(far, replace(choosy, exceptions=trip), BEFORE) == {}
    extra = (Stretch(ExceptionKind.FREE, far.at.starts, far.at.ends),)
    assert hints_about(replace(far, place_code="330110001"), replace(choosy, exceptions=extra, serves=("330110",))) == (
        Hint.OTHER_KIND,
    )
    assert hints_about(SEAT, replace(PERSON, windows=(Window(1, 540, 660),))) == ()


def test_the_error_is_named_after_the_first_reason_and_carries_all() -> None:
    reasons = reasons_against(replace(SEAT, credentials_any=("lawyer",), free=0), PERSON, BEFORE)
    error = refused(reasons)
    assert isinstance(error, CredentialMissing)
    assert error.reasons == tuple(reasons.values())
    assert "律师执业证" in str(error.reasons[0])


def test_each_constraint_has_its_own_refusal() -> None:
    assert len(set(CONSTRAINTS.values())) == len(CONSTRAINTS)
    assert all(issubclass(error, SignUpRefused) and error().reasons for error in CONSTRAINTS.values())
    assert ShiftIsFull().reasons


points = st.integers(-120_000, 120_000)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(one=st.tuples(points, points), other=st.tuples(points, points))
async def test_python_and_sql_measure_the_same_travel(
    shared_db: None, one: tuple[int, int], other: tuple[int, int]
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    measured = travel_minutes(TRAVEL, Engagement(1, now, now, *one), Engagement(2, now, now, *other))
    assert measured == await database.fetch_value(
        "SELECT travel_minutes(r, $1, $2, $3, $4) FROM travel_rule r", *one, *other
    )


engagements = st.builds(
    at, st.integers(0, 96).map(lambda quarters: quarters / 2), st.sampled_from([1, 2, 4]), st.just(1), points
)


@given(engagements, engagements, engagements)
def test_comparing_with_neighbours_is_enough(one: Engagement, two: Engagement, three: Engagement) -> None:
    first, second, third = sorted((one, two, three), key=lambda engagement: engagement.starts)
    if not clashes(TRAVEL, first, second) and not clashes(TRAVEL, second, third):
        assert not clashes(TRAVEL, first, third)
