"""A search of 50,000 products: the page beside its own SQL alone and a bare response of the same application."""

import statistics
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import asyncpg
import httpx

from app.core import database, embedded
from benchmarks.alone import measured_alone
from benchmarks.load import Asked, run
from tests.marketplace.products.judged.catalogue import invent, list_all, providers, questions

PRODUCTS, QUESTIONS, ROUNDS = 50_000, 24, 9
AIM, MOST_STATEMENTS = 1.5, 5
WARM = 3
BARE = "/healthz"


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one search, in the middle of a few rounds, and how many statements it took."""

    page: float
    sql: float
    bare: float
    statements: int


def paths() -> list[str]:
    """Return what is searched for: judged questions in turn, every other one narrowed as people do, and no words."""
    step = len(questions()) // QUESTIONS
    asked = [{"q": judged["q"]} for judged in questions()[::step][:QUESTIONS]]
    narrowed = [{**one, "place": "330106109", "free": "on"} if n % 4 == 1 else one for n, one in enumerate(asked)]
    return [f"/products?{urlencode(one)}" for one in [*narrowed, {"place": "330110"}, {"category": "mediation"}]]


async def fill() -> None:
    """List the products; offered all over the city, as its districts and towns are."""
    rows = await database.fetch("SELECT code FROM place WHERE level IN ('district', 'town') ORDER BY code")
    codes = [row["code"] for row in rows]
    await list_all(list(invent(PRODUCTS, codes)), await providers())
    owner = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE))
    await owner.execute("VACUUM ANALYZE listing, product, product_version, product_area")
    await owner.close()


async def measure(port: int) -> None:
    """Measure and print."""
    costs = [await _cost(port, path) for path in paths()]
    ratios = [cost.page / (cost.sql + cost.bare) for cost in costs]
    page, sql, bare = (statistics.median(getattr(cost, name) for cost in costs) for name in ("page", "sql", "bare"))
    overall = sum(cost.page for cost in costs) / sum(cost.sql + cost.bare for cost in costs)
    most = max(cost.statements for cost in costs)
    verdict = "reached" if overall <= AIM and most <= MOST_STATEMENTS else "NOT reached"
    print(f"  {f'a search of {PRODUCTS:,} products':28} {page:7.2f} ms  {sql:7.2f} its SQL alone  {bare:.2f} bare")
    print(
        f"  {'':28} page / (SQL + bare) {overall:.2f}, worst {max(ratios):.2f}, at most {most} statements"
        f" (aim: at most {AIM} and {MOST_STATEMENTS}: {verdict})",
        flush=True,
    )


async def _cost(port: int, path: str) -> Cost:
    """Measure in turn, so that what else the machine does falls on each alike."""
    statements = await _statements(path)
    connection = await asyncpg.connect(embedded.dsn(embedded.APPLICATION_ROLE))
    rounds = [
        (await _answered(port, path), await _alone(connection, statements), await _answered(port, BARE))
        for _ in range(WARM + ROUNDS)
    ]
    await connection.close()
    page, sql, bare = (statistics.median(times) for times in zip(*rounds[WARM:], strict=True))
    return Cost(page, sql, bare, len(statements))


async def _answered(port: int, path: str) -> float:
    measured = await run(port, iter([Asked(path)]), 1, 60)
    if set(measured.statuses) != {200}:
        raise RuntimeError(f"{path}: {dict(measured.statuses)}")
    return 1000 * measured.times[0]


async def _statements(path: str) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the SQL that the page sends once it is warm."""
    from app.asgi import create_app

    seen: list[tuple[str, tuple[Any, ...]]] = []
    kept = {name: getattr(database, name) for name in ("fetch", "fetch_one", "fetch_value")}

    def recorded(name: str) -> Any:
        async def call(sql: str, *values: Any) -> Any:
            seen.append((sql, values))
            return await kept[name](sql, *values)

        return call

    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app()), base_url="http://bench") as client:
        await client.get(path)
        for name in kept:
            setattr(database, name, recorded(name))
        try:
            await client.get(path)
        finally:
            for name, original in kept.items():
                setattr(database, name, original)
    return seen


async def _alone(connection: Any, statements: list[tuple[str, tuple[Any, ...]]]) -> float:
    began = time.perf_counter()
    for sql, values in statements:
        await connection.fetch(sql, *values)
    return 1000 * (time.perf_counter() - began)


async def _by_itself() -> None:
    from app.composition import bring_up_to_date, compose
    from app.core import storage
    from benchmarks.run import serving

    compose()
    async with storage.server():
        await bring_up_to_date()
        async with storage.opened():
            await fill()
            with serving("app.asgi:create_app") as port:
                await measure(port)


def main() -> int:
    """Measure this alone: `python -m benchmarks.finding`."""
    return measured_alone(_by_itself)


if __name__ == "__main__":
    sys.exit(main())
