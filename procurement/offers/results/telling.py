"""Telling the invited suppliers how a purchase by quotations ended, once each."""

from datetime import datetime, timedelta

from app.core import database
from app.core.database import Row, transaction
from app.core.text import N_
from app.notifications.service import Notice, notify_many

RECENT = timedelta(days=14)
CHOSEN = N_("采购%(reference)s选中了你的报价，合同会发给你签署。")
NOT_CHOSEN = N_("采购%(reference)s没有选中你的报价，结果已公告。")
ENDED = N_("采购%(reference)s已取消，不再进行。")
_ENDED = """
SELECT p.id, p.reference, i.public_id::text AS invitation, m.account_id, p.approved_at IS NULL AS ended,
       coalesce(p.organization_id = i.organization_id, false) AS chosen
FROM purchase p JOIN quotation_round r ON r.purchase_id = p.id JOIN quotation_invitation i ON i.round_id = r.id
JOIN membership m ON m.organization_id = i.organization_id AND m.role = 'provider' AND m.valid_from <= now()
    AND (m.valid_until IS NULL OR m.valid_until > now())
WHERE p.method = 'quotation' AND (p.approved_at BETWEEN $2 AND $1 OR p.status IN ('refused', 'cancelled')
      AND r.deadline >= $2 AND p.approved_at IS NULL)
  AND NOT EXISTS (SELECT FROM quotation_round n WHERE n.purchase_id = p.id AND n.number > r.number)
"""


async def tell_suppliers(now: datetime) -> int:
    """Tell the invited suppliers of what was decided lately; return how many messages were new."""
    rows = await database.fetch(_ENDED, now, now - RECENT)
    async with transaction():
        return await notify_many([_notice(row) for row in rows])


def _notice(row: Row) -> Notice:
    text = ENDED if row["ended"] else CHOSEN if row["chosen"] else NOT_CHOSEN
    once = f"quotation-end:{row['id']}:{row['account_id']}"
    link = f"/my/quotations/{row['invitation']}"
    return Notice(row["account_id"], text, {"reference": row["reference"]}, link=link, once_key=once)
