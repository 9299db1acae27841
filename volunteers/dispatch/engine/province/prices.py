"""The whole province relaxed, by several processes: each finds the best weeks of its people at the prices of all.

The relaxed week falls apart by person, so that a price vector goes out and sums come back. People are grouped the
same way whatever the number of processes, and sums are added up in the order of the groups.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter

import numpy as np

from volunteers.dispatch.engine.ascent import Steps, ascend
from volunteers.dispatch.engine.bounds import SEAT_STEPS, seat_prices, unheld_beside_seats
from volunteers.dispatch.engine.guide import CHANGE_WORTH, first_prices, worth_of_a_seat, worth_of_shifts
from volunteers.dispatch.engine.incumbent import Incumbent
from volunteers.dispatch.engine.pairs import Bools, Floats, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.province.crew import Crew, Desk
from volunteers.dispatch.engine.province.slices import people_slice
from volunteers.dispatch.engine.relaxation import FRACTION, Demand, Relaxation, Reply

_RECENT = 0.95
_NOBODY = np.zeros(0, np.int64)
_BURDEN_FACTORS = (0.5, 0.8)
"""What an empty seat counts in the bounds of the burden, in seats of the guide: tried in turn, the best is kept."""


@dataclass(frozen=True)
class People:
    """The people's side of an objective: whether burden counts, what a kept row is worth, the factor of fairness."""

    burden: bool
    kept: float
    fairness: float
    scarce_alone: bool = False


@dataclass(frozen=True)
class Whole:
    """An objective over the province: the people's side, what an unheld shift and an empty seat cost."""

    people: People
    unheld: Floats
    empty: float


@dataclass(frozen=True)
class Priced:
    """What the relaxed whole says: `prices` by position in empty seats, `city` the one that each volunteer serves most.

    `seats_value` is a bound on empty seats before what earlier levels allow; `burden_values` are (empty, kept, value):
    lower bounds on burden + empty x (unheld + empty seats) - kept x (rows kept).
    """

    prices: Floats
    city: Ints
    seats_value: float
    burden_values: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class PriceEffort:
    """Steps of the prices, of the bound on empty seats, of each bound on the burden."""

    guide: int = 250
    seats: int = 300
    burden: int = 60


class RelaxedProvince:
    """Prices in, sums out; `groups` are numbers of volunteers, one group for each of the parts."""

    candidates = 0

    def __init__(self, crew: Crew, problem: Problem, groups: list[Ints]) -> None:
        self._crew = crew
        self.problem = problem
        self.demand = Demand.of(problem)
        self._groups = groups
        self._turns = [list(range(first, len(groups), crew.size)) for first in range(crew.size)]
        for turn in range(max(map(len, self._turns), default=0)):
            parts = [numbers[turn : turn + 1] for numbers in self._turns]
            crew.everybody(_open, [[(n, people_slice(problem, groups[n])) for n in some] for some in parts])

    def reply(self, prices: Floats, terms: Whole, /) -> Reply:
        """See `Relaxation.reply`; who was chosen stays with the parts."""
        replies = self._crew.everybody(_price, [(prices, terms.people)] * self._crew.size)
        answers = sorted(chain.from_iterable(replies), key=itemgetter(0))
        asked, costs, held = self.demand.at(prices, terms.unheld, terms.empty)
        shortfall = asked.copy()
        for _, _, positions, counts in answers:
            shortfall[positions] -= counts
        value = math.fsum(value for _, value, _, _ in answers) + float(costs.sum())
        return Reply(value, _NOBODY, shortfall, int(asked.sum()), int(held.sum()))

    def bound(self, prices: Floats, terms: Whole) -> float:
        """See `Relaxation.bound`."""
        return self.reply(np.round(prices * FRACTION) / FRACTION, terms).value

    def narrow(self, positions: Bools) -> None:
        """Make ready for objectives with `scarce_alone`: prices are 0 but at these positions."""
        self._crew.everybody(_narrow, [positions] * self._crew.size)

    def cities(self, shift_city: Ints, homes: Ints) -> Ints:
        """The city that each volunteer served most of late; home where that is none or no less."""
        found = homes.copy()
        arguments = [(shift_city, [(n, homes[self._groups[n]]) for n in numbers]) for numbers in self._turns]
        for number, cities in chain.from_iterable(self._crew.everybody(_cities, arguments)):
            found[self._groups[number]] = cities
        return found


def price(
    relaxed: RelaxedProvince,
    incumbent: Incumbent,
    shift_city: Ints,
    homes: Ints,
    effort: PriceEffort,
    stop: Callable[[], bool],
) -> Priced:
    """Prices at an objective that sums up all levels, what they say about people, and what bounds they give."""
    problem, empty = incumbent.problem, worth_of_a_seat(incumbent)
    kept = CHANGE_WORTH * empty
    terms = Whole(People(True, kept, float(problem.fairness)), worth_of_shifts(problem, empty), empty)
    first = first_prices(incumbent, problem.pairs.position, _costs(problem, kept), terms.unheld, empty)
    found = ascend(relaxed, terms, first, Steps(effort.guide, empty / 4, empty / 800), stop)
    prices = found.prices / empty
    city = relaxed.cities(shift_city, homes)
    burden = _burden_values(relaxed, found.prices, empty, effort.burden, stop)
    return Priced(prices, city, _seats_value(relaxed, prices, effort.seats, stop), burden)


def _costs(problem: Problem, kept: float) -> Floats:
    """What each pair costs as a first shift."""
    fairness = problem.fairness * (2 * problem.recent_shifts[problem.pairs.volunteer] + 1)
    return np.asarray(problem.pairs.cost + fairness - kept * problem.keeps, np.float64)


def _seats_value(relaxed: RelaxedProvince, prices: Floats, steps: int, stop: Callable[[], bool]) -> float:
    unheld = unheld_beside_seats(relaxed.problem)
    everybody = Whole(People(False, 0.0, 0.0), unheld, 1.0)
    first = max(seat_prices(prices), key=lambda some: relaxed.bound(some, everybody))
    relaxed.narrow(first > 0)
    terms = Whole(People(False, 0.0, 0.0, scarce_alone=True), unheld, 1.0)
    found = ascend(relaxed, terms, first, Steps(steps, *SEAT_STEPS), stop, core=first > 0)
    return relaxed.bound(found.prices, terms)


def _burden_values(
    relaxed: RelaxedProvince, prices: Floats, worth: float, steps: int, stop: Callable[[], bool]
) -> tuple[tuple[float, float, float], ...]:
    problem, values = relaxed.problem, []
    for factor in _BURDEN_FACTORS if steps else ():
        empty = float(round(worth * factor))
        kept = float(empty // 2) if problem.previous_rows else 0.0
        people = People(True, kept, float(problem.fairness))
        terms = Whole(people, np.full(len(problem.shift_start), empty), empty)
        prices = np.where(prices > empty, empty + (prices - empty) / 4, prices)
        prices = ascend(relaxed, terms, prices, Steps(steps, empty / 20, empty / 1000), stop).prices
        values.append((empty, kept, relaxed.bound(prices, terms)))
        if stop():
            break
    return tuple(values)


@dataclass
class _Group:
    """The people of one part, in a worker process."""

    relaxation: Relaxation
    often: Floats
    narrowed: Relaxation | None = None
    asked: People | None = None
    costs: Floats = field(default_factory=lambda: np.zeros(0))

    def relaxed_for(self, people: People) -> tuple[Relaxation, Floats]:
        """What is to be priced, and what its candidates cost without prices."""
        relaxation = self.narrowed if people.scarce_alone and self.narrowed else self.relaxation
        if people != self.asked:
            pairs = relaxation.residual.pairs
            burden = relaxation.burden() if people.burden else np.zeros(len(pairs))
            self.asked, self.costs = people, burden - people.kept * relaxation.problem.keeps[pairs]
        return relaxation, self.costs


def _open(desk: Desk, parts: list[tuple[int, Problem]]) -> None:
    for number, problem in parts:
        relaxation = Relaxation(problem)
        desk.kept[number] = _Group(relaxation, np.zeros(relaxation.candidates))


def _price(desk: Desk, asked: tuple[Floats, People]) -> list[tuple[int, float, Ints, Ints]]:
    """For each part: the value of all best weeks, and how many people they send to which positions."""
    prices, people = asked
    answers = []
    for number, group in desk.kept.items():
        relaxation, costs = group.relaxed_for(people)
        places = relaxation.residual.position
        best = relaxation.schedules.price(costs - prices[places], people.fairness)
        if people.burden:
            group.often *= _RECENT
            group.often[best.chosen] += 1 - _RECENT
        positions, counts = np.unique(places[best.chosen], return_counts=True)
        answers.append((number, float(best.values.sum()), positions, counts))
    return answers


def _narrow(desk: Desk, positions: Bools) -> None:
    for group in desk.kept.values():
        group.narrowed, group.asked = group.relaxation.within(positions), None


def _cities(desk: Desk, asked: tuple[Ints, list[tuple[int, Ints]]]) -> list[tuple[int, Ints]]:
    shift_city, homes = asked
    names = np.unique(shift_city)
    answers = []
    for number, home in homes:
        group = desk.kept[number]
        residual = group.relaxation.residual
        column = np.searchsorted(names, shift_city[residual.shift])
        served = np.zeros((len(home), len(names)))
        np.add.at(served, (residual.volunteer, column), group.often)
        at_home = np.searchsorted(names, home)
        known = (at_home < len(names)) & (names[np.minimum(at_home, len(names) - 1)] == home)
        served[np.flatnonzero(known), at_home[known]] += 1e-6
        answers.append((number, np.where(served.max(axis=1) > 0, names[served.argmax(axis=1)], home)))
    return answers
