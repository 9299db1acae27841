"""A flagship project: a promise with a number, adopted by a second person, closed with what was reached."""

from dataclasses import replace
from itertools import product

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from app.core.state import advance
from marketplace.flagships import queries, rules, service
from marketplace.flagships.rules import FlagshipEvent, FlagshipStatus, Promise
from marketplace.products.content import Unit
from marketplace.products.editions import usage
from marketplace.products.editions.usage import Use
from tests import world
from tests.app.web.client import client
from tests.marketplace.products.test_editions import Figures
from tests.refusals import refused

E, S = FlagshipEvent, FlagshipStatus
STEPS = {
    ("proposed", "adopt"): "adopted",
    ("proposed", "drop"): "dropped",
    ("adopted", "complete"): "completed",
    ("adopted", "drop"): "dropped",
}


@pytest.mark.parametrize(("status", "event"), list(product(S, E)))
def test_a_project_moves_only_as_the_table_says(status: S, event: E) -> None:
    expected = STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
    else:
        assert advance(rules.TRANSITIONS, status, event) == expected


def promise(*products: str, **changes: object) -> Promise:
    """A promise of ten lectures in the test's district."""
    made = Promise(clock.today().year, world.DISTRICT, "讨薪讲堂进工地", "年底前讲 10 场", Unit.LECTURE, 10, products)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["title_zh", "promise_zh", "year", "target", "products"])
def test_each_fault_of_a_promise_is_named_by_its_field(field: str) -> None:
    wrong = {"title_zh": " ", "promise_zh": "", "year": 2020, "target": 0, "products": ()}[field]
    assert set(rules.promise_faults(promise("CP-1", **{field: wrong}), clock.today().year)) == {field}


async def test_a_project_is_adopted_by_another_shows_its_progress_and_keeps_what_was_reached(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await world.listed_product(unit=Unit.LECTURE)
    monkeypatch.setattr(usage, "_sources", [Figures({made.id: Use(7)})])
    first, second = await world.reviewer(), await world.reviewer()
    reference = await service.propose(first, promise(made.reference))
    with pytest.raises(NotFound):
        await queries.project(reference, adopted=True)
    with pytest.raises(SamePersonRefused):
        await service.decide(first, reference, E.ADOPT)
    await service.decide(second, reference, E.ADOPT)
    assert (await queries.project(reference, adopted=True)).reached == 7
    with pytest.raises(InvalidInput):
        await service.decide(first, reference, E.COMPLETE)
    await service.decide(first, reference, E.COMPLETE, "完成 7 场，3 场因台风取消")
    monkeypatch.setattr(usage, "_sources", [Figures({made.id: Use(99)})])
    closed = await queries.project(reference, adopted=True)
    assert (closed.status, closed.reached, closed.result_zh) == (S.COMPLETED, 7, "完成 7 场，3 场因台风取消")


async def test_only_listed_products_of_the_same_unit_count(db: None) -> None:
    officer = await world.reviewer()
    lecture = await world.listed_product(unit=Unit.LECTURE)
    visit = await world.listed_product(unit=Unit.VISIT)
    draft = await world.submitted_product(unit=Unit.LECTURE)
    for other in (visit.reference, draft.reference, "CP-2026-999999"):
        with pytest.raises(InvalidInput) as refused:
            await service.propose(officer, promise(lecture.reference, other))
        assert set(refused.value.fields) == {"products"}
    assert await database.fetch_value("SELECT count(*) FROM flagship_project") == 0
    with pytest.raises(NotPermitted):
        await service.propose(await world.reviewer("330110"), promise(lecture.reference))


async def test_raw_sql_adopts_nothing_by_its_author_and_completes_nothing_without_a_result(db: None) -> None:
    made = await world.listed_product(unit=Unit.LECTURE)
    await service.propose(await world.reviewer(), promise(made.reference))
    own = "UPDATE flagship_project SET decided_by = proposed_by, decided_at = now()"
    await refused("flagship_decided_by_another", own)
    await refused("flagship_adopted", "UPDATE flagship_project SET status = 'adopted'")
    await refused("flagship_dropped_with_reason", "UPDATE flagship_project SET status = 'dropped'")
    done = "closed_by = proposed_by, closed_at = now(), reached = 9, result_zh = '完成'"
    adopted = "UPDATE flagship_project SET decided_by = $1, decided_at = now(), status = "
    second = (await world.reviewer()).actor
    for closed in (
        f"'adopted', {done}",
        "'completed', reached = 9, result_zh = '完成'",
        f"'completed', {done.replace('完成', '')}",
        f"'completed', {done.replace('9', 'NULL')}",
    ):
        await refused("flagship_closed", adopted + closed, second)
    await database.execute(f"{adopted} 'completed', {done}", second)


async def test_the_pages_lead_from_the_proposal_to_the_public_list(db: None) -> None:
    made = await world.listed_product(unit=Unit.LECTURE)
    first, second = await world.reviewer(), await world.reviewer()
    sent = {
        "title_zh": "讨薪讲堂", "promise_zh": "讲 10 场", "year": str(clock.today().year), "place_code": world.DISTRICT,
        "unit": "lecture", "target": "10", "products": made.reference,
    }  # fmt: skip
    async with client(first) as http:
        assert (await http.post("/projects", data={**sent, "target": "0"})).status_code == 422
        path = (await http.post("/projects", data=sent)).headers["location"]
    async with client(ANONYMOUS) as http:
        assert (await http.get(path)).status_code == 404
        assert "讨薪讲堂" not in (await http.get("/projects")).text
    async with client(second) as http:
        assert (await http.post(f"{path}/decide", data={"event": "adopt"})).status_code == 303
        assert (await http.post(f"{path}/decide", data={"event": "complete"})).status_code == 422
    async with client(ANONYMOUS) as http:
        assert "讨薪讲堂" in (await http.get("/projects")).text
        assert "0 / 10" in (await http.get(path)).text
