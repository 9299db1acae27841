"""Amending a contract: proposed by the buyer, agreed by the provider, approved by a second person of the buyer."""

from typing import Any

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement import law
from procurement.blocks import Block, LawRefusal, require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, commit, reserve
from procurement.contracts.amendments import rules
from procurement.contracts.amendments.rules import (
    SUPPLEMENTS,
    AmendmentEvent,
    AmendmentStatus,
    Change,
    Limits,
    Standing,
)
from procurement.contracts.amendments.text import AmendmentTerms, amendment_text
from procurement.contracts.standing import contract_row, is_performed, locked_contract
from procurement.contracts.text import text_sha256
from procurement.purchases.challenges import HELD
from procurement.separation import OnePerson

_SECOND_PERSON = {
    "contract_amendment_two_parties": OnePerson,
    "contract_amendment_second_person": OnePerson,
}


class AmendmentOpen(DomainError):
    """Another amendment of the contract is still on its way."""

    code, status = "amendment_open", 409
    message = N_("这份合同还有一份补充协议没有办完。请先办完或撤回。")


class SupplementsAboveShare(LawRefusal):
    """The database holds the share as well, at the figure of the day of the approval."""

    code, status = "supplements_above_share", 409
    source, compared = SUPPLEMENTS, N_("超过法定比例")
    reason = N_("补充合同的金额累计超过了法定比例。")
    remedy = N_("请减少增加的数量，或另行采购。")


async def propose_amendment(principal: Principal, contract_id: int, change: Change, reason_zh: str) -> int:
    """Sign an amendment for the buyer and send it to the provider; return its number within the contract."""
    scope = principal.scope(Permission.CONTRACT_SIGN)
    fields = rules.change_faults(change, reason_zh)
    if fields:
        raise InvalidInput(fields)
    async with transaction():
        contract = await locked_contract(contract_id)
        scope.require_place(contract["place_code"])
        require(await _blocks(contract, change))
        number: int = 1 + await database.fetch_value(
            "SELECT count(*) FROM contract_amendment WHERE contract_id = $1", contract_id
        )
        text = amendment_text(_terms(contract, number, change, reason_zh.strip()))
        async with database.refusing({"contract_amendment_one_open": AmendmentOpen}):
            amendment_id = await database.insert_row(
                "contract_amendment",
                {
                    "contract_id": contract_id,
                    "number": number,
                    "status": AmendmentStatus.PROPOSED.value,
                    "added": change.added,
                    "ends_on": change.ends_on,
                    "reason_zh": reason_zh.strip(),
                    "body_zh": text,
                    "text_sha256": text_sha256(text),
                    "proposed_by": principal.actor,
                    "proposed_at": clock.now(),
                },
            )
        await _record(principal, amendment_id, AmendmentStatus.PROPOSED)
        await _tell(contract["signed_by_provider"], N_("合同%(reference)s有一份补充协议等你签署。"), contract, number)
        return number


async def agree(principal: Principal, amendment_id: int) -> None:
    """Sign for the provider; a second person of the buyer decides next."""
    async with transaction():
        contract, row = await _locked(amendment_id)
        principal.scope(Permission.CONTRACT_SIGN).require_organization(contract["organization_id"])
        written = {"signed_by_provider": principal.actor, "agreed_at": clock.now()}
        await _move(principal, row, AmendmentEvent.AGREE, written)
        await _tell(row["proposed_by"], N_("合同%(reference)s的补充协议，服务机构已签署。"), contract, row["number"])


async def decline(principal: Principal, amendment_id: int, reason: str) -> None:
    """Turn an amendment down for the provider: nobody changes a contract alone (采购法 §50)."""
    async with transaction():
        contract, row = await _locked(amendment_id)
        principal.scope(Permission.CONTRACT_SIGN).require_organization(contract["organization_id"])
        await _end(principal, row, AmendmentEvent.DECLINE, reason)


async def withdraw(principal: Principal, amendment_id: int, reason: str) -> None:
    """Take an amendment back for the buyer before it is in force."""
    async with transaction():
        contract, row = await _locked(amendment_id)
        principal.scope(Permission.CONTRACT_SIGN).require_place(contract["place_code"])
        await _end(principal, row, AmendmentEvent.WITHDRAW, reason)


async def approve(principal: Principal, amendment_id: int) -> None:
    """Bring an amendment into force; the money of added units is reserved and bound in the same moment."""
    async with transaction():
        contract, row = await _locked(amendment_id)
        principal.scope(Permission.PURCHASE_APPROVE).require_place(contract["place_code"])
        change = Change(row["added"], row["ends_on"])
        require(await _blocks(contract, change))
        written = {"approved_by": principal.actor, "approved_at": clock.now()}
        async with database.refusing({**HELD, "contract_supplements_within_share": SupplementsAboveShare}):
            await _move(principal, row, AmendmentEvent.APPROVE, written)
        if change.added:
            line, fen = contract["budget_line_id"], change.added * contract["unit_price_fen"]
            source = MoneySource("contract_amendment", amendment_id)
            await post_movements(principal, [reserve(line, fen, source), commit(line, fen, source)])
        for account_id in (row["proposed_by"], row["signed_by_provider"]):
            await _tell(account_id, N_("合同%(reference)s的补充协议已生效。"), contract, row["number"])


async def refuse(principal: Principal, amendment_id: int, reason: str) -> None:
    """Refuse an agreed amendment for the buyer."""
    async with transaction():
        contract, row = await _locked(amendment_id)
        principal.scope(Permission.PURCHASE_APPROVE).require_place(contract["place_code"])
        if principal.actor in (row["proposed_by"], row["signed_by_provider"]):
            raise OnePerson
        await _end(principal, row, AmendmentEvent.REFUSE, reason)
        await _tell(row["proposed_by"], N_("合同%(reference)s的补充协议未获批准。"), contract, row["number"])


async def blocks_of(contract_id: int, change: Change) -> list[Block]:
    """Name what keeps a contract from being amended today, for a page that asks beforehand."""
    return await _blocks(await contract_row(contract_id), change)


async def most_to_add(contract_id: int) -> int:
    """Return how many units may still be added today."""
    contract = await contract_row(contract_id)
    share = await law.figure(law.SUPPLEMENT, clock.today(), contract["place_code"])
    return max(rules.most_added(contract["quantity"], share) - int(contract["added"]), 0)


async def _blocks(contract: Row, change: Change) -> list[Block]:
    today, place = clock.today(), contract["place_code"]
    limits = Limits(await law.figure(law.SUPPLEMENT, today, place), await law.figure(law.CONTRACT_TERM, today, place))
    standing = Standing(
        is_performed(contract), contract["quantity"], contract["added"], contract["starts_on"], contract["ends_on"],
        contract["year"],
    )  # fmt: skip
    return rules.amendment_blocks(standing, change, limits, today)


async def _locked(amendment_id: int) -> tuple[Row, Row]:
    """Lock purchase and contract, then the amendment."""
    contract_id = await database.fetch_value("SELECT contract_id FROM contract_amendment WHERE id = $1", amendment_id)
    if contract_id is None:
        raise NotFound
    contract = await locked_contract(contract_id)
    row = await database.fetch_one("SELECT * FROM contract_amendment WHERE id = $1 FOR NO KEY UPDATE", amendment_id)
    if row is None:
        raise NotFound
    return contract, row


async def _end(principal: Principal, row: Row, event: AmendmentEvent, reason: str) -> None:
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明理由，对方会看到。"))})
    ended = {"ended_by": principal.actor, "ended_at": clock.now(), "end_reason": reason.strip()}
    await _move(principal, row, event, ended)


async def _move(principal: Principal, row: Row, event: AmendmentEvent, written: dict[str, Any]) -> None:
    status = advance(rules.TRANSITIONS, AmendmentStatus(row["status"]), event)
    async with database.refusing(_SECOND_PERSON):
        await database.update_row("contract_amendment", row["id"], {"status": status.value, **written})
    await _record(principal, row["id"], status)


async def _record(principal: Principal, amendment_id: int, status: AmendmentStatus) -> None:
    await audit.record(principal, f"contract_amendment.{status.value}", "contract_amendment", amendment_id)


async def _tell(account_id: int, text: str, contract: Row, number: int) -> None:
    link = f"/contracts/{contract['reference']}/amendments/{number}"
    await notify_many([Notice(account_id, text, {"reference": contract["reference"]}, link=link)])


def _terms(contract: Row, number: int, change: Change, reason: str) -> AmendmentTerms:
    names = ("reference", "buyer", "provider", "uscc", "unit", "unit_price_fen", "ends_on")
    return AmendmentTerms(**{name: contract[name] for name in names}, number=number, change=change, reason=reason)
