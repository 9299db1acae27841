"""What people read when a plan sends them somewhere: one message each, however often it is written."""

from collections.abc import Iterable
from uuid import UUID

from app.core import clock, database
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many

_SENT = """
SELECT p.account_id, count(*) AS shifts, min(s.starts) AS first FROM sign_up s JOIN person p ON p.id = s.person_id
WHERE s.id = ANY ($1) GROUP BY p.account_id ORDER BY p.account_id
"""


async def tell(run: UUID, sign_up_ids: Iterable[int]) -> None:
    """Write to everybody who was seated by a plan, in the transaction that seated them."""
    rows = await database.fetch(_SENT, list(sign_up_ids))
    await notify_many(
        [
            Notice(
                row["account_id"],
                N_("排班为你安排了 %(shifts)s 个班次，最早一个在 %(first)s。去不了请尽早退出，好让别人补上。"),
                {"shifts": row["shifts"], "first": clock.local(row["first"]).strftime("%Y-%m-%d %H:%M")},
                (Channel.IN_APP, Channel.SMS),
                link="/my/assignments",
                once_key=f"dispatched:{run}:{row['account_id']}",
            )
            for row in rows
        ]
    )
