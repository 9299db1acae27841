"""`make bench`: pages and sign-ups a second, each beside its peer or limit, measured in turn in one run."""

import asyncio
import itertools
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procurement.demonstration.walk import Stage

ROUNDS, SECONDS, CONNECTIONS = 3, 3.0, 8
PAGES_AIM, SIGN_UP_AIM, P99_AIM = 0.4, 0.12, 10.0
GROWTH_AIM = 1.5
PAINT_AIM_MS, WEIGHT_AIM_KB = 1500, 150
LISTS_OF_PEERS = {"helfertool": 2.2, "pretix": 2.3, "volunteer_planner": 6.3, "ephios": 8.2}
"""Pages a second of a list of about 200 shifts, each measured once on two cores with PostgreSQL and four workers."""
PEERS_AIM = 40
PUBLIC_SCREENS = ("/", "/assignments", "/products")
OWN_SCREENS = ("/workbench", "/my/assignments", "/assignments")


@contextmanager
def serving(factory: str) -> Iterator[int]:
    """Serve an application factory in a process of its own; yield the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--no-ws", "--workers", "1"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error", factory),
    ]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        child.terminate()
        child.wait()


def main() -> int:
    """Measure and print; the figures are for reading, the exit status only tells that all ran."""
    folder = Path(tempfile.mkdtemp(prefix="fahui-bench-"))
    folder.chmod(0o755)
    os.environ.update(FAHUI_DATA_DIR=str(folder), FAHUI_MODE="demo", FAHUI_LOG_LEVEL="ERROR")
    try:
        asyncio.run(_measure())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _engines()
    return 0


def _engines() -> None:
    """What needs neither database nor server."""
    from benchmarks import dispatching, pricing, repairing

    pricing.measure()
    dispatching.measure()
    repairing.measure()


async def _measure() -> None:
    from app.composition import bring_up_to_date, compose
    from app.core import storage
    from benchmarks import balances, closing, finding, settling, world

    compose()
    async with storage.server():
        await bring_up_to_date()
        async with storage.opened():
            stage, paths, volunteers = await world.build()
        with serving("app.asgi:create_app") as ours, serving("benchmarks.minimal:create_app") as peer:
            for path in ("/products", "/assignments"):
                await _pages(ours, peer, path)
            await _sign_ups(ours, world.sign_ups(paths, volunteers))
            await _first_screens(ours, volunteers[0].cookie)
        async with storage.opened():
            await _crowd(stage)
            await closing.measure()
            await finding.fill()
            with serving("app.asgi:create_app") as ours:
                await finding.measure(ours)
        await balances.measure()
        await settling.measure()


async def _first_screens(port: int, cookie: str) -> None:
    from benchmarks.first_screen import first_screens

    print(f"  {'first useful screen':28} on a phone 4 times slower, slow 4G, empty cache")
    seen = {"signed out": await first_screens(port, list(PUBLIC_SCREENS))}
    seen["signed in"] = await first_screens(port, list(OWN_SCREENS), cookie)
    for who, screens in seen.items():
        for path, screen in screens.items():
            kilobytes = screen.weight / 1024
            good = screen.painted_ms <= PAINT_AIM_MS and kilobytes <= WEIGHT_AIM_KB
            print(
                f"    {path:26} {screen.painted_ms:7.0f} ms  {kilobytes:7.1f} KB  {who}"
                f" (aim {PAINT_AIM_MS} ms, {WEIGHT_AIM_KB} KB: {'reached' if good else 'NOT reached'})",
                flush=True,
            )


async def _crowd(stage: "Stage") -> None:
    from app.core import embedded
    from benchmarks import crowd

    people = await crowd.gather_people(stage)
    seen, per_second = await crowd.all_at_once(stage, people)
    told = ", ".join(f"{name} {count}" for name, count in seen.most_common())
    only = set(seen) <= {"success", "ShiftIsFull", "ElsewhereAtThatTime"}
    print(f"  {len(people)} people at once, two shifts each, 6,000 seats: {told}; {per_second:.0f} attempts/s")
    print(f"  {'':28} nothing but success, full and overlap: {'yes' if only else 'NO'}; the table is consistent")
    costs = await crowd.cost_by_size(stage, people, embedded.dsn(embedded.OWNER_ROLE))
    for size, milliseconds in costs.items():
        print(f"  {'one sign-up among':28} {size:>9,} {milliseconds:7.2f} ms")
    growth = max(costs.values()) / min(costs.values())
    verdict = "reached" if growth <= GROWTH_AIM else "NOT reached"
    print(f"  {'':28} the dearest / the cheapest {growth:.2f} (aim: at most {GROWTH_AIM}: {verdict})", flush=True)


async def _pages(ours: int, peer: int, path: str) -> None:
    from benchmarks.load import Asked, run

    found: dict[int, list[float]] = {ours: [], peer: []}
    for _, port in itertools.product(range(ROUNDS), (ours, peer)):
        measured = await run(port, itertools.repeat(Asked(f"{path}?limit=200")), CONNECTIONS, SECONDS)
        if set(measured.statuses) != {200}:
            raise RuntimeError(f"{path}: {dict(measured.statuses)}")
        found[port].append(measured.per_second)
    mine, theirs = statistics.median(found[ours]), statistics.median(found[peer])
    _print(f"{path} with 200 rows", f"{mine:7.1f} pages/s", f"{theirs:7.1f} minimal", mine / theirs, PAGES_AIM)
    if path == "/assignments":
        told = ", ".join(f"{name} {pages}" for name, pages in LISTS_OF_PEERS.items())
        times = mine / max(LISTS_OF_PEERS.values())
        print(f"  {'':28} peers' pages/s, measured elsewhere: {told}; {times:.0f} × the best (aim {PEERS_AIM} ×)")


async def _sign_ups(port: int, wishes: list[tuple[str, "object"]]) -> None:
    from app.core import embedded
    from benchmarks.bare import sign_ups_per_second
    from benchmarks.load import Asked, run

    asked = iter(
        [
            Asked(path, "POST", (("cookie", f"fahui_session={one.cookie}"), ("x-csrftoken", one.form_token)))  # type: ignore[attr-defined]
            for path, one in wishes
        ]
    )
    measured = await run(port, asked, CONNECTIONS, 600)
    if set(measured.statuses) != {303}:
        raise RuntimeError(f"sign-ups: {dict(measured.statuses)}")
    numbered = {path: number for number, path in enumerate(dict.fromkeys(path for path, _ in wishes))}
    people = {id(one): number for number, one in enumerate({id(one): one for _, one in wishes}.values())}
    pairs = [(numbered[path], people[id(one)]) for path, one in wishes]
    bare = await sign_ups_per_second(embedded.dsn(embedded.OWNER_ROLE), pairs, CONNECTIONS)
    mine = measured.per_second
    _print("sign-ups over HTTP", f"{mine:7.1f} /s", f"{bare:7.1f} bare", mine / bare, SIGN_UP_AIM)
    median, p99 = measured.quantile(0.5), measured.quantile(0.99)
    print(f"  {'':28} median {median:.1f} ms, p99 {p99:.1f} ms = {p99 / median:.1f} × (aim: at most {P99_AIM:.0f} ×)")


def _print(what: str, mine: str, limit: str, ratio: float, aim: float) -> None:
    verdict = "reached" if ratio >= aim else "NOT reached"
    print(f"  {what:28} {mine}  {limit}  ratio {ratio:.2f} (aim {aim}: {verdict})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
