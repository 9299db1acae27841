"""Reading opinions: of one delivery, and of a product with the latest words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from procurement import law
from procurement.deliveries.law import OPINIONS
from procurement.deliveries.opinions.rules import Opinions

LATEST = 5

# Whoever spoke was there: the code stands on the sign-in sheet and on the screen at the place, nowhere else.
_SPOKEN = "SELECT count(*)::integer AS count, coalesce(sum(r.stars), 0)::integer AS stars FROM shift_rating r"
_WORDS = """
SELECT r.stars, t.words, t.said_at FROM shift_thanks t JOIN shift_rating r ON r.id = t.rating_id
JOIN village_order o ON o.assignment_id = r.assignment_id JOIN contract c ON c.id = o.contract_id
"""
_SHOWN = "AND t.status = 'shown' ORDER BY t.id DESC LIMIT $2"


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote; nobody's name."""

    stars: int
    words: str
    said_at: datetime


async def minimum() -> int:
    """Return from how many opinions on an average is shown today."""
    return (await law.figure(OPINIONS, clock.today())).value


async def of_order(order_id: int) -> tuple[int, int, Sequence[Words]]:
    """Return how many spoke about one delivery, their stars in all, and the latest words that are not hidden."""
    [row] = await database.fetch(
        f"{_SPOKEN} JOIN village_order o ON o.assignment_id = r.assignment_id WHERE o.id = $1", order_id
    )
    words = await database.fetch(f"{_WORDS} WHERE o.id = $1 {_SHOWN}", order_id, LATEST)
    return row["count"], row["stars"], [Words(**said) for said in words]


async def of_product(product_id: int) -> tuple[Opinions, Sequence[Words]]:
    """Return what people said about a product's deliveries: hidden words are left out, their stars count."""
    [row] = await database.fetch(
        f"""{_SPOKEN} JOIN village_order o ON o.assignment_id = r.assignment_id
            JOIN contract c ON c.id = o.contract_id WHERE c.product_id = $1""",
        product_id,
    )
    words = await database.fetch(f"{_WORDS} WHERE c.product_id = $1 {_SHOWN}", product_id, LATEST)
    return Opinions(row["count"], row["stars"], await minimum()), [Words(**said) for said in words]
