"""Closing a month: from then on it takes no entry, and its balances are final.

会计法 §11: the accounting year is the calendar year; its books are kept by months. What is found wrong later is
put right by an entry of the open month.
"""

from datetime import date, timedelta

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.rulebook.rules import CITY


class MonthStillRuns(DomainError):
    """A month closes when it is over."""

    code, status, message = "ledger_month_still_runs", 409, N_("%(month)s 还没有结束，结束后才能结账。")


class EarlierMonthOpen(DomainError):
    """Months close one after the other."""

    code, status, message = "ledger_earlier_month_open", 409, N_("先结 %(month)s 的账：月份按顺序结账。")


class MonthClosed(DomainError):
    """A closed month stays closed."""

    code, status, message = "ledger_month_closed", 409, N_("%(month)s 已经结账。")


async def close_month(principal: Principal, month: date) -> None:
    """Close a month for all places; who closes it answers for the whole city.

    Whoever is posting into it finishes first: the row is locked against their share locks.
    """
    principal.scope(Permission.LEDGER_CLOSE).require_place(CITY)
    said = f"{month:%Y-%m}"
    async with transaction():
        row = await database.fetch_one(_LOCKED, month)
        if row is None:
            raise NotFound
        if row["closed_at"] is not None:
            raise MonthClosed(month=said)
        if clock.today() < row["ends_on"]:
            raise MonthStillRuns(month=said)
        if row["earlier"] is not None:
            raise EarlierMonthOpen(month=f"{row['earlier']:%Y-%m}")
        closed = {"closed_at": clock.now(), "closed_by": principal.actor}
        await database.update_row("ledger_period", row["id"], closed)
        last = (row["ends_on"] - timedelta(days=1)).isoformat()
        await audit.record(principal, "ledger.month_closed", "ledger_period", row["id"], last_day=last)


_LOCKED = """
SELECT p.id, p.ends_on, p.closed_at,
       (SELECT min(before.starts_on) FROM ledger_period before
        WHERE before.closed_at IS NULL AND before.starts_on < p.starts_on) AS earlier
FROM ledger_period p WHERE p.starts_on = $1 FOR UPDATE OF p
"""
