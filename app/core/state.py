"""One way to move a thing from state to state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from app.core.errors import TransitionRefused
from app.core.text import Message

Status = TypeVar("Status", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)
_names: dict[tuple[type[StrEnum], str], Message] = {}


def name_states(*tables: Mapping[Any, Message | str]) -> None:
    """Take the words for states, by the enum's members; the packages' hooks call it."""
    for table in tables:
        for state, name in table.items():
            _names[type(state), state.value] = name if isinstance(name, Message) else Message(name)


def named(status: StrEnum) -> Message:
    """Return what people call a state; a state that nobody named keeps its code."""
    return _names.get((type(status), status.value)) or Message("%(code)s", {"code": status.value})


def advance(transitions: Mapping[tuple[Status, Event], Status], status: Status, event: Event) -> Status:
    """Return the state after the event, or refuse with the name of the state as people know it."""
    try:
        return transitions[(status, event)]
    except KeyError:
        raise TransitionRefused(status=named(status)) from None


def events_from(transitions: Mapping[tuple[Status, Event], Status], status: Status) -> list[Event]:
    """List what may happen next, in the order in which the table names it."""
    return [event for (start, event) in transitions if start == status]


def mermaid(transitions: Mapping[tuple[Status, Event], Status], initial: Status) -> str:
    """Draw the same table as a Mermaid state diagram, for the documents."""
    lines = ["stateDiagram-v2", f"    [*] --> {initial.value}"]
    lines += [f"    {start.value} --> {end.value}: {event.value}" for (start, event), end in transitions.items()]
    return "\n".join(lines)
