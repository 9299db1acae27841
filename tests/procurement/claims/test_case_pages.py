"""The pages of cases, doubles, disputes, samples, payees, expenses and posts, through the real application."""

from datetime import date

from app.attachments.service import keep
from app.core import clock, database, vault
from app.core.access import Permission
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.claims.cases import service as cases
from procurement.claims.cases.rules import Grade
from procurement.claims.expenses import service as expenses
from procurement.claims.expenses.rules import ExpenseDraft, ExpenseKind
from procurement.claims.posts import service as posts
from procurement.claims.posts.rules import PostDraft
from procurement.claims.rewards.queries import pay_day
from procurement.claims.rules import ClaimStatus
from procurement.demonstration.paying import approve_looked_through
from procurement.settlement import service as settlement
from procurement.tariffs import service as tariffs
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import closed_cases as world
from tests.procurement import settled_work

PNG = b"\x89PNG\r\n\x1a\n"
FILLED = {
    "item": "mediation", "agency": "清波街道人民调解委员会", "matter": "清调〔2026〕31号", "licence": "m1",
    "district": work.DISTRICT, "accepted_on": "2026-10-08", "closed_on": "2026-11-16", "class_": "ordinary",
    "outcome": "agreed_written", "documents": "登记、调解笔录",
}  # fmt: skip


async def test_an_officer_records_a_case_and_its_provider_hands_the_missing_paper_in(db: None) -> None:
    made = await world.office()
    person = await world.licensed("沈一诺", "M1")
    async with client(made.recorder) as http:
        wrong = await http.post("/cases/new", data={**FILLED, "licence": "nobody"})
        assert "没有这个编号的已核验证件" in wrong.text
        saved = await http.post("/cases/new", data=FILLED)
        assert saved.status_code == 303
        await accrual.accrue(clock.now())
        assert "缺 1 份材料" in (await http.get("/cases")).text
    address = saved.headers["location"]
    async with client(await world.self_of(person)) as http:
        assert "补齐以前不付款：调解协议书" in (await http.get(address)).text
        paper = {"file": ("scan.png", PNG, "image/png")}
        done = await http.post(f"{address}/documents", data={"name": "调解协议书"}, files=paper)
        assert done.status_code == 303
        page = (await http.get(address)).text
        assert "¥200" in page
        assert "演示标准（非官方）" in page
        (reference,) = [row["reference"] for row in await database.fetch("SELECT reference FROM claim")]
        assert "¥200.00 = 纠纷 × 1" in (await http.get(f"/claims/{reference}")).text


async def test_a_claims_page_says_in_one_line_what_its_amount_stands_on(db: None) -> None:
    money = await settled_work.paid(1, 1)
    async with client(money.payee) as http:
        page = (await http.get(f"/claims/{money.reference}")).text
    assert "¥250.00 = 半日 × 1，09:00 签到，12:00 签退，站点确认" in page
    assert money.batch
    assert money.batch.reference in page
    assert "第 1 行" in page
    assert "#line-duty_half_day" in page


async def test_a_claims_page_says_when_the_money_is_expected(db: None) -> None:
    money = await settled_work.approved(1, 1)
    async with client(money.payee) as http:
        page = (await http.get(f"/claims/{money.reference}")).text
    expected = await pay_day(ClaimStatus.APPROVED, clock.now())
    assert expected is not None
    assert "预计" in page
    assert f"{expected.day} 日" in page


async def test_a_case_is_graded_on_its_page(db: None) -> None:
    made = await world.office()
    reference = await cases.record_case(made.recorder, world.civil(made, await world.licensed("P", "M1")))
    await accrual.accrue(clock.now())
    async with client(made.recorder) as http:
        assert (await http.post(f"/cases/{reference}/grade", data={"grade": "excellent"})).status_code == 303
        assert "质量评定后" in (await http.get(f"/cases/{reference}")).text


async def test_a_pair_is_decided_on_its_page(db: None) -> None:
    made = await world.office()
    for number in ("M1", "M2"):
        await cases.record_case(made.recorder, world.mediation(made, await world.licensed("P", number)))
    await accrual.accrue(clock.now())
    pair = await database.fetch_value("SELECT id FROM claim_double")
    async with client(made.desk.claims) as http:
        assert "同一案号" in (await http.get("/claims/doubles")).text
        data = {"refuse": "", "reason": "两次调解"}
        assert (await http.post(f"/claims/doubles/{pair}", data=data)).status_code == 303
        assert "没有可能重复的申领" in (await http.get("/claims/doubles")).text


async def test_an_objection_is_raised_and_answered_on_the_claims_page(db: None) -> None:
    money = await settled_work.accrued(1, 1)
    (one,) = await settled_work.claim_ids()
    await claims.reject_claim(money.desk.claims, one, "不符")
    address = f"/claims/{money.reference}"
    async with client(money.payee) as http:
        assert "提出异议" in (await http.get(address)).text
        await http.post(f"{address}/dispute", data={"text": "我有签到记录"})
    async with client(money.desk.claims) as http:
        page = (await http.get(address)).text
        assert "我有签到记录" in page
        assert "答复异议" not in page  # the judge does not answer
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    async with client(other) as http:
        assert "答复异议" in (await http.get(address)).text
        await http.post(f"{address}/answer", data={"event": "uphold", "answer": "记录属实"})
        assert "异议成立" in (await http.get(address)).text


async def test_many_are_approved_on_the_page_once_the_sample_was_looked_at(db: None) -> None:
    money = await settled_work.accrued(10, 2)
    data = {"everything": "on", "status": "accrued", "count": 20, "total_fen": 500_000}
    async with client(money.desk.claims) as http:
        page = (await http.get("/claims/approval?everything=on&status=accrued")).text
        assert "先看抽中的 5 件" in page
        assert "还有 5 件没有看" in (await http.post("/claims/approval", data=data)).text
        sample = await database.fetch_value("SELECT public_id FROM approval_sample")
        rows = await database.fetch("SELECT c.reference FROM sampled_claim s JOIN claim c ON c.id = s.claim_id")
        for row in rows:
            await http.post(
                f"/claims/samples/{sample}/{row['reference']}", data={"back": "/claims/approval?everything=on"}
            )
        assert (await http.post("/claims/approval", data=data)).status_code == 303


async def test_payees_who_share_an_account_are_shown_and_cleared(db: None) -> None:
    money = await settled_work.approved(2, 1)
    await database.execute("UPDATE person SET bank_account_digest = $1", vault.digest("bank/1"))
    rows = await database.fetch("SELECT public_id FROM person WHERE id = ANY ($1) ORDER BY id", money.desk.payees)
    first, second = (row["public_id"] for row in rows)
    async with client(money.desk.claims) as http:
        assert "收款账号相同" in (await http.get("/claims/payees")).text
        await http.post(f"/claims/payees/{first}/{second}", data={"ground": "夫妻"})
        assert "没有需要核查的收款人" in (await http.get("/claims/payees")).text


async def test_an_expense_is_handed_in_on_its_page_and_its_receipt_opens(db: None) -> None:
    await world.office()
    payee = await world.self_of(await work.person("payee"))
    data = {"kind": "travel", "spent_on": clock.today().isoformat(), "amount_fen": "46.00", "reason": "到桐庐值班"}
    async with client(payee) as http:
        assert "请附上票据" in (await http.post("/my/expenses/new", data=data)).text
        done = await http.post("/my/expenses/new", data=data, files={"receipts": ("taxi.png", PNG + b"x", "image/png")})
        assert done.status_code == 303
        page = (await http.get(done.headers["location"])).text
        assert "交通费：票据 1 张，合计 ¥46.00" in page
        file = await database.fetch_value("SELECT public_id FROM attachment")
        assert (await http.get(f"/attachments/{file}")).status_code == 200
    async with client(await world.self_of(await work.person("another"))) as http:
        assert (await http.get(f"/attachments/{file}")).status_code == 404


async def test_a_post_is_recorded_on_its_page(db: None) -> None:
    made = await world.office()
    await world.licensed("沈一诺", "M1")
    data = {"licence": "M1", "agency": "清波街道人民调解委员会", "district": work.DISTRICT, "document": "1号",
            "monthly_fen": "3000", "from_day": "2026-09-15"}  # fmt: skip
    async with client(made.recorder) as http:
        assert (await http.post("/mediator-posts", data=data)).status_code == 303
        await accrual.accrue(clock.now())
        assert "沈一诺" in (await http.get("/mediator-posts")).text


async def test_a_draft_shows_what_it_would_have_cost_and_whom(db: None) -> None:
    money = await settled_work.accrued(2, 2)
    dearer = (
        tariffs.seed_documents()[0]
        .replace(b'"250.00"', b'"300.00"')
        .replace(b'"from": "2026-01-01"', b'"from": "2027-01-01"')
    )
    draft = await tariffs.draft_tariff(money.desk.claims, dearer)
    sha = await database.fetch_value("SELECT left(encode(body_sha256, 'hex'), 16) FROM tariff_set WHERE id = $1", draft)
    async with client(money.desk.clerk) as http:
        page = (await http.get(f"/tariffs/{sha}")).text
        assert "¥1,000" in page
        assert "¥1,200" in page
        assert "多 100 到 500 元" in page
        document = await http.get(f"/api/v1/tariffs/{sha}/document")
    assert document.headers["content-type"].startswith("application/yaml")
    assert b"duty_half_day" in document.content


async def test_programs_record_show_and_grade_cases(db: None) -> None:
    made = await world.office()
    await world.licensed("P", "M1")
    body = {**FILLED, "licence": "M1"}
    async with client(made.recorder) as http:
        first = await http.post("/api/v1/cases", json=body)
        assert first.status_code == 201
        reference = first.json()["reference"]
        assert (await http.post("/api/v1/cases", json=body)).status_code == 409
        await accrual.accrue(clock.now())
        paper = await http.post(f"/api/v1/cases/{reference}/documents", json={"name": "调解协议书"})
        assert paper.status_code == 204
        graded = await http.post(f"/api/v1/cases/{reference}/grade", json={"grade": Grade.EXCELLENT.value})
        assert graded.status_code == 204
        shown = (await http.get(f"/api/v1/cases/{reference}")).json()
        assert [claim["amount_fen"] for claim in shown["claims"]] == [20_000, 2_000]
        assert len((await http.get("/api/v1/cases")).json()["items"]) == 1


async def test_the_schema_is_served(db: None) -> None:
    await world.office()
    async with client(await work.officer("anyone")) as http:
        schema = (await http.get("/api/v1/tariffs/schema")).json()
    assert "Line" in schema["$defs"]


async def test_a_batch_with_a_case_an_expense_and_a_month_names_each(db: None) -> None:
    made = await world.office()
    person = await world.licensed("P", "M1")
    await cases.record_case(made.recorder, world.mediation(made, person))
    await posts.record_post(
        made.recorder, PostDraft(person, made.place, "A", "1", 1_000, date(2026, 10, 1), date(2026, 10, 31))
    )
    await expenses.hand_in(
        await world.self_of(person),
        ExpenseDraft(ExpenseKind.MEAL, date(2026, 11, 2), 4_000, "R"),
        [await keep("r.png", PNG)],
    )
    await accrual.accrue(clock.now())
    await approve_looked_through(made.desk.claims, await settled_work.claim_ids())
    batch = await settlement.compute_batch(made.desk.clerk, work.DISTRICT, date(2026, 10, 1), date(2026, 12, 1), "k")
    async with client(made.desk.clerk) as http:
        page = (await http.get(f"/settlement/{batch.reference}")).text
    assert all(name in page for name in ("人民调解 清调〔2026〕31号", "误餐费", "专职调解员 A"))
