"""What a reader asks the catalogue for, and the conditions on ``listing l`` that it means."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from marketplace.organizations.provision import Category
from marketplace.products import search
from marketplace.products.content import TargetGroup, Unit
from marketplace.products.search import Question
from marketplace.products.words.dictionary import dictionary

STARS = (4, 3)
"""The averages from which on one may ask for products."""


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """What a reader asks the catalogue for; everything empty asks for all of it.

    ``near`` puts first what is offered from nearest to the place.
    """

    text: str = ""
    category: Category | None = None
    place_code: str = ""
    target_group: TargetGroup | None = None
    unit: Unit | None = None
    organization: UUID | None = None
    stars: int = 0
    free: bool = False
    near: bool = False

    @property
    def unchosen(self) -> "CatalogueFilter":
        """Return the same without what the counts beside each choice are made over."""
        return replace(self, category=None, target_group=None, stars=0, free=False)


@dataclass(slots=True)
class Conditions:
    """SQL conditions with their values, in the order of their places."""

    parts: list[str]
    values: list[Any]

    def value(self, value: Any) -> str:
        """Take a value and return its place in the statement."""
        self.values.append(value)
        return f"${len(self.values)}"

    def __str__(self) -> str:
        """Return the conditions for a WHERE."""
        return " AND ".join(self.parts)


async def asked_question(text: str) -> Question:
    """Return what a text asks for, in the words of our dictionary; nothing is read where nothing is asked."""
    return search.question(text, await dictionary()) if text.strip() else Question(())


def conditions(asked: CatalogueFilter, wanted: str, values: list[Any] | None = None) -> Conditions:
    """Return the conditions: ``wanted`` is the tsquery of the text, '' for none; places are in the same index.

    ``values`` are those that the statement has already.
    """
    found = Conditions(["l.shown"], [] if values is None else values)
    words = [part for part in (wanted, search.reaching(asked.place_code) if asked.place_code else "") if part]
    if words:
        found.parts.append(f"l.search @@ {found.value(' & '.join(words))}::tsquery")
    if asked.organization:
        organization = found.value(asked.organization)
        found.parts.append(f"l.organization_id = (SELECT id FROM organization WHERE public_id = {organization})")
    for column, value in (("category", asked.category), ("target_group", asked.target_group), ("unit", asked.unit)):
        if value:
            found.parts.append(f"l.{column} = {found.value(value.value)}")
    if asked.stars:
        found.parts.append(f"l.stars >= {found.value(asked.stars)}")
    if asked.free:
        found.parts.append("l.free")
    return found
