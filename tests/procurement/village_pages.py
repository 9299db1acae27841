"""The season seen from a village: a month that is full, a queue, days off, wishes, times that are negotiated."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.organizations.provision import Category
from marketplace.products.capacity.rules import Statement, months_from
from marketplace.products.capacity.service import add_blackout, state_capacity
from marketplace.products.content import TargetGroup
from marketplace.wishes.service import support, write_wish
from procurement.deliveries import service as orders
from procurement.deliveries.answering.rules import OrderAnswer, Refusal
from procurement.deliveries.changes.service import propose
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
    wish: str
    moving: str


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
    wish = await write_wish(
        here.clerk, codes[0], Category.LEGAL_EDUCATION, TargetGroup.MIGRANT_WORKERS, "想请人给网约工讲讲社保怎么缴"
    )
    await support(await buying.person_as(Role.VILLAGE_CLERK, codes[1]), wish, codes[1])
    moving = await database.fetch_value("SELECT id FROM village_order WHERE reference = $1", here.placed)
    await propose(here.provider, moving, buying.soon(4), "讲师那天上午要开庭")
    await _refuse_some(here, contract, codes[3])
    return Crowd(here, here.clerk, here.provider, codes, contract, product, month, wish, here.placed)


async def _refuse_some(here: Season, contract: int, code: str) -> None:
    """Have the provider refuse three orders: an officer is asked to look."""
    clerk = await buying.person_as(Role.VILLAGE_CLERK, code)
    refused = await orders.place_orders(clerk, [NewOrder(contract, code, buying.soon(8))] * 3)
    reasons = (Refusal.NO_PEOPLE, Refusal.NO_PEOPLE, Refusal.DISTANCE)
    answers = [OrderAnswer(one, False, "", reason) for one, reason in zip(refused, reasons, strict=True)]
    await orders.answer_orders(here.provider, answers)


def person(here: Crowd, role: str) -> Principal:
    """Return who looks in a role."""
    return here.season.officer if role == "officer" else getattr(here, role)


def paths(here: Crowd) -> dict[str, list[str]]:
    """Return every page of the villages' side by the role that looks at it."""
    return {
        "anybody": ["/wishes", f"/wishes/{here.wish}"],
        "provider": [
            f"/my/products/{here.product}/capacity",
            f"/my/products/{here.product}",
            "/my/orders",
            f"/orders/{here.moving}",
            f"/wishes/{here.wish}",
        ],
        "officer": [f"/buying/frameworks/{here.season.framework}"],
        "clerk": [
            "/orders/new",
            f"/orders/new/{here.season.contract}",
            f"/orders/new/{here.season.contract}?month={here.month:%Y-%m}",
            "/orders/hours",
            "/orders",
            f"/orders/{here.moving}",
            f"/orders/{here.season.delivered}",
            "/wishes",
            "/wishes/new",
            "/workbench",
        ],
    }
