"""How much a product was used and how it was rated: the layer above registers who knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Use:
    """What was accepted of one product in a year, and its ratings from 1 to 5."""

    units: int = 0
    ratings: int = 0
    rating_sum: int = 0

    @property
    def mean(self) -> float | None:
        """Return the mean rating; None while nobody has rated."""
        return self.rating_sum / self.ratings if self.ratings else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of some products at a place and below it in a year."""

    product_ids: tuple[int, ...]
    place_code: str
    year: int


class UseSource(Protocol):
    """Who knows the use of products."""

    async def of_year(self, year: int) -> Mapping[int, Use]:
        """Return the use of each product that was used in a year."""

    async def delivered(self, wanted: Sequence[Wanted]) -> list[int]:
        """Return how many units were accepted of each."""


_sources: list[UseSource] = []


def register(source: UseSource) -> None:
    """Name the source; the last one named holds."""
    _sources[:] = [source]


async def of_year(year: int) -> Mapping[int, Use]:
    """Return the use of each product in a year; nothing before somebody knows."""
    return await _sources[0].of_year(year) if _sources else {}


async def delivered(wanted: Sequence[Wanted]) -> list[int]:
    """Return how many units were accepted of each, in one look; zeros before somebody knows."""
    return await _sources[0].delivered(wanted) if _sources and wanted else [0] * len(wanted)
