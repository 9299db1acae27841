"""Recording that a contract was published or its copy filed; a tender's orders begin with its publication."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.contracts.notices import rules
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.standing import locked_contract
from procurement.purchases import service as purchases
from procurement.purchases.rules import TRANSITIONS, Method, PurchaseEvent, PurchaseStatus


class NoticeRecorded(DomainError):
    """It is recorded once; the record never changes."""

    code, status, message = "notice_recorded", 409, N_("这一项已经登记过，登记后不能修改。")


async def record_notice(principal: Principal, contract_id: int, recorded: Recorded) -> None:
    """Record a duty that was done, with its evidence."""
    scope = principal.scope(Permission.CONTRACT_SIGN)
    async with transaction():
        contract = await locked_contract(contract_id)
        scope.require_place(contract["place_code"])
        if contract["signed_at"] is None:
            raise NotFound
        fields = rules.record_faults(recorded, clock.local(contract["signed_at"]).date(), clock.today())
        if (
            recorded.kind is NoticeKind.PUBLISHED
            and contract["method"] == Method.TENDER
            and not recorded.number.strip()
        ):
            fields["number"] = Message(N_("请填写平台的合同编号。"))
        if fields:
            raise InvalidInput(fields)
        async with database.refusing({"contract_notice_once": NoticeRecorded}):
            await database.insert_row(
                "contract_notice",
                {
                    "contract_id": contract_id,
                    "kind": recorded.kind.value,
                    "done_on": recorded.done_on,
                    "url": recorded.url.strip(),
                    "number": recorded.number.strip(),
                    "recorded_by": principal.actor,
                    "recorded_at": clock.now(),
                },
            )
        await audit.record(principal, f"contract.{recorded.kind.value}", "contract", contract_id)
        if recorded.kind is NoticeKind.PUBLISHED:
            await _move_on(principal, contract["purchase_id"])


async def _move_on(principal: Principal, purchase_id: int) -> None:
    row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
    step = (Method(row["method"]), PurchaseStatus(row["status"]), PurchaseEvent.PUBLISH_CONTRACT)
    if step in TRANSITIONS:
        await purchases.move(principal, {purchase_id: TRANSITIONS[step]})
