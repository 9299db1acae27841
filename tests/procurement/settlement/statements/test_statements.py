"""A payee's statement: the payee sees all of it, finance what their own places paid, nobody else anything."""

import pytest

from app.core import clock, database
from app.core.errors import NotFound
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from procurement.settlement.statements.paper import statement_pdf
from procurement.settlement.statements.queries import own_payees, statement
from tests.app.web.client import call, client
from tests.procurement import settled_work


async def test_gross_tax_and_net_of_a_year_and_a_month(db: None) -> None:
    money = await settled_work.paid(2, 4)
    [own] = await own_payees(money.payee)
    found = await statement(money.payee, own.payee_id, None, None)
    assert (found.own, found.sums(), len(found.payments[0].parts)) == (True, (100_000, 4_000, 96_000), 4)
    today = clock.today()
    assert len((await statement(money.payee, own.payee_id, today.year, today.month)).payments) == 1
    other = today.month % 12 + 1
    assert (await statement(money.payee, own.payee_id, today.year, other)).payments == ()


async def test_what_came_back_is_listed_and_not_summed(db: None) -> None:
    money = await settled_work.paid(1)
    assert money.batch
    await record_return(money.desk.cashier, money.batch.id, BankReturn(1, "账户已销户", clock.today(), "TH-1"))
    [own] = await own_payees(money.payee)
    found = await statement(money.payee, own.payee_id, None, None)
    assert (len(found.payments), found.sums()) == (1, (0, 0, 0))


async def test_finance_sees_its_own_places_and_nobody_sees_another_payee(db: None) -> None:
    money = await settled_work.paid(2)
    [own] = await own_payees(money.payee)
    assert (await statement(money.supervisor, own.payee_id, None, None)).own is False
    for stranger in (settled_work.moved(money.supervisor), await settled_work.self_of(money.desk.payees[1])):
        with pytest.raises(NotFound):
            await statement(stranger, own.payee_id, None, None)


async def test_it_is_read_on_a_page_on_paper_and_by_programs_in_both_languages(db: None) -> None:
    money = await settled_work.paid(1, 4)
    [own] = await own_payees(money.payee)
    here = f"/my/statements/{own.payee_id}"
    async with client(money.payee) as http:
        assert (await http.get("/my/statements")).headers["location"] == here
        chinese, english = (await http.get(here)).text, (await http.get(f"{here}?lang=en")).text
        paper = await http.get(f"{here}/pdf?lang=en")
    assert "¥960" in chinese
    assert "† " in chinese
    assert "Statement of payments" in english
    assert (paper.content[:5], paper.headers["content-type"]) == (b"%PDF-", "application/pdf")
    told = (await call(money.payee, "GET", f"/payees/{own.payee_id}/statement")).json()
    assert (told["amount_fen"], told["tax_fen"], told["net_fen"]) == (100_000, 4_000, 96_000)
    async with client(money.supervisor) as http:
        seen = (await http.get(f"/settlement/payees/{own.payee_id}")).text
    assert money.reference in seen


async def test_a_long_statement_prints(db: None) -> None:
    money = await settled_work.paid(1, 4)
    payee = await database.fetch_value("SELECT public_id FROM person LIMIT 1")
    content = await statement_pdf(await statement(money.payee, payee, None, None))
    assert content.startswith(b"%PDF-")
