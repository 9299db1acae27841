"""How many cases a second the tariff engine prices on one core, each with its trace; reading the JSON is excluded."""

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from procurement.tariffs.engine.suite import price_suite

SUITE = Path(__file__).parents[1] / "tests" / "procurement" / "tariffs" / "engine" / "cases.json"
CASES, ROUNDS, AIM = 20_000, 3, 20_000


def measure() -> None:
    """Print the rate, without and with the words of each step, beside what is asked for."""
    suite = grown(json.loads(SUITE.read_bytes()), CASES)
    for name, translate in (("with trace", None), ("with trace in words", str)):
        best = min(_seconds(suite, translate) for _ in range(ROUNDS))
        print(f"pricing, {name}: {CASES / best:,.0f} cases a second on one core (aim {AIM:,})")


def grown(suite: dict[str, Any], cases: int) -> dict[str, Any]:
    """Return a suite of so many cases: the given ones again and again, with counts that differ each time."""
    given = suite["cases"]
    made = []
    for number in range(cases):
        case = given[number % len(given)]
        more = number // len(given) % 40
        units = {unit: str(Decimal(count) + more) for unit, count in case["units"].items()}
        made.append({**case, "id": f"{case['id']}/{number}", "units": units})
    return {**suite, "cases": made}


def _seconds(suite: dict[str, Any], translate: Any) -> float:
    began = time.process_time()
    price_suite(suite, translate)
    return time.process_time() - began


if __name__ == "__main__":
    measure()
