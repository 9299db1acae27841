"""The catalogue's editions for programs: drafts for officers, published years for everybody."""

import pytest

from app.core import clock
from app.core.access import ANONYMOUS
from marketplace.products.editions import service, usage
from marketplace.products.editions.usage import Use
from tests import world
from tests.app.web.client import call, whole_application
from tests.marketplace.products.test_editions import Figures


async def test_a_program_draws_up_decides_and_has_another_publish(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = await world.listed_product(), await world.listed_product()
    whole_application()  # composing it names the real source of use
    monkeypatch.setattr(usage, "_sources", [Figures({bad.id: Use(8, 6, 12), good.id: Use(12, 6, 30)})])
    first, second = await world.reviewer(), await world.reviewer()
    year = clock.today().year + 1
    here = f"/catalogue-editions/{year}"
    drawn = await call(first, "POST", "/catalogue-editions", {"year": year})
    assert (drawn.status_code, drawn.json()["status"]) == (201, "draft")
    assert (await call(second, "GET", here)).json()["counts"] == {"new": 1, "keep": 0, "adjust": 1, "retire": 0}
    decision = {"fate": "retire", "products": [bad.reference], "reason": "提供方已停办"}
    unsaid = await call(second, "POST", f"{here}/decisions", decision | {"reason": ""})
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "departure_needs_reason")
    assert (await call(second, "POST", f"{here}/decisions", decision)).json() == {"decided": 1}
    own = await call(first, "POST", f"{here}/publication")
    assert (own.status_code, own.json()["code"]) == (409, "same_person")
    assert (await call(second, "POST", f"{here}/publication")).json()["status"] == "published"
    [listed] = (await call(ANONYMOUS, "GET", "/catalogue-editions")).json()["items"]
    assert (listed["year"], listed["counts"]["retire"]) == (year, 1)
    [entry] = (await call(ANONYMOUS, "GET", f"{here}/entries?fate=retire")).json()["items"]
    assert (entry["reference"], entry["reason"], entry["mean"]) == (bad.reference, "提供方已停办", 2.0)
    assert "proposal" not in entry


async def test_entries_go_on_by_cursor(db: None) -> None:
    made = [(await world.listed_product()).reference for _ in range(3)]
    first, second = await world.reviewer(), await world.reviewer()
    year = clock.today().year
    await service.draw_up(first, year)
    await service.publish(second, year)
    path = f"/catalogue-editions/{year}/entries?limit=2"
    part = (await call(ANONYMOUS, "GET", path)).json()
    rest = (await call(ANONYMOUS, "GET", f"{path}&cursor={part['next_cursor']}")).json()
    assert [row["reference"] for row in (*part["items"], *rest["items"])] == made
    assert rest["next_cursor"] is None


async def test_a_draft_is_found_by_officers_only_and_written_by_nobody_else(db: None) -> None:
    product = await world.listed_product()
    officer, member = await world.reviewer(), product.organization.member
    year = clock.today().year
    here = f"/catalogue-editions/{year}"
    await service.draw_up(officer, year)
    for stranger in (ANONYMOUS, member):
        assert (await call(stranger, "GET", "/catalogue-editions")).json()["items"] == []
        assert (await call(stranger, "GET", here)).status_code == 404
        assert (await call(stranger, "GET", f"{here}/entries")).status_code == 404
    decision = {"fate": "keep", "products": [product.reference], "reason": "无"}
    for person in (member, await world.reviewer(world.DISTRICT)):
        assert (await call(person, "POST", "/catalogue-editions", {"year": year + 1})).status_code == 403
        assert (await call(person, "POST", f"{here}/decisions", decision)).status_code == 403
        assert (await call(person, "POST", f"{here}/publication")).status_code == 403
    assert (await call(officer, "POST", "/catalogue-editions", {"year": year + 2})).status_code == 422
    unknown = decision | {"products": ["CP-2026-999999"]}
    assert (await call(officer, "POST", f"{here}/decisions", unknown)).status_code == 404
