"""A clerk rates a visit; the provider's member who took the order is told."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from app.notifications.service import notify
from procurement.deliveries.ratings import rules
from procurement.deliveries.ratings.rules import AlreadyRated, NotYetRatable, OwnVisit
from volunteers.thanks.rules import masked

CONSTRAINTS = {
    "village_rating_village_order_id_key": AlreadyRated,
    "village_rating_after_visit": NotYetRatable,
    "village_rating_by_village": OwnVisit,
}


async def rate(principal: Principal, reference: str, rating: int, words_zh: str = "") -> None:
    """Say how a visit to one's village was; once."""
    scope = principal.scope(Permission.ORDER_PLACE)
    if rating not in rules.RATING_NAMES:
        raise InvalidInput({"rating": Message(N_("请评1到5分。"))})
    async with database.refusing(CONSTRAINTS), transaction():
        row = await database.fetch_one(
            """SELECT o.id, o.answered_by, place.code, v.title_zh, place.name_zh FROM village_order o
               JOIN contract c ON c.id = o.contract_id JOIN place ON place.id = o.place_id
               JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
               WHERE o.reference = $1""",
            reference,
        )
        if row is None or not scope.covers_place(row["code"]):
            raise NotFound
        await database.insert_row(
            "village_rating",
            {
                "village_order_id": row["id"],
                "rating": rating,
                "words_zh": masked(words_zh),
                "rated_by": principal.actor,
                "rated_at": clock.now(),
            },
        )
        await audit.record(principal, "village_order.rated", "village_order", row["id"], rating=rating)
        text = N_("%(village)s评了“%(title)s”：%(rating)s。")
        detail = {
            "village": row["name_zh"],
            "title": row["title_zh"],
            "rating": Message(rules.RATING_NAMES[rating]),
        }
        await notify(row["answered_by"], text, detail, link=f"/orders/{reference}", once_key=f"rated:{row['id']}")
