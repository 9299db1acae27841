"""What publishing a draft ends: the set in force without an end, if nothing after its last day is priced by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.core import database
from app.core.errors import DomainError
from app.core.text import N_
from procurement.tariffs.engine.faults import Fault
from procurement.tariffs.engine.model import TariffSet

DAY = timedelta(days=1)


class TariffAlreadyPriced(DomainError):
    """The set in force has priced work of days that the draft is for."""

    code, status, message = (
        "tariff_already_priced",
        409,
        N_(
            "在用的标准已经为 %(first)s 及以后的工作计价 %(count)s 件，不能在那之前终止。"
            "新标准最早可以从 %(earliest)s 起生效：请改生效日期，重新录入。"
        ),
    )


@dataclass(frozen=True, slots=True)
class Succession:
    """The published set that a draft ends, and the last day on which it then is in force."""

    id: int
    document: str
    region: str
    label_zh: str
    label_en: str
    sha256: str
    last_day: date

    @property
    def first_day(self) -> date:
        """Return the first day of the successor."""
        return self.last_day + DAY


# Sets with a second date stand beside the ordinary ones: they end none, and none ends them.
_SUCCESSION = """
SELECT old.id, old.document, old.region, old.label_zh, old.label_en, encode(old.body_sha256, 'hex') AS sha256,
       draft.effective_from - 1 AS last_day
FROM tariff_set draft JOIN tariff_set old ON old.family = draft.family AND old.region = draft.region
WHERE draft.id = $1 AND draft.status = 'draft' AND draft.body->'second_date' IS NULL
  AND old.status = 'published' AND old.effective_to IS NULL AND old.body->'second_date' IS NULL
  AND old.effective_from < draft.effective_from
"""
_PRICED = "SELECT count(*) AS count, max(service_day) AS last FROM claim WHERE tariff_set_id = $1 AND service_day >= $2"


async def succession_of(draft_id: int) -> Succession | None:
    """Return what publishing a draft ends; None where no set is in force without an end before it begins."""
    row = await database.fetch_one(_SUCCESSION, draft_id)
    return Succession(**row) if row else None


async def priced_later(succession: Succession) -> TariffAlreadyPriced | None:
    """Return the refusal if the set that would end has priced work of a day after its last one."""
    row = await database.fetch_one(_PRICED, succession.id, succession.first_day)
    if row is None or not row["count"]:
        return None
    return TariffAlreadyPriced(first=succession.first_day, count=row["count"], earliest=row["last"] + DAY)


def days_left_out(tariff: TariffSet, ended: Succession | None) -> Iterator[Fault]:
    """Yield the fault of a successor with an end: days after it that had a tariff until now would have none.

    Nothing that is published begins after a set without an end, so that all days after the successor's are left out.
    Source: settlement.md, "Publishing a set refuses gaps".
    """
    if ended and tariff.to and tariff.to > ended.last_day:
        days = {"before": ended.last_day, "last": tariff.to, "first": tariff.to + DAY}
        yield Fault("dates_end", tariff.id, days)
