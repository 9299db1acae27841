"""A challenge holds a purchase; the database says so, whoever writes."""

from app.core.errors import DomainError
from app.core.text import N_
from procurement.blocks import LawRefusal, Source


class PurchaseChallenged(LawRefusal):
    """采购法 §57: while a challenge could change the result, signing and performance stop."""

    code, status = "purchase_challenged", 409
    source = Source("政府采购法", "第57条")
    reason, remedy = N_("这项采购有质疑正在处理，暂停签约和履约。"), N_("请等待处理结果。")
    compared = N_("质疑未处理完")


HELD: dict[str, type[DomainError]] = {"purchase_is_challenged": PurchaseChallenged}
"""The database's refusals, for ``database.refusing``."""
