"""The charitable part of the test world: a fund, and gifts through the demonstration's service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import DomainError
from marketplace.organizations.provision import EVIDENCE, QualificationKind
from marketplace.organizations.rules import OrganizationKind
from procurement.donations import choosing
from procurement.donations.fake import acting, events
from procurement.donations.fake.gateway import SECRET, DemoGateway
from procurement.donations.fake.objects import Body
from procurement.donations.funds.rules import Cause
from procurement.donations.funds.service import NewFund, open_fund
from procurement.donations.gifts.service import NewGift, begin_gift
from procurement.donations.payments import Gateway, GatewayUnavailable
from procurement.donations.refunds.service import NewRefund, decide_refund, propose_refund
from procurement.donations.signatures import signed
from tests import world

CODE = "legal-aid"
PAPERS = (QualificationKind.REGISTRATION, *EVIDENCE, QualificationKind.PUBLIC_FUNDRAISING)
STRIPE = DemoGateway()


class Away(DemoGateway):
    """The payment service while it does not answer, or answers with a refusal of its own."""

    refusal: ClassVar[type[DomainError]] = GatewayUnavailable

    def __getattribute__(self, name: str) -> Any:
        """Refuse whatever is asked of it; what it is may still be looked at."""
        if name in ("open_checkout", "checkout", "payment", "plan", "end_plan", "refund", "entries", "balances"):
            return self.unanswered
        return super().__getattribute__(name)

    async def unanswered(self, *_: Any) -> Any:
        """Raise."""
        raise self.refusal


@dataclass(frozen=True, slots=True)
class Desk:
    """A fund and the two people who look after it."""

    clerk: Principal
    approver: Principal
    organization: world.Organization
    code: str = CODE


async def desk(code: str = CODE, valid_until: date | None = None, papers: Any = PAPERS) -> Desk:
    """Return a new fund of a foundation, from 10 to 50,000 yuan."""
    owner = await world.organization(OrganizationKind.FOUNDATION, papers=papers, valid_until=valid_until)
    clerk, approver = await world.account(Role.SETTLEMENT_CLERK), await world.account(Role.SETTLEMENT_APPROVER)
    new = NewFund(
        str(owner.public_id), Cause.LEGAL_AID, code, "西湖法律援助基金", "West Lake Legal Aid Fund",
        "为请不起律师的人支付办案费用。", "Pays for cases of people who cannot afford a lawyer.", 1_000, 5_000_000,
    )  # fmt: skip
    await open_fund(clerk, new)
    return Desk(clerk, approver, owner, code)


async def asked(
    amount_minor: int = 10_000, *, code: str = CODE, monthly: bool = False, email: str = "li@example.org", **stated: Any
) -> str:
    """Begin a gift and return its page at the payment service."""
    new = NewGift(code, amount_minor, monthly, uuid4().hex, stated.pop("name", "李明"), email, **stated)
    return (await begin_gift(new)).checkout_url.rsplit("/", 1)[1]


async def given(amount_minor: int = 10_000, gateway: DemoGateway = STRIPE, **stated: Any) -> str:
    """Give, with every event delivered; return the payment's id."""
    payment = await acting.pay(gateway, await asked(amount_minor, **stated))
    await deliver()
    return payment


async def deliver() -> int:
    """Deliver what was not sent yet."""
    from procurement.donations.fake.delivery import deliver_waiting

    return await deliver_waiting()


async def send(event: Body) -> bool:
    """Deliver one event, whether or not it was sent before; return whether it was new."""
    from procurement.donations.events.service import receive

    body = events.body_of(event)
    return await receive(body, signed(body, SECRET, int(clock.now().timestamp())))


async def refunded(of: Desk, payment_id: str, amount_minor: int) -> UUID:
    """Have two people give back part of a gift."""
    reference = await reference_of(payment_id)
    public_id = await propose_refund(of.clerk, NewRefund(reference, amount_minor, "捐赠人填错金额"))
    await decide_refund(of.approver, public_id, approve=True)
    return public_id


async def reference_of(payment_id: str) -> str:
    """Return the gift's reference."""
    return str(await database.fetch_value("SELECT reference FROM gift WHERE payment_id = $1", payment_id))


async def ledger() -> list[tuple[Any, ...]]:
    """Return the donated part of the ledger as it can be compared: key, day, kind, account and amount."""
    rows = await database.fetch(
        """SELECT t.idempotency_key, t.booked_on, t.kind, a.code, p.amount_fen, p.currency
           FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id = t.id
           JOIN ledger_account a ON a.id = p.account_id WHERE a.donated ORDER BY 1, 4, 5"""
    )
    return [tuple(row.values()) for row in rows]


async def balances() -> dict[str, int]:
    """Return the balance of each donated account, debit positive."""
    rows = await database.fetch(
        """SELECT a.code, sum(p.amount_fen)::bigint AS minor FROM ledger_posting p
           JOIN ledger_account a ON a.id = p.account_id WHERE a.donated GROUP BY a.code ORDER BY a.code"""
    )
    return {row["code"]: row["minor"] for row in rows}


@contextmanager
def paid_through(gateway: Gateway) -> Iterator[None]:
    """Use another payment service for a block."""
    choosing.put(gateway)
    try:
        yield
    finally:
        choosing.put(None)
