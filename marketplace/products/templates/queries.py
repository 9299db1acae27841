"""How often a template was used."""

from app.core import database


async def uses() -> dict[str, int]:
    """Return how many products that came from each template are in the catalogue now."""
    rows = await database.fetch(
        """SELECT template_code, count(*) AS uses FROM product
            WHERE template_code <> '' AND status = 'listed' GROUP BY template_code"""
    )
    return {row["template_code"]: row["uses"] for row in rows}
