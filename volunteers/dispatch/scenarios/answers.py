"""What came out, as it is kept with the question: ids of places and people, never a name."""

from datetime import datetime

import msgspec

from volunteers.coverage.rules import State
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.scenarios.rules import NEWCOMER


class Visit(msgspec.Struct, frozen=True):
    """The shift that would turn a red place green; without an assignment nobody has published it yet.

    ``before`` and ``after`` are who would go without and with what is changed: ids of people, or a newcomer's name.
    ``state`` is how the place would stand if they went, ``reason`` what keeps people away if nobody would.
    """

    place_id: int
    shift: str
    reference: str | None
    starts: datetime
    ends: datetime
    moved_from: datetime | None
    before: str | None
    after: str | None
    state: State | None
    helps_before: bool
    helps: bool
    reason: Refusal | None

    @property
    def by_newcomer(self) -> bool:
        """Tell whether somebody would go who does not exist yet."""
        return self.after is not None and self.after.startswith(NEWCOMER)


class Stop(msgspec.Struct, frozen=True):
    """Where somebody would be at some time."""

    place: str
    starts: datetime


class Change(msgspec.Struct, frozen=True):
    """What would be different for one person."""

    person: int
    takes: tuple[Stop, ...]
    leaves: tuple[Stop, ...]


class Load(msgspec.Struct, frozen=True):
    """What a plan asks of people, in plain units: who is sent, how often the busiest one, how far, how unlike wishes.

    ``most`` counts with the weeks before, ``unwanted`` are turns of a kind somebody does not prefer, ``unfamiliar``
    those at places that want somebody who knows them and get another.
    """

    people: int
    most: int
    km: int
    unwanted: int
    unfamiliar: int


class Answer(msgspec.Struct, frozen=True):
    """All that came out: visits, who moves, who does not, how many are red in each district now and would be.

    ``loads`` are what both plans ask of people, where a weight was changed.
    """

    visits: tuple[Visit, ...]
    moves: tuple[Change, ...]
    untouched: tuple[int, ...]
    districts: dict[str, int]
    districts_after: dict[str, int] | None = None
    loads: tuple[Load, Load] | None = None
