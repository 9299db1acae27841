"""Why an action cannot be done now: the rule, its article, the figure, since when it holds, and what would clear it.

Guards return blocks instead of raising, so that a page can show beside a button what a service would refuse;
``require`` turns them into the refusal. What only the database or a look at who acts can tell is a LawRefusal, which
says as much.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from app.core.errors import DomainError, Ground
from app.core.text import N_, Message
from app.rulebook.rules import FIRST_DAY, Rule
from app.rulebook.wording import UNITS, unit_of

HOUSE_RULE = N_("本平台规则")
IN_FORCE_SINCE: Mapping[str, date] = {
    HOUSE_RULE: FIRST_DAY,
    "政府采购法": date(2014, 8, 31),
    "政府采购法实施条例": date(2015, 3, 1),
    "预算法": date(2018, 12, 29),
    "会计法": date(2024, 7, 1),
    "慈善法": date(2024, 9, 5),
    "财政部令第74号": date(2014, 2, 1),
    "财政部令第87号": date(2017, 10, 1),
    "财政部令第94号": date(2018, 3, 1),
    "财政部令第101号": date(2020, 3, 1),
    "财政部令第102号": date(2020, 3, 1),
    "财政部令第110号": date(2022, 3, 1),
    "财库〔2014〕214号": date(2014, 12, 31),
    "财库〔2021〕22号": date(2021, 7, 1),
    "《中华人民共和国政府采购法》": date(2014, 8, 31),
    "《中华人民共和国政府采购法实施条例》": date(2015, 3, 1),
    "《政府采购框架协议采购方式管理暂行办法》（财政部令第110号）": date(2022, 3, 1),
    "《政府购买服务管理办法》（财政部令第102号）": date(2020, 3, 1),
}
"""Since when the cited wording of each document holds, for guards that are not figures of the rulebook."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a guard stands in law; ``verified`` is false while no officer has confirmed the text or the figure."""

    document: str
    article: str = ""
    verified: bool = True
    figure_since: date | None = None  # the day from which a figure of the rulebook holds

    @classmethod
    def of(cls, rule: Rule) -> "Source":
        """Return where a figure of the rulebook stands."""
        return cls(rule.document, rule.article, rule.verified, rule.effective_from)

    @property
    def since(self) -> date | None:
        """Return the day from which the figure, or else the document's wording, is in force."""
        return self.figure_since or IN_FORCE_SINCE.get(self.document)

    @property
    def said(self) -> Message:
        """Return the citation in the reader's language; whether it is verified stands beside it."""
        article = Message(self.article)
        if self.document == HOUSE_RULE:
            return Message(N_("本平台规则“%(article)s”"), {"article": article})
        return Message(N_("%(document)s%(article)s"), {"document": Message(self.document), "article": article})

    def __str__(self) -> str:
        """Return the citation as it is printed."""
        mark = "" if self.verified else " †"
        return f"{self.document}{' ' if self.article else ''}{self.article}{mark}"


def house(article: str) -> Source:
    """Return a rule of the house by what it is about, which stands where a law has its article."""
    return Source(HOUSE_RULE, article)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of law as it stood on the day in question."""

    value: int
    source: Source
    unit: str = ""

    @property
    def said(self) -> Message:
        """Return the value with its unit, as a person reads it."""
        if self.unit not in UNITS:
            return Message(f"{self.value:,}")
        return Message("%(value)s %(unit)s", {"value": f"{self.value:,}", "unit": unit_of(self.unit, self.value)})

    def until(self, day: date) -> Message:
        """Return the value of a period with the day that it leads to."""
        return Message(N_("%(period)s，即%(day)s"), {"period": self.said, "day": day.isoformat()})

    @classmethod
    def of(cls, rule: Rule) -> "Figure":
        """Return a row of the rulebook; one that no officer has confirmed says so by its †."""
        return cls(rule.whole, Source.of(rule), rule.unit)


@dataclass(frozen=True, slots=True)
class Block:
    """One guard that stands in the way."""

    code: str
    source: Source
    reason: Message
    remedy: Message
    value: str | Message  # what the rule asks for, or where it has no figure, what stands against it

    def ground(self) -> Ground:
        """Return what leaves the server about it."""
        source = self.source
        return Ground(
            self.code, self.reason, self.remedy, Message(source.document), Message(source.article), source.since,
            self.value if isinstance(self.value, Message) else Message(self.value), source.verified,
        )  # fmt: skip


class Blocked(DomainError):
    """Guards of law or of the house stand in the way; the first is named, all are kept."""

    code, status = "blocked", 409
    message = N_("%(reason)s依据：%(source)s%(since)s%(compared)s。%(remedy)s")

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        """Speak of the first block; pages and the API list the others as well."""
        first = blocks[0]
        since = first.source.since
        super().__init__(
            reason=first.reason,
            source=cited(first.source),
            since=Message(N_("，自%(day)s起施行"), {"day": since.isoformat()}) if since else "",
            compared=Message(N_("；数值：%(value)s"), {"value": first.value}) if first.value else "",
            remedy=first.remedy,
        )
        self.blocks = blocks
        self.grounds = tuple(block.ground() for block in blocks)


class LawRefusal(Blocked):
    """A refusal by law that a constraint or a look at who acts brings about; subclasses name what a block names."""

    reason: ClassVar[str]
    source: ClassVar[Source]
    compared: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self, *, source: Source | None = None, **values: Any) -> None:
        """Keep the values of the places in all its texts, and a source that is not always the same."""
        super().__init__((self.block(source=source, **values),))
        self.values |= values

    @classmethod
    def block(cls, *, source: Source | None = None, **values: Any) -> Block:
        """Return the same as a block, for pages and for whoever judges afterwards."""
        said = [Message(text, values) for text in (cls.reason, cls.remedy, cls.compared)]
        return Block(cls.code, source or cls.source, *said)


def cited(source: Source) -> str | Message:
    """Return a source as it is printed; a rule of the house in the reader's language."""
    return source.said if source.document == HOUSE_RULE else str(source)


def require(blocks: Iterable[Block]) -> None:
    """Refuse if any guard stands in the way."""
    found = tuple(blocks)
    if found:
        raise Blocked(found)
