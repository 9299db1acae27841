"""A solve in a process of its own, with a memory limit: the web never stalls, and a runaway solve dies alone."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.core.processes import ending_with
from volunteers.dispatch.engine.files import decode_plan, encode
from volunteers.dispatch.engine.instance import Instance, Plan
from volunteers.dispatch.engine.province.steps import Step

MEMORY_MIB = 4096
"""Address space, of which a solver touches a fraction."""
GRACE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search is: its stage, the best plan's vector, what is proven of it so far."""

    stage: str
    vector: tuple[int, ...]
    seconds: float
    bounds: tuple[int | None, ...] = ()


class SolverFailed(RuntimeError):
    """The process ended without a plan; the message is what it said."""


async def solve(
    instance: Instance, time_limit: int, report: Callable[[Progress], None], memory_mib: int = MEMORY_MIB
) -> Plan:
    """Solve an instance elsewhere, reporting each better plan; the best plan at the limit."""
    return decode_plan(await _done_elsewhere(encode(instance), time_limit, report, memory_mib))


async def take(
    step: Step, content: bytes, time_limit: int, report: Callable[[Progress], None], memory_mib: int = MEMORY_MIB
) -> bytes:
    """Take one step of a plan in parts elsewhere; what goes in and comes out is the engine's to say."""
    return await _done_elsewhere(content, time_limit, report, memory_mib, "--step", step.value)


async def _done_elsewhere(
    content: bytes, time_limit: int, report: Callable[[Progress], None], memory_mib: int, *options: str
) -> bytes:
    """Run the engine on some bytes and return what it wrote.

    The process ends with this one. What it reads, with people's homes in it, lies in a file without a name.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryDirectory(prefix="fahui-dispatch-") as folder:
        source.write(content)
        source.seek(0)
        target = Path(folder) / "plan.json"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "volunteers.dispatch.engine", "/dev/stdin", str(target), *options),
            *("--time-limit", str(time_limit), "--memory-mib", str(memory_mib)),
            stdin=source,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=ending_with(os.getpid()),
        )
        try:
            said = await asyncio.wait_for(_follow(process, report), time_limit + GRACE_SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise SolverFailed(said or f"the solver ended with status {process.returncode}")
        return target.read_bytes()


async def _follow(process: asyncio.subprocess.Process, report: Callable[[Progress], None]) -> str:
    async def read_progress() -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        async for line in process.stdout:
            report(msgspec.json.decode(line, type=Progress))

    assert process.stderr is not None  # noqa: S101 - it was asked for
    said, _ = await asyncio.gather(process.stderr.read(), read_progress())
    await process.wait()
    return said.decode(errors="replace").strip()[-2000:]
