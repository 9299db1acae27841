"""Why an action cannot be done now: the rule, the figure, and what would clear it.

Guards return blocks instead of raising, so that a page can show beside a button what a service would refuse;
``require`` turns them into the refusal.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.errors import DomainError
from app.core.text import N_, Message

HOUSE_RULE = N_("本平台规则")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a guard stands in law; ``verified`` is false while no officer has confirmed the text or the figure."""

    document: str
    article: str = ""
    verified: bool = True

    def __str__(self) -> str:
        """Return the citation as it is printed."""
        mark = "" if self.verified else " †"
        return f"{self.document}{' ' if self.article else ''}{self.article}{mark}"


HOUSE = Source(HOUSE_RULE)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of law as it stood on the day in question."""

    value: int
    source: Source
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One guard that stands in the way."""

    code: str
    source: Source
    reason: Message
    remedy: Message
    value: str = ""  # the figure that was compared with, as a person reads it


class Blocked(DomainError):
    """Guards of law or of the house stand in the way; the first is named, all are kept."""

    code, status = "blocked", 409
    message = N_("%(reason)s依据：%(source)s。%(remedy)s")

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        """Speak of the first block; pages and the API list the others as well."""
        first = blocks[0]
        source = Message(first.source.document) if first.source == HOUSE else str(first.source)
        super().__init__(reason=first.reason, source=source, remedy=first.remedy)
        self.blocks = blocks


def require(blocks: Iterable[Block]) -> None:
    """Refuse if any guard stands in the way."""
    found = tuple(blocks)
    if found:
        raise Blocked(found)
