"""The pages and endpoints of paying out: who may open them, what they say in both languages, how little they ask."""

import pytest

from app.core import clock, database
from app.core.access import Permission
from procurement.settlement import payout
from procurement.settlement.vouchers.queries import line_shares
from tests.app.web.client import call, client
from tests.procurement import attended_work as work
from tests.procurement import settled_work

LAYOUT = {
    "place": "330102", "bank": "某银行", "file_format": "csv", "encoding": "gb18030", "amount_form": "plain",
    "order_account": "1", "order_payee": "2", "order_amount": "3", "heading_payee": "户名",
}  # fmt: skip


async def test_every_reader_of_money_opens_the_new_pages_in_both_languages(db: None) -> None:
    money = await settled_work.paid(3, 4)
    assert money.batch
    payee = await database.fetch_value("SELECT public_id FROM person ORDER BY id LIMIT 1")
    month = f"{clock.today():%Y-%m}"
    pages = {
        "/settlement/layouts": "Bank file layouts",
        "/settlement/reconciliation": "Reconciliation",
        f"/settlement/{money.batch.reference}/reconciliation": "Open",
        "/settlement/ageing": "Approved and unpaid",
        "/taxes": "Income tax",
        f"/taxes/{work.DISTRICT}/{month}": "Labour remuneration",
        f"/taxes/exempt/{clock.today().year}": "Exempt subsidies",
        f"/settlement/payees/{payee}": "Statement of payments",
        f"/settlement/{money.batch.reference}": "Tax withheld",
    }
    async with client(money.supervisor) as http:
        for path, words in pages.items():
            for language in ("zh", "en"):
                answer = await http.get(f"{path}?lang={language}")
                assert answer.status_code == 200, path
                assert (words in answer.text) == (language == "en"), path
    async with client(money.payee) as http:
        for path in pages:
            assert (await http.get(path)).status_code == 403, path


async def test_a_claim_leads_to_its_sign_in_its_batch_and_its_bank_line(db: None) -> None:
    money = await settled_work.paid(1)
    assert money.batch
    async with client(money.supervisor) as http:
        text = (await http.get(f"/claims/{money.reference}")).text
    for words in ("签到", "签退", "站点确认", f'href="/settlement/{money.batch.reference}#line-1"', "看所用的标准"):
        assert words in text
    async with client(money.payee) as http:
        own = (await http.get(f"/claims/{money.reference}")).text
    assert "第 1 行" in own
    assert "/my/statements/" in own
    assert f'href="/settlement/{money.batch.reference}#line-1"' not in own


async def test_an_officer_previews_and_sets_a_layout_and_the_cashier_does_not(db: None) -> None:
    money = await settled_work.computed(1)
    said = {**LAYOUT, "effective_from": clock.today().isoformat()}
    async with client(money.desk.approver) as http:
        shown = await http.post("/settlement/layouts/new", data={**said, "act": "preview"})
        wrong = await http.post("/settlement/layouts/new", data={**said, "order_payee": "", "act": "set"})
        done = await http.post("/settlement/layouts/new", data={**said, "act": "set"})
        listed = (await http.get("/settlement/layouts")).text
    assert "6222********0001" in shown.text
    assert "6222000000000001" not in shown.text
    assert "户名" in shown.text
    assert (wrong.status_code, done.status_code) == (422, 303)
    assert "还缺这一列" in wrong.text
    assert "某银行" in listed
    async with client(money.desk.cashier) as http:
        assert (await http.post("/settlement/layouts/new", data={**said, "act": "set"})).status_code == 403


async def test_a_cashier_records_vouchers_pays_and_downloads_either_kind_of_file(db: None) -> None:
    money = await settled_work.computed(1)
    assert money.batch
    await payout.approve_batch(money.desk.approver, money.batch.id)
    [share] = await line_shares(money.batch.id)
    here = f"/settlement/{money.batch.reference}"
    async with client(money.desk.cashier) as http:
        assert f'name="{share.handle}"' in (await http.get(here)).text
        await http.post(f"{here}/vouchers", data={share.handle: "GK-2026-1"})
        await http.post(f"{here}/pay")
        after = (await http.get(here)).text
        csv = await http.post(f"{here}/bank-file")
        book = await http.post(f"{here}/bank-file?format=xlsx")
    assert "GK-2026-1" in after
    assert "2040607" in after
    assert (csv.headers["content-type"], book.content[:2]) == ("text/csv; charset=gb18030", b"PK")
    told = (await call(money.supervisor, "GET", f"/settlement-batches/{money.batch.reference}/budget-lines")).json()
    assert told == [
        {"line": share.handle, "functional_code": "2040607", "economic_code": "30226", "claims": 2,
         "amount_fen": 50_000, "voucher": "GK-2026-1"}
    ]  # fmt: skip


async def test_a_cashier_hands_in_the_return_file_and_the_batch_is_settled(db: None) -> None:
    money = await settled_work.paid(2)
    assert money.batch
    here = f"/settlement/{money.batch.reference}"
    content = "序号,处理结果\r\n2,成功\r\n1,成功\r\n".encode("gb18030")
    async with client(money.desk.cashier) as http:
        taken = await http.post(f"{here}/return-file", files={"file": ("回单.csv", content, "text/csv")})
        report = taken.headers["location"]
        assert "没有问题" in (await http.get(report)).text
        await http.post(f"{report}/store", data={"rows": "all"})
        assert "这个批次已经结清" in (await http.get(f"{here}/reconciliation")).text
        nothing = await http.post(f"{here}/return-file", data={})
    assert nothing.status_code == 422
    told = (await call(money.supervisor, "GET", f"/settlement-batches/{money.batch.reference}/reconciliation")).json()
    assert (told["sent_fen"], told["confirmed_fen"], told["open_fen"]) == (100_000, 100_000, 0)


async def test_programs_read_ageing_tax_and_layouts(db: None) -> None:
    money = await settled_work.paid(1, 4)
    month = f"{clock.today():%Y-%m}"
    assert (await call(money.supervisor, "GET", "/settlement-batches/ageing")).json() == []
    [tax] = (await call(money.supervisor, "GET", "/taxes")).json()
    assert (tax["tax_fen"], tax["open_fen"], tax["unverified"]) == (4_000, 4_000, True)
    [person] = (await call(money.supervisor, "GET", f"/taxes/{work.DISTRICT}/{month}")).json()
    assert person["steps"][0]["deduction_fen"] == 80_000
    filed = await call(money.desk.cashier, "POST", f"/taxes/{work.DISTRICT}/{month}/file?format=csv")
    assert filed.content.decode("gb18030").startswith("工号,姓名")
    assert (await call(money.supervisor, "POST", f"/taxes/{work.DISTRICT}/{month}/file")).status_code == 403
    assert (await call(money.supervisor, "GET", "/bank-layouts")).json() == []
    early = {"place": work.DISTRICT, "month": f"{month}-01", "document": "x", "paid_on": clock.today().isoformat()}
    assert (await call(money.desk.cashier, "POST", "/tax-remittances", early)).json()["code"] == "tax_month_not_over"


@pytest.mark.parametrize("people", [2, 4])
async def test_the_public_reads_towns_and_no_total_of_two_people(db: None, people: int) -> None:
    await settled_work.paid(people)
    async with client() as http:
        city = (await http.get("/disclosure?lang=zh")).text
        towns = (await http.get(f"/disclosure/districts/{work.DISTRICT}?lang=zh")).text
        budgets = (await http.get("/disclosure/budgets?lang=zh")).text
        told = (await http.get(f"/api/v1/disclosure/districts/{work.DISTRICT}")).json()
        assert (await http.get("/disclosure/districts/330199")).status_code == 404
    amount = f"¥{500 * people:,}<span"
    for text in (city, towns, budgets):
        assert (amount in text) == (people == 4)
        assert ('<span class="fine">不公开</span>' in text) == (people == 2)
    assert told["paid_fen"] == (200_000 if people == 4 else None)
    assert [town["paid_fen"] for town in told["towns"]] == [told["paid_fen"]]


async def test_a_reader_of_the_books_finds_the_tax_account(db: None) -> None:
    money = await settled_work.paid(1, 4)
    async with client(money.supervisor) as http:
        text = (await http.get("/ledger")).text
        account = await http.get(f"/ledger/accounts/tax:{work.DISTRICT}")
    assert "代扣个税" in text
    assert "¥40" in account.text
    assert Permission.LEDGER_READ in money.supervisor.scopes
