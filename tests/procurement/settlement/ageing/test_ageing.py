"""What is approved and unpaid is what the books owe, to the fen and by age."""

from app.core import clock
from procurement.ledger import queries as ledger
from procurement.settlement import payout
from procurement.settlement.ageing.queries import Owed, aged, owed
from procurement.settlement.reconciliation.rules import AGES, Sums, age_of, by_age
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from tests.procurement import settled_work


async def books_owe() -> int:
    """Return what the accounts of payees and of batches owe."""
    found = await ledger.trial_balance()
    return -sum(one.balance_fen for one in found if one.code.startswith(("payable:", "clearing:")))


async def test_what_is_owed_is_the_books_at_every_station(db: None) -> None:
    money = await settled_work.approved(2)
    batch = await settled_work.service.compute_batch(
        money.desk.clerk, settled_work.work.DISTRICT, *settled_work.PERIOD, "a"
    )

    async def agrees() -> int:
        fen = sum(row.fen for row in await owed(money.supervisor))
        assert fen == await books_owe()
        return fen

    assert await agrees() == 100_000
    await payout.approve_batch(money.desk.approver, batch.id)
    assert await agrees() == 100_000
    await payout.pay_batch(money.desk.cashier, batch.id)
    assert await agrees() == 0
    await record_return(money.desk.cashier, batch.id, BankReturn(1, "账户已销户", clock.today(), "TH-1"))
    assert await agrees() == 50_000


def test_each_row_stands_in_the_bucket_of_its_days_and_the_oldest_claim_is_named() -> None:
    rows = [
        Owed("330102", "上城", "Shangcheng", programme, programme, programme, days, 1, fen, 0, f"BT-{days}")
        for days, programme, fen in ((120, "on_site", 1), (40, "mediation_case", 20), (3, "on_site", 300))
    ]
    [district] = aged(rows, "place")
    assert (district.fen, district.claims, district.oldest) == ((300, 0, 20, 0, 1), 3, "BT-120")
    assert [(one.code, one.total_fen) for one in aged(rows, "programme")] == [("on_site", 301), ("mediation_case", 20)]


async def test_another_district_s_officer_sees_nothing_of_it(db: None) -> None:
    money = await settled_work.approved(1)
    assert await owed(settled_work.moved(money.supervisor)) == []


def test_every_age_has_one_bucket() -> None:
    assert [age_of(days) for days in (0, 7, 8, 30, 31, 60, 61, 90, 91, 4_000)] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert sum(by_age((days, 1) for days in range(500))) == 500
    assert len(AGES) == 5


def test_a_batch_is_reconciled_when_nothing_is_open() -> None:
    assert Sums(100, 60, 40, 40, 0).reconciled
    for sums in (Sums(100, 60, 40, 39, 0), Sums(100, 60, 39, 39, 0), Sums(100, 60, 40, 40, 1)):
        assert not sums.reconciled
