"""The values that components show; controllers build them, templates/components/*.html draw them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.text import Message

Text = Message | str
"""A Message, or a msgid marked with N_(): the component translates it."""

TONE_ICONS = {
    "need": "exclamation-circle-fill",
    "wait": "hourglass-split",
    "done": "check-circle-fill",
    "info": "info-circle-fill",
    "off": "dash-circle",
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A status: tone (need, wait, done, info, off), word, and an icon unless the tone's own.

    A feature keeps ``TAGS: dict[Status, Tag]`` beside its controllers and writes ``{{ tag(TAGS[x]) }}``.
    """

    tone: str
    label: Text
    icon: str = ""

    @property
    def symbol(self) -> str:
        """Return the icon to draw."""
        return self.icon or TONE_ICONS[self.tone]


def labels(tags: Mapping[Any, Tag]) -> dict[Any, Text]:
    """Return just the words of a feature's tags."""
    return {key: value.label for key, value in tags.items()}


@dataclass(frozen=True, slots=True)
class Action:
    """A link (GET) or a button in a form of its own (POST)."""

    label: Text
    path: str
    post: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of "what waits for you"; ``title`` and ``detail`` may be plain content."""

    tag: Tag
    title: Text
    detail: Text
    action: Action
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of a timeline; ``at`` None lies in the future."""

    label: Text
    at: datetime | None = None
    tone: str = "off"
    detail: Text = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one set of bars of a chart."""

    name: Text
    values: Sequence[float | int | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and, at the same time, the table that stands in for it without JavaScript.

    ``kind``: bar, stacked, row (horizontal bars) or line. ``unit`` is shown after numbers; ``fen`` shows yuan.
    """

    kind: str
    title: Text
    categories: Sequence[str]
    series: Sequence[Series]
    unit: Text = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of a breadcrumb or a place path; the last has no path."""

    label: Text
    path: str | None = None
