"""Recording the number of the statutory receipt that finance issued outside this program."""

from datetime import date

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message


class ReceiptNumberTaken(DomainError):
    """A receipt belongs to one gift."""

    code, status, message = "statutory_receipt_once", 409, N_("这个票据号已经登记在另一笔捐赠上。")


class NothingToReceipt(DomainError):
    """What was not given gets no receipt."""

    code, status, message = "gift_not_given", 409, N_("这笔捐赠还没有到账，不能登记票据。")


async def record_receipt(principal: Principal, reference: str, number: str, issued_on: date) -> None:
    """Record the receipt of a gift; a reissued one is recorded beside the first."""
    scope = principal.scope(Permission.DONATION_MANAGE)
    faults = {}
    if not number.strip():
        faults["number"] = Message(N_("请填写票据号。"))
    if issued_on > clock.today():
        faults["issued_on"] = Message(N_("开票日期不能晚于今天。"))
    if faults:
        raise InvalidInput(faults)
    async with transaction():
        gift = await database.fetch_one(
            """SELECT gift.id, gift.status, place.code FROM gift JOIN donation_fund f ON f.id = gift.fund_id
               JOIN place ON place.id = f.place_id WHERE gift.reference = $1""",
            reference,
        )
        if gift is None:
            raise NotFound
        scope.require_place(gift["code"])
        if gift["status"] != "given":
            raise NothingToReceipt
        async with database.refusing({"statutory_receipt_once": ReceiptNumberTaken}):
            await database.insert_row(
                "statutory_receipt",
                {
                    "gift_id": gift["id"],
                    "number": number.strip(),
                    "issued_on": issued_on,
                    "recorded_by": principal.actor,
                    "recorded_at": clock.now(),
                },
            )
        await audit.record(principal, "gift.receipt_recorded", "gift", gift["id"])
