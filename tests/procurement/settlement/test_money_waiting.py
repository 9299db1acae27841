"""What waits on the workbench of finance and of those who approve: silent banks, tax to file, samples to look at."""

from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.access import Principal
from app.core.calendar import Calendar
from app.core.database import transaction
from app.web.workbench import WaitingSource
from procurement.claims.sampling.service import look_at, sample_for
from procurement.claims.waiting import to_look_at
from procurement.settlement.replies.queries import ANSWER_DAYS, sent_batches
from procurement.settlement.replies.rules import Outcome, Told
from procurement.settlement.replies.service import store_told
from procurement.settlement.replies.waiting import to_reconcile
from procurement.taxes.rules import filing_deadline
from procurement.taxes.service import remit
from procurement.taxes.waiting import to_file
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work


async def shown(source: WaitingSource, reader: Principal) -> list[str]:
    """Return where the lines of a reader's workbench lead."""
    return [line.action.path for line in await source(reader)]


async def test_a_batch_that_the_bank_does_not_answer_waits_for_the_cashier_after_some_days(db: None) -> None:
    money = await settled_work.paid(people=2, shifts=1)
    assert money.batch
    address = f"/settlement/{money.batch.reference}/reconciliation"
    with clock.travelled_to(clock.now() + timedelta(days=ANSWER_DAYS - 1)):
        assert await shown(to_reconcile, money.desk.cashier) == []
    with clock.travelled_to(clock.now() + timedelta(days=ANSWER_DAYS)):
        assert await shown(to_reconcile, money.desk.cashier) == [address]
        assert await shown(to_reconcile, settled_work.moved(money.desk.cashier)) == []
        assert await shown(to_reconcile, money.payee) == []
        sent = await sent_batches(money.desk.cashier, [money.batch.reference])
        lines = sent[money.batch.reference].lines
        told = [
            Told(line.batch_id, line.payment_id, number, Outcome.CONFIRMED, "", clock.today(), "HD-1", False)
            for number, line in lines.items()
        ]
        async with transaction():
            await store_told(money.desk.cashier, told[:1])
        (line,) = await to_reconcile(money.desk.cashier)
        assert line.detail.values["count"] == 1  # type: ignore[union-attr]
        async with transaction():
            await store_told(money.desk.cashier, told[1:])
        assert await shown(to_reconcile, money.desk.cashier) == []


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (date(2026, 10, 1), date(2026, 11, 16)),  # the 15th is a Sunday
        (date(2026, 11, 1), date(2026, 12, 15)),
        (date(2026, 12, 1), date(2027, 1, 15)),
    ],
)
def test_tax_is_filed_within_fifteen_days_of_the_next_month(month: date, last: date) -> None:
    assert filing_deadline(Calendar({}), month) == last


async def test_tax_waits_for_its_filing_once_the_month_is_over_until_it_is_paid_over(db: None) -> None:
    money = await settled_work.paid(people=1, shifts=4)
    month = clock.today().replace(day=1)
    assert await shown(to_file, money.desk.cashier) == []
    after = (month + timedelta(days=32)).replace(day=2)
    with clock.travelled_to(clock.now() + (after - clock.today())):
        assert await shown(to_file, money.desk.cashier) == [f"/taxes/{work.DISTRICT}/{month:%Y-%m}"]
        (line,) = await to_file(money.desk.cashier)
        assert line.tag.tone == "wait"
        assert await shown(to_file, settled_work.moved(money.desk.cashier)) == []
    with clock.travelled_to(clock.now() + (after - clock.today()) + timedelta(days=30)):
        (line,) = await to_file(money.desk.cashier)
        assert line.tag.tone == "need"
        await remit(money.desk.cashier, work.DISTRICT, month, "完税1号", clock.today())
        assert await shown(to_file, money.desk.cashier) == []


async def test_a_sample_waits_for_who_drew_it_and_leads_back_to_its_selection(db: None) -> None:
    money = await settled_work.accrued(10, 2)
    officer = money.desk.claims
    assert await shown(to_look_at, officer) == []
    async with client(officer) as http:
        await http.get("/claims/approval?everything=on&status=accrued")
        seen = (await http.get("/workbench")).text
    assert "抽中的申领还有 5 件等你看" in seen
    (address,) = await shown(to_look_at, officer)
    assert address.startswith("/claims/approval?")
    assert "everything=on" in address
    assert await shown(to_look_at, await work.officer("second", *officer.scopes)) == []
    sample = await sample_for(officer, await settled_work.claim_ids())
    assert sample is not None
    for one in sample.claims:
        await look_at(officer, sample.public_id, one.reference)
    assert await shown(to_look_at, officer) == []
