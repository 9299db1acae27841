"""Where a provider's score stands: on its public page, and what people said on the product's."""

from app.core import clock, database
from app.core.access import Principal
from app.web.slots import Fill
from procurement.deliveries.opinions.queries import of_product
from procurement.oversight.ratings.queries import measures, of_organizations
from procurement.oversight.ratings.rules import PART_NAMES

FOLDER = "procurement/oversight"


async def on_organization(principal: Principal, organization_id: int) -> Fill | None:  # noqa: ARG001 - a slot's shape
    """Fill ``organization_page.aside``: the score, its parts, and how many deliveries it rests on."""
    public_id = await database.fetch_value("SELECT public_id FROM organization WHERE id = $1", organization_id)
    rating = (await of_organizations([public_id]))[public_id]
    if not rating.record.ordered:
        return None
    by = await measures(clock.today())
    return Fill(f"{FOLDER}/rating.html", {"rating": rating, "by": by, "part_names": PART_NAMES})


async def on_product(principal: Principal, product_id: int) -> Fill | None:  # noqa: ARG001 - a slot's shape
    """Fill ``product_page.main``: what those who were there say."""
    opinions, words = await of_product(product_id)
    return Fill(f"{FOLDER}/reviews.html", {"opinions": opinions, "words": words}) if opinions.count else None
