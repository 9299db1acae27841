"""A claim for each confirmed unit of work: once, priced by its day's tariff, judged by somebody else."""

from datetime import date
from itertools import product

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS
from app.core.errors import NotFound, NotSignedIn, SamePersonRefused, TransitionRefused
from app.core.state import advance
from procurement.budgets.movements import BudgetExceeded
from procurement.claims import accrual, rules, service
from procurement.claims.rules import TRANSITIONS, ClaimEvent, ClaimStatus
from tests.procurement import attended_work as work
from tests.refusals import refused

ENDS = {ClaimStatus.REVERSED}
BEFORE_APPROVAL = {ClaimStatus.ACCRUED, ClaimStatus.HELD, ClaimStatus.RETURNED, ClaimStatus.REJECTED}


@pytest.mark.parametrize("status", ClaimStatus)
@pytest.mark.parametrize("event", ClaimEvent)
def test_every_event_in_every_state_moves_or_refuses(status: ClaimStatus, event: ClaimEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[(status, event)]
        assert status not in ENDS
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@pytest.mark.parametrize(
    ("kind", "minutes", "fen"),
    [
        ("duty", 180, 25_000),
        ("duty", 270, 25_000),
        ("duty", 271, 50_000),
        ("lecture", 120, 80_000),
        ("village", 150, 20_000),
        ("homevisit", 300, 40_000),
    ],
)
async def test_work_is_priced_by_the_demonstration_tariff(db: None, kind: str, minutes: int, fen: int) -> None:
    await work.desk()
    await work.attended(await work.person("payee"), kind=kind, minutes=minutes)
    await accrual.accrue(clock.now())
    claim = await database.fetch_one("SELECT status, amount_fen FROM claim")
    assert claim == {"status": "accrued", "amount_fen": fen}


async def test_accruing_again_makes_no_second_claim(db: None) -> None:
    await work.desk()
    await work.attended(await work.person("payee"))
    first, again = await accrual.accrue(clock.now()), await accrual.accrue(clock.now())
    assert (first.attendances, again.attendances) == (1, 0)


async def test_work_without_a_tariff_or_budget_waits_and_is_counted(db: None) -> None:
    await work.desk()
    payee = await work.person("payee")
    await work.attended(payee, day=date(2025, 6, 3))
    await work.attended(payee)
    done = await accrual.accrue(clock.now())
    assert (done.attendances, done.unpriced) == (1, {"duty": 1})


async def test_a_public_officials_claim_is_held_with_the_reason(db: None) -> None:
    await work.desk()
    await work.attended(await work.person("official", official=True))
    await accrual.accrue(clock.now())
    held = await database.fetch_one("SELECT status, reason FROM claim")
    assert held is not None
    assert held["status"] == "held"
    assert "财行〔2007〕179号" in held["reason"]


async def _one_claim(officers: work.Desk, payee: int) -> int:
    await work.attended(payee)
    await accrual.accrue(clock.now())
    return await database.fetch_value("SELECT max(id) FROM claim")


async def test_approval_reserves_the_money_and_books_what_is_owed(db: None) -> None:
    officers = await work.desk()
    claim = await _one_claim(officers, await work.person("payee"))
    approved = await service.approve_claims(officers.claims, [claim])
    assert approved == service.Approved(1, 25_000)
    assert await database.fetch_value("SELECT reserved_fen FROM budget_line") == 25_000
    owed = await database.fetch_value(
        """SELECT sum(amount_fen)::bigint FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
           WHERE a.code LIKE 'payable:%'"""
    )
    assert owed == -25_000


async def test_nothing_is_approved_beyond_the_budget(db: None) -> None:
    officers = await work.desk(appropriation_fen=25_000)
    payee = await work.person("payee")
    claims = [await _one_claim(officers, payee), await _one_claim_later(payee)]
    with pytest.raises(BudgetExceeded):
        await service.approve_claims(officers.claims, claims)
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE status = 'approved'") == 0
    assert (await service.approve_claims(officers.claims, claims[:1])).count == 1


async def _one_claim_later(payee: int) -> int:
    await work.attended(payee, day=date(2026, 11, 18))
    await accrual.accrue(clock.now())
    return await database.fetch_value("SELECT max(id) FROM claim")


async def test_nobody_approves_their_own_claim(db: None) -> None:
    officers = await work.desk()
    payee = await work.person("payee")
    claim = await _one_claim(officers, payee)
    await database.execute("UPDATE person SET account_id = $2 WHERE id = $1", payee, officers.claims.account_id)
    with pytest.raises(SamePersonRefused):
        await service.approve_claims(officers.claims, [claim])


async def test_an_unknown_claim_and_an_unknown_caller_are_refused(db: None) -> None:
    officers = await work.desk()
    with pytest.raises(NotFound):
        await service.approve_claims(officers.claims, [424242])
    with pytest.raises(NotSignedIn):
        await service.approve_claims(ANONYMOUS, [1])


async def test_a_claim_sent_back_needs_a_reason_and_comes_again(db: None) -> None:
    officers = await work.desk()
    claim = await _one_claim(officers, await work.person("payee"))
    with pytest.raises(service.ReasonNeeded):
        await service.return_claim(officers.claims, claim, " ")
    await service.return_claim(officers.claims, claim, "签到时间有误")
    assert await database.fetch_value("SELECT status FROM claim") == "returned"
    with pytest.raises(TransitionRefused):
        await service.approve_claims(officers.claims, [claim])


async def test_an_approved_amount_never_changes_not_even_by_raw_sql(db: None) -> None:
    officers = await work.desk()
    claim = await _one_claim(officers, await work.person("payee"))
    await service.approve_claims(officers.claims, [claim])
    for change in ("amount_fen = amount_fen + 1", "trace = '[]'", "person_id = $1"):
        other = [await work.person("another")] if "$1" in change else []
        await refused("claim_amount_frozen", f"UPDATE claim SET {change}", *other)


async def test_a_claim_goes_only_the_ways_that_its_rules_know(db: None) -> None:
    for start, end in product(ClaimStatus, ClaimStatus):
        may = await database.fetch_value("SELECT claim_may_go($1, $2)", start.value, end.value)
        assert may == any(at is start and to is end for (at, _), to in TRANSITIONS.items()), (start, end)
    officers = await work.desk()
    claim = await _one_claim(officers, await work.person("payee"))
    await refused("claim_in_order", "UPDATE claim SET status = 'held'")
    await service.approve_claims(officers.claims, [claim])
    for status in ("accrued", "returned"):
        await refused("claim_in_order", f"UPDATE claim SET status = '{status}'")
    await refused("claim_approval_withdrawn", "UPDATE claim SET status = 'rejected'")
    await refused("claim_paid_by_repayment", "UPDATE claim SET status = 'paid'")


async def test_a_claim_is_priced_once_and_kept(db: None) -> None:
    officers = await work.desk()
    claim = await _one_claim(officers, await work.person("payee"))
    for change in ("amount_fen = amount_fen + 1", "trace = '[]'", "service_day = service_day + 1"):
        await refused("claim_amount_frozen", f"UPDATE claim SET {change}")
    await service.approve_claims(officers.claims, [claim])
    await refused("claim_amount_frozen", "UPDATE claim SET approved_by = $1", officers.clerk.actor)
    await refused("claim_is_kept", "DELETE FROM claim")


async def test_raw_sql_pays_nothing_that_nobody_approved_or_whose_documents_are_missing(db: None) -> None:
    officers = await work.desk()
    await _one_claim(officers, await work.person("payee"))
    approved = "approved_at = now(), approved_by = $1"
    lacking = f"missing_documents = '{{sign_in_sheet}}', {approved}"
    for status in set(ClaimStatus) - BEFORE_APPROVAL:
        change = f"UPDATE claim SET status = '{status.value}'"
        await refused("claim_approved_before_payment", change)
        await refused("claim_documents_complete", f"{change}, {lacking}", officers.claims.actor)
    await refused("claim_priced_by", "UPDATE claim SET tariff_set_id = NULL")


async def test_raw_sql_cannot_claim_the_same_work_twice(db: None) -> None:
    officers = await work.desk()
    await _one_claim(officers, await work.person("payee"))
    await refused(
        "claim_sign_up_id_key",
        """INSERT INTO claim (programme_id, status, sign_up_id, person_id, item, service_day, place_id,
                              budget_line_id, tariff_set_id, amount_fen, trace, accrued_at)
           SELECT programme_id, status, sign_up_id, person_id, item, service_day, place_id, budget_line_id,
                  tariff_set_id, amount_fen, trace, accrued_at FROM claim""",
    )


def test_mediation_is_paid_from_its_own_programme() -> None:
    assert rules.programme_of("mediation") == "mediation_case"
    assert rules.programme_of("duty") == "on_site"
