"""`dispatch solve` and `dispatch check`: plan a week from a file, judge a plan from a file."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from volunteers.dispatch.engine import files
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.incumbent import Progress as Report
from volunteers.dispatch.engine.instance import Bounds, InstanceFaults, Vector
from volunteers.dispatch.engine.province.crew import WorkerDied, WorkerFailed
from volunteers.dispatch.engine.province.plan import PROVINCE_SECONDS
from volunteers.dispatch.engine.route import plan_week, usual_seconds
from volunteers.dispatch.engine.solve import DEFAULT_SECONDS
from volunteers.dispatch.engine.stopping import StopRequest

_INVALID, _BAD_INPUT, _NOT_PLANNED = 1, 2, 3
_T = TypeVar("_T")
_FILE = click.Path(path_type=Path)


@click.group()
def dispatch() -> None:
    """Plan who is sent where in a week, and check such plans."""


@dispatch.command("solve")
@click.argument("instance", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where to write the plan (.gz to compress).")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0),
    help=f"Seconds; {DEFAULT_SECONDS:.0f} if not given, {PROVINCE_SECONDS:.0f} for several cities in parts.",
)
@click.option("--progress", is_flag=True, help="Show the best plan so far while searching.")
@click.option(
    "--workers", type=click.IntRange(min=0), default=0, help="Processes that share a province; 0: one for a processor."
)
def solve_command(instance: Path, out: Path, time_limit: float | None, progress: bool, workers: int) -> None:
    """Plan the week of INSTANCE. Ctrl-C writes the best plan found so far.

    Several cities with more than 9,000 shifts are planned in parts: green-channel shifts on the whole, the cities side
    by side, then the borders. The plan is the same whatever the number of workers, unless the time runs out.
    """
    week = _read(files.read_instance, instance)
    seconds = usual_seconds(week) if time_limit is None else time_limit
    with _progress_bar(seconds, visible=progress) as report, StopRequest(signal.SIGINT) as stop:
        try:
            solution = plan_week(week, time_limit=seconds, progress=report, should_stop=stop.requested, workers=workers)
        except (WorkerDied, WorkerFailed) as failure:
            click.echo(f"not planned: {failure}", err=True)
            sys.exit(_NOT_PLANNED)
    try:
        files.write(out, solution.plan)
    except OSError as error:
        _refuse(out, [str(error)])
    outcome = {
        "vector": solution.vector,
        "bounds": solution.bounds,
        "status": solution.status,
        "seconds": solution.seconds,
    }
    click.echo(msgspec.json.encode(outcome).decode())


@dispatch.command("check")
@click.argument("instance", type=_FILE)
@click.argument("plan", type=_FILE)
def check_command(instance: Path, plan: Path) -> None:
    """Judge PLAN against the hard rules of INSTANCE: exit status 0 if it is valid, 1 if not."""
    result = check(_read(files.read_instance, instance), _read(files.read_plan, plan))
    click.echo(msgspec.json.encode(result).decode())
    sys.exit(0 if result.valid else _INVALID)


def _read(reader: Callable[[Path], _T], path: Path) -> _T:
    try:
        return reader(path)
    except InstanceFaults as refusal:
        _refuse(path, refusal.faults)
    except OSError as error:
        _refuse(path, [error.strerror or str(error)])


def _refuse(path: Path, faults: list[str]) -> NoReturn:
    click.echo(f"{path}: {len(faults)} fault{'s' * (len(faults) != 1)}", err=True)
    for fault in faults:
        click.echo(f"  {fault}", err=True)
    sys.exit(_BAD_INPUT)


@contextmanager
def _progress_bar(time_limit: float, *, visible: bool) -> Iterator[Report | None]:
    """A report function that moves a bar towards the time limit, or None."""
    if not visible:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=time_limit)

        def report(stage: str, vector: Vector, seconds: float, bounds: Bounds) -> None:
            bar.update(task, completed=seconds, description=f"{stage:<20} {_with_bounds(vector, bounds)}")

        yield report
        bar.update(task, completed=time_limit)


def _with_bounds(vector: Vector, bounds: Bounds) -> str:
    """Each level with what is proven of it: 5! is optimal, 168>113 may come down to 113, 42 is not known."""
    shown = zip(vector, bounds, strict=True)
    return " ".join(
        f"{value}{'' if bound is None else '!' if bound == value else f'>{bound}'}" for value, bound in shown
    )
