"""What the database refuses about paying a contract, whoever writes: terms, units, claims, nudges."""

from datetime import timedelta

from app.core import clock, database
from procurement.claims.accrual import accrue
from procurement.contracts import service as contracts
from procurement.contracts.service import ContractOffer
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.payments.nudges.service import nudge
from procurement.payments.rules import PaymentTerms
from tests.procurement import buying
from tests.procurement.payments.contracts import GOOD, Deal, delivered_orders, signed
from tests.refusals import refusal_by, refused


async def accepted(deal: Deal, count: int) -> None:
    """Have delivered orders accepted, and nothing claimed for them yet."""
    await accept_deliveries(deal.who.acceptor, [Verdict(order, GOOD) for order in deal.orders[:count]])


async def beside(deal: Deal, units: int) -> Deal:
    """Sign another contract of the same provider, with units accepted and not claimed yet."""
    purchase = await buying.approved_purchase(deal.organization, deal.who)
    offer = ContractOffer(purchase, clock.today(), clock.today() + timedelta(days=300), PaymentTerms(0, (10, 100)))
    [contract] = await contracts.offer_contracts(deal.who.officer, [offer])
    await contracts.sign_contracts(deal.who.provider, [contract])
    people = (deal.claims, deal.clerk, deal.checker, deal.cashier)
    other = Deal(contract, "", deal.organization, deal.who, *people, [])
    other.orders = await delivered_orders(other, units)
    await accepted(other, units)
    return other


TERMS = """INSERT INTO payment_terms (contract_id, advance_percent, advance_fen, milestones)
           SELECT id, $1, quantity * unit_price_fen * $1::integer / 100 + $2, $3 FROM contract"""
OFFERED = """INSERT INTO contract (purchase_id, organization_id, product_id, product_version, quantity, unit_price_fen,
                                   starts_on, ends_on, body_zh, text_sha256, signed_by_buyer, offered_at)
             SELECT id, organization_id, product_id, product_version, quantity, unit_price_fen, current_date,
                    current_date + 30, '合同', sha256(convert_to('合同', 'UTF8')), $2, now()
             FROM purchase WHERE id = $1"""


async def test_terms_are_exact_and_milestones_rise_to_the_whole(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    await database.execute(OFFERED, await buying.approved_purchase(organization, who), who.officer.actor)
    await refused("payment_terms_exact", TERMS, 30, 1, [])
    await refused("payment_terms_exact", TERMS, 0, 1, [])
    for milestones in ([100, 50], [50, 50, 100]):
        await refused("payment_terms_exact", TERMS, 30, 0, milestones)
    for milestones in ([50], [0, 100], [50, 101], [100, None], [None]):
        await refused("payment_terms_milestones", TERMS, 30, 0, milestones)
    await database.execute(TERMS, 30, 0, [50, 100])


UNIT = """INSERT INTO unit_payment (contract_id, village_order_id, contract_payment_id, price_fen, offset_fen, made_at)
          VALUES ($1, $2, $3, 60000, $4, now())"""
MILESTONE = """INSERT INTO contract_payment (contract_id, kind, percent, amount_fen, made_at)
               VALUES ($1, 'milestone', 10, 60000, now()) RETURNING id"""


async def test_a_unit_belongs_to_its_contract_and_joins_no_milestone_that_is_claimed(db: None) -> None:
    deal = await signed(PaymentTerms(30, (20, 100)), quantity=10, delivered=3)
    await deal.accept(2)
    last, other = deal.orders[0], await beside(deal, 1)
    await accepted(deal, 1)
    claimed = await database.fetch("SELECT id FROM contract_payment WHERE contract_id = $1", deal.contract)
    assert len(claimed) == 2
    for row in claimed:
        await refused("unit_payment_milestone_open", UNIT, deal.contract, last, row["id"], 0)
    elsewhere = await database.fetch_value(MILESTONE, other.contract)
    await refused("unit_payment_of_milestone", UNIT, deal.contract, last, elsewhere, 0)
    await refused("unit_payment_of_order", UNIT, other.contract, last, None, 0)
    for offset in (-1, 60_001):
        await refused("unit_payment_offset", UNIT, deal.contract, last, None, offset)
    await refused("unit_payment_within_advance", UNIT, other.contract, other.orders[0], elsewhere, 1)
    await database.execute(UNIT, other.contract, other.orders[0], elsewhere, 0)


async def test_a_claim_stays_with_its_contract(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=2, delivered=1)
    await deal.accept()
    other = await beside(deal, 2)
    moved = "UPDATE claim SET contract_id = {} WHERE item = '{}'"
    for item, guard in (("order", "claim_order_of_contract"), ("advance", "claim_payment_of_contract")):
        await refused(guard, moved.format(other.contract, item))
        await refused("claim_of_contract", moved.format("NULL", item))


async def test_an_advance_that_is_offset_stands_and_with_it_no_more_is_claimed_than_the_price(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=1, delivered=1)
    await accrue(clock.now())
    await accepted(deal, 1)
    claim = """INSERT INTO claim (programme_id, status, contract_id, village_order_id, organization_id, item,
                                  service_day, place_id, budget_line_id, amount_fen, trace, accrued_at)
               SELECT programme_id, status, contract_id, $1, organization_id, 'order', service_day, place_id,
                      budget_line_id, $2, trace, accrued_at FROM claim"""
    async with refusal_by("contract_not_overpaid"):
        await database.execute(UNIT, deal.contract, deal.orders[0], None, 0)
        await database.execute(claim, deal.orders[0], 60_000)
    await database.execute(UNIT, deal.contract, deal.orders[0], None, 18_000)
    approved = claim.replace("status, contract_id, $1", "'approved', contract_id, $1")
    approved = approved.replace("accrued_at)", "accrued_at, approved_by)").replace(
        "accrued_at FROM", "accrued_at, $3 FROM"
    )
    await refused("claim_in_order", approved, deal.orders[0], 42_000, deal.clerk.actor)
    await database.execute(claim, deal.orders[0], 42_000)
    await refused("advance_already_offset", "UPDATE claim SET status = 'rejected' WHERE item = 'advance'")


NUDGE = """INSERT INTO nudge (contract_id, step, village_order_id, claim_id, place_id, waiting_since, day, sent_by,
                              sent_at)
           SELECT {contract}, {step}, {order}, {claim}, place_id, waiting_since, day + 1, sent_by, sent_at FROM nudge"""
SAME = {"contract": "contract_id", "step": "step", "order": "village_order_id", "claim": "claim_id"}


async def test_a_nudge_is_about_one_thing_of_its_contract_and_another_answers(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=3)
    deal.orders = await delivered_orders(deal, 1)
    with clock.travelled_to(clock.now() + timedelta(days=7)):
        await nudge(deal.who.provider, deal.reference)
    other = await beside(deal, 1)
    await accrue(clock.now())
    [claim] = await deal.ids("accrued")
    await refused("nudge_of_contract", NUDGE.format(**{**SAME, "contract": other.contract}))
    for change in ({"order": "NULL"}, {"claim": claim}, {"step": "'approval'"}, {"order": "NULL", "claim": claim}):
        await refused("nudge_of_one_thing", NUDGE.format(**{**SAME, **change}))
    await database.execute(NUDGE.format(**{**SAME, "step": "'approval'", "order": "NULL", "claim": claim}))
    said = "UPDATE nudge SET answer = $1, answered_by = {}, answered_at = {} WHERE claim_id IS NULL"
    await refused("nudge_answered", said.format("NULL", "NULL"), "周四去验收")
    await refused("nudge_answered", said.format(deal.who.acceptor.actor, "now()"), "")
    await refused("nudge_answered", said.format(deal.who.acceptor.actor, "NULL"), "周四去验收")
    await refused("nudge_answered_by_another", said.format("sent_by", "now()"), "周四去验收")
    await database.execute(said.format(deal.who.acceptor.actor, "now()"), "周四去验收")


async def test_a_nudge_about_a_claim_names_the_claim_s_contract(db: None) -> None:
    deal = await signed(PaymentTerms(30), quantity=3)
    await accrue(clock.now())
    with clock.travelled_to(clock.now() + timedelta(days=7)):
        await nudge(deal.who.provider, deal.reference)
    other = await beside(deal, 1)
    await refused("nudge_of_claimed_contract", NUDGE.format(**{**SAME, "contract": other.contract}))
