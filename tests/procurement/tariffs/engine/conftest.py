"""Sets and suites that the engine's tests share."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from procurement.tariffs.engine.document import read_set
from procurement.tariffs.engine.model import Line, TariffSet
from procurement.tariffs.engine.suite import price_suite

HERE = Path(__file__).parent
SEED = Path(__file__).resolve().parents[4] / "procurement" / "tariffs" / "seed"


@pytest.fixture
def suite() -> dict[str, Any]:
    """Return a fresh copy of the conformance suite."""
    return msgspec.json.decode((HERE / "cases.json").read_bytes())


def told(suite: Any, *how: Any) -> Any:
    """Return the answers to a suite as a reader of the result file finds them."""
    return msgspec.json.decode(msgspec.json.encode(price_suite(suite, *how)))


@pytest.fixture(scope="session")
def real_set() -> Callable[[str], TariffSet]:
    """Return a reader of the real tariffs re-entered in our schema."""
    return lambda name: read_set(next((HERE / "sets").glob(f"{name}.*")).read_bytes())


@pytest.fixture(scope="session")
def demo() -> TariffSet:
    """Return the demonstration set."""
    return read_set((SEED / "hangzhou_demo.json").read_bytes())


@pytest.fixture(scope="session")
def line() -> Callable[..., Line]:
    """Return a maker of lines for an item "care" counted by day."""

    def make(name: str = "care", **values: Any) -> Line:
        fixed = {key: Decimal(values.pop(key)) for key in ("fixed", "per_unit") if key in values}
        return Line(id=name, **{"item": "care", "unit": "day", **fixed, **values})

    return make


@pytest.fixture(scope="session")
def tariff() -> Callable[..., TariffSet]:
    """Return a maker of small sets."""
    return lambda *lines, **values: TariffSet(
        **{"id": "small", "region": "330100", "family": "test", "lines": lines, **values}
    )
