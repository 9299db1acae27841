"""Text that a person reads, kept as data until the edge renders it in the reader's language."""

from dataclasses import dataclass, field
from typing import Any


def N_(msgid: str) -> str:  # noqa: N802 - the name gettext tools extract
    """Mark a Chinese source text for translation without translating it here."""
    return msgid


@dataclass(frozen=True, slots=True)
class Message:
    """A translatable text and the values of its ``%(name)s`` places; a value may be a Message itself."""

    msgid: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the Chinese source text, the fallback wherever no reader's language is known."""
        return self.msgid % self.values if self.values else self.msgid


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the city's own in both languages, as a value of a Message; English falls back to Chinese."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        """Return the Chinese words, the fallback wherever no reader's language is known."""
        return self.zh
