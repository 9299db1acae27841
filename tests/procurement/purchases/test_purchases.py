"""Asking, approving by another person, refusing and taking back, with the money of the line following."""

import asyncio

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from procurement.blocks import Blocked
from procurement.budgets.movements import BudgetExceeded
from procurement.frameworks.admissions import service as admissions
from procurement.purchases import service
from procurement.purchases.service import PurchaseDecision, PurchaseRequest
from tests.conftest import rounds
from tests.procurement import buying

LINE = """SELECT reserved_fen, committed_fen, spent_fen FROM budget_line l JOIN purchase p ON p.budget_line_id = l.id
          WHERE p.id = $1"""


async def bound(purchase_id: int) -> tuple[int, int, int]:
    row = await database.fetch_one(LINE, purchase_id)
    assert row is not None
    return row["reserved_fen"], row["committed_fen"], row["spent_fen"]


async def status_of(purchase_id: int) -> str:
    return str(await database.fetch_value("SELECT status FROM purchase WHERE id = $1", purchase_id))


async def test_a_request_reserves_its_amount_at_the_uniform_rate(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.reserved_purchase(organization, who, quantity=10)
    row = await database.fetch_one("SELECT unit_price_fen, amount_fen, status FROM purchase WHERE id = $1", purchase_id)
    assert row == {"unit_price_fen": 60_000, "amount_fen": 600_000, "status": "reserved"}
    assert await bound(purchase_id) == (600_000, 0, 0)


async def test_raw_sql_cannot_part_a_call_off_from_its_admission(db: None) -> None:
    who = await buying.people(organization := await buying.organization())
    purchase_id = await buying.reserved_purchase(organization, who)
    other = await buying.organization()
    for change, constraint in (
        ("organization_id = $2", "purchase_as_admitted"),
        ("admission_id = NULL, organization_id = $2", "purchase_of_admission"),
        ("product_version = product_version + $2 - $2 + 1", "purchase_as_admitted|purchase_of_listed_version"),
        ("organization_id = nullif($2::bigint, $2)", "purchase_supplier_whole|purchase_has_supplier"),
        ("method = 'quotation', admission_id = nullif($2::bigint, $2), status = 'noticed', organization_id = NULL",
         "purchase_supplier_whole"),
    ):  # fmt: skip
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=constraint):
            await database.execute(f"UPDATE purchase SET {change} WHERE id = $1", purchase_id, other)


async def test_a_request_beyond_the_line_writes_nothing(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    with pytest.raises(BudgetExceeded) as refusal:
        await buying.reserved_purchase(organization, who, quantity=10, approved_fen=599_999)
    assert (refusal.value.values["asked"], refusal.value.values["left"]) == ("¥6,000.00", "¥5,999.99")
    assert await database.fetch_value("SELECT count(*) FROM purchase") == 0


async def test_who_asked_does_not_approve(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.reserved_purchase(organization, who)
    both = buying.acting(who.officer.actor, Role.APPROVER, buying.CITY)
    for approve in (True, False):
        with pytest.raises(SamePersonRefused):
            await service.decide_purchases(both, [PurchaseDecision(purchase_id, approve, "自批")])
    with pytest.raises(asyncpg.CheckViolationError, match="purchase_approved_by_another"):
        await database.execute(
            "UPDATE purchase SET status = 'approved', approved_by = requested_by, approved_at = now() WHERE id = $1",
            purchase_id,
        )
    with pytest.raises(asyncpg.CheckViolationError, match="purchase_approved_before_order"):
        await database.execute("UPDATE purchase SET status = 'ordered' WHERE id = $1", purchase_id)


async def test_a_refusal_gives_its_reason_and_frees_the_money(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.reserved_purchase(organization, who)
    with pytest.raises(InvalidInput):
        await service.decide_purchases(who.approver, [PurchaseDecision(purchase_id, approve=False)])
    await service.decide_purchases(who.approver, [PurchaseDecision(purchase_id, approve=False, reason="超标准")])
    assert await status_of(purchase_id) == "refused"
    told = await database.fetch("SELECT detail::text FROM notification WHERE account_id = $1", who.officer.actor)
    assert ["超标准" in row["detail"] for row in told] == [True]
    assert await bound(purchase_id) == (0, 0, 0)


async def test_a_purchase_taken_back_frees_the_money_once(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.approved_purchase(organization, who)
    await service.cancel_purchase(who.officer, purchase_id, "计划调整")
    assert (await status_of(purchase_id), await bound(purchase_id)) == ("cancelled", (0, 0, 0))
    with pytest.raises(TransitionRefused):
        await service.cancel_purchase(who.officer, purchase_id, "再取消")


async def test_the_offer_is_looked_at_again_at_approval(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.reserved_purchase(organization, who)
    admission = await database.fetch_value("SELECT admission_id FROM purchase WHERE id = $1", purchase_id)
    await admissions.withdraw_admission(who.provider, admission)
    with pytest.raises(Blocked, match="第42条"):
        await service.decide_purchases(who.approver, [PurchaseDecision(purchase_id, approve=True)])
    assert await status_of(purchase_id) == "reserved"


async def test_scope_and_permission(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.reserved_purchase(organization, who)
    stranger = await buying.person_as(Role.APPROVER, buying.OTHER_DISTRICT)
    with pytest.raises(NotPermitted):
        await service.decide_purchases(stranger, [PurchaseDecision(purchase_id, approve=True)])
    with pytest.raises(NotPermitted):
        await service.decide_purchases(who.officer, [PurchaseDecision(purchase_id, approve=True)])
    with pytest.raises(NotFound):
        await service.decide_purchases(who.approver, [PurchaseDecision(purchase_id + 1, approve=True)])


async def test_a_request_needs_a_quantity_and_a_purpose(db: None) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    with pytest.raises(InvalidInput) as refusal:
        await service.request_purchases(officer, [PurchaseRequest(1, 1, buying.DISTRICT, 0, " ")])
    assert set(refusal.value.fields) == {"quantity", "purpose_zh"}


async def test_raw_sql_cannot_buy_at_another_price_than_the_uniform_rate(db: None) -> None:
    organization = await buying.organization()
    purchase_id = await buying.reserved_purchase(organization, await buying.people(organization))
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="purchase_at_uniform_rate"):
        await database.execute(
            "UPDATE purchase SET unit_price_fen = 1, amount_fen = quantity WHERE id = $1", purchase_id
        )


async def test_many_requests_at_once_never_exceed_the_line(db: None) -> None:
    """Requests of one unit each race for a line that bears five: five are reserved, no more."""
    organization = await buying.organization()
    admission_id = await buying.framework_in_force(organization)
    for place in await buying.villages(rounds(3, 100)):
        line_id = await buying.budget_line(5 * 60_000 + 59_999, place["code"])
        officers = [await buying.person_as(Role.PROCUREMENT_OFFICER) for _ in range(12)]
        request = PurchaseRequest(admission_id, line_id, place["code"], 1, "抢最后的额度")
        outcomes = await asyncio.gather(
            *(service.request_purchases(officer, [request]) for officer in officers), return_exceptions=True
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        assert all(isinstance(outcome, BudgetExceeded) for outcome in refused), refused
        assert len(refused) == 7
        line = await database.fetch_one("SELECT reserved_fen, approved_fen FROM budget_line WHERE id = $1", line_id)
        assert line == {"reserved_fen": 300_000, "approved_fen": 359_999}


async def test_approval_and_refusal_at_once_leave_one_outcome_and_the_right_money(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    admission_id, line_id = await buying.framework_in_force(organization), await buying.budget_line(100_000_000)
    for _ in range(rounds(4, 100)):
        before = await database.fetch_value("SELECT reserved_fen FROM budget_line WHERE id = $1", line_id)
        request = PurchaseRequest(admission_id, line_id, buying.DISTRICT, 2, "两位审批人")
        [purchase_id] = await service.request_purchases(who.officer, [request])
        outcomes = await asyncio.gather(
            service.decide_purchases(who.approver, [PurchaseDecision(purchase_id, approve=True)]),
            service.decide_purchases(who.approver, [PurchaseDecision(purchase_id, approve=False, reason="重复")]),
            service.cancel_purchase(who.officer, purchase_id, "同时取消"),
            return_exceptions=True,
        )
        assert all(outcome is None or isinstance(outcome, TransitionRefused) for outcome in outcomes), outcomes
        status = await status_of(purchase_id)
        after = await database.fetch_value("SELECT reserved_fen FROM budget_line WHERE id = $1", line_id)
        assert after - before == (120_000 if status == "approved" else 0)


async def test_many_purchases_are_requested_and_decided_in_one_go(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    admission_id, line_id = await buying.framework_in_force(organization), await buying.budget_line(100_000_000)
    requests = [PurchaseRequest(admission_id, line_id, buying.DISTRICT, 1 + place % 3, "批量") for place in range(300)]
    started = clock.now()
    ids = await service.request_purchases(who.officer, requests)
    await service.decide_purchases(
        who.approver,
        [PurchaseDecision(new_id, approve=place % 3 > 0, reason="批量") for place, new_id in enumerate(ids)],
    )
    assert (clock.now() - started).total_seconds() < 5
    quantities = [row["quantity"] for row in await database.fetch("SELECT quantity FROM purchase ORDER BY id")]
    assert quantities == [request.quantity for request in requests]
    kept = sum(request.quantity for place, request in enumerate(requests) if place % 3 > 0)
    assert await database.fetch_value("SELECT reserved_fen FROM budget_line WHERE id = $1", line_id) == kept * 60_000
