"""Why an action cannot be done now: the rule, the figure, and what would clear it.

Guards return blocks instead of raising, so that a page can show beside a button what a service would refuse;
``require`` turns them into the refusal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.errors import DomainError
from app.core.text import N_, Message

HOUSE_RULE = N_("本平台规则")
IN_FORCE_SINCE: Mapping[str, date] = {
    "政府采购法": date(2014, 8, 31),
    "政府采购法实施条例": date(2015, 3, 1),
    "预算法": date(2018, 12, 29),
    "财政部令第74号": date(2014, 2, 1),
    "财政部令第87号": date(2017, 10, 1),
    "财政部令第101号": date(2020, 3, 1),
    "财政部令第102号": date(2020, 3, 1),
    "财政部令第110号": date(2022, 3, 1),
    "财库〔2014〕214号": date(2014, 12, 31),
    "财库〔2021〕22号": date(2021, 7, 1),
}
"""Since when the cited wording of each document holds, for guards that are not figures of the rulebook."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a guard stands in law; ``verified`` is false while no officer has confirmed the text or the figure."""

    document: str
    article: str = ""
    verified: bool = True
    figure_since: date | None = None  # the day from which a figure of the rulebook holds

    @property
    def since(self) -> date | None:
        """Return the day from which the figure, or else the document's wording, is in force."""
        return self.figure_since or IN_FORCE_SINCE.get(self.document)

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
