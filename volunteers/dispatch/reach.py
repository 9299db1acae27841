"""How far the solver may send somebody who serves places beyond the distance they named.

The dispatch format knows one limit per person, the distance from home (rule 5). It is widened for places served only as
far as no place that is not served would come within it: nobody is ever sent further than they said.
"""

from collections.abc import Iterable, Mapping, Sequence

Point = tuple[int, int]


def widened(home: Point, limit: int, places: Mapping[str, Point], served: Iterable[str]) -> int:
    """Return the limit in metres with which the served places in reach are exactly those that may be."""
    codes = tuple(served)
    if not codes:
        return limit
    beyond = [(_distance(home, point), place.startswith(codes)) for place, point in places.items()]
    barrier = min((metres for metres, is_served in beyond if not is_served and metres > limit), default=None)
    within = [metres for metres, is_served in beyond if is_served and (barrier is None or metres < barrier)]
    return max([limit, *within])


def below(codes: Sequence[str], places: Iterable[str]) -> tuple[str, ...]:
    """Return the places that lie in those of the codes; a place's name begins with its code."""
    wanted = tuple(codes)
    return tuple(place for place in places if place.startswith(wanted)) if wanted else ()


def _distance(one: Point, other: Point) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])
