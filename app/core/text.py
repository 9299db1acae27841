"""Text that a person reads, kept as data until the edge renders it in the reader's language."""

from dataclasses import dataclass, field
from typing import Any


def N_(msgid: str) -> str:  # noqa: N802 - the name gettext tools extract
    """Mark a Chinese source text for translation without translating it here."""
    return msgid


@dataclass(frozen=True, slots=True)
class Message:
    """A translatable text and the values of its ``%(name)s`` places; a value may be a Message itself.

    One that stands behind a number has the `context` that it was marked with by NC_(), and the number as its `count`.
    """

    msgid: str
    values: dict[str, Any] = field(default_factory=dict)
    context: str = ""
    count: int = 0

    def __str__(self) -> str:
        """Return the Chinese source text, the fallback wherever no reader's language is known."""
        return self.msgid % self.values if self.values else self.msgid


def NC_(context: str, msgid: str) -> Message:  # noqa: N802 - as N_
    """Mark a Chinese source text that stands behind a number, which other languages inflect, within a context."""
    return Message(msgid, context=context)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the city's own in both languages, as a value of a Message; English falls back to Chinese."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        """Return the Chinese words, the fallback wherever no reader's language is known."""
        return self.zh
