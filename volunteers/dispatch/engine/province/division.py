"""What the whole decides before its cities are planned, as a document that can be kept and sent."""

from __future__ import annotations

import msgspec

from volunteers.dispatch.engine.instance import Assignment, Bounds, Instance, Vector
from volunteers.dispatch.engine.solve import Status


class Part(msgspec.Struct, frozen=True):
    """A valid week, and a plan of it (or the rows of one that matter most) to start from."""

    instance: Instance
    start: tuple[Assignment, ...]


class Done(msgspec.Struct, frozen=True):
    """The plan of a part."""

    rows: tuple[Assignment, ...]
    vector: Vector
    bounds: Bounds
    status: Status


class Division(msgspec.Struct, frozen=True):
    """The cities' parts with their names, the largest first, and what the joining has to know.

    `city` is that of each volunteer of the whole, `first` the plan of the first part, without its rows. `seats_value`
    and `burden_values` are the relaxed values of `prices.Priced`.
    """

    parts: tuple[Part, ...]
    names: tuple[str, ...]
    city: tuple[int, ...]
    first: Done
    seats_value: float
    burden_values: tuple[tuple[float, float, float], ...]


class Joining(msgspec.Struct, frozen=True):
    """The whole, its division and the plans of its parts; no division where there was no time for one."""

    instance: Instance
    division: Division | None
    cities: tuple[Done, ...]
