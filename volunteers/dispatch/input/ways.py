"""Known travel times between the places of a week, which never contradict what people have accepted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from volunteers.dispatch.engine.instance import Place, Rules, Shift, Travel, travel_minutes


def stated_ways(
    places: Mapping[str, Place],
    known: Mapping[tuple[str, str], int],
    held: Iterable[Iterable[Shift]],
    rules: Rules,
) -> tuple[Travel, ...]:
    """Return the ways from place to place of which those from code to code are known.

    Where a time was stated, or taken back, after somebody had signed up for two shifts with less between them, the way
    is as short as that: they said that they will manage.
    """
    here: dict[str, list[str]] = defaultdict(list)
    for name in places:
        here[name.partition("@")[0]].append(name)
    ways = {
        (one, other): minutes
        for (origin, target), minutes in known.items()
        for one in here[origin]
        for other in here[target]
    }
    for shifts in held:
        for first, second in combinations(sorted(shifts, key=lambda shift: (shift.start, shift.id)), 2):
            way, gap = (first.place, second.place), max(0, second.start - first.end)
            if first.place != second.place and gap < travel_minutes(rules, places[way[0]], places[way[1]], ways):
                ways[way] = gap
    return tuple(Travel(*way, minutes) for way, minutes in sorted(ways.items()))
