"""The log of a search while it goes on: better plans as rows, and the sign that its worker is alive."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from app.core import clock, database
from volunteers.dispatch.solver_process import Progress

BEAT_SECONDS = 2.0


@dataclass(slots=True)
class Log:
    """What an attempt at a run reports, on its way to the database."""

    run_id: int
    attempt: int
    report: Callable[[Progress], None]
    steps: list[Progress] = field(default_factory=list)
    written: int = 0

    @property
    def first(self) -> Progress | None:
        """Return the first plan that was found."""
        return self.steps[0] if self.steps else None

    def follow(self, progress: Progress) -> None:
        """Take a report; one that says nothing new is only passed on."""
        if not self.steps or _news(progress) != _news(self.steps[-1]):
            self.steps.append(progress)
        self.report(progress)

    async def beat(self) -> None:
        """Write what came since, and that the worker is alive, while the attempt is the latest."""
        new = self.steps[self.written :]
        async with database.transaction():
            still = await database.execute(
                "UPDATE dispatch_run SET alive_at = $3 WHERE id = $1 AND fence = $2 AND status = 'solving'",
                *(self.run_id, self.attempt, clock.now()),
            )
            if still and new:
                await database.copy_rows(
                    "dispatch_progress",
                    ("run_id", "attempt", "number", "stage", "vector", "bounds", "milliseconds"),
                    [self._row(number, step) for number, step in enumerate(new, start=self.written + 1)],
                )
        self.written += len(new)

    def _row(self, number: int, step: Progress) -> tuple[object, ...]:
        milliseconds = round(step.seconds * 1000)
        return (self.run_id, self.attempt, number, step.stage, list(step.vector), list(step.bounds), milliseconds)


@asynccontextmanager
async def written(log: Log) -> AsyncIterator[Log]:
    """Keep the log written during the block, to its end."""
    over = asyncio.Event()
    beating = asyncio.create_task(_beat(log, over))
    try:
        yield log
    finally:
        over.set()
        await beating


async def _beat(log: Log, over: asyncio.Event) -> None:
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), BEAT_SECONDS)
        await log.beat()


def _news(progress: Progress) -> tuple[object, ...]:
    return progress.stage, progress.vector, progress.bounds
