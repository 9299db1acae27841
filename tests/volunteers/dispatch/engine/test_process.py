"""The engine in a process of its own: plan, progress, refusals, memory limit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.volunteers.dispatch.engine.weeks import EXAMPLES
from volunteers.dispatch.engine import files
from volunteers.dispatch.engine.__main__ import OUT_OF_MEMORY, main, solve_bytes
from volunteers.dispatch.engine.check import check

TINY = EXAMPLES / "example-tiny.json.gz"
ROOT = Path(__file__).parents[4]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "volunteers.dispatch.engine", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_fresh_process_within_its_memory_writes_the_plan_and_tells_its_progress(tmp_path: Path) -> None:
    finished = run(TINY, tmp_path / "plan.json", "--memory-mib", 1024)
    assert finished.returncode == 0, finished.stderr
    reports = [json.loads(line) for line in finished.stdout.splitlines()]
    assert reports[-1]["vector"] == [0, 2, 2, 3, 0, 1487]
    assert check(files.read_instance(TINY), files.read_plan(tmp_path / "plan.json")).valid


def test_too_little_memory_is_said_and_no_plan_is_left(tmp_path: Path) -> None:
    finished = run(TINY, tmp_path / "plan.json", "--memory-mib", 40)
    assert finished.returncode == OUT_OF_MEMORY, finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_faults_go_to_standard_error(tmp_path: Path) -> None:
    (tmp_path / "week.json").write_text("{}")
    assert main([str(tmp_path / "week.json"), str(tmp_path / "plan.json")]) == 2


def test_bytes_in_bytes_out() -> None:
    plan = files.decode_plan(solve_bytes(TINY.read_bytes()))
    assert plan.vector == (0, 2, 2, 3, 0, 1487)
