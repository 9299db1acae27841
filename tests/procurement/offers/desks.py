"""The desks of quotations for their pages: a purchase at each step of its way, with the people who look at it."""

from dataclasses import dataclass
from typing import Any

from app.core import database
from app.core.access import Principal
from procurement.purchases.service import PurchaseDecision, decide_purchases
from tests.procurement.offers import bidding
from tests.procurement.offers.bidding import Bidding


@dataclass(frozen=True)
class Desks:
    """References by step, and whoever looks."""

    officer: Principal
    approver: Principal
    keeper: Principal
    supplier: Principal
    references: dict[str, str]
    invitations: dict[str, str]


async def _reference(here: Bidding) -> str:
    return str(await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", here.purchase_id))


async def desks() -> Desks:
    """Make one purchase for each step."""
    first = await bidding.opened((20_000, 52_000, 55_000))
    steps: dict[str, Bidding] = {"opened": first, "reserved": await bidding.another(first)}
    for name in ("sealed", "closed", "approved"):
        steps[name] = await bidding.another(first)
    await bidding.invite(steps["sealed"], 200_000)
    await bidding.quote(steps["sealed"], 0, 50_000)
    for name in ("closed", "approved"):
        await bidding.invite(steps[name])
        for number, price in enumerate(bidding.PRICES):
            await bidding.quote(steps[name], number, price, words_zh="含讲义和答疑，每场两名讲师到场。")
        await bidding.passed(steps[name])
    for number in range(2):
        await bidding.unlock(first.keepers[number], steps["approved"].purchase_id, bidding.passphrase(number))
    here = steps["approved"]
    await bidding.propose_supplier(here.officer, here.purchase_id, await bidding.proposal(here, 1))
    await decide_purchases(here.approver, [PurchaseDecision(here.purchase_id, approve=True)])
    return Desks(
        first.officer,
        first.approver,
        first.keepers[2],
        first.suppliers[0].member,
        {name: await _reference(one) for name, one in steps.items()},
        {name: str(await bidding.invitation_of(one, 0)) for name, one in steps.items() if name != "reserved"},
    )


def paths(here: Desks) -> dict[str, list[str]]:
    """Return every page of quotations by who looks at it."""
    at: dict[str, Any] = here.references
    return {
        "": [f"/quotations/{at['approved']}", "/notices?kind=quotation"],
        "officer": [
            "/buying/quotations/new",
            *(f"/buying/quotations/{reference}" for reference in at.values()),
            f"/buying/quotations/{at['approved']}/comparison",
            f"/buying/purchases/{at['sealed']}",
        ],
        "keeper": ["/my/keeper-key", f"/buying/quotations/{at['closed']}"],
        "approver": ["/my/keeper-key", "/buying/purchases/waiting"],
        "supplier": ["/my/quotations", *(f"/my/quotations/{one}" for one in here.invitations.values())],
    }
