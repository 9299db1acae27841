"""Who takes a step did not ask, takes no other, signs nothing and accepts nothing: also where raw SQL tries."""

from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from procurement.contracts.service import ContractOffer, offer_contracts, sign_contracts
from procurement.deliveries.acceptances.service import AcceptorInvolved, Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.purchases.approvals import rules
from procurement.purchases.approvals.rules import Level
from tests.procurement import approving, buying
from tests.procurement.approving import LARGE, MIDDLE
from tests.procurement.purchases.approvals.test_chain import approve
from tests.refusals import refused

STEP = """INSERT INTO purchase_approval (purchase_id, step, level, verdict, decided_by, in_stead_of, decided_at, reason,
                                         minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8)"""


async def step(
    purchase_id: int, number: int, level: str, who: int, stead: int | None = None, minutes: str = ""
) -> None:
    await database.execute(STEP, purchase_id, number, level, "approved", who, stead, clock.now(), minutes)


async def test_raw_sql_cannot_take_a_step_that_is_not_ones_own(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, LARGE)
    wrong = [
        ("purchase_approval_in_order", (2, "division", here.division.actor)),
        ("purchase_approval_in_order", (1, "single", here.section.actor)),
        ("purchase_approval_not_requester", (1, "section", here.buyers.officer.actor)),
        ("purchase_approval_by_level", (1, "section", here.division.actor)),
        ("purchase_approval_by_level", (1, "section", here.second.actor, here.section.actor)),
    ]
    for constraint, values in wrong:
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await step(purchase_id, *values)
        assert refusal.value.constraint_name == constraint
    await step(purchase_id, 1, "section", here.section.actor)
    await approving.hold(here, here.section, Level.DIVISION)
    with pytest.raises(asyncpg.CheckViolationError, match="is not for account") as refusal:
        await step(purchase_id, 2, "division", here.section.actor)
    assert refusal.value.constraint_name == "purchase_approval_each_another"
    await step(purchase_id, 2, "division", here.division.actor)
    with pytest.raises(asyncpg.CheckViolationError, match="purchase_approval_minuted"):
        await step(purchase_id, 3, "meeting", here.meeting.actor)


async def test_raw_sql_cannot_approve_before_the_last_step_nor_change_what_is_judged(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here, MIDDLE)
    by_hand = "UPDATE purchase SET status = 'approved', approved_by = $2, approved_at = now() WHERE id = $1"
    await approve(here.section, purchase_id)
    for person in (here.section, here.division):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(by_hand, purchase_id, person.actor)
        assert refusal.value.constraint_name == "purchase_approval_complete"
    less = "UPDATE purchase SET quantity = 1, amount_fen = unit_price_fen WHERE id = $1"
    await refused("purchase_as_judged", less, purchase_id)
    for statement in ("UPDATE purchase_approval SET reason = 'x'", "DELETE FROM purchase_approval"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(statement)


async def test_who_took_a_step_neither_signs_nor_accepts(db: None) -> None:
    here = await approving.desk()
    who = here.buyers
    purchase_id = await approving.asked(here, MIDDLE)
    await approve(here.section, purchase_id)
    await approve(here.division, purchase_id)
    today = clock.today()
    offer = ContractOffer(purchase_id, today, today + timedelta(days=300))
    signer = buying.acting(here.section.actor, Role.PROCUREMENT_OFFICER, buying.CITY)
    with pytest.raises(rules.ApproverSigns, match="不能再签合同"):
        await offer_contracts(signer, [offer])
    [contract_id] = await offer_contracts(who.officer, [offer])
    organization = await database.fetch_value("SELECT organization_id FROM contract WHERE id = $1", contract_id)
    provider = buying.acting(here.division.actor, Role.PROVIDER, None, organization)
    with pytest.raises(rules.ApproverSigns):
        await sign_contracts(provider, [contract_id])
    await sign_contracts(who.provider, [contract_id])
    await buying.station(buying.DISTRICT)
    [village] = [row["code"] for row in await buying.villages(1)]
    await buying.quota([village], 3)
    [order_id] = await buying.delivered_orders(contract_id, [village])
    for person in (here.section, here.division):
        acceptor = buying.acting(person.actor, Role.ACCEPTOR, buying.CITY)
        with pytest.raises(AcceptorInvolved, match="第61条"):
            await accept_deliveries(acceptor, [Verdict(order_id, Finding(True, 20, 5, "好"))])
    raw = """INSERT INTO acceptance (village_order_id, verdict, people_reached, rating, acceptor_id, accepted_at)
             VALUES ($1, 'accepted', 1, 5, $2, now())"""
    with pytest.raises(asyncpg.CheckViolationError) as by_hand:
        await database.execute(raw, order_id, here.section.actor)
    assert by_hand.value.constraint_name == "acceptance_separate_person"
