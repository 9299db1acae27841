"""What a reader may ask the catalogue for; the same words stand in the address."""

from enum import StrEnum
from typing import Annotated
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import msgspec

from app.web.forms import Form
from marketplace.organizations.provision import Category
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.content import TargetGroup, Unit


class Rating(StrEnum):
    """From which average on."""

    GOOD = "4"
    FAIR = "3"


class Order(StrEnum):
    """What comes first, where it is not the best match."""

    NEAR = "near"


class CatalogueForm(msgspec.Struct):
    """The filters of the catalogue."""

    q: Annotated[str, msgspec.Meta(max_length=100)] = ""
    category: Category | None = None
    place: Annotated[str, msgspec.Meta(max_length=12)] = ""
    group: TargetGroup | None = None
    unit: Unit | None = None
    organization: UUID | None = None
    rating: Rating | None = None
    free: bool = False
    sort: Order | None = None

    def asked(self) -> CatalogueFilter:
        """Return the same as the query takes it."""
        return CatalogueFilter(
            self.q,
            self.category,
            self.place,
            self.group,
            self.unit,
            self.organization,
            int(self.rating) if self.rating else 0,
            self.free,
            self.sort is Order.NEAR and bool(self.place),
        )

    @property
    def address(self) -> str:
        """Return the query of the address that asks for the same, always written alike."""
        said = {name: value for name in self.__struct_fields__ if (value := getattr(self, name))}
        return urlencode({name: "on" if value is True else str(value) for name, value in said.items()})

    @classmethod
    def at(cls, address: str) -> "CatalogueForm":
        """Return what an address asks for."""
        return Form.from_pairs(cls, list(parse_qsl(address))).value
