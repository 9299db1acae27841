"""A figure of the law: what it says, where it stands, from when to when, and whether it may be relied on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.errors import DomainError
from app.core.text import N_

NATIONAL, CITY = "CN", "3301"
FIRST_DAY = date(2022, 3, 1)
"""From when a figure holds of which nothing else is said."""


class RuleMissing(DomainError):
    """The rulebook has no figure of this name for the day."""

    code, status = "rule_missing", 409
    message = N_("规则库中没有 %(on)s 适用的“%(key)s”。请规则管理人员先补录。")


class RuleNotVerified(DomainError):
    """The figure is from memory and no officer has confirmed it; only the demonstration goes on with it."""

    code, status = "rule_not_verified", 409
    message = N_(
        "%(document)s%(article)s的数值（%(value)s %(unit)s）尚未核实，不能作为依据。请规则管理人员核对原文后确认。"
    )


@dataclass(frozen=True, slots=True)
class RuleSeed:
    """A dated figure as a package brings it along; ``read`` is false where it is from memory (†).

    ``jurisdiction`` is CN or the official code of a province (33), city (3301) or district (330106).
    """

    key: str
    document: str
    article: str
    value: Decimal | int
    unit: str
    note_zh: str = ""
    note_en: str = ""
    read: bool = True
    effective_from: date = FIRST_DAY
    effective_to: date | None = None
    jurisdiction: str = NATIONAL


@dataclass(frozen=True, slots=True)
class Rule:
    """The figure in force on a day; a page shows ``verified`` wherever it shows the value."""

    id: int
    key: str
    document: str
    article: str
    value: Decimal
    unit: str
    jurisdiction: str
    effective_from: date
    effective_to: date | None
    note_zh: str
    note_en: str
    text_read: bool
    verified_by: int | None

    @property
    def verified(self) -> bool:
        """Tell whether the text was read when the figure was entered, or an officer has confirmed it since."""
        return self.text_read or self.verified_by is not None

    @property
    def plain(self) -> str:
        """Return the value in plain digits."""
        return f"{self.value.normalize():f}"

    def begun(self, day: date) -> bool:
        """Tell whether the figure is in force on a day, wherever it holds."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def holds(self, day: date, place_code: str = CITY) -> bool:
        """Tell whether the figure is in force on a day at a place."""
        return self.begun(day) and (self.jurisdiction == NATIONAL or place_code.startswith(self.jurisdiction))

    @property
    def whole(self) -> int:
        """Return a figure that counts something."""
        if self.value != self.value.to_integral_value():
            raise ValueError(f"{self.key} is not a whole number")
        return int(self.value)


@dataclass(frozen=True, slots=True)
class Lawbook:
    """Rows of the rulebook with their history and future, asked for any day without going to the database again."""

    rows: Mapping[str, tuple[Rule, ...]]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Lawbook":
        """Return the book of some rows."""
        by_key: dict[str, tuple[Rule, ...]] = {}
        for rule in rules:
            by_key[rule.key] = (*by_key.get(rule.key, ()), rule)
        return cls(by_key)

    def on(self, key: str, day: date, place_code: str = CITY) -> Rule | None:
        """Return the figure in force on a day at a place: the nearest jurisdiction goes first."""
        held = [rule for rule in self.rows.get(key, ()) if rule.holds(day, place_code)]
        return min(held, key=lambda rule: (rule.jurisdiction == NATIONAL, -len(rule.jurisdiction)), default=None)


def relied_on(rule: Rule, *, demonstration: bool) -> None:
    """Refuse a rule that may not decide a matter: unverified figures do so in the demonstration only."""
    if rule.verified or demonstration:
        return
    raise RuleNotVerified(document=rule.document, article=rule.article, value=rule.plain, unit=rule.unit)
