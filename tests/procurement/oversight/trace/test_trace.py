"""The way of the money: every figure is the sum of what is below it, each page in a few statements, none elsewhere."""

import html
import re
from functools import partial
from typing import Any

import pytest

from app.core import clock, database, vault
from app.core.access import Role
from app.core.errors import NotFound
from app.web.pagination import sliced
from procurement.budgets.rules import Amounts
from procurement.claims import service as claims
from procurement.claims.accrual import accrue
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.oversight.trace.batches import controllers as batch_pages
from procurement.oversight.trace.batches import queries as batches
from procurement.oversight.trace.lines import controllers as line_pages
from procurement.oversight.trace.lines import queries as lines
from procurement.oversight.trace.purchases import controllers as purchase_pages
from procurement.oversight.trace.purchases import queries as purchases_of
from procurement.oversight.trace.works import queries as works
from procurement.purchases import service as purchases
from procurement.settlement import payout, service
from tests.app.web.client import client
from tests.procurement import buying, settled_work
from tests.procurement.counting import counting
from tests.procurement.deliveries.served import GOOD, Served, after, served

STATEMENTS = 10


async def bought(units: int = 3, paid: bool = True) -> Served:
    """Deliver units, accept all but the last, pay for them; another purchase of the line only reserves."""
    here = await served(units, proofs=True)
    with after():
        await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD) for order in here.orders[:-1]])
        await accrue(clock.now())
    row = await database.fetch_one(
        """SELECT p.admission_id, p.budget_line_id FROM purchase p JOIN contract c ON c.purchase_id = p.id
           WHERE c.id = $1""",
        here.contract,
    )
    assert row is not None
    ask = purchases.PurchaseRequest(row["admission_id"], row["budget_line_id"], buying.DISTRICT, 2, "讲座")
    await purchases.request_purchases(here.who.officer, [ask])
    if paid:
        await _settle(here)
    return here


async def _settle(here: Served) -> None:
    await claims.approve_claims(await buying.person_as(Role.CLAIMS_OFFICER), await settled_work.claim_ids())
    day = clock.local(buying.soon()).date().replace(day=1)
    until = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    clerk = await buying.person_as(Role.SETTLEMENT_CLERK)
    batch = await service.compute_batch(clerk, buying.DISTRICT, day, until, "x")
    await payout.approve_batch(await buying.person_as(Role.SETTLEMENT_APPROVER), batch.id)


async def _pay() -> None:
    """Give the provider a bank account and pay the batch."""
    key = await vault.new_subject_key()
    await database.execute(
        "UPDATE organization SET bank_name = 'Bank', subject_key_id = $1, bank_account_sealed = $2",
        *(key.id, key.seal("6222000000000001")),
    )
    batch = await database.fetch_value("SELECT id FROM settlement_batch")
    await payout.pay_batch(await buying.person_as(Role.CASHIER), batch)


async def reader(place: str = buying.CITY) -> Any:
    return await buying.person_as(Role.SUPERVISOR, place)


async def test_every_figure_of_a_line_is_the_sum_of_what_lies_below_it(db: None) -> None:
    here = await bought()
    auditor = await reader()
    [entry] = await lines.year(auditor, clock.today().year)
    assert (entry.purchases, entry.claims) == (2, 0)
    found = await lines.line(auditor, clock.today().year, buying.DISTRICT, "purchase")
    assert (found.below.reserved, found.below.committed, found.below.spent) == (
        found.line.amounts.reserved,
        found.line.amounts.committed,
        found.line.amounts.spent,
    )
    assert found.below.reserved > 0
    told = await database.fetch_one(
        """SELECT sum(c.quantity * c.unit_price_fen)::bigint AS bound,
                  (SELECT sum(amount_fen)::bigint FROM claim) AS claimed,
                  (SELECT sum(people_reached)::bigint FROM acceptance WHERE verdict = 'accepted') AS people
           FROM contract c"""
    )
    assert told is not None
    bought_row = next(row for row in await lines.purchases(found.line.id, None, 50) if row.ordered)
    assert bought_row.committed_fen + bought_row.spent_fen == told["bound"]
    one = await purchases_of.purchase(auditor, bought_row.reference)
    assert (one.claimed_fen, one.reached, one.units) == (told["claimed"], told["people"], len(here.references))
    assert [unit.reference for unit in await purchases_of.units(one.id, None, 50)] == here.references
    assert one.moved.committed == bought_row.committed_fen


async def test_what_was_paid_hangs_below_its_purchase(db: None) -> None:
    await bought()
    await _pay()
    auditor = await reader()
    found = await lines.line(auditor, clock.today().year, buying.DISTRICT, "purchase")
    total = await database.fetch_value("SELECT total_fen FROM settlement_batch")
    assert found.direct == Amounts()
    below = await lines.purchases(found.line.id, None, 50)
    assert [row.spent_fen for row in below] == [0, total]
    assert found.bought.spent == found.line.amounts.spent == total
    one = await purchases_of.purchase(auditor, below[1].reference)
    assert (one.paid_fen, one.moved.spent) == (total, total)


async def test_a_unit_leads_to_its_claim_and_the_claim_back_to_unit_purchase_and_line(db: None) -> None:
    here = await bought()
    auditor = await reader()
    unit = await works.unit(auditor, here.references[0])
    assert [came.minutes for came in unit.people] == [90]
    assert (unit.reached, unit.opinions.count) == (40, 0)
    assert [judged.found.met for judged in unit.rounds[0].lines] == [True] * len(unit.rounds[0].lines)
    assert all(not need.missing for need in unit.needs)
    assert unit.claim is not None
    claim = await works.claim(auditor, unit.claim)
    assert (claim.way.unit, claim.way.purchase) == (unit.reference, unit.way.purchase)
    assert (claim.way.line_place, claim.way.programme) == (buying.DISTRICT, "purchase")
    assert claim.amount_fen == unit.amount_fen
    assert [entry.kind for entry in claim.entries] == ["accrual", "instruction"]
    assert all(sum(one.amount_fen for one in entry.postings) == 0 for entry in claim.entries)
    assert claim.paid is not None
    batch = await batches.batch(auditor, claim.paid.batch)
    of_batch = await batches.lines(batch.id, None, 50)
    assert sum(row.amount_fen for row in of_batch) == batch.total_fen
    assert {row.claim for row in of_batch} >= {claim.reference}
    waiting = await works.unit(auditor, here.references[-1])
    assert (waiting.claim, waiting.paid, waiting.rounds) == (None, None, ())


async def test_subsidies_hang_right_below_their_line_and_end_at_a_line_of_the_banks_file(db: None) -> None:
    money = await settled_work.paid(2, 2)
    auditor = await reader()
    found = await lines.line(auditor, 2026, settled_work.work.DISTRICT, "on_site")
    rows = await lines.claims(found.line.id, None, 50)
    assert found.direct.spent == found.line.amounts.spent == sum(row.amount_fen for row in rows) == found.claimed_fen
    assert found.below.reserved == found.line.amounts.reserved
    claim = await works.claim(auditor, money.reference)
    assert claim.paid is not None
    assert (claim.paid.payment_fen, claim.paid.file_sha256 is not None) == (2 * claim.amount_fen, True)
    batch = await batches.batch(auditor, claim.paid.batch)
    of_batch = await batches.lines(batch.id, None, 50)
    assert {row.bank_line for row in of_batch if row.claim == money.reference} == {claim.paid.bank_line}
    assert (batch.file_lines, batch.file_fen) == (2, batch.total_fen)
    assert [entry.kind for entry in claim.entries] == ["accrual", "instruction", "payout"]


async def pages_of(here: Served) -> list[str]:
    """Return every page of the way."""
    purchase = await database.fetch_value(
        "SELECT p.reference FROM purchase p JOIN contract c ON c.purchase_id = p.id WHERE c.id = $1", here.contract
    )
    claim = await database.fetch_value("SELECT min(reference) FROM claim")
    return [
        "/oversight",
        f"/oversight/lines/{clock.today().year}/{buying.DISTRICT}/purchase",
        f"/oversight/purchases/{purchase}",
        f"/oversight/units/{here.references[0]}",
        f"/oversight/claims/{claim}",
        f"/oversight/batches/{await database.fetch_value('SELECT reference FROM settlement_batch')}",
    ]


@pytest.mark.parametrize("units", [2, 6])
async def test_a_page_takes_no_more_statements_for_more_units(
    db: None, monkeypatch: pytest.MonkeyPatch, units: int
) -> None:
    here = await bought(units)
    paths = await pages_of(here)
    asked: list[str] = []
    async with client(await reader()) as http:
        for name in ("fetch", "fetch_one", "fetch_value"):
            monkeypatch.setattr(database, name, counting(getattr(database, name), asked))
        for path in paths:
            asked.clear()
            answer = await http.get(path)
            assert answer.status_code == 200, path
            assert len(asked) <= STATEMENTS, (path, len(asked))
            assert "/oversight?year=" in answer.text or path == "/oversight"


async def _followed(http: Any, path: str, marked: str) -> tuple[list[str], set[str]]:
    """Follow a list to its end: the marked links in their order, and the large figures that its pages show."""
    found, figures = [], set()
    while path:
        text = (await http.get(path)).text
        found += re.findall(rf'<th scope="row"><a href="({marked}[^"]+)"', text) or re.findall(
            rf'<a href="({marked}[^"]+)"', text
        )
        figures.add(re.sub(r"\s+", " ", text.split('<dl class="figures">')[1].split("</dl>")[0]))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        path = html.unescape(following[1]) if following else ""
    return found, figures


async def test_each_list_is_read_page_by_page_below_the_sums_of_the_whole(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await bought(4)
    _, line, purchase, _, _, batch = await pages_of(here)
    auditor = await reader()
    for module in (line_pages, purchase_pages, batch_pages):
        monkeypatch.setattr(module, "PAGE", 1)
        monkeypatch.setattr(module, "sliced", partial(sliced, size=1))
    async with client(auditor) as http:
        for path, marked, count in (
            (line, "/oversight/purchases/", 2),
            (purchase, "/oversight/units/", 4),
            (batch, "/oversight/claims/", 3),
        ):
            found, figures = await _followed(http, path, marked)
            assert len(found) == len(set(found)) == count, (path, found)
            assert len(figures) == 1
        assert (await http.get(f"{line}?bought=x")).status_code == 400


async def test_a_subsidy_line_pages_its_claims_beside_its_purchases(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await settled_work.paid(3, 1)
    monkeypatch.setattr(line_pages, "PAGE", 2)
    monkeypatch.setattr(line_pages, "sliced", partial(sliced, size=2))
    async with client(await reader()) as http:
        path = f"/oversight/lines/2026/{settled_work.work.DISTRICT}/on_site"
        found, figures = await _followed(http, path, "/oversight/claims/")
    assert (len(found), len(set(found)), len(figures)) == (3, 3, 1)


async def test_another_district_and_other_roles_see_nothing_of_it(db: None) -> None:
    here = await bought(2)
    paths = await pages_of(here)
    async with client(await reader(buying.OTHER_DISTRICT)) as http:
        assert [(await http.get(path)).status_code for path in paths] == [200, *[404] * 5]
    async with client(here.who.provider) as http:
        assert {(await http.get(path)).status_code for path in paths} == {403}
    with pytest.raises(NotFound):
        await works.unit(await reader(buying.OTHER_DISTRICT), here.references[0])
