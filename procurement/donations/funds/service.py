"""Opening funds, and pausing them."""

from dataclasses import dataclass

from app.core import audit, clock, database, ids
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.donations.funds.rules import Cause

CURRENCY = "CNY"


class FundCodeTaken(DomainError):
    """Another fund has the address."""

    code, status, message = "fund_code_taken", 409, N_("这个网址已经被另一个基金使用。请换一个。")


@dataclass(frozen=True, slots=True)
class NewFund:
    """A fund to open: its owner by public id; gifts are asked for in yuan, between minimum and maximum (fen)."""

    owner: str
    cause: Cause
    code: str
    name_zh: str
    name_en: str
    purpose_zh: str
    purpose_en: str
    minimum_minor: int
    maximum_minor: int


async def open_fund(principal: Principal, new: NewFund) -> int:
    """Open a fund of an organization at the organization's place and return its id.

    Whether it may take gifts is decided each day by its owner's qualification, not here.
    """
    scope = principal.scope(Permission.DONATION_MANAGE)
    if not 0 < new.minimum_minor <= new.maximum_minor:
        raise InvalidInput({"maximum": Message(N_("最高金额不能低于最低金额，最低金额要大于零。"))})
    async with transaction():
        owner = await database.fetch_one(
            """SELECT o.id, o.place_id, place.code FROM organization o JOIN place ON place.id = o.place_id
               WHERE o.public_id = $1""",
            ids.parse_public_id(new.owner),
        )
        if owner is None:
            raise NotFound
        scope.require_place(owner["code"])
        async with database.refusing({"donation_fund_code_key": FundCodeTaken}):
            fund_id = await database.insert_row(
                "donation_fund",
                {
                    "code": new.code,
                    "organization_id": owner["id"],
                    "place_id": owner["place_id"],
                    "cause": new.cause.value,
                    "name_zh": new.name_zh.strip(),
                    "name_en": new.name_en.strip(),
                    "purpose_zh": new.purpose_zh.strip(),
                    "purpose_en": new.purpose_en.strip(),
                    "currency": CURRENCY,
                    "minimum_minor": new.minimum_minor,
                    "maximum_minor": new.maximum_minor,
                    "opened_by": principal.actor,
                    "opened_at": clock.now(),
                },
            )
        await audit.record(principal, "donation_fund.opened", "donation_fund", fund_id)
        return fund_id


async def pause_fund(principal: Principal, code: str, *, pause: bool) -> None:
    """Stop taking gifts, or take them again."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    async with transaction():
        row = await database.fetch_one(
            """SELECT f.id, place.code FROM donation_fund f JOIN place ON place.id = f.place_id
               WHERE f.code = $1 FOR NO KEY UPDATE OF f""",
            code,
        )
        if row is None:
            raise NotFound
        scope.require_place(row["code"])
        await database.update_row("donation_fund", row["id"], {"paused_at": clock.now() if pause else None})
        await audit.record(
            principal, "donation_fund.paused" if pause else "donation_fund.resumed", "donation_fund", row["id"]
        )
