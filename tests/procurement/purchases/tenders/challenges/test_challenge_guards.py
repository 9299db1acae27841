"""While a challenge holds a purchase, the database itself refuses its signature, its work and its payment."""

from datetime import date, timedelta
from unittest.mock import AsyncMock

import pytest

from app.core import clock, database
from app.core.access import Role
from procurement.claims.service import approve_claims
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.answering.service import decline_unanswered
from procurement.deliveries.scheduling import service as scheduling
from procurement.deliveries.scheduling.service import schedule_orders
from procurement.deliveries.service import answer_orders
from procurement.payments.holding.queries import of_contract
from procurement.payments.holding.rules import Step
from procurement.purchases.challenges import PurchaseChallenged
from procurement.settlement.payout import BatchChallenged, approve_batch
from procurement.settlement.service import compute_batch
from tests.procurement import buying
from tests.procurement.payments.contracts import Deal, bank_account, delivered_orders
from tests.procurement.purchases.tenders.challenged import HASH, URL, Challenged, published
from tests.refusals import refused

HELD = "purchase_is_challenged"
RAW_STEP = """
INSERT INTO purchase_step (purchase_id, kind, happened_at, number, url, sha256, detail, recorded_by, recorded_at)
VALUES ($1, $2, now(), $3, $4, $5, $6::text::jsonb, $7, now())
"""
PERIOD = date(2020, 1, 1), date(2030, 1, 1)


async def worked(units: int) -> tuple[Challenged, Deal]:
    """Sign a tender's contract, and have some units of it delivered."""
    made = await published()
    contract = await made.signed()
    await bank_account(made.here.organization)
    people = [
        await buying.person_as(role)
        for role in (Role.CLAIMS_OFFICER, Role.SETTLEMENT_CLERK, Role.SETTLEMENT_APPROVER, Role.CASHIER)
    ]
    reference = await database.fetch_value("SELECT reference FROM contract")
    deal = Deal(contract, reference, made.here.organization, made.here.who, *people, [])
    deal.orders = await delivered_orders(deal, units)
    return made, deal


async def test_signing_stops_whoever_signs(db: None) -> None:
    made = await published()
    contract = await made.offered()
    await made.challenge()
    provider = made.here.who.provider.actor
    sign = "UPDATE contract SET signed_by_provider = $2, signed_at = now() WHERE id = $1"
    await refused(HELD, sign, contract, provider)
    await refused(HELD, "UPDATE purchase SET status = 'contracted' WHERE id = $1", made.id)
    await made.answer()
    await made.complain()
    await made.suspend()
    await refused(HELD, sign, contract, provider)


async def test_work_stops_and_what_was_delivered_is_still_accepted(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    made, deal = await worked(1)
    code = (await buying.villages(1))[0]["code"]
    waiting, taken = [await buying.placed_order(deal.contract, code) for _ in range(2)]
    provider = deal.who.provider.actor
    answered = "UPDATE village_order SET status = 'taken', answered_by = $2, answered_at = now() WHERE id = $1"
    await database.execute(answered, taken, provider)
    with monkeypatch.context() as unlinked:  # its assignment is published, and the order does not know of it yet
        unlinked.setattr(scheduling, "_link", AsyncMock(return_value=0))
        await schedule_orders()
    await made.challenge()
    await refused(HELD, answered, waiting, provider)
    arranged = """UPDATE village_order SET status = 'scheduled', assignment_id = (SELECT max(id) FROM assignment)
                  WHERE id = $1"""
    await refused(HELD, arranged, taken)
    with pytest.raises(PurchaseChallenged):
        await answer_orders(deal.who.provider, [OrderAnswer(waiting, take=True)])
    assert await schedule_orders() == 0
    await deal.accept(1)
    assert await database.fetch_value("SELECT accepted FROM contract WHERE id = $1", deal.contract) == 1
    await made.answer()
    assert await schedule_orders() == 1
    await answer_orders(deal.who.provider, [OrderAnswer(waiting, take=True)])


async def test_nobodys_time_to_answer_an_order_runs_out_meanwhile(db: None) -> None:
    made, deal = await worked(1)
    code = (await buying.villages(1))[0]["code"]
    order = await buying.placed_order(deal.contract, code, buying.soon(20))
    await made.challenge()
    last = await database.fetch_value("SELECT answer_by FROM village_order WHERE id = $1", order)
    assert await decline_unanswered(last) == 0
    row = await database.fetch_one("SELECT status, answer_by FROM village_order WHERE id = $1", order)
    assert row is not None
    assert row["status"] == "placed"
    assert row["answer_by"] > last
    await made.answer()
    assert await decline_unanswered(row["answer_by"]) == 1


async def test_payment_stops_at_each_of_its_doors(db: None) -> None:
    made, deal = await worked(3)
    await deal.accept(2)
    await deal.approve()
    batched, approved = await deal.ids("approved")
    batch = await compute_batch(deal.clerk, deal.place, *PERIOD, "before")
    await deal.accept(1)
    [accrued] = await deal.ids("accrued")
    await made.challenge()
    with pytest.raises(PurchaseChallenged):
        await approve_claims(deal.claims, [accrued])
    yes = "UPDATE claim SET status = 'approved', approved_by = $2, approved_at = now() WHERE id = $1"
    await refused(HELD, yes, accrued, deal.claims.actor)
    with pytest.raises(BatchChallenged):
        await approve_batch(deal.checker, batch.id)
    approve = "UPDATE settlement_batch SET status = 'approved', approved_by = $2, approved_at = now() WHERE id = $1"
    await refused("settlement_of_challenged", approve, batch.id, deal.checker.actor)
    assert {batched, approved} == set(await deal.ids("batched"))
    await made.answer()
    await approve_claims(deal.claims, [accrued])
    await made.challenge()
    await refused(HELD, "UPDATE claim SET status = 'batched' WHERE id = $1", accrued)
    assert (await of_contract(deal.who.provider, deal.reference)).holder.step is Step.STOPPED


async def test_a_challenge_moves_by_recorded_steps_only_and_in_its_turn(db: None) -> None:
    made = await published()
    await made.challenge()
    for sql in (
        "UPDATE challenge SET holds = false",
        "DELETE FROM challenge",
        """INSERT INTO challenge (purchase_id, number, status, could_change_result, raised_at, holds)
           SELECT id, 9, 'raised', true, now(), true FROM purchase""",
    ):
        await refused("challenge_is_recorded", sql)
    await refused("purchase_challenge_is_recorded", "UPDATE purchase SET held_until = current_date")
    officer = made.here.who.officer.actor
    first, second = '{"challenge": 1, "decision": "dismissed"}', '{"challenge": 2, "decision": "dismissed"}'
    decide = ("decide_complaint", "决定1号", URL, HASH)
    await refused("challenge_in_order", RAW_STEP, made.id, *decide, first, officer)
    await refused("purchase_step_of_challenge", RAW_STEP, made.id, *decide, second, officer)
    await refused("purchase_reopened_by_challenge", RAW_STEP, made.id, "reopen", "", "", None, "{}", officer)


async def test_finances_words_are_kept_as_served_and_within_the_law(db: None) -> None:
    made = await published()
    await made.challenge()
    await made.answer()
    await made.complain()
    officer = made.here.who.officer.actor
    for kind, number, url, sha256 in (
        ("suspend", "", "", HASH),
        ("suspend", "暂停1号", "", None),
        ("decide_complaint", "决定1号", "", HASH),
        ("decide_complaint", "决定1号", URL, None),
    ):
        detail = f'{{"challenge": 1, "decision": "dismissed", "until": "{clock.today()}"}}'
        await refused("purchase_step_served", RAW_STEP, made.id, kind, number, url, sha256, detail, officer)
    for days in (-1, 31):
        detail = f'{{"challenge": 1, "until": "{clock.today() + timedelta(days=days)}"}}'
        suspend = ("suspend", "暂停1号", "", HASH)
        await refused("challenge_suspension_within_limit", RAW_STEP, made.id, *suspend, detail, officer)
    await made.suspend()
    await refused("purchase_is_suspended", RAW_STEP, made.id, "terminate", "", "", None, "{}", officer)


async def test_a_signed_contract_ends_by_its_own_rules_and_is_revoked_by_finance_alone(db: None) -> None:
    made = await published()
    contract = await made.signed()
    officer = made.here.who.officer.actor
    await refused("purchase_step_before_contract", RAW_STEP, made.id, "terminate", "", "", None, "{}", officer)
    await refused(
        "contract_termination_revoked",
        """INSERT INTO contract_termination (contract_id, status, ground, reason_zh, at_fault, compensation_fen,
                                             proposed_for, proposed_by, proposed_at)
           VALUES ($1, 'proposed', 'revoked', '撤销', 'none', 0, 'buyer', $2, now())""",
        *(contract, officer),
    )


async def test_the_days_on_which_a_purchase_was_held_are_no_part_of_the_time_to_sign(db: None) -> None:
    made = await published(days_ago=100)
    await made.challenge(60)
    await made.challenge(62, could_change_result=False)
    await made.answer(64)
    await made.complain(66, number=1)
    await made.suspend(68, days=10)

    async def held(first: int, last: int) -> int:
        days = made.start + timedelta(days=first), made.start + timedelta(days=last)
        return int(await database.fetch_value("SELECT purchase_days_held($1, $2, $3)", made.id, *days))

    assert await held(56, 99) == 4 + 11  # from the 60th through the 63rd day, and from the 68th through the 78th
    assert (await held(56, 61), await held(61, 99), await held(56, 59)) == (2, 2 + 11, 0)
    await made.resume(72)
    assert await held(56, 99) == 4 + 4
    await made.decide(80)
    assert await held(56, 99) == 4 + 4
