"""The auditor's pages of flags: filters, the table, an explanation, the workbench, the API, figures not confirmed."""

import dataclasses
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core import settings as core_settings
from app.core.access import Principal, Role
from app.rulebook import queries as rulebook
from procurement.oversight.flags import queries
from procurement.oversight.flags.queries import Filter
from procurement.oversight.flags.rules import FlagKind
from procurement.oversight.flags.service import look
from procurement.oversight.flags.waiting import flags_to_review
from tests.app.web.client import client
from tests.procurement import buying


async def late() -> Principal:
    """Leave one contract neither published nor filed, and look at it weeks later."""
    organization = await buying.organization()
    await buying.signed_contract(organization, await buying.people(organization))
    with clock.travelled_to(clock.now() + timedelta(days=20)):
        await look(clock.now())
    return await buying.person_as(Role.SUPERVISOR)


async def test_an_auditor_finds_explains_and_takes_the_table_away(db: None) -> None:
    auditor = await late()
    [waiting] = await flags_to_review(auditor)
    assert waiting.action.path == "/oversight/flags"
    [flag, _] = await queries.flags(auditor, Filter())
    path = f"/oversight/flags/{flag.public_id}"
    async with client(auditor) as http:
        listed = (await http.get("/oversight/flags", params={"kind": "late_notice", "state": "open"})).text
        assert path in listed
        assert "欺诈" not in listed
        assert path not in (await http.get("/oversight/flags", params={"kind": "capture"})).text
        assert path not in (await http.get("/oversight/flags", params={"place": buying.OTHER_DISTRICT})).text
        assert (await http.post(path, data={"event": "explain", "words": " "})).status_code == 422
        assert (await http.post(path, data={"event": "explain", "words": "已补登"})).status_code == 303
        assert "已补登" in (await http.get(path)).text
        again = await http.post(path, data={"event": "refer", "words": "再看"})
        assert again.status_code == 409
        table = await http.get("/oversight/flags.csv", params={"state": "explained"})
        assert table.text.count("\n") == 2
        assert flag.references[0] in table.text
        found = (await http.get("/api/v1/oversight/flags", params={"standing": "open"})).json()["items"]
        assert [(one["kind"], one["measured"], one["unit"]) for one in found] == [("late_notice", None, "days")]
        said = {"event": "refer", "words": "移送采购处"}
        assert (await http.post(f"/api/v1/oversight/flags/{found[0]['id']}/reviews", json=said)).status_code == 204
        shown = (await http.get(f"/api/v1/oversight/flags/{found[0]['id']}")).json()
        assert [(one["outcome"], one["words_zh"]) for one in shown["reviews"]] == [("referred", "移送采购处")]
        document = (await http.get("/api/schema/openapi.json")).json()
        assert {"/api/v1/oversight/flags", "/api/v1/oversight/samples"} <= set(document["paths"])


async def test_who_reads_the_books_looks_but_only_an_auditor_answers(db: None) -> None:
    auditor = await late()
    [flag, _] = await queries.flags(auditor, Filter())
    path = f"/oversight/flags/{flag.public_id}"
    async with client(await buying.person_as(Role.CASHIER)) as http:
        page = await http.get(path)
        assert page.status_code == 200
        assert "记为已说明" not in page.text
        assert (await http.post(path, data={"event": "explain", "words": "好"})).status_code == 403
        assert (await http.post(f"/api/v1{path}/reviews", json={"event": "explain", "words": "好"})).status_code == 403
    async with client(await buying.person_as(Role.OPERATOR)) as http:
        assert (await http.get(path)).status_code == 403
        assert (await http.get("/oversight/samples/new")).status_code == 403
        assert (await http.post(path, data={"event": "explain", "words": "好"})).status_code == 403


async def test_kinds_whose_figure_nobody_confirmed_are_left_alone_in_production(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await late()
    production = dataclasses.replace(core_settings.settings(), mode="production")
    monkeypatch.setattr(rulebook, "settings", lambda: production)
    done = await look(clock.now() + timedelta(days=20))
    unconfirmed = await queries.unconfirmed()
    assert FlagKind.SPLITTING in unconfirmed
    assert FlagKind.LATE_NOTICE not in unconfirmed
    assert done["standing"] == 2
    assert await database.fetch_value("SELECT count(*) FROM review_flag WHERE closed_at IS NULL") == 2
