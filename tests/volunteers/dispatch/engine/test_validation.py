"""A malformed or contradictory instance is refused, and every fault is named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.volunteers.dispatch.engine.weeks import DAY, EXAMPLES, person, row, seat, shift, week
from volunteers.dispatch.engine import files
from volunteers.dispatch.engine.instance import Cancellation, Instance, InstanceFaults
from volunteers.dispatch.engine.validation import faults_of

Document = dict[str, Any]


def faults_in(content: bytes) -> list[str]:
    with pytest.raises(InstanceFaults) as refused:
        files.decode_instance(content)
    return refused.value.faults


def spoiled(*changes: Callable[[Document], Any]) -> bytes:
    document = json.loads(gzip.decompress((EXAMPLES / "example-small.json.gz").read_bytes()))
    for change in changes:
        change(document)
    return json.dumps(document).encode()


FAULTS: dict[str, tuple[Callable[[Document], Any], str]] = {
    "unknown place": (lambda d: d["shifts"][0].update(place="P9"), "shift S00001: unknown place P9"),
    "unknown district": (lambda d: d["places"][0].update(district="D9"), "place P00001: unknown district D9"),
    "unknown pinned volunteer": (lambda d: d["pinned"][0].update(volunteer="V9"), "pinned[0]: unknown volunteer V9"),
    "unknown pinned position": (
        lambda d: d["pinned"][0].update(position="judge"),
        "pinned[0]: unknown position judge of shift S00004",
    ),
    "unknown cancelled shift": (
        lambda d: d["cancelled"].append({"shift": "S9", "volunteer": "V00001"}),
        "cancelled[0]: unknown shift S9",
    ),
    "unknown previous shift": (
        lambda d: d["previous"].append({"shift": "S9", "position": "a", "volunteer": "V00001"}),
        "previous[0]: unknown shift S9",
    ),
    "duplicate volunteer": (
        lambda d: d["volunteers"].append(d["volunteers"][0]),
        "volunteers: id V00001 stands 2 times",
    ),
    "duplicate position": (
        lambda d: d["shifts"][0]["positions"].append(d["shifts"][0]["positions"][0]),
        "shift S00001: position adviser stands 2 times",
    ),
    "duplicate pinned row": (
        lambda d: d["pinned"].append(d["pinned"][0]),
        "pinned: volunteer V00130 stands 2 times on shift S00004",
    ),
    "negative limit": (
        lambda d: d["volunteers"][1].update(max_minutes_day=-1),
        "volunteer V00002: max_minutes_day -1 is negative",
    ),
    "window that ends before it starts": (
        lambda d: d["volunteers"][1].update(available=[[600, 600]]),
        "volunteer V00002: available window [600, 600] does not end after its start",
    ),
    "shift that ends before it starts": (
        lambda d: d["shifts"][2].update(end=6360),
        "shift S00003: end 6360 is not after start 6360",
    ),
    "shift outside the week": (
        lambda d: d["shifts"][2].update(start=7 * DAY, end=7 * DAY + 60),
        f"shift S00003: start {7 * DAY} is outside the week",
    ),
    "min above max": (
        lambda d: d["shifts"][2]["positions"][0].update(min=3),
        "shift S00003: position expert has min 3 above max 2",
    ),
    "negative min": (
        lambda d: d["shifts"][2]["positions"][0].update(min=-1),
        "shift S00003: position expert has min -1 below 0",
    ),
    "no speed": (
        lambda d: d["rules"].update(travel_speed_m_per_min=0),
        "rules: travel_speed_m_per_min 0 is not positive",
    ),
    "negative weight": (lambda d: d["rules"]["weights"].update(km=-2), "weights: km -2 is negative"),
    "way to an unknown place": (
        lambda d: d.setdefault("travel", []).append({"from": "P00001", "to": "P9", "minutes": 3}),
        "travel: unknown place P9",
    ),
    "way to the same place": (
        lambda d: d.setdefault("travel", []).append({"from": "P00001", "to": "P00001", "minutes": 3}),
        "travel: P00001 is both ends of a way",
    ),
    "the same way twice": (
        lambda d: d.setdefault("travel", []).extend([{"from": "P00001", "to": "P00002", "minutes": 3}] * 2),
        "travel: the way from P00001 to P00002 stands 2 times",
    ),
    "a negative way": (
        lambda d: d.setdefault("travel", []).append({"from": "P00002", "to": "P00001", "minutes": -3}),
        "travel from P00002 to P00001: minutes -3 is negative",
    ),
    "no days": (lambda d: d.update(days=0), "days: 0 is not positive"),
}


@pytest.mark.parametrize(("change", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named(change: Callable[[Document], Any], fault: str) -> None:
    assert fault in faults_in(spoiled(change))


def test_all_faults_are_named_at_once() -> None:
    changes = {name: change for name, (change, _) in FAULTS.items() if name not in {"min above max", "no days"}}
    named = faults_in(spoiled(*changes.values()))
    assert len(named) >= len(changes) - 1
    assert not any("outside the week" in fault and "S00003" not in fault for fault in named)


def test_every_row_of_the_wrong_shape_is_named() -> None:
    named = faults_in(
        spoiled(
            lambda d: d["volunteers"][0].update(gender="X"),
            lambda d: d["volunteers"][7].pop("available"),
            lambda d: d["shifts"][3].update(start="noon"),
            lambda d: d.pop("rules"),
        )
    )
    assert len(named) == 4
    for beginning in ("instance", "volunteers[0] (V00001)", "volunteers[7] (V00008)", "shifts[3] (S00004)"):
        assert any(fault.startswith(beginning) for fault in named)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b"\x1f\x8bbroken", b'{"format": "dispatch-plan/1"}']
)
def test_what_is_no_instance_is_refused(content: bytes) -> None:
    assert faults_in(content)


PINS: dict[str, tuple[Instance, str]] = {
    "not eligible": (
        week([person("V1", max_travel_m=10)], [shift("S1", place="away")], pinned=(row("S1", "V1"),)),
        "may not stand on shift S1: distance",
    ),
    "two shifts at once": (
        week([person("V1")], [shift("S1"), shift("S2", 600)], pinned=(row("S1", "V1"), row("S2", "V1"))),
        "cannot do both shift S1 and shift S2",
    ),
    "over a limit": (
        week([person("V1", max_minutes_week=60)], [shift("S1")], pinned=(row("S1", "V1"),)),
        "over the week_limit",
    ),
    "too many people": (
        week([person("V1"), person("V2")], [shift("S1")], pinned=(row("S1", "V1"), row("S1", "V2"))),
        "more than its max",
    ),
}


@pytest.mark.parametrize(("instance", "fault"), PINS.values(), ids=PINS)
def test_pinned_rows_that_break_a_rule_are_named(instance: Instance, fault: str) -> None:
    assert any(fault in named for named in faults_of(instance))


def test_a_pinned_row_that_a_cancellation_took_away_may_break_rules() -> None:
    cancelled = (Cancellation("S1", "V1"),)
    absent = person("V1", max_minutes_week=0)
    assert faults_of(week([absent], [shift("S1")], pinned=(row("S1", "V1"),), cancelled=cancelled)) == []


def test_a_position_may_want_nobody() -> None:
    assert faults_of(week([], [shift("S1", positions=(seat("guest", 0, 0),))])) == []
