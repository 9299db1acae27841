"""The catalogue's yearly editions: proposed from the figures, decided with reasons, published by a second person."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import ANONYMOUS
from app.core.errors import NotFound, NotPermitted, SamePersonRefused
from marketplace.products.editions import queries, rules, service, usage
from marketplace.products.editions.rules import Fate, Limits
from marketplace.products.editions.service import EntryDecision
from marketplace.products.editions.usage import Use, Wanted
from tests import world
from tests.app.web.client import client
from tests.conftest import rounds
from tests.refusals import refused

LIMITS, TODAY = Limits(365, 5, 35), date(2026, 11, 28)
LONG_AGO, LATELY = date(2025, 1, 1), date(2026, 9, 1)


@pytest.mark.parametrize(
    ("use", "listed_on", "known", "fate"),
    [
        (Use(), LONG_AGO, True, Fate.RETIRE),
        (Use(), LATELY, True, Fate.KEEP),
        (Use(), LATELY, False, Fate.NEW),
        (Use(9, 5, 17), LONG_AGO, True, Fate.ADJUST),
        (Use(9, 4, 4), LONG_AGO, True, Fate.KEEP),
        (Use(9, 10, 35), LONG_AGO, True, Fate.KEEP),
        (Use(9, 10, 34), LONG_AGO, False, Fate.ADJUST),
        (Use(1, 0, 0), LONG_AGO, False, Fate.NEW),
    ],
)
def test_a_proposal_follows_use_and_ratings(use: Use, listed_on: date, known: bool, fate: Fate) -> None:
    assert rules.proposal(use, listed_on, known, LIMITS, TODAY) is fate


@given(st.integers(0, 50), st.integers(0, 30), st.data())
def test_no_rating_proposes_a_change_before_enough_people_rated(units: int, ratings: int, data: st.DataObject) -> None:
    total = data.draw(st.integers(ratings, ratings * 5))
    fate = rules.proposal(Use(units, ratings, total), LATELY, True, LIMITS, TODAY)
    assert (fate is Fate.ADJUST) == (ratings >= 5 and total / max(ratings, 1) < 3.5)


class Figures:
    """The use of products as a test states it."""

    def __init__(self, used: dict[int, Use]) -> None:
        self.used = used

    async def of_year(self, year: int) -> dict[int, Use]:
        return self.used if year == clock.today().year else {}

    async def delivered(self, wanted: Sequence[Wanted]) -> list[int]:
        return [sum(self.used[one].units for one in each.product_ids if one in self.used) for each in wanted]


async def test_an_edition_is_proposed_decided_published_and_then_frozen(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = await world.listed_product(), await world.listed_product()
    monkeypatch.setattr(usage, "_sources", [Figures({bad.id: Use(8, 6, 12), good.id: Use(12, 6, 29)})])
    first, second = await world.reviewer(), await world.reviewer()
    year = clock.today().year + 1
    assert await service.draw_up(first, year) == 2
    assert {row.reference: row.proposal for row in await queries.entries(year)} == {
        good.reference: Fate.NEW,
        bad.reference: Fate.ADJUST,
    }
    with pytest.raises(rules.DepartureNeedsReason):
        await service.decide_entries(second, year, EntryDecision([bad.reference], Fate.RETIRE))
    with pytest.raises(NotFound):
        await service.decide_entries(second, year, EntryDecision(["CP-2026-999999"], Fate.KEEP, "无"))
    await service.decide_entries(second, year, EntryDecision([bad.reference], Fate.RETIRE, "提供方已停办"))
    with pytest.raises(SamePersonRefused):
        await service.publish(first, year)
    await service.publish(second, year)
    assert (await queries.edition(year, published=True)).counts == {
        Fate.NEW: 1, Fate.KEEP: 0, Fate.ADJUST: 0, Fate.RETIRE: 1
    }  # fmt: skip
    told = await database.fetch("SELECT detail::text AS detail FROM notification ORDER BY id DESC LIMIT 1")
    assert "提供方已停办" in told[0]["detail"]
    with pytest.raises(rules.EditionPublished):
        await service.decide_entries(second, year, EntryDecision([bad.reference], Fate.RETIRE, "改"))


async def test_raw_sql_neither_publishes_alone_nor_changes_what_was_published(db: None) -> None:
    made = await world.listed_product()
    first, second = await world.reviewer(), await world.reviewer()
    year = clock.today().year
    await service.draw_up(first, year)
    await refused("catalogue_entry_departure_reasoned", "UPDATE catalogue_entry SET decision = 'retire'")
    publish = "UPDATE catalogue_edition SET status = 'published', published_by = $1, published_at = now()"
    await refused("catalogue_edition_second_person", publish, first.actor)
    await refused("catalogue_edition_published", "UPDATE catalogue_edition SET status = 'published'")
    await refused("catalogue_edition_published", publish.replace("'published'", "'draft'"), second.actor)
    await database.execute(publish, second.actor)
    await service.draw_up(first, year + 1)
    drawn = "(SELECT id FROM catalogue_edition WHERE status = '{}')"
    old, new = drawn.format("published"), drawn.format("draft")
    await database.execute(f"DELETE FROM catalogue_entry WHERE edition_id = {new}")
    for change in (
        "UPDATE catalogue_edition SET year = 2099",
        "DELETE FROM catalogue_edition",
        f"UPDATE catalogue_entry SET reason = '改' WHERE edition_id = {old}",
        f"UPDATE catalogue_entry SET edition_id = {new} WHERE edition_id = {old}",
        f"DELETE FROM catalogue_entry WHERE edition_id = {old}",
        f"""INSERT INTO catalogue_entry (edition_id, product_id, product_version, proposal, decision, units, ratings,
                                         rating_sum)
            SELECT {old}, {(await world.listed_product()).id}, 1, 'new', 'new', 0, 0, 0""",
    ):
        await refused("catalogue_edition_frozen", change)
    assert [row.reference for row in await queries.entries(year)] == [made.reference]


async def test_what_last_years_edition_had_is_kept_and_a_year_has_one_edition(db: None) -> None:
    made = await world.listed_product()
    first, second = await world.reviewer(), await world.reviewer()
    year = clock.today().year
    await service.draw_up(first, year)
    await service.publish(second, year)
    with pytest.raises(rules.EditionExists):
        await service.draw_up(first, year)
    await service.draw_up(first, year + 1)
    [entry] = await queries.entries(year + 1)
    assert (entry.reference, entry.proposal) == (made.reference, Fate.KEEP)
    with pytest.raises(NotFound):
        await queries.edition(year + 1, published=True)
    with clock.travelled_to(clock.now() + timedelta(days=400)):
        await service.draw_up(first, year + 2)
    [entry] = await queries.entries(year + 2)
    assert entry.proposal is Fate.RETIRE


async def test_two_officers_at_once_draw_one_edition_up(db: None) -> None:
    await world.listed_product()
    officers = [await world.reviewer() for _ in range(3)]
    for year in range(2030, 2030 + rounds(2, 60)):
        done = await asyncio.gather(*(service.draw_up(one, year) for one in officers), return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["EditionExists", "EditionExists", "int"]


async def test_an_edition_is_the_citys(db: None) -> None:
    await world.listed_product()
    with pytest.raises(NotPermitted):
        await service.draw_up(await world.reviewer(world.DISTRICT), 2027)
    with pytest.raises(NotPermitted):
        await service.draw_up((await world.organization()).member, 2027)


async def test_the_pages_lead_from_proposals_to_the_public_edition(db: None) -> None:
    made = await world.listed_product()
    first, second = await world.reviewer(), await world.reviewer()
    year = clock.today().year + 1
    async with client(first) as http:
        assert (await http.post("/review/editions", data={"year": "1999"})).status_code == 422
        assert (await http.post("/review/editions", data={"year": str(year)})).status_code == 303
        shown = (await http.get(f"/review/editions/{year}")).text
        assert "须由另一位审查人员发布" in shown
        wrong = {"products": made.reference, "fate": "retire", "reason": ""}
        assert (await http.post(f"/review/editions/{year}", data=wrong)).status_code == 422
    async with client(ANONYMOUS) as http:
        assert (await http.get(f"/catalogue/{year}")).status_code == 404
    async with client(second) as http:
        assert (await http.post(f"/review/editions/{year}/publish")).headers["location"] == f"/catalogue/{year}"
    async with client(ANONYMOUS) as http:
        assert made.reference in (await http.get(f"/catalogue/{year}")).text
        assert made.reference not in (await http.get(f"/catalogue/{year}?fate=retire")).text
        assert f"/catalogue/{year}" in (await http.get("/catalogue")).text
