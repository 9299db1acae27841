"""A way that somebody knows."""

from dataclasses import dataclass

LONGEST_MINUTES = 600
"""The database keeps the same limit: nobody is sent further than this to a shift."""


@dataclass(frozen=True, slots=True)
class Way:
    """Minutes from place to place, perhaps in both directions; none: the estimate from coordinates holds again."""

    from_place_id: int
    to_place_id: int
    minutes: int
    both: bool

    def directions(self) -> list[tuple[int, int]]:
        """Return each pair of places that it speaks of."""
        there = (self.from_place_id, self.to_place_id)
        return [there, there[::-1]] if self.both else [there]
