"""Purchases that an auditor looks at: delivered, accepted, paid, with flags and a sample, for the tests of pages."""

from dataclasses import dataclass
from datetime import timedelta

from app.core import clock
from app.core.access import Principal, Role
from procurement.oversight.flags.queries import Filter, flags
from procurement.oversight.flags.rules import FlagEvent
from procurement.oversight.flags.service import look, review_flag
from procurement.oversight.samples.packing import pack_samples
from procurement.oversight.samples.rules import Population
from procurement.oversight.samples.service import SampleWish, draw_sample
from tests.procurement import buying
from tests.procurement.oversight.trace.test_trace import bought, pages_of


@dataclass(frozen=True)
class Audited:
    """Who looks, and the pages."""

    auditor: Principal
    paths: list[str]
    open_flag: str
    sample: str


async def audited() -> Audited:
    """Deliver and pay, look at it weeks later, explain one flag and draw a sample."""
    here = await bought(3)
    auditor = await buying.person_as(Role.SUPERVISOR)
    with clock.travelled_to(clock.now() + timedelta(days=25)):
        await look(clock.now())
    [first, *others] = await flags(auditor, Filter())
    await review_flag(auditor, others[0].public_id, FlagEvent.EXPLAIN, "已补公告，见采购网。")
    wish = SampleWish(Population.UNIT, buying.DISTRICT, buying.soon().year, 2, clock.today().isoformat())
    sample = await draw_sample(auditor, wish)
    await pack_samples(clock.now())
    paths = [
        *await pages_of(here),
        "/oversight/flags",
        f"/oversight/flags/{first.public_id}",
        f"/oversight/flags/{others[0].public_id}",
        "/oversight/samples",
        "/oversight/samples/new",
        f"/oversight/samples/{sample}",
        f"/oversight/samples/{sample}/1",
    ]
    return Audited(auditor, paths, f"/oversight/flags/{first.public_id}", f"/oversight/samples/{sample}")
