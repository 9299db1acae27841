"""Wishes, the villages behind them, and the products that answer them."""

from piccolo.columns import Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.places.tables import Place
from marketplace.products.tables import Product


class Wish(Table, tablename="wish", db=DB):
    """What a village would order if somebody offered it."""

    id = identity()
    reference = words(unique=True)
    place_id = required(Place)
    category = words()
    target_group = words()
    words_zh = words()
    status = words()
    written_by = required("app.accounts.tables.Account")
    written_at = Timestamptz()
    closed_by = optional("app.accounts.tables.Account")
    closed_at = Timestamptz(null=True, default=None)
    reason = words()


class WishSupport(Table, tablename="wish_support", db=DB):
    """A village that wants the same; the one that wrote it is the first."""

    id = identity()
    wish_id = required(Wish)
    place_id = required(Place)
    supported_by = required("app.accounts.tables.Account")
    supported_at = Timestamptz()


class WishAnswer(Table, tablename="wish_answer", db=DB):
    """A product, perhaps still a draft, that is to fulfil a wish."""

    id = identity()
    wish_id = required(Wish)
    product_id = required(Product)
    answered_by = required("app.accounts.tables.Account")
    answered_at = Timestamptz()
