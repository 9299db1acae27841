"""Keeping the figures that an evaluation was made from."""

from app.core import clock, database
from app.core.access import Principal
from procurement.oversight.ratings.queries import of_purchase

KEPT = ("ordered", "accepted", "refused", "put_right", "declined", "missed", "late", "people", "opinions", "stars")


async def keep_evaluation(principal: Principal, purchase_id: int) -> None:
    """Write a purchase's figures beside its evaluation, in the current transaction; once."""
    rating = await of_purchase(purchase_id)
    await database.insert_row(
        "purchase_evaluation",
        {
            "purchase_id": purchase_id,
            **{name: getattr(rating.record, name) for name in KEPT},
            "score": rating.score,
            "evaluated_by": principal.actor,
            "evaluated_at": clock.now(),
        },
    )
