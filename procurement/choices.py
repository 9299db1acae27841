"""What people choose from in forms of buying, as (value, text) in the reader's language."""

from app.core.access import Scope
from app.web.filters import localized
from marketplace.products.areas import city_and_districts


async def place_options(scope: Scope) -> list[tuple[str, str]]:
    """Return the city and the districts that lie in a scope."""
    return [
        (area.code, localized(area, "name")) for area in await city_and_districts() if scope.covers_place(area.code)
    ]
