"""Finding a volunteer by what a station knows of them."""

from dataclasses import dataclass

from app.accounts.rules import mobile_number
from app.core import database, vault
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_

_BY_PHONE = "SELECT p.id, p.account_id FROM person p JOIN account a ON a.id = p.account_id WHERE a.phone_digest = $1"
_BY_NAME = "SELECT id, account_id FROM person WHERE name = $1 AND status <> 'left' ORDER BY id LIMIT 2"


class NobodyByThatName(DomainError):
    """The number or name belongs to no volunteer."""

    code, status, message = "nobody_by_that_name", 422, N_("没有找到这位志愿者。请核对手机号，或填登记的全名。")


class SeveralByThatName(DomainError):
    """A name alone does not say who is meant."""

    code, status, message = "several_by_that_name", 422, N_("有几位志愿者同名，请填手机号。")


@dataclass(frozen=True, slots=True)
class Found:
    """A volunteer and the account behind them."""

    id: int
    account_id: int


async def volunteer_named(who: str) -> Found:
    """Find a volunteer by mobile number, or by the full name if there is only one."""
    try:
        rows = await database.fetch(_BY_PHONE, vault.digest(mobile_number(who.strip())))
    except InvalidInput:
        rows = await database.fetch(_BY_NAME, who.strip())
    if not rows:
        raise NobodyByThatName
    if len(rows) > 1:
        raise SeveralByThatName
    return Found(**rows[0])
