"""A challenge holds a purchase; the database says so, whoever writes."""

from collections.abc import Mapping
from datetime import date

from app.core import database
from app.core.errors import DomainError
from app.core.text import N_
from procurement.blocks import LawRefusal, Source


class PurchaseChallenged(LawRefusal):
    """采购法 §57, 条例 §54: while a challenge could change the result, nothing is signed, performed or paid."""

    code, status = "purchase_challenged", 409
    source = Source("政府采购法", "第57条")
    reason, remedy = N_("这项采购有质疑或投诉正在处理，暂停签约、履约和付款。"), N_("请等待处理结果。")
    compared = N_("质疑或投诉未处理完")


HELD: dict[str, type[DomainError]] = {"purchase_is_challenged": PurchaseChallenged}
"""The database's refusals, for ``database.refusing``."""


async def is_held(purchase_id: int) -> bool:
    """Tell whether a challenge or finance's suspension holds a purchase today."""
    return bool(await database.fetch_value("SELECT purchase_is_held($1)", purchase_id))


async def days_held(since: Mapping[int, date], until: date) -> dict[int, int]:
    """Return for how many days after its own one each purchase was held; they are no part of its time to sign."""
    rows = await database.fetch(
        """SELECT p.id, purchase_days_held(p.id, p.since, $3) AS days
           FROM unnest($1::bigint[], $2::date[]) AS p (id, since)""",
        *(list(since), list(since.values()), until),
    )
    return {row["id"]: row["days"] for row in rows}
