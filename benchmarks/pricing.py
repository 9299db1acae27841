"""How many cases a second the tariff engine prices on one core, with their traces; reading the JSON is excluded.

Three things are timed: the trace as keys and values, the trace with its English words, and that written as the bytes
of the result file (what `fahui tariffs price` does). Beside them stands a plain loop of Python, timed in between, which
tells how fast the machine was; figures of two machines compare by their ratio to it.
"""

import json
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from app.web import i18n
from procurement.tariffs.engine.suite import price_suite

SUITE = Path(__file__).parents[1] / "tests" / "procurement" / "tariffs" / "engine" / "cases.json"
CASES, ROUNDS, AIM = 20_000, 3, 20_000
ADDITIONS = 1_000_000


def measure() -> None:
    """Print the rates beside what is asked for and beside the machine's own speed; the best round of each counts."""
    suite = grown(json.loads(SUITE.read_bytes()), CASES)
    what: dict[str, Callable[[], Any]] = {
        "with trace": lambda: price_suite(suite),
        "with trace in words": lambda: price_suite(suite, i18n.gettext, "en"),
        "in words, written as the result file": lambda: msgspec.json.encode(price_suite(suite, i18n.gettext, "en")),
    }
    with i18n.speaking("en"):
        rounds = [[_seconds(do) for do in (_additions, *what.values())] for _ in range(ROUNDS)]
    calibration, *best = (min(times) for times in zip(*rounds, strict=True))
    print(f"calibration: {ADDITIONS / calibration:,.0f} additions a second in a plain loop")
    for name, seconds in zip(what, best, strict=True):
        ratio = seconds / CASES / (calibration / ADDITIONS)
        rate = f"{CASES / seconds:,.0f} cases a second on one core (aim {AIM:,})"
        print(f"pricing, {name}: {rate}, {ratio:.0f} additions each")


def grown(suite: dict[str, Any], cases: int) -> dict[str, Any]:
    """Return a suite of so many cases: the given ones again and again, with counts that differ each time."""
    given = suite["cases"]
    made = []
    for number in range(cases):
        case = given[number % len(given)]
        more = number // len(given)
        units = {unit: str(Decimal(count) + more) for unit, count in case["units"].items()}
        made.append({**case, "id": f"{case['id']}/{number}", "units": units})
    return {**suite, "cases": made}


def _additions() -> None:
    total = 0
    for number in range(ADDITIONS):
        total += number


def _seconds(do: Callable[[], Any]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


if __name__ == "__main__":
    measure()
