"""The answer as a page shows it: the map before and after, who goes where, what stays red and why, who moves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.text import N_, Message
from app.web.map_svg import Picture
from marketplace.places.district_map import Figure, district_map
from volunteers.coverage.queries import PlaceStatus, RuleView
from volunteers.coverage.rules import State
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.scenarios.answers import Stop, Visit
from volunteers.dispatch.scenarios.queries import ScenarioView, people_of, places_of
from volunteers.dispatch.scenarios.wording import named, newcomer

STILL_OPEN = (State.ASKED, State.DUE, State.OVERDUE)
"""A place whose visit nobody has accepted yet."""
TIP = N_("%(district)s：%(red)s 个没人去")
NOBODY_RED = Figure(0, Message(N_("%(district)s：都见过，或有人要去")))


@dataclass(frozen=True, slots=True)
class Trip:
    """A visit that turns a place green: by whom, and how the place stands now."""

    place: PlaceStatus
    starts: datetime
    ends: datetime
    moved_from: datetime | None
    who: Any
    is_new: bool
    anyway: bool
    state: State


@dataclass(frozen=True, slots=True)
class Left:
    """Places that stay red for one reason; None: somebody could come, and too late."""

    reason: Refusal | None
    places: Sequence[PlaceStatus]


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who exists, and what would be different for them."""

    name: str
    takes: Sequence[tuple[Message, datetime]]
    leaves: Sequence[tuple[Message, datetime]]


def trips(view: ScenarioView, now: Mapping[int, PlaceStatus], names: Mapping[int, str]) -> list[Trip]:
    """Return the visits that help, in the order of the week."""
    helping = [one for one in view.answer.visits if one.helps and one.place_id in now]
    return sorted(
        (_trip(view, one, now[one.place_id], names) for one in helping), key=lambda trip: (trip.starts, trip.place.code)
    )


def lefts(view: ScenarioView, now: Mapping[int, PlaceStatus]) -> list[Left]:
    """Return what stays red, by reason, the most frequent first."""
    found: dict[Refusal | None, list[PlaceStatus]] = defaultdict(list)
    for one in view.answer.visits:
        if not one.helps and one.place_id in now:
            found[one.reason].append(now[one.place_id])
    return [Left(reason, places) for reason, places in sorted(found.items(), key=lambda pair: -len(pair[1]))]


async def movers(view: ScenarioView, names: Mapping[int, str]) -> list[Mover]:
    """Return for whom something would be different."""
    changes = view.answer.moves
    places = await places_of({stop.place for change in changes for stop in (*change.takes, *change.leaves)})

    def stops(of: Sequence[Stop]) -> list[tuple[Message, datetime]]:
        return [(named(places[stop.place]), stop.starts) for stop in of if stop.place in places]

    return [Mover(names.get(one.person, ""), stops(one.takes), stops(one.leaves)) for one in changes]


async def names_of(view: ScenarioView) -> dict[int, str]:
    """Return the names of everybody in the answer."""
    going = {int(one.after) for one in view.answer.visits if one.after and not one.by_newcomer}
    return await people_of({*going, *(change.person for change in view.answer.moves), *view.answer.untouched})


async def maps(view: ScenarioView, rule: RuleView, now: Mapping[str, int] | None) -> tuple[Picture, Picture]:
    """Draw the districts before, and after; once published as they stand now."""
    before = view.answer.districts
    would_be = view.answer.districts_after or {**before, view.place_code: view.red_after}
    after = would_be if now is None else now
    most = max([1, *before.values(), *after.values()])
    link = f"/coverage?rule={rule.public_id}&place="
    figures = (
        {code: Figure(red, Message(TIP, {"red": red})) for code, red in one.items() if red} for one in (before, after)
    )
    first, second = [await district_map(one, NOBODY_RED, link, most) for one in figures]
    return first, second


def _trip(view: ScenarioView, one: Visit, place: PlaceStatus, names: Mapping[int, str]) -> Trip:
    after = one.after or ""
    who = newcomer(after, view.credential) if one.by_newcomer else names.get(int(after), "")
    state = place.state if view.run is not None or one.state is None else one.state
    return Trip(place, one.starts, one.ends, one.moved_from, who, one.by_newcomer, one.helps_before, state)
