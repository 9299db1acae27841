"""Which set a date decides for."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from procurement.tariffs.engine.refusals import ValidityOverlaps


class Dated(Protocol):
    """Anything with a validity, both ends included, and perhaps a second date that it asks for."""

    @property
    def id(self) -> str:
        """Return the name."""

    @property
    def from_(self) -> date | None:
        """Return the first day; None is open."""

    @property
    def to(self) -> date | None:
        """Return the last day; None is open."""

    @property
    def second_on_or_after(self) -> date | None:
        """Return the earliest second date asked for."""


SomeDated = TypeVar("SomeDated", bound=Dated)


def is_valid_on(candidate: Dated, on: date, second_on: date | None = None) -> bool:
    """Tell whether a set applies on this deciding date (and second date, where the set asks for one)."""
    if candidate.from_ is not None and on < candidate.from_:
        return False
    if candidate.to is not None and on > candidate.to:
        return False
    needed = candidate.second_on_or_after
    return needed is None or (second_on is not None and second_on >= needed)


def choose(candidates: Iterable[SomeDated], on: date, second_on: date | None = None) -> SomeDated | None:
    """Return the one set that applies, or None.

    A set whose second-date rule is met goes before the ordinary one of the same days. Inputs are dates of the
    place where the tariff is in force. Errors: ValidityOverlaps when two equally good sets apply.
    Source: settlement.md (second-date rule); conformance/fees, ``schemes``.
    """
    valid = [candidate for candidate in candidates if is_valid_on(candidate, on, second_on)]
    special = [candidate for candidate in valid if candidate.second_on_or_after is not None]
    best = special or valid
    if len(best) > 1:
        raise ValidityOverlaps(on=on, names=", ".join(candidate.id for candidate in best))
    return best[0] if best else None
