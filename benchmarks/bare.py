"""The limit: the bare transaction of a sign-up (counter, CHECK, EXCLUDE), without a program around it."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import asyncpg

SCHEMA = """
CREATE TABLE bare_position (id bigint PRIMARY KEY, booked integer NOT NULL DEFAULT 0 CHECK (booked <= 200));
CREATE TABLE bare_person (id bigint PRIMARY KEY);
CREATE TABLE bare_sign_up (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, position_id bigint NOT NULL, person_id bigint NOT NULL,
    during tstzrange NOT NULL,
    EXCLUDE USING gist (int8range(person_id, person_id, '[]') WITH &&, during WITH &&));
"""
BEGINNING = datetime(2030, 1, 7, tzinfo=UTC)


async def sign_ups_per_second(dsn: str, wishes: list[tuple[int, int]], connections: int) -> float:
    """Run one transaction for each (position, person) and return how many a second."""
    owner = await asyncpg.connect(dsn)
    await owner.execute("DROP TABLE IF EXISTS bare_sign_up, bare_person, bare_position")
    await owner.execute(SCHEMA)
    await owner.executemany("INSERT INTO bare_position (id) VALUES ($1)", [(p,) for p in {p for p, _ in wishes}])
    await owner.executemany("INSERT INTO bare_person VALUES ($1)", [(p,) for p in {p for _, p in wishes}])
    await owner.close()
    left = iter(wishes)
    started = time.perf_counter()
    await asyncio.gather(*(_worker(dsn, left) for _ in range(connections)))
    return len(wishes) / (time.perf_counter() - started)


async def _worker(dsn: str, wishes: Iterator[tuple[int, int]]) -> None:
    connection = await asyncpg.connect(dsn)
    for position, person in wishes:
        starts = BEGINNING + timedelta(hours=3 * position)
        async with connection.transaction():
            await connection.execute("SELECT 1 FROM bare_position WHERE id = $1 FOR NO KEY UPDATE", position)
            await connection.execute("SELECT 1 FROM bare_person WHERE id = $1 FOR NO KEY UPDATE", person)
            await connection.execute(
                "INSERT INTO bare_sign_up (position_id, person_id, during) VALUES ($1, $2, tstzrange($3, $4))",
                position, person, starts, starts + timedelta(hours=2),
            )  # fmt: skip
            await connection.execute("UPDATE bare_position SET booked = booked + 1 WHERE id = $1", position)
    await connection.close()
