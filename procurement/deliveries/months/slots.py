"""What orders add to a provider's page about a product's months: what is taken, who waits, on which days."""

from app.core import clock
from app.core.access import Permission, Principal
from app.web.filters import WEEKDAYS
from app.web.slots import Fill
from marketplace.products.capacity.rules import days_of, months_from
from procurement.deliveries.months import queries
from procurement.deliveries.ordering.rules import CalendarDay, DayState
from procurement.deliveries.waiting.queries import waiting_by_month

SHOWN = 3


async def taken_months(principal: Principal, product_id: int) -> Fill | None:
    """Fill ``product_capacity.main``: the next months with taken, free and waiting, day by day."""
    if not principal.can(Permission.ORDER_ANSWER):
        return None
    ahead = months_from(clock.today(), SHOWN)
    found = await queries.months_ahead(product_id, clock.today(), SHOWN)
    orders = await queries.orders_by_day(product_id, ahead[0], days_of(ahead[-1])[-1])
    waiting = await waiting_by_month(product_id)
    months = [
        (
            month,
            found[month],
            waiting.get(month, 0),
            [
                CalendarDay(day, DayState.OFF if day in found[month].days_off else DayState.FREE, orders.get(day, 0))
                for day in days_of(month)
            ],
        )
        for month in ahead
    ]
    return Fill("procurement/deliveries/capacity.html", {"months": months, "weekdays": WEEKDAYS})
