"""How many products each choice would leave: one small count over all choices at once, added up here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core import database
from marketplace.organizations.provision import Category
from marketplace.products.catalogue.filters import STARS, CatalogueFilter, conditions
from marketplace.products.content import TargetGroup


@dataclass(frozen=True, slots=True)
class Facets:
    """The number of products in all, and beside each choice with the other choices kept."""

    total: int
    categories: Mapping[Category, int]
    groups: Mapping[TargetGroup, int]
    stars: Mapping[int, int]
    free: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """Products that are alike in everything that can be chosen."""

    category: str
    target_group: str
    stars: int
    free: bool
    products: int

    def fits(self, asked: CatalogueFilter, leaving: str = "") -> bool:
        """Tell whether what is chosen leaves them, one of the choices left out."""
        return (
            (leaving == "category" or not asked.category or self.category == asked.category)
            and (leaving == "group" or not asked.target_group or self.target_group == asked.target_group)
            and (leaving == "stars" or self.stars >= asked.stars)
            and (leaving == "free" or self.free or not asked.free)
        )


async def facets(asked: CatalogueFilter, wanted: str) -> Facets:
    """Count the products that the text, the place and the provider leave, by all that can be chosen beside them."""
    where = conditions(asked.unchosen, wanted)
    rows = await database.fetch(
        f"""SELECT l.category, l.target_group, l.stars, l.free, count(*) AS products FROM listing l
            WHERE {where} GROUP BY l.category, l.target_group, l.stars, l.free""",
        *where.values,
    )
    return added_up([_Cell(**row) for row in rows], asked)


def added_up(cells: list[_Cell], asked: CatalogueFilter) -> Facets:
    """Add the cells up: each choice is counted with the others kept."""

    def count(leaving: str, **alike: Any) -> int:
        return sum(
            cell.products
            for cell in cells
            if cell.fits(asked, leaving) and all(getattr(cell, name) == value for name, value in alike.items())
        )

    return Facets(
        total=count(""),
        categories={category: count("category", category=category.value) for category in Category},
        groups={group: count("group", target_group=group.value) for group in TargetGroup},
        stars={
            least: sum(cell.products for cell in cells if cell.fits(asked, "stars") and cell.stars >= least)
            for least in STARS
        },
        free=count("free", free=True),
    )
