"""Years that are over and not closed, on the workbench of who prepares and who closes them; and a letter in January."""

from collections.abc import Sequence
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal, Role
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from app.web.components import Action, Tag, Waiting
from procurement.budgets.year_ends.controllers import PAGE

_OPEN = """
SELECT l.year, count(DISTINCT l.place_id) AS places FROM budget_line l JOIN place ON place.id = l.place_id
LEFT JOIN year_closing c ON (c.place_id, c.year) = (l.place_id, l.year) AND c.status <> 'dropped'
WHERE l.year < $1 AND l.closing_id IS NULL AND place.code LIKE ANY($2) AND (c.id IS NOT NULL) = $3
  AND ($4::bigint IS NULL OR c.prepared_by <> $4)
GROUP BY l.year ORDER BY l.year
"""


async def years_to_prepare(principal: Principal) -> Sequence[Waiting]:
    """Return the years that are over and whose end nobody has prepared."""
    scope = principal.scopes.get(Permission.BUDGET_MANAGE)
    rows = await database.fetch(_OPEN, clock.today().year, scope.like_patterns(), False, None) if scope else []
    return [
        Waiting(
            Tag("need", N_("等你处理")),
            Message(N_("%(year)s 年预算还没有结转（%(count)s 个地区）"), _values(row)),
            N_("没有签约的结余收回，签了约和应付未付的结转到下年。"),
            Action(N_("去结转"), PAGE),
        )
        for row in rows
    ]


async def years_to_close(principal: Principal) -> Sequence[Waiting]:
    """Return the years whose end another person has prepared."""
    scope = principal.scopes.get(Permission.BUDGET_APPROVE)
    rows = (
        await database.fetch(_OPEN, clock.today().year, scope.like_patterns(), True, principal.actor) if scope else []
    )
    return [
        Waiting(
            Tag("need", N_("等你处理")),
            Message(N_("%(year)s 年预算的结转等你办理（%(count)s 个地区）"), _values(row)),
            N_("核对结余和结转的金额，办理以后不能撤销。"),
            Action(N_("去核对"), PAGE),
        )
        for row in rows
    ]


async def remind_of_open_years(now: datetime) -> int:
    """Write to the officers of every place whose last year is still open, once on a day; return to how many."""
    today = clock.local(now).date()
    text = N_("%(year)s 年预算还没有结转，请核对后提出，由另一人办理。")
    rows = await database.fetch(_OFFICERS, today.year, Role.PROCUREMENT_OFFICER.value, now)
    notices = [
        Notice(row["account_id"], text, {"year": str(row["year"])}, link=PAGE,
               once_key=f"year-end:{row['year']}:{today}:{row['account_id']}")
        for row in rows
    ]  # fmt: skip
    if notices:
        async with database.transaction():
            await notify_many(notices)
    return len(notices)


def _values(row: database.Row) -> dict[str, object]:
    return {"year": str(row["year"]), "count": row["places"]}


_OFFICERS = """
SELECT DISTINCT m.account_id, l.year FROM budget_line l JOIN place ON place.id = l.place_id
JOIN membership m ON m.role = $2 AND starts_with(place.code, m.place_code)
 AND m.valid_from <= $3 AND (m.valid_until IS NULL OR m.valid_until > $3)
WHERE l.year < $1 AND l.closing_id IS NULL ORDER BY m.account_id, l.year
"""
