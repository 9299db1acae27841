"""A challenge holds a purchase; the database says so, whoever writes."""

from app.core.errors import DomainError
from app.core.text import N_


class PurchaseChallenged(DomainError):
    """采购法 §57: while a challenge could change the result, signing and performance stop."""

    code, status = "purchase_challenged", 409
    message = N_("这项采购有质疑正在处理，暂停签约和履约。依据：政府采购法第57条。请等待处理结果。")


HELD: dict[str, type[DomainError]] = {"purchase_is_challenged": PurchaseChallenged}
"""The database's refusals, for ``database.refusing``."""
