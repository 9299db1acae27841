"""Reading what was published and filed, with the days on which it had to be."""

from datetime import date

from app.core import calendar, database
from app.rulebook import rules_and_days
from procurement import law
from procurement.blocks import Figure
from procurement.contracts.notices.rules import Done, Duty, NoticeKind

_RULES = {NoticeKind.PUBLISHED: law.CONTRACT_NOTICE, NoticeKind.FILED: law.CONTRACT_COPY}


async def duties(contract_id: int, signed_on: date, place_code: str) -> list[Duty]:
    """Return both duties of a contract, by the figures in force when it was signed."""
    found, days = await rules_and_days(list(_RULES.values()), on=signed_on, jurisdiction=place_code)
    done = {
        NoticeKind(row["kind"]): Done(row["done_on"], row["url"], row["number"])
        for row in await database.fetch(
            "SELECT kind, done_on, url, number FROM contract_notice WHERE contract_id = $1", contract_id
        )
    }
    duties = []
    for kind, key in _RULES.items():
        figure = Figure.of(found[key])
        last_day = calendar.deadline(days, signed_on, figure.value, figure.unit)
        duties.append(Duty(kind, figure, last_day, done.get(kind)))
    return duties
