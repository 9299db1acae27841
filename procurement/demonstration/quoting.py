"""Three purchases by quotations: one still sealed, one opened and waiting to be compared, one compared and approved.

Deadlines belong to the database's clock, which the demonstration cannot move: the first lies days ahead of the real
now, the others some seconds ahead; they are over when the demonstration comes to its end.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.demonstration import cast, invention
from procurement.offers.comparisons.service import Proposal, propose_supplier
from procurement.offers.keepers.service import make_key
from procurement.offers.openings.queries import opened
from procurement.offers.openings.service import unlock
from procurement.offers.requests.service import QuotationWish, request_quotations
from procurement.offers.rounds.service import Invitation, invite_suppliers
from procurement.offers.submissions.service import Offered, hand_in
from procurement.purchases.service import PurchaseDecision, decide_purchases

KEEPERS = (Role.APPROVER, Role.ACCEPTOR, Role.SUPERVISOR)
CEILING, QUANTITY = 80_000, 8
PRICES = (68_000, 74_000, 71_500)
"""The first supplier, as whom visitors sign in, is the cheapest."""
SEALED, SOON, SLOWER = timedelta(days=4), timedelta(seconds=3), 4
OPENED = 2
LATEST = timedelta(hours=1)
"""No machine is so slow that a deadline that lies seconds ahead is further away than this."""


@dataclass(frozen=True, slots=True)
class _Supplier:
    organization_id: int
    public_id: UUID
    product: str


async def ask_for_quotations(officers: dict[Role, Principal], acting: dict[int, Principal], district: str) -> int:
    """Ask for purchases by quotations, have suppliers quote; return how many were asked."""
    if await database.fetch_value("SELECT count(*) FROM quotation_request"):
        return 0
    suppliers = await _suppliers()
    if len(suppliers) < len(PRICES):
        return 0
    for role in KEEPERS:
        await make_key(officers[role], cast.PASSWORD, cast.PASSWORD)
    took = await _quoted(officers, acting, district, suppliers, SEALED)
    for _ in range(OPENED):
        await _quoted(officers, acting, district, suppliers, max(SOON, SLOWER * took))
    return 1 + OPENED


async def _quoted(
    officers: dict[Role, Principal], acting: dict[int, Principal], district: str, suppliers: Sequence[_Supplier],
    wait: timedelta,
) -> timedelta:  # fmt: skip
    """Ask once and have everybody quote; return how long it took on this machine."""
    began = time.monotonic()
    await _quote(acting, suppliers, await _ask(officers, suppliers, district, wait))
    return timedelta(seconds=time.monotonic() - began)


async def wait_until_due() -> None:
    """Wait for the deadlines that lie seconds ahead; in a larger place they are over by now."""
    ahead: timedelta | None = await database.fetch_value(
        "SELECT max(deadline) - clock_timestamp() FROM quotation_round WHERE deadline < clock_timestamp() + $1", LATEST
    )
    if ahead is not None and ahead > timedelta():
        await asyncio.sleep(ahead.total_seconds())


async def open_due(officers: dict[Role, Principal]) -> int:
    """Have two keepers open what is due, without waiting for anything; return how many purchases."""
    rows = await database.fetch(
        """SELECT p.id FROM purchase p JOIN quotation_round r ON r.purchase_id = p.id
           WHERE p.status = 'quotations_sealed' AND r.deadline < clock_timestamp() ORDER BY p.id"""
    )
    for row in rows:
        for role in KEEPERS[:2]:
            await unlock(officers[role], row["id"], cast.PASSWORD)
    return len(rows)


async def compare_first(officers: dict[Role, Principal]) -> int:
    """Compare the first purchase that was opened and have its supplier approved; return how many were.

    The meeting is held now: quotations were opened by the database's clock, and nobody compares before.
    """
    opened_purchases = await database.fetch("SELECT id FROM purchase WHERE status = 'opened' ORDER BY id")
    if len(opened_purchases) < OPENED:
        return 0
    purchase_id, words = opened_purchases[0]["id"], invention.vocabulary()["quotation"]
    with clock.travelled_to(await database.fetch_value("SELECT clock_timestamp()")):
        found = await opened(purchase_id, CEILING)
        lowest = next(one for one in found.quotations if one.id == found.lowest_id)
        proposal = Proposal(lowest.public_id, words["participants"], clock.today(), words["reasons"])
        await propose_supplier(officers[Role.PROCUREMENT_OFFICER], purchase_id, proposal)
        await decide_purchases(officers[Role.APPROVER], [PurchaseDecision(purchase_id, approve=True)])
    return 1


async def _suppliers() -> list[_Supplier]:
    rows = await database.fetch(
        """SELECT o.id AS organization_id, o.public_id, min(product.reference) AS product
           FROM product JOIN organization o ON o.id = product.organization_id
           JOIN product_version v ON v.product_id = product.id AND v.number = product.listed_version
           WHERE product.status = 'listed' AND product.category = $1 AND v.unit = $2
           GROUP BY o.id ORDER BY o.kind <> 'association', o.id LIMIT $3""",
        Category.LEGAL_EDUCATION.value,
        Unit.LECTURE.value,
        len(PRICES),
    )
    return [_Supplier(**row) for row in rows]


async def _ask(officers: dict[Role, Principal], suppliers: Sequence[_Supplier], district: str, wait: timedelta) -> int:
    words = invention.vocabulary()["quotation"]
    line_id = await database.fetch_value(
        """SELECT l.id FROM budget_line l JOIN programme p ON p.id = l.programme_id JOIN place ON place.id = l.place_id
           WHERE p.code = 'purchase' AND place.code = $1 AND l.year = $2""",
        district,
        clock.today().year,
    )
    starts = clock.today() + timedelta(days=60)
    wish = QuotationWish(
        line_id, district, Category.LEGAL_EDUCATION, Unit.LECTURE, QUANTITY, CEILING, starts,
        starts + timedelta(days=180), words["purpose"], words["requirements"],
    )  # fmt: skip
    officer = officers[Role.PROCUREMENT_OFFICER]
    purchase_id = await request_quotations(officer, wish)
    now: datetime = await database.fetch_value("SELECT clock_timestamp()")
    keepers = [officers[role].public_id for role in KEEPERS]
    named = [one for one in keepers if one is not None]
    await invite_suppliers(officer, Invitation(purchase_id, now + wait, [one.public_id for one in suppliers], named))
    return purchase_id


async def _quote(acting: dict[int, Principal], suppliers: Sequence[_Supplier], purchase_id: int) -> None:
    words = invention.vocabulary()["quotation"]
    rows = await database.fetch(
        """SELECT i.organization_id, i.public_id FROM quotation_invitation i
           JOIN quotation_round r ON r.id = i.round_id WHERE r.purchase_id = $1""",
        purchase_id,
    )
    invitations = {row["organization_id"]: row["public_id"] for row in rows}
    said = zip(suppliers, PRICES, words["representatives"], strict=True)
    for supplier, price, name in said:
        offered = Offered(price, supplier.product, (1, 2), name, words_zh=words["words"])
        await hand_in(acting[supplier.organization_id], invitations[supplier.organization_id], offered)
