"""Asking keepers to open a round when its deadline is over, once each."""

from datetime import datetime, timedelta

from app.core import database
from app.core.database import transaction
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many

RECENT = timedelta(days=14)
_DUE = """
SELECT p.reference, k.account_id, r.id FROM quotation_round r JOIN purchase p ON p.id = r.purchase_id
JOIN quotation_keeper k ON k.round_id = r.id JOIN keeper_key ON keeper_key.id = k.keeper_key_id
LEFT JOIN quotation_unlock u ON u.keeper_id = k.id
WHERE p.status = 'quotations_sealed' AND r.deadline BETWEEN $2 AND $1 AND keeper_key.revoked_at IS NULL AND u.id IS NULL
  AND NOT EXISTS (SELECT FROM quotation_round n WHERE n.purchase_id = p.id AND n.number > r.number)
"""


async def tell_keepers(now: datetime) -> int:
    """Tell the keepers of rounds that are due; return how many messages were new."""
    text = N_("采购%(reference)s的报价已截止，请用你的密钥开启。")
    rows = await database.fetch(_DUE, now, now - RECENT)
    async with transaction():
        return await notify_many(
            [
                Notice(
                    row["account_id"],
                    text,
                    {"reference": row["reference"]},
                    (Channel.IN_APP, Channel.SMS),
                    f"/buying/quotations/{row['reference']}",
                    f"quotation-due:{row['id']}:{row['account_id']}",
                )
                for row in rows
            ]
        )
