"""What happens to a generated week after it was planned: some people sign up by themselves, some call off."""

from __future__ import annotations

import random

import msgspec

from volunteers.dispatch.engine.instance import Assignment, Cancellation, Instance


def signed_up(instance: Instance, rows: tuple[Assignment, ...], share: float, seed: int) -> Instance:
    """The week with that share of the rows of a valid plan as accepted sign-ups."""
    chance = random.Random(seed)
    return msgspec.structs.replace(instance, pinned=tuple(row for row in rows if chance.random() < share))


def called_off(instance: Instance, rows: tuple[Assignment, ...], share: float, seed: int) -> Instance:
    """The week with a valid plan in force, of which that share of the rows is called off."""
    chance = random.Random(seed)
    cancelled = tuple(Cancellation(row.shift, row.volunteer) for row in rows if chance.random() < share)
    return msgspec.structs.replace(instance, previous=rows, cancelled=cancelled)
