"""What forbids publishing a draft, all of it: the same for its page and for whoever publishes it."""

from procurement.tariffs.engine.faults import Fault
from procurement.tariffs.engine.model import TariffSet
from procurement.tariffs.engine.validation import validate
from procurement.tariffs.queries import in_force_beside
from procurement.tariffs.succession import Succession, days_left_out


async def publishing_faults(tariff: TariffSet, ended: Succession | None) -> list[Fault]:
    """Return a draft's own faults, and the days that two sets would price, or none, once it has ended ``ended``."""
    beside = await in_force_beside(tariff.family, tariff.region, ended)
    return [*validate(tariff, beside), *days_left_out(tariff, ended)]
