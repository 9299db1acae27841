"""Asking for a purchase by three sealed quotations; its money is reserved at the highest price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement import law
from procurement.blocks import Block, require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, reserve
from procurement.offers import rules
from procurement.purchases import guards
from procurement.purchases import rules as purchases
from procurement.purchases.rules import Method, PurchaseEvent, PurchaseStatus
from procurement.purchases.tenders.methods.queries import non_open_fen

MOST_REQUIREMENTS = 30
_LINE = """
SELECT l.id, l.year, place.code AS place_code, programme.code AS programme FROM budget_line l
JOIN place ON place.id = l.place_id JOIN programme ON programme.id = l.programme_id
WHERE l.id = $1 FOR NO KEY UPDATE OF l
"""


@dataclass(frozen=True, slots=True)
class QuotationWish:
    """What is needed, the most that a unit may cost, and the budget line that pays."""

    budget_line_id: int
    place_code: str
    category: Category
    unit: Unit
    quantity: int
    ceiling_fen: int
    starts_on: date
    ends_on: date
    purpose_zh: str
    requirements: Sequence[str]


async def request_quotations(principal: Principal, wish: QuotationWish) -> int:
    """Write the purchase with its requirements and reserve its money; return its id."""
    principal.scope(Permission.PURCHASE_REQUEST).require_place(wish.place_code)
    requirements = [line.strip() for line in wish.requirements if line.strip()]
    _refuse_incomplete(wish, requirements)
    amount, today = wish.quantity * wish.ceiling_fen, clock.today()
    async with transaction():
        require(await _blocks(wish, amount, today))
        status = purchases.after(Method.QUOTATION, PurchaseStatus.INTENT, PurchaseEvent.RESERVE)
        purchase_id = await _insert(principal.actor, wish, amount, status)
        await database.execute(
            """INSERT INTO quotation_requirement (request_id, position, text_zh)
               SELECT q.id, d.position, d.text_zh FROM quotation_request q,
                      unnest($2::text[]) WITH ORDINALITY AS d (text_zh, position) WHERE q.purchase_id = $1""",
            purchase_id,
            requirements,
        )
        await post_movements(principal, [reserve(wish.budget_line_id, amount, MoneySource("purchase", purchase_id))])
        await audit.record(principal, "purchase.requested", "purchase", purchase_id, method=Method.QUOTATION.value)
    return purchase_id


async def _blocks(wish: QuotationWish, amount: int, today: date) -> list[Block]:
    """Judge the request with its budget line locked, so that two requests cannot split a sum between them."""
    line = await database.fetch_one(_LINE, wish.budget_line_id)
    if line is None:
        raise InvalidInput({"line": Message(N_("请选择预算行。"))})
    spent = await non_open_fen(wish.budget_line_id, wish.category.value)
    figures = rules.Threshold(
        await law.figure(law.QUOTATION_LIMIT, today, wish.place_code),
        await law.figure(law.SPLITTING, today, wish.place_code),
        await law.figure(f"{law.CENTRALIZED}.{wish.category.value}", today, wish.place_code),
    )
    money = guards.Money(line["programme"], line["place_code"], line["year"])
    return [
        *rules.threshold_blocks(amount, spent, figures),
        *guards.money_blocks(money, wish.place_code, today),
    ]


async def _insert(actor: int, wish: QuotationWish, amount: int, status: PurchaseStatus) -> int:
    place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", wish.place_code)
    if place_id is None:
        raise NotFound
    purchase_id = await database.insert_row(
        "purchase",
        {
            "method": Method.QUOTATION.value,
            "status": status.value,
            "budget_line_id": wish.budget_line_id,
            "place_id": place_id,
            "purpose_zh": wish.purpose_zh.strip(),
            "quantity": wish.quantity,
            "unit_price_fen": wish.ceiling_fen,
            "amount_fen": amount,
            "requested_by": actor,
            "requested_at": clock.now(),
        },
    )
    await database.insert_row(
        "quotation_request",
        {
            "purchase_id": purchase_id,
            "category": wish.category.value,
            "unit": wish.unit.value,
            "ceiling_fen": wish.ceiling_fen,
            "starts_on": wish.starts_on,
            "ends_on": wish.ends_on,
        },
    )
    return purchase_id


def _refuse_incomplete(wish: QuotationWish, requirements: Sequence[str]) -> None:
    fields = {}
    if wish.quantity < 1:
        fields["quantity"] = Message(N_("数量至少为1。"))
    if wish.ceiling_fen < 1:
        fields["ceiling_fen"] = Message(N_("请填写最高单价。"))
    if not wish.purpose_zh.strip():
        fields["purpose_zh"] = Message(N_("请写明用途。"))
    if not rules.covers(wish.starts_on, wish.ends_on):
        fields["ends_on"] = Message(N_("截止日期必须晚于开始日期。"))
    if not 1 <= len(requirements) <= MOST_REQUIREMENTS:
        fields["requirements"] = Message(N_("请写一至三十条需求，每条一行。"))
    if fields:
        raise InvalidInput(fields)
