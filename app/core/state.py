"""One way to move a thing from state to state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.core.errors import TransitionRefused

Status = TypeVar("Status", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


def advance(transitions: Mapping[tuple[Status, Event], Status], status: Status, event: Event) -> Status:
    """Return the state after the event, or refuse with both names."""
    try:
        return transitions[(status, event)]
    except KeyError:
        raise TransitionRefused(status=status.value, event=event.value) from None


def events_from(transitions: Mapping[tuple[Status, Event], Status], status: Status) -> list[Event]:
    """List what may happen next, in the order in which the table names it."""
    return [event for (start, event) in transitions if start == status]


def mermaid(transitions: Mapping[tuple[Status, Event], Status], initial: Status) -> str:
    """Draw the same table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2", f"    [*] --> {initial.value}"]
    lines += [f"    {start.value} --> {end.value}: {event.value}" for (start, event), end in transitions.items()]
    return "\n".join(lines)
