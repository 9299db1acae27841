"""The season seen from a village: a month that is full, a queue, days off, wishes, times that are negotiated."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.products.capacity.rules import Statement, months_from
from marketplace.products.capacity.service import add_blackout, state_capacity
from procurement.deliveries import service as orders
from procurement.deliveries.service import NewOrder
from procurement.deliveries.waiting.service import wait_for
from tests.procurement import buying
from tests.procurement.buying_pages import Season, season

PRODUCT_OF = "SELECT p.reference FROM product p JOIN contract c ON c.product_id = p.id WHERE c.reference = $1"


@dataclass(frozen=True)
class Crowd:
    """The season, with a month that is full from next month's following on."""

    season: Season
    clerk: Principal
    provider: Principal
    codes: tuple[str, ...]
    contract_id: int
    product: str
    month: date


async def crowd() -> Crowd:
    """Fill a month of the season's product, let a village wait for it, and state days off."""
    here = await season()
    contract = await database.fetch_value("SELECT id FROM contract WHERE reference = $1", here.contract)
    product, month = await database.fetch_value(PRODUCT_OF, here.contract), months_from(clock.today(), 3)[-1]
    codes = tuple(row["code"] for row in await buying.villages(4))
    for year in sorted({clock.today().year, buying.soon().year, month.year}):
        await buying.quota(list(codes), 8, year)
    await state_capacity(here.provider, product, Statement(month, 2))
    await add_blackout(here.provider, product, month + timedelta(days=23), month + timedelta(days=25), "年终培训")
    starts = [clock.at_local(month + timedelta(days=days), time(9, 30)) for days in (8, 9, 10)]
    others = await buying.person_as(Role.VILLAGE_CLERK, buying.DISTRICT)
    await orders.place_orders(others, [NewOrder(contract, codes[2], start) for start in starts[:2]])
    await wait_for(here.clerk, NewOrder(contract, codes[0], starts[2]))
    return Crowd(here, here.clerk, here.provider, codes, contract, product, month)


def paths(here: Crowd) -> dict[str, list[str]]:
    """Return every page of the villages' side by the role that looks at it."""
    return {
        "provider": [f"/my/products/{here.product}/capacity", f"/my/products/{here.product}", "/my/orders"],
        "clerk": [
            "/orders/new",
            f"/orders/new/{here.season.contract}",
            f"/orders/new/{here.season.contract}?month={here.month:%Y-%m}",
            "/orders/hours",
            "/orders",
        ],
    }
