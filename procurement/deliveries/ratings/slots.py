"""The rating on an order's page, and what waits to be rated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.slots import Fill
from procurement.deliveries.ratings.rules import FACES, LONGEST_WORDS, RATABLE, RATING_NAMES

ASKED_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class RatedOrder:
    """An order and the village's word on it."""

    reference: str
    status: str
    place_code: str
    rating: int | None
    words_zh: str | None
    rated_at: datetime | None


async def on_order(principal: Principal, order_id: int) -> Fill | None:
    """Fill ``order_page.main``: rate with one tap, or read what the village said."""
    row = await database.fetch_one(
        """SELECT o.reference, o.status, place.code AS place_code, r.rating, r.words_zh, r.rated_at
           FROM village_order o JOIN place ON place.id = o.place_id
           LEFT JOIN village_rating r ON r.village_order_id = o.id WHERE o.id = $1""",
        order_id,
    )
    found = RatedOrder(**row) if row else None
    if found is None or found.status not in RATABLE:
        return None
    scope = principal.scopes.get(Permission.ORDER_PLACE)
    may = found.rating is None and scope is not None and scope.covers_place(found.place_code)
    if found.rating is None and not may:
        return None
    context = {"found": found, "may": may, "names": RATING_NAMES, "faces": FACES, "longest": LONGEST_WORDS}
    return Fill("procurement/deliveries/rating.html", context)


async def visits_to_rate(principal: Principal) -> Sequence[Waiting]:
    """Return how many visits wait for a village's word, for the workbench."""
    scope = principal.scopes.get(Permission.ORDER_PLACE)
    if scope is None:
        return []
    rows = await database.fetch(
        """SELECT o.reference, v.title_zh FROM village_order o JOIN place ON place.id = o.place_id
           JOIN contract c ON c.id = o.contract_id
           JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
           WHERE place.code LIKE ANY($1) AND o.status = ANY($2) AND o.wished_start > $3
             AND NOT EXISTS (SELECT FROM village_rating r WHERE r.village_order_id = o.id)
           ORDER BY o.id DESC LIMIT 5""",
        *(scope.like_patterns(), [status.value for status in RATABLE], clock.now() - ASKED_FOR),
    )
    return [
        Waiting(
            Tag("wait", N_("待评单")),
            Message(N_("“%(title)s”怎么样？"), {"title": row["title_zh"]}),
            N_("点一下就行，机构会看到。"),
            Action(N_("去评单"), f"/orders/{row['reference']}#rating"),
        )
        for row in rows
    ]
