"""The weeks seen by an auditor: the night's look, one flag explained, a sample of the week's services drawn."""

from datetime import date

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.demonstration import invention
from procurement.demonstration.scale import Scale
from procurement.oversight.flags.queries import Filter, flags
from procurement.oversight.flags.rules import FlagEvent
from procurement.oversight.flags.service import look, review_flag
from procurement.oversight.samples.rules import Population
from procurement.oversight.samples.service import SampleWish, draw_sample

DRAWN = 5

_DELIVERED = """
SELECT count(*) FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
JOIN place ON place.id = p.place_id
WHERE o.status IN ('delivered', 'accepted', 'refused') AND place.code LIKE $1 || '%' AND o.year = $2
"""


async def watch(officers: dict[Role, Principal], scale: Scale, monday: date) -> int:
    """Compute the flags, explain one and draw a sample; return how many flags stand."""
    found = await look(clock.now())
    auditor = officers[Role.SUPERVISOR]
    words = invention.vocabulary()["auditing"]
    for flag in (await flags(auditor, Filter(state="open"), limit=1))[:1]:
        await review_flag(auditor, flag.public_id, FlagEvent.EXPLAIN, words["explained"])
    place, year = scale.place_code[:6], monday.year
    units = min(DRAWN, await database.fetch_value(_DELIVERED, place, year))
    if units:
        await draw_sample(auditor, SampleWish(Population.UNIT, place, year, units, clock.today().isoformat()))
    return found["standing"]
