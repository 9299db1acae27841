"""What officers fill in about editions, and what lists of them are filtered by."""

import msgspec

from app.web.fields import LongText
from marketplace.organizations.provision import Category
from marketplace.products.editions.rules import Fate


class DrawUpForm(msgspec.Struct):
    """The year of a new edition."""

    year: int


class EntriesForm(msgspec.Struct):
    """What becomes of the ticked products."""

    fate: Fate
    products: list[str] = []
    reason: LongText = ""


class EntryFilter(msgspec.Struct):
    """Which entries a list shows."""

    fate: Fate | None = None
    category: Category | None = None
