"""Which city people and shifts belong to."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.instance import Instance
from volunteers.dispatch.engine.pairs import Ints

_AT_ONCE = 1_000


def place_cities(instance: Instance) -> Ints:
    """The city of each place."""
    city_of = {district.id: district.city for district in instance.districts}
    return np.array([city_of[place.district] for place in instance.places], np.int64)


def shift_cities(instance: Instance) -> Ints:
    """The city of each shift: that of its place."""
    cities = dict(zip((place.id for place in instance.places), place_cities(instance).tolist(), strict=True))
    return np.array([cities[shift.place] for shift in instance.shifts], np.int64)


def home_cities(instance: Instance) -> Ints:
    """The city of each volunteer: that of the place nearest to their home; 0 where there are no places."""
    homes = np.zeros(len(instance.volunteers), np.int64)
    if not instance.places:
        return homes
    cities = place_cities(instance)
    there = np.array([(place.x, place.y) for place in instance.places], np.int64)
    here = np.array([(person.x, person.y) for person in instance.volunteers], np.int64).reshape(-1, 2)
    for first in range(0, len(here), _AT_ONCE):
        some = here[first : first + _AT_ONCE]
        metres = np.abs(some[:, :1] - there[:, 0])
        metres += np.abs(some[:, 1:] - there[:, 1])
        homes[first : first + _AT_ONCE] = cities[metres.argmin(axis=1)]
    return homes
