"""Setting a quotation aside, and proposing a supplier, whose price the purchase takes from the stored sheet."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement import law
from procurement.blocks import require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, Pot, release
from procurement.offers import rules
from procurement.offers.comparisons.text import Minutes, sheet
from procurement.offers.openings.queries import Comparison, OpenedView, opened
from procurement.offers.rounds.queries import asked as asked_for
from procurement.offers.rounds.queries import latest_round
from procurement.offers.rules import CHOSEN_GROUNDS, Ground
from procurement.purchases import service as purchases
from procurement.purchases.rules import PurchaseEvent

FEWEST_PARTICIPANTS = 2


class AlreadyExcluded(DomainError):
    """The quotation has been set aside before."""

    code, status, message = "quotation_excluded", 409, N_("这份报价已经不计入比较。")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom the meeting proposes, why, and who met when."""

    proposed: UUID
    participants: Sequence[str]
    held_on: date
    reasons: str = ""


async def set_aside(principal: Principal, purchase_id: int, quotation: UUID, ground: Ground, reason: str) -> None:
    """Take an opened quotation out of the comparison, with its ground and reason."""
    if not reason.strip() or ground not in CHOSEN_GROUNDS:
        raise InvalidInput({"reason": Message(N_("请写明不计入比较的理由。"))})
    async with transaction():
        row = await _locked(principal, purchase_id)
        purchases.after(row, PurchaseEvent.COMPARE)
        comparison = await opened(purchase_id, 1)
        found = _chosen(comparison, quotation)
        async with database.refusing({"quotation_exclusion_opened_quotation_id_key": AlreadyExcluded}):
            await database.insert_row(
                "quotation_exclusion",
                {
                    "opened_quotation_id": found.id,
                    "ground": ground.value,
                    "reason_zh": reason.strip(),
                    "excluded_by": principal.actor,
                    "excluded_at": clock.now(),
                },
            )
        await audit.record(principal, "quotation.excluded", "opened_quotation", found.id, ground=ground.value)


async def propose_supplier(principal: Principal, purchase_id: int, proposal: Proposal) -> str:
    """Store the sheet and the minutes, and give the purchase its supplier and price; return the sheet's hash.

    What the price lies below the ceiling is free again at once.
    """
    async with transaction():
        row = await _locked(principal, purchase_id)
        status = purchases.after(row, PurchaseEvent.COMPARE)
        asked, round_ = await asked_for(purchase_id), await latest_round(purchase_id)
        comparison = await opened(purchase_id, asked.ceiling_fen)
        fewest = await law.figure(law.QUOTATION_SUPPLIERS, clock.today(), row["place_code"])
        require(rules.comparison_blocks(comparison.countable, fewest))
        proposed = _chosen(comparison, proposal.proposed)
        if round_ is None:
            raise NotFound
        minutes = _minutes(proposal, proposed, comparison)
        body = sheet(asked, round_, comparison, minutes)
        sha256 = hashlib.sha256(body.encode()).digest()
        values: Row = {
            "proposed_id": proposed.id,
            "reasons_zh": minutes.reasons,
            "body_zh": body,
            "text_sha256": sha256,
        }
        comparison_id = await _insert(principal.actor, round_.id, values)
        price = proposed.unit_price_fen or 0
        written: Row = {"status": status.value, "organization_id": await _organization(proposed)}
        written |= {"product_id": proposed.product_id, "product_version": proposed.product_version}
        written |= {"unit_price_fen": price, "amount_fen": price * row["quantity"]}
        await database.update_row("purchase", purchase_id, written)
        await purchases.record(principal, {purchase_id: status})
        await audit.record(principal, "quotation.compared", "purchase", purchase_id, sha256=sha256.hex())
        await _release(principal, row, row["amount_fen"] - price * row["quantity"], comparison_id)
    return sha256.hex()


async def _locked(principal: Principal, purchase_id: int) -> Row:
    row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
    principal.scope(Permission.PURCHASE_REQUEST).require_place(row["place_code"])
    return row


def _chosen(comparison: Comparison, public_id: UUID) -> OpenedView:
    found = next((one for one in comparison.quotations if one.public_id == public_id), None)
    if found is None or not found.counts:
        raise InvalidInput({"proposed": Message(N_("请选择一份计入比较的报价。"))})
    return found


def _minutes(proposal: Proposal, proposed: OpenedView, comparison: Comparison) -> Minutes:
    fields = {}
    participants = [name.strip() for name in proposal.participants if name.strip()]
    if len(set(participants)) < FEWEST_PARTICIPANTS:
        fields["participants"] = Message(N_("参加人至少%(count)s人，每人一行。"), {"count": FEWEST_PARTICIPANTS})
    if proposal.held_on > clock.today():
        fields["held_on"] = Message(N_("会议日期不能晚于今天。"))
    if proposed.id != comparison.lowest_id and not proposal.reasons.strip():
        fields["reasons"] = Message(N_("没有选择最低价，请写明理由。"))
    if proposed.id in comparison.low and not proposal.reasons.strip():
        fields["reasons"] = Message(N_("价格偏低，请写明核实的结果。"))
    if fields:
        raise InvalidInput(fields)
    return Minutes(proposal.held_on, participants, proposed, proposal.reasons.strip())


async def _insert(actor: int, round_id: int, values: Row) -> int:
    opening_id = await database.fetch_value("SELECT id FROM quotation_opening WHERE round_id = $1", round_id)
    made = {"opening_id": opening_id, **values, "made_by": actor, "made_at": clock.now()}
    return await database.insert_row("quotation_comparison", made)


async def _organization(proposed: OpenedView) -> int:
    found: int = await database.fetch_value("SELECT organization_id FROM opened_quotation WHERE id = $1", proposed.id)
    return found


async def _release(principal: Principal, row: Row, fen: int, comparison_id: int) -> None:
    if fen > 0:
        source = MoneySource("quotation_comparison", comparison_id)
        await post_movements(principal, [release(row["budget_line_id"], fen, source, Pot.RESERVED)])
