"""A year of buying by the real services: month after month, with all that goes wrong in between.

The same seed makes the same year. What people do is called for many at once; only what the city does one by one
(cancelling, amending, ending, sending back) is called one by one here too.
"""

from app.core import clock
from procurement.deliveries.acceptances.conclusion import conclude_purchases
from tests.procurement.year import methods
from tests.procurement.year.after import SYSTEM, change, evaluate, pay
from tests.procurement.year.months import buy, deliver
from tests.procurement.year.stage import Year, beginning

SEED = 2026


async def year(size: int, seed: int = SEED, months: int = 11) -> Year:
    """Live through a year with so many purchases, an equal share in each month; return its people."""
    quoted, tendered = max(8, size // 50), 5  # more tenders in one district would be a split purchase
    called = size - quoted - tendered
    here = await beginning(seed)
    for month in range(1, months + 1):
        share = called * month // months - called * (month - 1) // months
        signed = await buy(here, month, share, last=month == months)
        await deliver(here, month, signed)
        await change(here, month, signed)
        await pay(here, month, last=month == months)
    with clock.travelled_to(here.day(12, 10)):
        await conclude_purchases(SYSTEM, clock.now())
        await evaluate(here)
    await methods.quotations(quoted)
    await methods.tenders_of(tendered)
    return here
