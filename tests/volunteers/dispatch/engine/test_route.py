"""Weeks find their way by size: several large cities in parts, everything else as one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.volunteers.dispatch.engine.province.weeks import of_two_cities
from tests.volunteers.dispatch.engine.weeks import person, shift, week
from volunteers.dispatch.cli import dispatch
from volunteers.dispatch.engine import files, route
from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.province.plan import PROVINCE_SECONDS
from volunteers.dispatch.engine.solve import DEFAULT_SECONDS


def two_cities() -> Instance:
    shifts = [shift("S1", green=True), shift("S2", 900, place="away"), shift("S3", 660, place="away")]
    return of_two_cities(week([person("V1"), person("V2", max_shifts_week=1)], shifts))


def test_only_several_cities_with_many_shifts_are_planned_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    one_city = week([person("V1")], [shift("S1"), shift("S2", 900, place="away")])
    assert not route.is_planned_in_parts(two_cities())
    assert route.usual_seconds(two_cities()) == DEFAULT_SECONDS
    monkeypatch.setattr(route, "MOST_SHIFTS_AS_ONE", 1)
    assert route.is_planned_in_parts(two_cities())
    assert not route.is_planned_in_parts(one_city)
    assert route.usual_seconds(two_cities()) == PROVINCE_SECONDS


def test_at_the_terminal_a_week_in_parts_is_solved_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "MOST_SHIFTS_AS_ONE", 1)
    files.write(tmp_path / "week.json", two_cities())
    target = str(tmp_path / "plan.json")
    solved = CliRunner().invoke(
        dispatch, ["solve", str(tmp_path / "week.json"), "--out", target, "--workers", "1", "--progress"]
    )
    assert solved.exit_code == 0, solved.output
    assert json.loads(solved.stdout)["vector"][:4] == [0, 0, 0, 0]
    assert CliRunner().invoke(dispatch, ["check", str(tmp_path / "week.json"), target]).exit_code == 0
