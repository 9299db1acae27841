"""Tiny weeks of two cities for the tests of what is planned in parts."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from tests.volunteers.dispatch.engine.weeks import AWAY, HERE, eligible_rows, small_weeks
from volunteers.dispatch.engine.instance import District, Instance
from volunteers.dispatch.engine.province.plan import ProvinceEffort
from volunteers.dispatch.engine.province.prices import PriceEffort
from volunteers.dispatch.engine.solve import Effort

TWO_CITIES = (District("D1", city=1), District("D2", city=2))
QUICK = ProvinceEffort(
    prices=PriceEffort(guide=40, seats=40, burden=20),
    first=Effort(),
    city=Effort(),
    border=Effort(),
)
"""Few steps of the prices; parts so small are solved exactly."""
SEARCHING = ProvinceEffort(
    prices=PriceEffort(guide=60, seats=40, burden=20),
    first=Effort(exact_pairs=0, price_steps=60, strips=(), bound_steps=0),
    city=Effort(exact_pairs=0, price_steps=60, strips=(30, 0), bound_steps=0),
    border=Effort(exact_pairs=0, price_steps=60, strips=(30,), bound_steps=0, settle=False),
)
"""The search of a large part, on small ones."""


def of_two_cities(instance: Instance) -> Instance:
    """The week with HERE in one city and AWAY in another."""
    return msgspec.structs.replace(
        instance, districts=TWO_CITIES, places=(HERE, msgspec.structs.replace(AWAY, district="D2"))
    )


def small_provinces(most_people: int = 4, most_shifts: int = 4) -> st.SearchStrategy[Instance]:
    """Weeks of two cities, some of their rows pinned, cancelled or in a previous plan."""
    return small_weeks(most_people, most_shifts).map(of_two_cities)


def tiny_provinces() -> st.SearchStrategy[Instance]:
    """Weeks of two cities with few enough eligible rows to try every plan."""
    return small_provinces(3, 3).filter(lambda instance: len(eligible_rows(instance)) <= 9)
