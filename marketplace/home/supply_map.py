"""The thirteen districts with the number of services that reach each."""

from app.core.text import N_, Message
from app.web.map_svg import Picture
from marketplace.home.queries import DistrictSupply
from marketplace.places.district_map import Figure, district_map

TIP = N_("%(district)s：%(count)s 项服务")
NOTHING = Figure(0, Message(TIP, {"count": 0}))
KEY = ((0, N_("还没有")), (1, N_("很少")), (2, N_("较少")), (3, N_("较多")), (4, N_("最多")))


async def supply_map(supply: list[DistrictSupply]) -> Picture:
    """Draw the districts: the more services reach one, the deeper its colour."""
    return await district_map(
        {row.code: Figure(row.products, Message(TIP, {"count": row.products})) for row in supply}, NOTHING
    )
