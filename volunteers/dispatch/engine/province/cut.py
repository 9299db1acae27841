"""Who serves which city: decided on the whole, so that each city can be planned alone afterwards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np

from volunteers.dispatch.engine.instance import Assignment
from volunteers.dispatch.engine.pairs import Bools, Floats, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.province.division import Part
from volunteers.dispatch.engine.province.parts import Cutter

_SCARCE = 0.6
"""Shifts join the first part when a seat is dearer than that, in empty seats."""


@dataclass(frozen=True)
class Cut:
    """The cities' parts, the largest first, with the numbers of their cities; `city` is that of each volunteer."""

    parts: tuple[Part, ...]
    cities: tuple[int, ...]
    city: Ints


def first_part(problem: Problem, prices: Floats, most_shifts: int) -> Part:
    """All shifts of the green channel and the scarcest others, `most_shifts` in all, with everybody who could do them.

    Only shifts of the green channel may be more than that.
    """
    dearest = np.zeros(len(problem.shift_start))
    np.maximum.at(dearest, problem.position_shift, prices)
    dearest[problem.shift_green] = np.inf
    order = np.argsort(-dearest, kind="stable")[: max(most_shifts, int(problem.shift_green.sum()))]
    scarce: Bools = np.zeros(len(dearest), np.bool_)
    scarce[order[dearest[order] > _SCARCE]] = True
    shifts = {shift.id for shift, first in zip(problem.instance.shifts, scarce.tolist(), strict=True) if first}
    able = np.unique(problem.pairs.volunteer[scarce[problem.pairs.shift]]).tolist()
    people = {problem.instance.volunteers[number].id for number in able}
    return Cutter(problem.instance).part("first", shifts, people)


def cut(problem: Problem, shift_city: Ints, wished: Ints, first_rows: Iterable[Assignment]) -> Cut:
    """Every volunteer to one city, that of their rows in the plan of the first part, else the one `wished` for them.

    Whoever has rows in two cities belongs to the one with more of them and keeps the others as pinned.
    """
    instance = problem.instance
    city_of = dict(zip((shift.id for shift in instance.shifts), shift_city.tolist(), strict=True))
    rows = sorted(set(first_rows))
    city = wished.copy()
    number_of = {volunteer.id: number for number, volunteer in enumerate(instance.volunteers)}
    served: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        served[row.volunteer][city_of[row.shift]] += 1
    for who, counts in served.items():
        city[number_of[who]] = min(counts, key=lambda name: (-counts[name], name))
    abroad = [row for row in rows if city_of[row.shift] != city[number_of[row.volunteer]]]
    pinned = tuple(dict.fromkeys((*instance.pinned, *abroad)))
    cutter = Cutter(msgspec.structs.replace(instance, pinned=pinned))
    names = sorted(set(shift_city.tolist()), key=lambda name: (-int((shift_city == name).sum()), name))
    members = {name: {instance.volunteers[n].id for n in np.flatnonzero(city == name).tolist()} for name in names}
    there = {name: {shift for shift, where in city_of.items() if where == name} for name in names}
    parts = tuple(cutter.part(f"city {name}", there[name], members[name], rows) for name in names)
    return Cut(parts, tuple(names), city)
