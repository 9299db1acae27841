"""What the database refuses about who may decide and about the steps taken, whoever writes."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.core import clock, database, embedded
from app.core.access import Role
from app.core.errors import SamePersonRefused
from procurement.contracts.service import ContractOffer, offer_contracts
from procurement.purchases.approvals import authority
from procurement.purchases.approvals.authority import Kind, NewLevel
from procurement.purchases.approvals.rules import Level
from tests.procurement import approving, buying
from tests.procurement.approving import Desk
from tests.procurement.offers.bidding import as_owner
from tests.procurement.purchases.approvals.test_chain import approve
from tests.refusals import refused


async def write(guard: str, table: str, **row: Any) -> None:
    """Expect a row of authority, proposed today and otherwise as it should be, to be refused."""
    row = {"status": "proposed", "proposed_at": clock.now(), **row}
    if "decided_by" in row:
        row = {"decided_at": clock.now(), **row}
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await refused(guard, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())


def days(first: int, last: int) -> dict[str, Any]:
    """Return the first and the last day, counted from today."""
    today = clock.today()
    return {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}


async def test_figures_rise_and_are_confirmed_by_another_before_their_day(db: None) -> None:
    here = await approving.desk()
    figures = {
        "place_id": await buying.place_id(buying.DISTRICT), "effective_from": clock.today() + timedelta(days=9),
        "section_up_to_fen": 100, "division_up_to_fen": 200, "document": "内控〔2026〕9号",
        "proposed_by": here.officer.actor,
    }  # fmt: skip
    officer, second = here.officer.actor, here.second.actor
    today = {"effective_from": clock.today(), "status": "confirmed", "decided_by": second}
    for guard, change in (
        ("approval_limit_rises", {"section_up_to_fen": 200}),
        ("approval_limit_decided", {"status": "refused"}),
        ("approval_limit_decided", {"decided_by": second}),
        ("approval_limit_second_person", {"status": "confirmed", "decided_by": officer}),
        ("approval_limit_in_advance", {**today, "place_id": await buying.place_id(buying.OTHER_DISTRICT)}),
    ):
        await write(guard, "approval_limit", **(figures | change))


async def test_nobody_sets_or_confirms_alone_or_for_themselves_who_holds_a_level(db: None) -> None:
    here = await approving.desk()
    holder, officer, second = here.section.actor, here.officer.actor, here.second.actor
    level = {
        "account_id": holder, "place_id": await buying.place_id(buying.DISTRICT), "level": "division",
        "starts_on": clock.today(), "proposed_by": officer,
    }  # fmt: skip
    for guard, change in (
        ("approver_level_decided", {"status": "refused"}),
        ("approver_level_decided", {"decided_by": second}),
        ("approver_level_second_person", {"status": "confirmed", "decided_by": officer}),
        ("approver_level_not_for_oneself", {"proposed_by": holder}),
        ("approver_level_not_for_oneself", {"status": "confirmed", "decided_by": holder}),
    ):
        await write(guard, "approver_level", **(level | change))


async def test_a_deputy_is_another_for_some_days_one_at_a_time_and_not_by_their_own_hand(db: None) -> None:
    here = await approving.desk()
    deputy, other = [(await buying.person_as(Role.APPROVER)).actor for _ in range(2)]
    holder, officer, second = here.section.actor, here.officer.actor, here.second.actor
    named = {"account_id": holder, "deputy_id": deputy, "proposed_by": officer, **days(0, 5)}
    confirmed = {"status": "confirmed", "decided_by": second}
    await database.insert_row(
        "approval_deputy", named | confirmed | {"proposed_at": clock.now(), "decided_at": clock.now()}
    )
    for guard, change in (
        ("approval_deputy_of_another", {"deputy_id": holder}),
        ("approval_deputy_not_for_oneself", {"proposed_by": deputy}),
        ("approval_deputy_not_for_oneself", {"status": "confirmed", "decided_by": deputy, **days(9, 9)}),
        ("approval_deputy_period", days(9, 7)),
        ("approval_deputy_one_at_a_time", {**confirmed, "deputy_id": other, **days(5, 9)}),
        ("approval_deputy_second_person", {"status": "confirmed", **days(9, 9)}),
    ):
        await write(guard, "approval_deputy", **(named | change))


async def test_who_proposed_a_level_is_told_that_another_confirms_it(db: None) -> None:
    here = await approving.desk()
    assert here.section.public_id
    new = NewLevel(here.section.public_id, buying.DISTRICT, Level.DIVISION, clock.today())
    proposed = await authority.propose_level(here.officer, new)
    both = buying.acting(here.officer.actor, Role.APPROVER, buying.CITY)
    with pytest.raises(SamePersonRefused, match="另一"):
        await authority.decide_authority(both, Kind.LEVEL, proposed, confirm=True)


STEP = """INSERT INTO purchase_approval (purchase_id, step, level, verdict, decided_by, decided_at, reason)
          VALUES ($1, 1, 'section', $2, $3, $4, '')"""


def step(here: Desk, purchase_id: int, verdict: str = "approved") -> tuple[Any, ...]:
    return STEP, purchase_id, verdict, here.section.actor, clock.now()


async def test_a_purchase_is_not_refused_without_a_reason(db: None) -> None:
    here = await approving.desk()
    await refused("purchase_approval_reasoned", *step(here, await approving.asked(here), "refused"))


async def test_a_step_is_taken_once_even_by_who_does_not_see_that_it_was(db: None) -> None:
    """Under REPEATABLE READ the trigger counts the steps of an older picture; only the key sees the other's."""
    here = await approving.desk()
    purchase_id = await approving.asked(here)
    taken = step(here, purchase_id)
    name = await database.fetch_value("SELECT current_database()")
    late = await asyncpg.connect(embedded.dsn(embedded.APPLICATION_ROLE, name))
    try:
        with pytest.raises(asyncpg.UniqueViolationError) as refusal:
            async with late.transaction(isolation="repeatable_read"):
                assert await late.fetchval("SELECT count(*) FROM purchase_approval") == 0
                await database.execute(*taken)
                await late.execute(*taken)
    finally:
        await late.close()
    assert refusal.value.constraint_name == "purchase_approval_once"


SUPPLIED = "organization_id = a.organization_id, product_id = a.product_id, product_version = a.product_version"
JUDGED = [
    "SET quantity = quantity + 1, amount_fen = amount_fen + unit_price_fen",
    f"SET admission_id = a.id, {SUPPLIED} FROM admission a WHERE a.id <> purchase.admission_id",
    "SET purpose_zh = '另一件事'",
    "SET place_id = l.place_id FROM budget_line l WHERE l.place_id <> purchase.place_id",
    "SET budget_line_id = l.id FROM budget_line l WHERE l.id <> purchase.budget_line_id",
    "SET requested_by = (SELECT max(id) FROM account)",
    "SET requested_at = requested_at + interval '1 day'",
]


async def test_nobody_stands_in_for_themselves_even_past_the_triggers(db: None) -> None:
    """What comes first is that nobody can be their own deputy: only who goes past the triggers meets this guard."""
    here = await approving.desk()
    stead = STEP.replace("decided_by", "in_stead_of, decided_by").replace("$3", "$3, $3")
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await as_owner(stead, *step(here, await approving.asked(here))[1:])
    assert refusal.value.constraint_name == "purchase_approval_deputy_of_another"


async def test_while_steps_are_taken_what_is_judged_stays(db: None) -> None:
    here = await approving.desk()
    await approve(here.section, await approving.asked(here, approving.MIDDLE))
    await buying.budget_line(1_000_000_000, buying.OTHER_DISTRICT)
    for change in JUDGED:
        await refused("purchase_as_judged", f"UPDATE purchase {change}")


async def test_who_approved_signs_for_neither_party(db: None) -> None:
    here = await approving.desk()
    purchase_id = await approving.asked(here)
    await approve(here.section, purchase_id)
    by_hand = """INSERT INTO contract (purchase_id, organization_id, product_id, product_version, quantity,
                     unit_price_fen, starts_on, ends_on, body_zh, text_sha256, signed_by_buyer, offered_at)
                 SELECT id, organization_id, product_id, product_version, quantity, unit_price_fen, $2, $2::date + 9,
                     '合同', sha256(convert_to('合同', 'UTF8')), $3, now() FROM purchase WHERE id = $1"""
    today = clock.today()
    guard = "contract_signed_by_no_approver"
    await refused(guard, by_hand, purchase_id, today, here.section.actor)
    await offer_contracts(here.buyers.officer, [ContractOffer(purchase_id, today, today + timedelta(days=30))])
    sign = "UPDATE contract SET signed_by_provider = $1, signed_at = now()"
    await refused(guard, sign, here.section.actor)
    await database.execute(sign, here.buyers.provider.actor)
