"""A tender for programs: begun, recorded step by step under the same law as on its pages, by the same people."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Role
from procurement.purchases.tenders.facts import StepKind
from procurement.purchases.tenders.forms import COMPUTED
from procurement.purchases.tenders.step_bodies import BODIES
from tests.app.web.client import call, client
from tests.procurement import buying
from tests.procurement.buying_pages import season
from tests.procurement.purchases.tenders.stage import Ground, K, ground

PDF = b"%PDF-1.7\nnotice of the platform\n%%EOF"


async def _path(here: Ground) -> str:
    return f"/tenders/{await database.fetch_value('SELECT reference FROM purchase WHERE id = $1', here.tender)}"


def _body(here: Ground, kind: StepKind, **said: Any) -> dict[str, Any]:
    """Return a step that goes right as a program sends it."""
    step = here.steps[kind]
    facts = {name: value for name, value in msgspec.to_builtins(step.facts).items() if name not in COMPUTED}
    numbered = {"number": step.number} if "number" in BODIES[kind].__struct_fields__ else {}
    return {"kind": kind.value, "happened_at": step.at.isoformat(), **numbered, **facts, **said}


def _copied(here: Ground, kind: StepKind, **said: Any) -> dict[str, Any]:
    copy = {"copy": base64.b64encode(PDF).decode(), "copy_name": "notice.pdf"}
    return _body(here, kind, url="https://zfcg.czt.zj.gov.cn/1", **copy, **said)


async def test_a_program_begins_a_tender_and_reserves_its_money(db: None) -> None:
    who = await buying.people(await buying.organization())
    await buying.budget_line(1_000_000_000)
    new = {
        "place_code": buying.DISTRICT, "line_place_code": buying.DISTRICT, "category": "legal_education",
        "quantity": 1_000, "ceiling_fen": 60_000, "purpose_zh": "村社普法服务", "expected_month": "2027-01",
        "published_at": (clock.now() - timedelta(days=40)).isoformat(), "url": "https://zfcg.czt.zj.gov.cn/1",
        "public_service": True,
    }  # fmt: skip
    begun = await call(who.officer, "POST", "/tenders", new)
    assert (begun.status_code, begun.json()["status"]) == (201, "intent")
    assert begun.json()["steps"][0]["facts"]["budget_fen"] == 60_000_000
    reserve = {"kind": "reserve", "happened_at": (clock.now() - timedelta(days=30)).isoformat()}
    done = await call(who.officer, "POST", f"/tenders/{begun.json()['reference']}/steps", reserve)
    assert (done.status_code, done.json()["recorded"]) == (201, True)
    assert [step["kind"] for step in done.json()["tender"]["steps"]] == ["intent", "reserve"]
    assert await database.fetch_value("SELECT reserved_fen FROM budget_line") == 60_000_000
    assert (await call(who.officer, "POST", "/tenders", new | {"line_place_code": "330182"})).status_code == 404
    far = new | {"place_code": buying.OTHER_DISTRICT}
    near = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.DISTRICT)
    assert (await call(near, "POST", "/tenders", far)).status_code == 403
    for person in (who.approver, who.provider):
        assert (await call(person, "POST", "/tenders", new)).status_code == 403


async def test_every_step_is_recorded_in_its_turn_until_the_result(db: None) -> None:
    here = await ground()
    path = await _path(here)
    for kind in list(here.steps)[1:]:
        body = _copied(here, kind) if kind in (K.NOTICE, K.PUBLISH_RESULT) else _body(here, kind)
        done = await call(here.person(kind), "POST", f"{path}/steps", body)
        assert (done.status_code, done.text) == (201, done.text)
        assert done.json()["recorded"] is True
    shown = (await call(here.who.officer, "GET", path)).json()
    assert [step["kind"] for step in shown["steps"]] == [kind.value for kind in here.steps]
    assert shown["steps"][5]["sha256"] == hashlib.sha256(PDF).hexdigest()
    next_day = here.steps[K.PUBLISH_RESULT].at + timedelta(days=1)
    challenge = {"kind": "challenge", "happened_at": next_day.isoformat(), "challenger": "某律所"}
    challenged = await call(here.who.officer, "POST", f"{path}/steps", challenge)
    assert challenged.json()["tender"]["challenged_at"] is not None


async def test_a_notice_needs_our_copy_with_the_noted_hash_and_the_law_names_itself(db: None) -> None:
    here = await ground()
    await here.record_until(K.SET_METHOD)
    path, officer = f"{await _path(here)}/steps", here.who.officer
    bare = {name: value for name, value in _copied(here, K.NOTICE).items() if name != "copy"}
    assert (await call(officer, "POST", path, bare)).status_code == 400
    wrong = await call(officer, "POST", path, _copied(here, K.NOTICE, sha256="0" * 64))
    assert (wrong.status_code, [one["field"] for one in wrong.json()["fields"]]) == (422, ["sha256"])
    at = here.steps[K.NOTICE].at.isoformat()
    short = await call(officer, "POST", path, _copied(here, K.NOTICE, deadline=at))
    assert (short.status_code, short.json()["code"]) == (409, "blocked")
    assert "财库〔2014〕214号" in short.text
    naive = await call(officer, "POST", path, _copied(here, K.NOTICE, happened_at="2026-10-01T10:00:00"))
    assert naive.status_code == 400
    digest = hashlib.sha256(PDF).hexdigest()
    assert (await call(officer, "POST", path, _copied(here, K.NOTICE, sha256=digest))).status_code == 201


async def test_steps_are_recorded_by_their_people_only(db: None) -> None:
    here = await ground()
    await here.record_until(K.RESERVE)
    path = f"{await _path(here)}/steps"
    review = _body(here, K.REVIEW_REQUIREMENT)
    far = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    assert (await call(far, "POST", path, review)).status_code == 404
    assert (await call(here.who.approver, "POST", path, review)).status_code == 403
    for person in (here.who.provider, ANONYMOUS):
        assert (await call(person, "POST", path, review)).status_code == 403
    author = await call(here.who.officer, "POST", path, review)
    assert (author.status_code, author.json()["code"]) == (409, "same_person")
    assert (await call(here.reviewer, "POST", path, review)).status_code == 201
    assert (await call(here.who.officer, "POST", path, _body(here, K.AWARD))).status_code == 403
    assert (await call(here.who.officer, "POST", "/tenders/CG-2026-999999/steps", review)).status_code == 404


async def test_a_purchase_that_is_no_tender_has_no_steps_to_record(db: None) -> None:
    here = await season()
    step = {"kind": "terminate", "happened_at": clock.now().isoformat(), "reason_zh": "改由区里统一采购"}
    for purchase in here.purchases.values():
        assert (await call(here.officer, "POST", f"/tenders/{purchase}/steps", step)).status_code == 404


@pytest.mark.parametrize("kind", ["intent", "unknown"])
async def test_what_is_no_step_of_a_tender_under_way_is_not_recorded(db: None, kind: str) -> None:
    here = await ground()
    path = await _path(here)
    said = {"kind": kind, "happened_at": clock.now().isoformat()}
    assert (await call(here.who.officer, "POST", f"{path}/steps", said)).status_code == 400
    async with client(here.who.officer) as http:
        assert (await http.post(f"/buying{path}/{kind}", data={"at": "2026-11-01T10:00"})).status_code == 404


async def test_the_document_names_the_facts_of_each_step() -> None:
    async with client() as http:
        schemas = (await http.get("/api/schema/openapi.json")).json()["components"]["schemas"]
    titles = {schema.get("title"): schema["properties"] for schema in schemas.values() if "properties" in schema}
    assert {body.__name__ for body in BODIES.values()} <= set(titles)
    assert {"kind", "happened_at", "rank", "product", "unit_price_fen"} <= set(titles["AwardStep"])
    assert {"copy", "copy_name", "sha256", "deadline"} <= set(titles["NoticeStep"])
