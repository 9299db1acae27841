"""Naming a search to keep."""

from typing import Annotated

import msgspec

from marketplace.products.catalogue.forms import CatalogueForm
from marketplace.products.saved.rules import LONGEST_NAME


class SearchForm(CatalogueForm):
    """A search with the name under which it is kept."""

    name: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] = ""

    def search(self) -> CatalogueForm:
        """Return the search without its name."""
        return CatalogueForm(**{name: getattr(self, name) for name in CatalogueForm.__struct_fields__})
