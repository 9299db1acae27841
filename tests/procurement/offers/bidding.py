"""The world of quotations: suppliers, keepers, one purchase at any point of its way, by the real services."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg

from app.core import clock, database, embedded
from app.core.access import Principal, Role
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.offers.comparisons.service import Proposal, propose_supplier
from procurement.offers.engine import keys
from procurement.offers.openings.service import unlock
from procurement.offers.requests.service import QuotationWish, request_quotations
from procurement.offers.rounds.service import Invitation, invite_suppliers
from procurement.offers.submissions.service import Offered, Receipt, hand_in
from tests.procurement import buying

LINE = """SELECT reserved_fen, committed_fen, spent_fen FROM budget_line l JOIN purchase p ON p.budget_line_id = l.id
          WHERE p.id = $1"""
PASSPHRASES = ("西湖的水很清很清很清很清", "correct horse battery", "三把钥匙要两把才开得了门")
PRICES = (58_000, 52_000, 55_000)
CEILING, QUANTITY = 60_000, 10


@dataclass(frozen=True)
class Supplier:
    """An invited organization with its member, its product and its invitation."""

    organization_id: int
    member: Principal
    product: str
    public_id: UUID


@dataclass(frozen=True)
class Bidding:
    """One purchase by quotations and everybody in it."""

    purchase_id: int
    officer: Principal
    approver: Principal
    acceptor: Principal
    keepers: tuple[Principal, ...]
    suppliers: tuple[Supplier, ...]


@cache
def _kept(number: int) -> keys.KeptKey:
    return keys.new_key(PASSPHRASES[number])


def passphrase(number: int) -> str:
    """Return the passphrase of a keeper."""
    return PASSPHRASES[number]


async def keeper(number: int, place: str = buying.CITY) -> Principal:
    """Return an officer with a key; the pair itself is made once for the whole run, stretching takes long."""
    person = await buying.person_as(Role.SUPERVISOR, place)
    kept = _kept(number)
    await database.insert_row(
        "keeper_key",
        {
            "account_id": person.actor,
            "public_key": kept.public_key,
            "salt": kept.salt,
            "private_sealed": kept.private_sealed,
            "created_at": clock.now(),
        },
    )
    return person


async def supplier() -> Supplier:
    """Return a verified organization with a listed lecture."""
    organization_id = await buying.organization()
    member = await buying.person_as(Role.PROVIDER, None, organization_id)
    product_id = await buying.product(organization_id)
    row = await database.fetch_one(
        """SELECT product.reference, o.public_id FROM product JOIN organization o ON o.id = product.organization_id
           WHERE product.id = $1""",
        product_id,
    )
    assert row is not None
    return Supplier(organization_id, member, row["reference"], row["public_id"])


async def wish(line_id: int | None = None, **changes: Any) -> QuotationWish:
    """Return a wish that nothing is wrong with."""
    today = clock.today()
    wanted: dict[str, Any] = {
        "budget_line_id": line_id or await buying.budget_line(100_000_000),
        "place_code": buying.DISTRICT,
        "category": Category.LEGAL_EDUCATION,
        "unit": Unit.LECTURE,
        "quantity": QUANTITY,
        "ceiling_fen": CEILING,
        "starts_on": today,
        "ends_on": today + timedelta(days=300),
        "purpose_zh": "企业合规讲座",
        "requirements": ["讲师有执业证", "提供讲义"],
    }
    return QuotationWish(**(wanted | changes))


async def requested(suppliers: int = 3) -> Bidding:
    """Have an officer ask; suppliers and keepers stand ready."""
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.CITY)
    purchase_id = await request_quotations(officer, await wish())
    return Bidding(
        purchase_id,
        officer,
        await buying.person_as(Role.APPROVER, buying.CITY),
        await buying.person_as(Role.ACCEPTOR, buying.CITY),
        tuple([await keeper(number) for number in range(3)]),
        tuple([await supplier() for _ in range(suppliers)]),
    )


async def another(here: Bidding) -> Bidding:
    """Have the same people begin another purchase."""
    line = await database.fetch_value("SELECT budget_line_id FROM purchase WHERE id = $1", here.purchase_id)
    return replace(here, purchase_id=await request_quotations(here.officer, await wish(line)))


def invitation(here: Bidding, deadline: datetime, **changes: Any) -> Invitation:
    """Return an invitation of all suppliers with all keepers."""
    asked: dict[str, Any] = {
        "purchase_id": here.purchase_id,
        "deadline": deadline,
        "organizations": [one.public_id for one in here.suppliers],
        "keepers": [one.public_id for one in here.keepers],
    }
    return Invitation(**(asked | changes))


async def invite(here: Bidding, seconds: float = 3600, **changes: Any) -> datetime:
    """Invite as if it were five days ago, with a deadline by the real clock; return it."""
    deadline = datetime.now(tz=clock.SHANGHAI) + timedelta(seconds=seconds)
    with clock.travelled_to(deadline - timedelta(days=5)):
        await invite_suppliers(here.officer, invitation(here, deadline, **changes))
    return deadline


async def invited(seconds: float = 3600, suppliers: int = 3) -> Bidding:
    """Request and invite."""
    here = await requested(suppliers)
    await invite(here, seconds)
    return here


async def invitation_of(here: Bidding, number: int) -> UUID:
    """Return a supplier's latest invitation."""
    found: UUID = await database.fetch_value(
        """SELECT i.public_id FROM quotation_invitation i JOIN quotation_round r ON r.id = i.round_id
           WHERE r.purchase_id = $1 AND i.organization_id = $2 ORDER BY r.number DESC LIMIT 1""",
        here.purchase_id,
        here.suppliers[number].organization_id,
    )
    return found


def offered(here: Bidding, number: int, price: int, **changes: Any) -> Offered:
    """Return a quotation that nothing is wrong with."""
    said: dict[str, Any] = {
        "unit_price_fen": price,
        "product_reference": here.suppliers[number].product,
        "met": (1, 2),
        "legal_representative": f"代表{number}",
    }
    return Offered(**(said | changes))


async def quote(here: Bidding, number: int, price: int, **changes: Any) -> Receipt:
    """Hand in a supplier's quotation."""
    member = here.suppliers[number].member
    return await hand_in(member, await invitation_of(here, number), offered(here, number, price, **changes))


async def as_owner(sql: str, *values: Any) -> None:
    """Run SQL past every trigger: time is let pass, a stored quotation is altered."""
    name = await database.fetch_value("SELECT current_database()")
    connection = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(sql, *values)
    finally:
        await connection.close()


async def passed(here: Bidding) -> None:
    """Let the deadline pass at once: the clock cannot be moved, so the deadline is."""
    await as_owner(
        """UPDATE quotation_round r SET deadline = clock_timestamp() WHERE purchase_id = $1
           AND number = (SELECT max(number) FROM quotation_round n WHERE n.purchase_id = r.purchase_id)""",
        here.purchase_id,
    )


async def sealed(prices: Sequence[int] = PRICES, seconds: float = 3600, **changes: Any) -> Bidding:
    """Have suppliers hand in and the deadline pass."""
    here = await requested(max(3, len(prices)))
    await invite(here, seconds)
    for number, price in enumerate(prices):
        await quote(here, number, price, **changes)
    await passed(here)
    return here


async def opened(prices: Sequence[int] = PRICES, **changes: Any) -> Bidding:
    """Have two keepers open what was handed in."""
    here = await sealed(prices, **changes)
    assert not await unlock(here.keepers[0], here.purchase_id, passphrase(0))
    assert await unlock(here.keepers[1], here.purchase_id, passphrase(1))
    return here


async def opened_id(here: Bidding, number: int) -> UUID:
    """Return a supplier's opened quotation."""
    found: UUID = await database.fetch_value(
        """SELECT q.public_id FROM opened_quotation q JOIN quotation_round r ON r.id = q.round_id
           WHERE r.purchase_id = $1 AND q.organization_id = $2 ORDER BY r.number DESC""",
        here.purchase_id,
        here.suppliers[number].organization_id,
    )
    return found


async def proposal(here: Bidding, number: int, **changes: Any) -> Proposal:
    """Return a proposal of one supplier."""
    said: dict[str, Any] = {
        "proposed": await opened_id(here, number),
        "participants": ("王一", "李二"),
        "held_on": clock.today(),
    }
    return Proposal(**(said | changes))


async def compared(prices: Sequence[int] = PRICES) -> Bidding:
    """Open and propose the cheapest."""
    here = await opened(prices)
    await propose_supplier(here.officer, here.purchase_id, await proposal(here, prices.index(min(prices))))
    return here


async def bound(purchase_id: int) -> tuple[int, int, int]:
    """Return what is reserved, committed and spent of the purchase's budget line."""
    row = await database.fetch_one(LINE, purchase_id)
    assert row is not None
    return row["reserved_fen"], row["committed_fen"], row["spent_fen"]


async def status_of(purchase_id: int) -> str:
    """Return where a purchase is."""
    return str(await database.fetch_value("SELECT status FROM purchase WHERE id = $1", purchase_id))
