"""What waits on the cashier's workbench: months whose withheld tax is to be filed and paid over."""

from app.core import calendar, clock
from app.core.access import Permission, Principal
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import day, localized
from procurement.taxes.queries import unfiled
from procurement.taxes.rules import filing_deadline


async def to_file(principal: Principal) -> list[Waiting]:
    """Return the months that are over and whose tax was not paid over, the oldest first."""
    if not principal.can(Permission.SETTLEMENT_PAY):
        return []
    months = await unfiled(principal)
    days = await calendar.load_calendar() if months else None
    found = []
    for row in months if days else []:
        due = filing_deadline(days, row.month)
        late = clock.today() > due
        found.append(
            Waiting(
                Tag("need", N_("税款已逾期")) if late else Tag("wait", N_("等待申报")),
                Message(
                    N_("%(place)s %(month)s 代扣个税 %(total)s"),
                    {"place": localized(row, "place"), "month": row.handle, "total": yuan(row.tax_fen)},
                ),
                Message(N_("最晚 %(day)s 申报并缴款"), {"day": day(due)}),
                Action(N_("去申报"), f"/taxes/{row.place_code}/{row.handle}"),
            )
        )
    return found
