"""Solve in a process of its own: `python -m volunteers.dispatch.engine INSTANCE PLAN --memory-mib 2048`.

Progress goes to standard output, one JSON object a line; SIGTERM and SIGINT end the search with the best plan so far.
Exit status: 0 the plan is written, 2 the instance is refused (its faults on standard error), 3 out of memory.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
from pathlib import Path

import msgspec

from volunteers.dispatch.engine.files import decode_instance, encode, write
from volunteers.dispatch.engine.instance import Bounds, InstanceFaults, Plan, Vector
from volunteers.dispatch.engine.province.steps import Step, take
from volunteers.dispatch.engine.route import plan_week
from volunteers.dispatch.engine.solve import DEFAULT_SECONDS, solve
from volunteers.dispatch.engine.stopping import StopRequest

REFUSED, OUT_OF_MEMORY = 2, 3
_MIB = 2**20


def solve_bytes(instance: bytes, time_limit: float = DEFAULT_SECONDS) -> bytes:
    """Plan JSON for instance JSON (either may be read by anybody without this package); raises InstanceFaults."""
    return encode(solve(decode_instance(instance), time_limit=time_limit).plan)


def main(arguments: list[str] | None = None) -> int:
    """Run the module's command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.memory_mib:
        _limit_memory(options.memory_mib)
    try:
        if options.step is None:
            write(options.plan, _solve(options.instance.read_bytes(), options.time_limit, options.workers))
        else:
            options.plan.write_bytes(_take(Step(options.step), options.instance.read_bytes(), options.time_limit))
    except InstanceFaults as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    except MemoryError:
        sys.stderr.write(f"not enough memory: {options.memory_mib} MiB\n")
        return OUT_OF_MEMORY
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m volunteers.dispatch.engine", description=__doc__)
    parser.add_argument("instance", type=Path, help="JSON, optionally gzip")
    parser.add_argument("plan", type=Path, help="where to write the plan")
    parser.add_argument("--time-limit", type=float, default=DEFAULT_SECONDS, help="seconds")
    parser.add_argument("--step", choices=[step.value for step in Step], help="of several cities: this one step")
    parser.add_argument("--workers", type=int, default=0, help="processes that share several cities")
    parser.add_argument("--memory-mib", type=int, default=0, help="address space, 0 for no limit")
    return parser


def _limit_memory(mib: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mib * _MIB, hard))


def _solve(content: bytes, time_limit: float, workers: int) -> Plan:
    with StopRequest(signal.SIGTERM, signal.SIGINT) as stop:
        instance = decode_instance(content)
        return plan_week(
            instance, time_limit=time_limit, progress=_print_progress, should_stop=stop.requested, workers=workers
        ).plan


def _take(step: Step, content: bytes, time_limit: float) -> bytes:
    with StopRequest(signal.SIGTERM, signal.SIGINT) as stop:
        return take(step, content, time_limit, _print_progress, stop.requested)


def _print_progress(stage: str, vector: Vector, seconds: float, bounds: Bounds) -> None:
    line = msgspec.json.encode({"stage": stage, "vector": vector, "seconds": round(seconds, 3), "bounds": bounds})
    sys.stdout.write(f"{line.decode()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
