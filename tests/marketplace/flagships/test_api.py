"""Flagship projects for programs: the promise with its progress, decided by two people of the place."""

import pytest

from app.core import clock
from app.core.access import ANONYMOUS
from marketplace.flagships import service
from marketplace.products.content import Unit
from marketplace.products.editions import usage
from marketplace.products.editions.usage import Use
from tests import world
from tests.app.web.client import call, whole_application
from tests.marketplace.flagships.test_flagships import promise
from tests.marketplace.products.test_editions import Figures


async def test_a_program_proposes_another_adopts_and_everybody_reads_the_progress(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await world.listed_product(unit=Unit.LECTURE)
    whole_application()  # composing it names the real source of use
    monkeypatch.setattr(usage, "_sources", [Figures({made.id: Use(7)})])
    first, second = await world.reviewer(), await world.reviewer()
    year = clock.today().year
    new = {
        "year": year, "place_code": world.DISTRICT, "title_zh": "讨薪讲堂进工地", "promise_zh": "年底前讲10场",
        "unit": "lecture", "target": 10, "products": [made.reference],
    }  # fmt: skip
    proposed = await call(first, "POST", "/projects", new)
    assert (proposed.status_code, proposed.json()["status"]) == (201, "proposed")
    here = f"/projects/{proposed.json()['reference']}"
    own = await call(first, "POST", f"{here}/decision", {"event": "adopt"})
    assert (own.status_code, own.json()["code"]) == (409, "same_person")
    assert (await call(second, "POST", f"{here}/decision", {"event": "adopt"})).json()["status"] == "adopted"
    [listed] = (await call(ANONYMOUS, "GET", f"/projects?year={year}")).json()["items"]
    assert (listed["reached"], listed["target"], listed["products"]) == (7, 10, [made.reference])
    assert (await call(ANONYMOUS, "GET", f"/projects?year={year - 1}")).json()["items"] == []
    wordless = await call(second, "POST", f"{here}/decision", {"event": "complete"})
    assert (wordless.status_code, [one["field"] for one in wordless.json()["fields"]]) == (422, ["result_zh"])
    await call(second, "POST", f"{here}/decision", {"event": "complete", "result_zh": "讲了7场"})
    closed = (await call(ANONYMOUS, "GET", here)).json()
    assert (closed["status"], closed["reached"], closed["result_zh"]) == ("completed", 7, "讲了7场")


async def test_a_proposal_is_found_by_officers_only_and_decided_by_those_of_the_place(db: None) -> None:
    made = await world.listed_product(unit=Unit.LECTURE)
    reference = await service.propose(await world.reviewer(), promise(made.reference))
    here, member = f"/projects/{reference}", made.organization.member
    for stranger in (ANONYMOUS, member):
        assert (await call(stranger, "GET", here)).status_code == 404
        assert (await call(stranger, "GET", "/projects")).json()["items"] == []
    elsewhere = await world.reviewer("330110")
    assert (await call(elsewhere, "GET", here)).json()["status"] == "proposed"
    new = {
        "year": clock.today().year, "place_code": world.DISTRICT, "title_zh": "讲堂", "promise_zh": "讲10场",
        "unit": "lecture", "target": 10, "products": [made.reference],
    }  # fmt: skip
    for person in (member, elsewhere):
        assert (await call(person, "POST", "/projects", new)).status_code == 403
        assert (await call(person, "POST", f"{here}/decision", {"event": "adopt"})).status_code == 403
    assert (await call(elsewhere, "POST", "/projects/SS-2026-999999/decision", {"event": "adopt"})).status_code == 404
