"""`dispatch solve` and `dispatch check` as a person at a terminal meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.volunteers.dispatch.engine.weeks import EXAMPLES
from volunteers.dispatch.cli import dispatch

SMALL, TINY = EXAMPLES / "example-small.json.gz", EXAMPLES / "example-tiny.json.gz"
TINY_PLAN = EXAMPLES / "example-tiny.plan.json"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(dispatch, [str(argument) for argument in arguments])


@pytest.mark.parametrize("name", ["plan.json", "plan.json.gz"])
def test_solve_writes_a_plan_that_check_accepts(tmp_path: Path, name: str) -> None:
    solved = run("solve", SMALL, "--out", tmp_path / name, "--time-limit", 20, "--progress")
    assert solved.exit_code == 0
    checked = run("check", SMALL, tmp_path / name)
    assert checked.exit_code == 0
    assert json.loads(checked.stdout) == {"valid": True, "violations": [], "vector": [5, 4, 20, 30, 0, 7843]}


def test_check_accepts_the_plan_of_the_example() -> None:
    checked = run("check", TINY, TINY_PLAN)
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["vector"] == [0, 2, 2, 3, 0, 1487]


def test_check_of_a_plan_that_breaks_a_rule_exits_with_one_and_names_it(tmp_path: Path) -> None:
    document = json.loads(TINY_PLAN.read_text())
    document["assignments"].append(document["assignments"][0])
    (tmp_path / "plan.json").write_text(json.dumps(document))
    checked = run("check", TINY, tmp_path / "plan.json")
    assert checked.exit_code == 1
    answer = json.loads(checked.stdout)
    assert not answer["valid"]
    assert 6 in {violation["rule"] for violation in answer["violations"]}


def test_a_bad_instance_exits_with_two_and_names_each_fault(tmp_path: Path) -> None:
    (tmp_path / "week.json").write_text('{"name": 1, "days": 7, "volunteers": [{}, {"id": "V1"}]}')
    for command in (
        ("solve", tmp_path / "week.json", "--out", tmp_path / "plan.json"),
        ("check", tmp_path / "week.json", TINY_PLAN),
    ):
        refused = run(*command)
        assert refused.exit_code == 2
        assert "volunteers[0]" in refused.stderr
        assert "volunteers[1] (V1)" in refused.stderr
    assert not (tmp_path / "plan.json").exists()


def test_a_file_that_is_not_there_exits_with_two(tmp_path: Path) -> None:
    assert run("check", TINY, tmp_path / "none.json").exit_code == 2
    assert run("solve", tmp_path / "none.json", "--out", tmp_path / "plan.json").exit_code == 2
    assert run("solve", TINY, "--out", tmp_path / "nowhere" / "plan.json").exit_code == 2
