"""Telling the officers once about each line that is spent too slowly for the time of the year."""

from collections import Counter
from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Permission, Role, Scope, system_principal
from app.core.audit import Entry
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from procurement.budgets.execution.queries import slow_lines

PAGE = "/buying/budgets/execution"
EVERYWHERE = Scope(place_codes=("",))


async def warn_of_slow_lines(now: datetime) -> int:
    """Note each line that has become too slow and tell who manages it; a line is told of once. Return how many."""
    slow = {line.id: line for line in await slow_lines(EVERYWHERE, clock.local(now).date())}
    if not slow:
        return 0
    async with database.transaction():
        rows = await database.fetch(
            """INSERT INTO budget_warning (budget_line_id, spent_fen, approved_fen, warned_at)
               SELECT l.id, l.spent_fen, l.approved_fen, $2 FROM budget_line l WHERE l.id = ANY($1) ORDER BY l.id
               ON CONFLICT (budget_line_id) DO NOTHING RETURNING budget_line_id""",
            list(slow),
            now,
        )
        new = [row["budget_line_id"] for row in rows]
        told = await database.fetch(_OFFICERS, new, Role.PROCUREMENT_OFFICER.value, now)
        text = N_("%(count)s 条预算行的支出进度低于预警线，请尽快安排，或申请调剂。")
        counts = Counter(row["account_id"] for row in told)
        await notify_many([Notice(who, text, {"count": count}, link=PAGE) for who, count in sorted(counts.items())])
        program = system_principal(Permission.BUDGET_MANAGE)
        await audit.record_many(program, [Entry("budget_line.slow", "budget_line", one, {}) for one in new])
    return len(new)


_OFFICERS = """
SELECT DISTINCT l.id, m.account_id FROM budget_line l JOIN place ON place.id = l.place_id
JOIN membership m ON m.role = $2 AND starts_with(place.code, m.place_code)
 AND m.valid_from <= $3 AND (m.valid_until IS NULL OR m.valid_until > $3)
WHERE l.id = ANY($1)
"""
