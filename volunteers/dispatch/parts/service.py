"""Dividing a run, planning its parts beside other workers, joining them: the plan does not tell how many there were."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from app.core import clock, database
from app.core.database import Row, transaction
from volunteers.dispatch import solver_process
from volunteers.dispatch.engine.files import decode_plan, encode
from volunteers.dispatch.engine.instance import Assignment, Instance, Plan
from volunteers.dispatch.engine.province.division import Division, Done, Joining, Part
from volunteers.dispatch.engine.province.steps import Step
from volunteers.dispatch.input import store
from volunteers.dispatch.parts import claims
from volunteers.dispatch.rules import STALE
from volunteers.dispatch.solver_process import Progress

LOOK_SECONDS = 1.0
"""Between two looks whether others are done."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a run: its fence, the hash of its input, its week, the seconds that each step may take."""

    run_id: int
    fence: int
    digest: bytes
    week_start: date
    seconds: int


class GivenUp(RuntimeError):
    """Another attempt at the run has begun meanwhile."""


async def plan(attempt: Attempt, instance: Instance, follow: Callable[[Progress], None]) -> Plan:
    """Plan a week of several cities; other workers take parts of it meanwhile (`plan_waiting_parts`).

    What an earlier attempt at the same input has divided and planned already is taken over.
    """
    found = await _division(attempt)
    if found is None:
        content = await solver_process.take(Step.DIVIDE, encode(instance), attempt.seconds, follow)
        fresh = await asyncio.to_thread(msgspec.json.decode, content, type=Division | None)
        found = await _keep(attempt, fresh) if fresh is not None else None
    cities = await _planned(found[0]) if found is not None else []
    joining = Joining(instance, found[1] if found is not None else None, tuple(cities))
    packed = await asyncio.to_thread(msgspec.json.encode, joining)
    return decode_plan(await solver_process.take(Step.JOIN, packed, attempt.seconds, follow))


async def plan_waiting_parts(now: datetime) -> int:
    """Plan parts that nobody is at, of any run that is being solved; return how many."""
    planned = 0
    while (part := await claims.claim(max(now, clock.now()), STALE)) is not None:
        planned += await _plan_part(part)
    return planned


async def _division(attempt: Attempt) -> tuple[int, Division] | None:
    row = await database.fetch_one(
        "SELECT id, content FROM dispatch_division WHERE run_id = $1 AND instance_sha256 = $2",
        *(attempt.run_id, attempt.digest),
    )
    return None if row is None else (row["id"], msgspec.json.decode(gzip.decompress(row["content"]), type=Division))


async def _keep(attempt: Attempt, division: Division) -> tuple[int, Division]:
    """Keep a division and its parts for everybody to see, while the attempt is the latest."""
    rest = replace(division, parts=())
    content = await asyncio.to_thread(gzip.compress, msgspec.json.encode(rest), mtime=0)
    async with transaction():
        if not await database.fetch(
            "SELECT id FROM dispatch_run WHERE id = $1 AND fence = $2 AND status = 'solving' FOR NO KEY UPDATE",
            *(attempt.run_id, attempt.fence),
        ):
            raise GivenUp(attempt.run_id)
        now = clock.now()
        row: Row = {"run_id": attempt.run_id, "instance_sha256": attempt.digest, "content": content, "divided_at": now}
        division_id = await database.insert_row("dispatch_division", row)
        for number, (name, part) in enumerate(zip(division.names, division.parts, strict=True)):
            kept: Row = {
                "division_id": division_id,
                "number": number,
                "name": name,
                "instance_sha256": await store.keep(part.instance, attempt.week_start),
                "start": msgspec.json.encode(part.start).decode(),
                "time_limit_s": attempt.seconds,
            }
            await database.insert_row("dispatch_part", kept)
    return division_id, rest


async def _planned(division_id: int) -> list[Done]:
    """Plan parts of the division until all are planned, by this worker or by others."""
    while (left := await claims.unplanned(division_id)) > 0:
        part = await claims.claim(clock.now(), STALE, division_id)
        if part is not None:
            await _plan_part(part)
        elif left:
            await asyncio.sleep(LOOK_SECONDS)
    rows = await database.fetch(
        "SELECT planned::text AS planned FROM dispatch_part WHERE division_id = $1 ORDER BY number", division_id
    )
    return [database.decoded(row["planned"], Done) for row in rows]


async def _plan_part(part: claims.Claim) -> bool:
    """Plan a part; whether the plan was kept: that of an attempt which was given up is not."""
    async with _heard_of(part):
        start = database.decoded(part.start, tuple[Assignment, ...])
        content = msgspec.json.encode(Part(await store.read(part.instance_sha256), start))
        done = await solver_process.take(Step.PART, content, part.time_limit_s, lambda _: None)
    return await claims.keep(part, done.decode(), clock.now())


@asynccontextmanager
async def _heard_of(part: claims.Claim) -> AsyncIterator[None]:
    """Say during the block that the part's worker is alive."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(claims.BEAT_SECONDS)
            await claims.beat(part, clock.now())

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
