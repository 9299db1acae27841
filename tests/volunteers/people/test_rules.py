"""What people state about themselves, on plain values."""

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.ids import id_card_check_digit
from tests.volunteers import world
from volunteers.people import rules
from volunteers.people.credentials import rules as credential_rules
from volunteers.people.rules import Gender, Limits, Profile, Window

TODAY = date(2026, 11, 22)


def id_card(born: str = "19900307", order: str = "032") -> str:
    """Return an identity number of a woman unless the order code is odd."""
    body = f"330106{born}{order}"
    return body + id_card_check_digit(body)


@pytest.mark.parametrize(
    ("number", "gender", "fine"),
    [
        (id_card(), Gender.F, True),
        (id_card(order="031"), Gender.M, True),
        (id_card(), Gender.M, False),
        (id_card()[:-1] + ("1" if id_card()[-1] != "1" else "2"), Gender.F, False),
        (id_card("19901332"), Gender.F, False),
        (id_card("20081122"), Gender.F, True),
        (id_card("20081123"), Gender.F, False),
        ("", Gender.F, False),
        ("33010619900307032", Gender.F, False),
    ],
)
def test_an_identity_number_is_right_and_an_adults(number: str, gender: Gender, fine: bool) -> None:
    assert (rules.id_card_fault(number, gender, TODAY) is None) is fine


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"name": " "}, "name"),
        ({"corps": ()}, "corps"),
        ({"privacy_notice": ""}, "privacy_notice"),
        ({"id_card": "123"}, "id_card"),
        ({"bank_account": "12ab"}, "bank_account"),
        ({"bank_account": "6222021202001234567"}, None),
        ({"languages": ()}, "languages"),
        ({"skills": ("Land!",)}, "skills"),
        ({"availability": (Window(0, 600, 600),)}, "availability"),
        ({"availability": (Window(7, 0, 600),)}, "availability"),
        ({"availability": (Window(6, 0, 1440),)}, None),
        ({"limits": Limits(max_shifts_week=0)}, "limits"),
    ],
)
def test_what_a_profile_must_say(changes: dict[str, object], field: str | None) -> None:
    profile: Profile = replace(world.profile(), **changes)  # type: ignore[arg-type]
    assert set(rules.faults(profile, TODAY)) == ({field} if field else set())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"number": " "}, "number"),
        ({"issuer_zh": ""}, "issuer_zh"),
        ({"valid_until": date(2019, 1, 1)}, "valid_until"),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until"),
        ({"valid_until": TODAY}, None),
    ],
)
def test_what_a_credential_must_say(changes: dict[str, object], field: str | None) -> None:
    claimed = replace(world.licence(), **changes)  # type: ignore[arg-type]
    assert set(credential_rules.faults(claimed, TODAY)) == ({field} if field else set())


windows = st.builds(
    lambda day, start, length: Window(day, start, min(start + length, 1440)),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 600),
)


@given(st.lists(windows, max_size=8), st.integers(0, 6), st.integers(0, 1439))
def test_merging_windows_keeps_every_minute_and_no_overlap(given_windows: list[Window], day: int, minute: int) -> None:
    def holds(these: list[Window]) -> bool:
        return any(w.weekday == day and w.from_minute <= minute < w.to_minute for w in these)

    joined = rules.merged(given_windows)
    assert holds(joined) == holds(given_windows)
    assert all(one.weekday != two.weekday or one.to_minute < two.from_minute for one, two in pairwise(joined))


@pytest.mark.parametrize(
    ("hours", "lasting", "free"), [(9, 2, True), (9, 2.02, False), (8.99, 1, False), (9 + 24, 1, False)]
)
def test_free_means_that_a_window_holds_the_whole_shift(hours: float, lasting: float, free: bool) -> None:
    monday = clock.at_local(date(2026, 11, 30), rules.datetime.min.time())
    starts = monday + timedelta(hours=hours)
    assert rules.is_free([Window(0, 540, 660)], starts, starts + timedelta(hours=lasting)) is free


@pytest.mark.parametrize(("weekday", "until", "free"), [(0, 120, True), (6, 120, True), (6, 119, False)])
def test_windows_join_at_midnight_on_sunday_too(weekday: int, until: int, free: bool) -> None:
    night = [Window(weekday, 1200, 1440), Window((weekday + 1) % 7, 0, until)]
    starts = clock.at_local(date(2026, 11, 30) + timedelta(days=weekday), time(22))
    assert rules.is_free(night, starts, starts + timedelta(hours=4)) is free
