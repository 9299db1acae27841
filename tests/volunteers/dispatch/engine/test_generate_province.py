"""Generated provinces are valid, repeatable, uneven, and their people cross the borders."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.generate_province import PROVINCES, generate_province
from volunteers.dispatch.engine.homes import home_cities, shift_cities
from volunteers.dispatch.engine.pairs import eligible_pairs
from volunteers.dispatch.engine.validation import faults_of


def test_a_province_is_valid_and_has_its_size() -> None:
    instance = generate_province("tiny-province", 1)
    assert faults_of(instance) == []
    size = PROVINCES["tiny-province"]
    assert (len(instance.volunteers), len(instance.shifts)) == (size.volunteers, size.shifts)
    assert set(shift_cities(instance).tolist()) == set(range(1, len(size.towns) + 1))


def test_the_seed_decides() -> None:
    assert generate_province("tiny-province", 1) == generate_province("tiny-province", 1)
    assert generate_province("tiny-province", 1) != generate_province("tiny-province", 2)


def test_people_cross_borders_and_so_do_some_pinned_rows() -> None:
    instance = generate_province("tiny-province", 1)
    homes, cities, pairs = home_cities(instance), shift_cities(instance), eligible_pairs(instance)
    abroad = homes[pairs.volunteer] != cities[pairs.shift]
    assert 0.05 < abroad.mean() < 0.5
    home_of = dict(zip((v.id for v in instance.volunteers), homes.tolist(), strict=True))
    city_of = dict(zip((s.id for s in instance.shifts), cities.tolist(), strict=True))
    assert any(home_of[row.volunteer] != city_of[row.shift] for row in instance.pinned)


def test_the_green_channel_and_people_are_spread_unevenly() -> None:
    instance = generate_province("tiny-province", 1)
    homes, cities = home_cities(instance), shift_cities(instance)
    green = np.array([shift.green for shift in instance.shifts])
    shares = [float(green[cities == city].mean()) for city in (1, 3)]
    people = [(homes == city).sum() / (cities == city).sum() for city in (1, 3)]
    assert shares[0] < shares[1]
    assert people[0] > people[1]
