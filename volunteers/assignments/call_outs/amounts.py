"""What a shift pays, in words: the layer above registers who knows; nothing here knows a fen."""

from collections.abc import Awaitable, Callable

AmountSource = Callable[[int], Awaitable[str]]
"""Returns the amount of an assignment as it is written, such as ¥250; empty where there is none."""

_sources: list[AmountSource] = []


def register(source: AmountSource) -> None:
    """Name the source; the last one named holds."""
    _sources[:] = [source]


async def amount_of(assignment_id: int) -> str:
    """Return what an assignment pays, in words."""
    return await _sources[0](assignment_id) if _sources else ""
