"""The pages of payments answer their readers in both languages, and say what was done or refused."""

import pytest

from app.core import clock, database
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.counting import counting
from tests.procurement.payments.season import paths, person, season

MOST_STATEMENTS = 16  # the workbench asks every package, an order six features


async def test_every_page_answers_with_few_statements(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    here = await season()
    asked: list[str] = []
    for name in ("fetch", "fetch_one", "fetch_value", "execute"):
        monkeypatch.setattr(database, name, counting(getattr(database, name), asked))
    for role, pages in paths(here).items():
        for locale in ("zh", "en"):
            async with client(person(here, role), locale=locale) as http:
                for path in pages:
                    asked.clear()
                    answer = await http.get(path)
                    assert answer.status_code == 200, (role, path, answer.text[-600:])
                    if path != "/workbench":
                        assert len(asked) <= MOST_STATEMENTS, (path, len(asked))


async def test_the_bar_says_what_a_provider_wants_to_know(db: None) -> None:
    here = await season()
    deal = here.deal
    async with client(deal.who.provider, locale="zh") as http:
        text = (await http.get("/my/payments")).text
        for said in ("预付 30% 已到账", "验收，已", "已催办，对方还没有答复", "今天已经催办过"):
            assert said in text, said
        seen = text.split("seen=")[1].split('"')[0]
        assert (await http.get(f"/my/payments/now?seen={seen}")).status_code == 204
        again = await http.post(f"/my/payments/{deal.reference}/nudge")
        assert (again.status_code, again.headers["location"]) == (303, "/my/payments")
    async with client(deal.who.acceptor, locale="zh") as http:
        page = f"/payments/nudges/{here.nudge}"
        assert "催办：验收" in (await http.get("/workbench")).text
        refused = await http.post(page, data={"answer": " "})
        assert refused.status_code == 422
        assert (await http.post(page, data={"answer": "周四去验收"})).status_code == 303
        assert "周四去验收" in (await http.get(page)).text
    async with client(deal.who.provider, locale="en") as http:
        changed = await http.get(f"/my/payments/now?seen={seen}")
        assert "Answer: 周四去验收" in changed.text
    async with client(here.supervisor, locale="en") as http:
        text = (await http.get("/payments")).text
        assert "Nudges of the last 30 days" in text
        assert "Advance of 30% paid" in text


async def test_a_cashier_books_what_came_back_when_it_was_paid(db: None) -> None:
    here = await season()
    await here.ended.pay()
    form = {"contract": here.ended.reference, "received_on": clock.today().isoformat(), "document": "凭证 7"}
    async with client(here.deal.cashier, locale="zh") as http:
        assert "720.00" in (await http.get("/payments/returns")).text.replace('<span class="cents">', "")
        assert "有应退的预付款" in (await http.get("/workbench")).text
        assert (await http.post("/payments/returns", data=form | {"document": ""})).status_code == 422
        assert (await http.post("/payments/returns", data=form)).status_code == 303
        twice = await http.post("/payments/returns", data=form)
        assert (twice.status_code, "没有应退的预付款" in twice.text) == (409, True)


async def test_terms_are_typed_with_the_offer(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase = await buying.approved_purchase(organization, who)
    reference = await database.fetch_value("SELECT reference FROM purchase WHERE id = $1", purchase)
    path, today = f"/buying/purchases/{reference}", clock.today()
    form = {"starts_on": today.isoformat(), "ends_on": today.replace(month=12, day=31).isoformat()}
    async with client(who.officer, locale="zh") as http:
        assert "付款节点" in (await http.get(path)).text
        for wrong in ({"advance_percent": "35"}, {"milestones": "50, 80"}, {"milestones": "half"}):
            refused = await http.post(f"{path}/contract", data=form | wrong)
            assert refused.status_code in (409, 422), wrong
        done = await http.post(f"{path}/contract", data=form | {"advance_percent": "30", "milestones": "50%，100%"})
        assert done.status_code == 303
    row = await database.fetch_one("SELECT advance_percent, milestones FROM payment_terms")
    assert row == {"advance_percent": 30, "milestones": [50, 100]}


async def test_programs_read_nudge_answer_and_book(db: None) -> None:
    here = await season()
    await here.ended.pay()
    deal, json = here.deal, {"accept": "application/json"}
    async with client(deal.who.provider) as http:
        [row] = (await http.get("/api/v1/payments", headers=json)).json()
        assert (row["contract"], row["advance_status"], row["holder"]["step"]) == (deal.reference, "paid", "acceptance")
        parts = ("paid", "batched", "approved", "claimed", "accepted", "rest")
        assert sum(row[f"{name}_fen"] for name in parts) == row["total_fen"] == 240_000
        refused = await http.post(f"/api/v1/payments/{deal.reference}/nudges", headers=json)
        assert (refused.status_code, refused.json()["code"]) == (409, "blocked")
        assert (await http.get(f"/api/v1/payments/{here.ended.reference}", headers=json)).status_code == 404
    async with client(deal.who.acceptor) as http:
        [waiting] = (await http.get("/api/v1/payment-nudges", headers=json)).json()
        assert (waiting["step"], waiting["escalated"]) == ("acceptance", False)
        path = f"/api/v1/payment-nudges/{waiting['id']}/answer"
        assert (await http.post(path, json={"answer": "周四"}, headers=json)).status_code == 204
    async with client(deal.cashier) as http:
        [due] = (await http.get("/api/v1/advance-returns", headers=json)).json()
        assert due["unearned_fen"] == 72_000
        body = {"received_on": clock.today().isoformat(), "document": "凭证 7"}
        booked = await http.post(f"/api/v1/advance-returns/{due['contract']}", json=body, headers=json)
        assert booked.json() == {"amount_fen": 72_000}
