"""What a reader may ask the catalogue for; the same words stand in the address."""

from typing import Annotated

import msgspec

from marketplace.organizations.provision import Category
from marketplace.products.catalogue.queries import CatalogueFilter
from marketplace.products.content import TargetGroup, Unit


class CatalogueForm(msgspec.Struct):
    """The filters above the catalogue."""

    q: Annotated[str, msgspec.Meta(max_length=100)] = ""
    category: Category | None = None
    place: Annotated[str, msgspec.Meta(max_length=12)] = ""
    group: TargetGroup | None = None
    unit: Unit | None = None

    def asked(self) -> CatalogueFilter:
        """Return the same as the query takes it."""
        return CatalogueFilter(self.q, self.category, self.place, self.group, self.unit)
