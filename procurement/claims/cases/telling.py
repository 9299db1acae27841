"""Telling the provider of a case that its grade brings less than was claimed."""

from app.core import database
from app.core.money import yuan
from app.core.text import N_
from app.notifications.service import Notice, notify_many

LOWERED = N_(
    "案件 %(case)s 质量评定后，补贴由 %(before)s 改为 %(after)s。还没有付的按新的金额重新申领；"
    "已经付的，从下一次付款里扣回。对评定有异议，可以在申领页面提出。"
)
_PROVIDER = """
SELECT p.account_id, k.reference, k.matter FROM closed_case k JOIN person p ON p.id = k.person_id WHERE k.id = $1
"""


async def graded_down(case_id: int, before_fen: int, after_fen: int) -> None:
    """Write to the provider what the case brought before its grade, what it brings now, and how that is put right."""
    row = await database.fetch_one(_PROVIDER, case_id)
    if row is not None:
        detail = {"case": row["matter"], "before": yuan(before_fen), "after": yuan(after_fen)}
        await notify_many([Notice(row["account_id"], LOWERED, detail, link=f"/cases/{row['reference']}")])
