"""Reading a place's service list."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.organizations.provision import Category
from marketplace.products.catalogue.facets import Facets, facets
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import CatalogueRow, catalogue_page

MOST = 48
"""Entries on one list: a few sheets of paper; the rest is a QR code away."""


@dataclass(frozen=True, slots=True)
class ServiceList:
    """What reaches a place, by category, and how much of it there is in all."""

    by_category: Mapping[Category, tuple[CatalogueRow, ...]]
    total: int

    @property
    def shown(self) -> int:
        """Return how many entries the list has."""
        return sum(map(len, self.by_category.values()))


async def service_list(place_code: str) -> ServiceList:
    """Return the list of a place, the nearest providers first within each category."""
    found = await catalogue_page(CatalogueFilter(place_code=place_code, near=True), size=MOST)
    grouped = {category: tuple(row for row in found.rows if row.category is category) for category in Category}
    return ServiceList({category: rows for category, rows in grouped.items() if rows}, found.total)


async def services_at(place_code: str) -> Facets:
    """Return how many services of each category reach a place."""
    return await facets(CatalogueFilter(place_code=place_code), "")
