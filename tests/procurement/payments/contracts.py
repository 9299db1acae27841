"""The world of paying contracts: terms agreed, units accepted in bulk, claims walked to the bank."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.claims.accrual import accrue
from procurement.contracts import service as contracts
from procurement.contracts.service import ContractOffer
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.rules import Finding
from procurement.deliveries.scheduling.service import schedule_orders
from procurement.deliveries.service import NewOrder, answer_orders, place_orders
from procurement.demonstration.paying import approve_looked_through
from procurement.payments.rules import PaymentTerms
from procurement.settlement.payout import approve_batch, pay_batch
from procurement.settlement.service import Batch, compute_batch
from tests.procurement import buying

PRICE = 60_000
GOOD, BAD = Finding(True, 40, 5, "讲得清楚"), Finding(False, 0, 1, "没有完成")


@dataclass
class Deal:
    """A signed contract, its people, and delivered orders that wait."""

    contract: int
    reference: str
    organization: int
    who: buying.People
    claims: Principal
    clerk: Principal
    checker: Principal
    cashier: Principal
    orders: list[int]
    place: str = buying.DISTRICT

    async def accept(self, count: int = 1, finding: Finding = GOOD) -> list[int]:
        """Have the next delivered orders accepted or refused, and claims accrue."""
        taken, self.orders = self.orders[:count], self.orders[count:]
        await accept_deliveries(self.who.acceptor, [Verdict(order, finding) for order in taken])
        await accrue(clock.now())
        return taken

    async def approve(self) -> int:
        """Have every claim that waits approved."""
        ids = await self.ids("accrued")
        return (await approve_looked_through(self.claims, ids)).count if ids else 0

    async def batch(self) -> Batch | None:
        """Have every approved claim batched and the batch approved; None if there is none."""
        if not await self.ids("approved", "returned_by_bank"):
            return None
        number = await database.fetch_value("SELECT count(*) FROM settlement_batch")
        first, last = date(2020, 1, 1), date(2030, 1, 1)
        made = await compute_batch(self.clerk, self.place, first, last, f"batch {number}")
        await approve_batch(self.checker, made.id)
        return made

    async def pay(self) -> int:
        """Have everything that was approved paid."""
        made = await self.batch()
        if made is None:
            return 0
        return (await pay_batch(self.cashier, made.id)).total_fen

    async def ids(self, *statuses: str) -> list[int]:
        """Return the contract's claims in some states."""
        rows = await database.fetch(
            "SELECT id FROM claim WHERE contract_id = $1 AND status = ANY($2) ORDER BY id",
            self.contract,
            list(statuses),
        )
        return [row["id"] for row in rows]

    async def amounts(self) -> list[tuple[str, int]]:
        """Return item and amount of the contract's claims, in the order in which they were made."""
        rows = await database.fetch(
            "SELECT item, amount_fen FROM claim WHERE contract_id = $1 ORDER BY id", self.contract
        )
        return [(row["item"], row["amount_fen"]) for row in rows]


async def signed(terms: PaymentTerms, quantity: int = 10, delivered: int = 0) -> Deal:
    """Sign a contract on these terms, with some orders delivered."""
    organization = await buying.organization()
    await bank_account(organization)
    who = await buying.people(organization)
    purchase = await buying.approved_purchase(organization, who, quantity)
    offer = ContractOffer(purchase, clock.today(), clock.today() + timedelta(days=300), terms)
    [contract] = await contracts.offer_contracts(who.officer, [offer])
    await contracts.sign_contracts(who.provider, [contract])
    reference = await database.fetch_value("SELECT reference FROM contract WHERE id = $1", contract)
    roles = (Role.CLAIMS_OFFICER, Role.SETTLEMENT_CLERK, Role.SETTLEMENT_APPROVER, Role.CASHIER)
    people = [await buying.person_as(role) for role in roles]
    deal = Deal(contract, reference, organization, who, *people, [])
    deal.orders = await delivered_orders(deal, delivered) if delivered else []
    return deal


async def delivered_orders(deal: Deal, count: int) -> list[int]:
    """Order so many units and say that they were delivered; how they are is proved elsewhere."""
    [village] = await buying.villages(1)
    await buying.quota([village["code"]], 1_000)
    if not await database.fetch_value("SELECT count(*) FROM station"):
        await buying.station(buying.DISTRICT)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, village["code"])
    wishes = [NewOrder(deal.contract, village["code"], buying.soon())] * count
    ids = await place_orders(clerk, wishes)
    await answer_orders(deal.who.provider, [OrderAnswer(order, take=True) for order in ids])
    await schedule_orders()
    await database.execute("UPDATE village_order SET status = 'delivered' WHERE id = ANY($1)", ids)
    await buying.proven(ids)
    return ids


async def bank_account(organization: int) -> None:
    """Give an organization an account to be paid to."""
    from app.core import vault

    row = await database.fetch_one("SELECT subject_key_id FROM organization WHERE id = $1", organization)
    assert row is not None
    key = (await vault.subject_keys({row["subject_key_id"]}))[row["subject_key_id"]]
    await database.update_row(
        "organization",
        organization,
        {"bank_name": "Bank", "bank_account_sealed": key.seal("6222000000000001")},
    )
