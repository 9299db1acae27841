"""What a decision on a provider will do to its listings, told to the officer before deciding."""

from dataclasses import dataclass

from app.core import database


@dataclass(frozen=True, slots=True)
class Listing:
    """A product that will be suspended, or that comes back."""

    reference: str
    title_zh: str
    title_en: str


async def listings_that_follow(organization_id: int, suspended: bool) -> list[Listing]:
    """Return the listings a suspension takes down; of a suspended provider, those a reinstatement brings back."""
    rows = await database.fetch(
        """SELECT p.reference, v.title_zh, v.title_en FROM product p
           JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
           WHERE p.organization_id = $1
             AND CASE WHEN $2 THEN p.suspended_for = 'organization' ELSE p.status = 'listed' END
           ORDER BY p.id""",
        organization_id,
        suspended,
    )
    return [Listing(**row) for row in rows]
