"""A tariff without an end ends when its successor is published: on the day before, once, and not behind priced work."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from app.core import clock, database, embedded
from app.core.access import ANONYMOUS, Principal
from app.web import i18n
from procurement.claims import accrual
from procurement.claims.pricing import FAMILY, set_on
from procurement.tariffs import queries, service
from procurement.tariffs.succession import TariffAlreadyPriced, succession_of
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement.tariffs.test_days import drafted, published, two_people
from tests.refusals import refusal_by, refused

JSON = {"accept": "application/json"}
END = "UPDATE tariff_set SET effective_to = $2 WHERE id = $1"
PUBLISH = "UPDATE tariff_set SET status = 'published', published_at = now(), published_by = $2 WHERE id = $1"
INSERTED = """
INSERT INTO claim (programme_id, status, sign_up_id, person_id, item, service_day, place_id, budget_line_id,
                   tariff_set_id, amount_fen, trace, accrued_at)
SELECT line.programme_id, 'accrued', s.id, s.person_id, 'duty', (s.starts AT TIME ZONE 'Asia/Shanghai')::date,
       line.place_id, line.id, $2, 25000, '[]', now() FROM sign_up s, budget_line line WHERE s.id = $1
"""


async def stored(tariff: int) -> dict[str, Any]:
    row = await database.fetch_one("SELECT * FROM tariff_set WHERE id = $1", tariff)
    assert row
    return row


async def desk_with_claims(*days: date) -> tuple[work.Desk, int]:
    """Set up a desk whose open-ended tariff has priced a shift of each day; return the tariff too."""
    desk = await work.desk()
    person = await work.person("Payee")
    for day in days:
        await work.attended(person, day=day)
    await accrual.accrue(clock.now())
    assert await database.fetch_value("SELECT count(*) FROM claim") == len(days)
    return desk, await database.fetch_value("SELECT id FROM tariff_set")


async def test_the_set_in_force_ends_on_the_day_before_and_is_else_what_it_was(db: None) -> None:
    people = await two_people()
    old = await published(people, "2026-01-01", None)
    before = await stored(old)
    new = await drafted(people, "2027-03-01", None)
    assert await service.publish_tariff(people[1], new) == date(2027, 2, 28)
    assert await stored(old) == {**before, "effective_to": date(2027, 2, 28)}
    sets = await queries.published_sets(FAMILY)
    chosen = [set_on(sets, day) for day in (date(2027, 2, 28), date(2027, 3, 1))]
    assert [found and found.id for found in chosen] == [old, new]
    assert await database.fetch_value(
        "SELECT count(*) FROM audit_event WHERE action = 'tariff.ended' AND object_id = $1", old
    )
    third = await drafted(people, "2028-01-01", None)
    assert await service.publish_tariff(people[1], third) == date(2027, 12, 31)


async def test_a_set_that_has_an_end_or_began_no_earlier_is_not_ended(db: None) -> None:
    people = await two_people()
    bounded = await published(people, "2026-01-01", "2026-12-31")
    with pytest.raises(service.TariffHasFaults, match="2026-12-01 起与“set_2026-01-01”同时适用"):
        await service.publish_tariff(people[1], await drafted(people, "2026-12-01", None))
    with pytest.raises(service.TariffHasFaults, match="2027-01-01 到 2027-01-31（31 天）没有标准适用"):
        await service.publish_tariff(people[1], await drafted(people, "2027-02-01", None))
    opened = await published(people, "2027-01-01", None)
    for first in ("2027-01-01", "2025-06-01"):
        with pytest.raises(service.TariffHasFaults, match="同时适用"):
            await service.publish_tariff(people[1], await drafted(people, first, None, label_en="another"))
    assert (await stored(bounded))["effective_to"] == date(2026, 12, 31)
    assert (await stored(opened))["effective_to"] is None


async def test_a_successor_with_an_end_is_refused_and_the_days_without_a_tariff_named(db: None) -> None:
    people = await two_people()
    old = await published(people, "2026-01-01", None)
    pilot = await drafted(people, "2027-01-01", "2027-06-30")
    with pytest.raises(service.TariffHasFaults, match=r"发布后止于 2026-12-31.*2027-07-01 起就没有标准适用：请去掉"):
        await service.publish_tariff(people[1], pilot)
    assert (await stored(old))["effective_to"] is None
    address = f"/tariffs/{await queries.fingerprint_of(pilot)}"
    async with client(people[1]) as http:
        text, english = [(await http.get(f"{address}?lang={language}")).text for language in ("zh", "en")]
        refusal = await http.post(f"/api/v1{address}/publication", headers=JSON)
    assert f"{i18n.day(date(2027, 7, 1))} 起就没有标准适用" in text
    assert "no tariff applies from" in english
    assert f'action="{address}/publish"' not in text
    assert "发布这份草稿，它就到" not in text  # it cannot be published
    assert (refusal.status_code, refusal.json()["code"]) == (422, "tariff_has_faults")
    open_ended = await drafted(people, "2027-01-01", None)
    assert await service.publish_tariff(people[1], open_ended) == date(2026, 12, 31)


async def test_another_region_and_a_set_for_a_second_date_end_nothing(db: None) -> None:
    people = await two_people()
    old = await published(people, "2026-01-01", None)
    assert await service.publish_tariff(people[1], await drafted(people, "2027-01-01", None, region="330200")) is None
    second = await drafted(people, "2027-01-01", None, second_date={"event": "hearing", "on_or_after": "2027-08-01"})
    assert await succession_of(second) is None
    with pytest.raises(service.TariffOverlaps, match="自动终止于前一天"):
        await service.publish_tariff(people[1], second)
    assert (await stored(old))["effective_to"] is None


async def test_work_priced_already_is_counted_and_the_earliest_first_day_told(db: None) -> None:
    desk, old = await desk_with_claims(date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 20))
    people = (desk.claims, desk.clerk)
    early = await drafted(people, "2026-11-16", None)
    with pytest.raises(TariffAlreadyPriced, match=r"为 2026-11-16 及以后的工作计价 2 件.*最早可以从 2026-11-21 起生效"):
        await service.publish_tariff(desk.clerk, early)
    assert (await stored(old))["effective_to"] is None
    assert (await stored(early))["status"] == "draft"
    assert await service.publish_tariff(desk.clerk, await drafted(people, "2026-11-21", None)) == date(2026, 11, 20)


async def test_of_two_successors_published_at_once_exactly_one_is(db: None) -> None:
    people = await two_people()
    old = await published(people, "2026-01-01", None)
    first = "2027-01-01"
    for number in range(4):
        rivals = [await drafted(people, first, None, label_en=f"{number} {name}") for name in ("one", "other")]
        outcomes = await asyncio.gather(
            *(service.publish_tariff(people[1], rival) for rival in rivals), return_exceptions=True
        )
        refusals = [one for one in outcomes if isinstance(one, Exception)]
        assert len(refusals) == 1, outcomes
        assert isinstance(refusals[0], service.TariffOverlaps | service.TariffHasFaults), refusals
        assert (await stored(old))["effective_to"] == date.fromisoformat(first) - timedelta(days=1)
        (old,) = [rival for rival in rivals if (await stored(rival))["status"] == "published"]
        first = f"{2028 + number}-01-01"


async def test_a_successor_whose_rival_ended_the_set_meanwhile_is_refused(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await two_people()
    await published(people, "2026-01-01", None)
    late, early = await drafted(people, "2027-06-01", None), await drafted(people, "2027-01-01", None)
    seen = await succession_of(late)

    async def as_it_was(_draft: int) -> object:
        return seen

    await service.publish_tariff(people[1], early)
    monkeypatch.setattr(service, "succession_of", as_it_was)
    with pytest.raises((service.TariffOverlaps, service.TariffHasFaults)):
        await service.publish_tariff(people[1], late)
    assert (await stored(late))["status"] == "draft"


async def test_raw_sql_ends_a_set_only_once_and_changes_nothing_else(db: None) -> None:
    people = await two_people()
    old = await published(people, "2026-01-01", None)
    new = await drafted(people, "2027-01-01", None)
    both = "UPDATE tariff_set SET effective_to = $2, label_en = 'other' WHERE id = $1"
    for change in (both, "UPDATE tariff_set SET effective_to = NULL WHERE id = $1 AND $2::date IS NOT NULL"):
        await refused("tariff_set_immutable", change, old, date(2026, 12, 31))
    async with database.transaction():
        await database.execute(END, old, date(2026, 12, 31))
        await database.execute(PUBLISH, new, people[1].actor)
    for day in (date(2026, 12, 30), None):
        await refused("tariff_set_immutable", END, old, day)
    beside = {"event": "hearing", "on_or_after": "2027-08-01"}
    second = await published(people, "2026-01-01", None, region="330200", second_date=beside)
    await refused("tariff_set_immutable", END, second, date(2026, 12, 31))


async def test_raw_sql_ends_a_set_only_on_the_day_before_its_successor(db: None) -> None:
    people = await two_people()
    old = await published(people, "2026-01-01", None)
    new = await drafted(people, "2027-01-01", None)
    await refused("tariff_set_succeeded", END, old, date(2026, 12, 31))
    elsewhere = await drafted(people, "2027-01-01", None, region="330200")
    async with refusal_by("tariff_set_succeeded"):
        await database.execute(END, old, date(2026, 12, 31))
        await database.execute(PUBLISH, elsewhere, people[1].actor)
    async with refusal_by("tariff_set_gap"):
        await database.execute(END, old, date(2026, 12, 30))
        await database.execute(PUBLISH, new, people[1].actor)
    async with database.transaction():
        await database.execute(END, old, date(2026, 12, 31))
        await database.execute(PUBLISH, new, people[1].actor)


async def test_raw_sql_ends_no_open_set_for_days_without_a_tariff(db: None) -> None:
    people = await two_people()
    old = await published(people, "2026-01-01", None)
    pilot = await drafted(people, "2027-01-01", "2027-06-30")
    after = await drafted(people, "2027-07-01", None)
    async with refusal_by("tariff_set_tail_open"):
        await database.execute(END, old, date(2026, 12, 31))
        await database.execute(PUBLISH, pilot, people[1].actor)
    async with database.transaction():
        await database.execute(END, old, date(2026, 12, 31))
        await database.execute(PUBLISH, pilot, people[1].actor)
        await database.execute(PUBLISH, after, people[1].actor)
    assert (await stored(old))["effective_to"] == date(2026, 12, 31)


async def test_raw_sql_ends_no_set_behind_work_that_it_priced(db: None) -> None:
    desk, old = await desk_with_claims(date(2026, 11, 16))
    people = (desk.claims, desk.clerk)
    async with refusal_by("tariff_set_priced_later"):
        await database.execute(END, old, date(2026, 11, 15))
        await database.execute(PUBLISH, await drafted_here(people, "2026-11-16"), desk.clerk.actor)
    await service.publish_tariff(desk.clerk, await drafted(people, "2026-11-17", None))


async def drafted_here(people: Sequence[Principal], first: str) -> int:
    """Write the draft of a successor within the transaction that is open."""
    return await database.fetch_value(
        """INSERT INTO tariff_set (family, region, document, effective_from, status, body, body_sha256, created_by)
           SELECT family, region, document, $1, 'draft', body, sha256('successor'), $2 FROM tariff_set
           RETURNING id""",
        date.fromisoformat(first),
        people[0].actor,
    )


async def test_no_claim_is_priced_by_a_set_that_had_ended(db: None) -> None:
    desk, old = await desk_with_claims()
    people = (desk.claims, desk.clerk)
    person = await work.person("Payee")
    last, after = [await work.attended(person, day=date(2026, 11, day)) for day in (16, 17)]
    await service.publish_tariff(desk.clerk, await drafted(people, "2026-11-17", None))
    await refused("claim_within_tariff", INSERTED, after, old)
    await database.execute(INSERTED, last, old)
    await accrual.accrue(clock.now())
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE service_day = '2026-11-17'") == 1


async def test_pricing_and_ending_at_once_wait_for_each_other(db: None) -> None:
    """A claim not yet committed holds the end back; once it is there, the end is refused."""
    desk, old = await desk_with_claims()
    shift = await work.attended(await work.person("Payee"), day=date(2026, 11, 17))
    draft = await drafted((desk.claims, desk.clerk), "2026-11-17", None)
    name = await database.fetch_value("SELECT current_database()")
    writer = await asyncpg.connect(embedded.dsn(embedded.OWNER_ROLE, name))
    try:
        open_claim = writer.transaction()
        await open_claim.start()
        await writer.execute(INSERTED, shift, old)
        ending = asyncio.create_task(service.publish_tariff(desk.clerk, draft))
        held = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND $2 = ANY (pg_blocking_pids(pid))"
        blocked = held, name, writer.get_server_pid()
        while not ending.done() and not await database.fetch_value(*blocked):  # noqa: ASYNC110 - the database gives no event
            await asyncio.sleep(0)
        assert not ending.done()
        await open_claim.commit()
        with pytest.raises(TariffAlreadyPriced, match="最早可以从 2026-11-18 起生效"):
            await ending
    finally:
        await writer.close()


async def test_the_draft_says_what_it_ends_before_it_is_published(db: None) -> None:
    desk, old = await desk_with_claims(date(2026, 11, 16))
    draft = await drafted((desk.claims, desk.clerk), "2027-01-01", None)
    address, before = [f"/tariffs/{await queries.fingerprint_of(one)}" for one in (draft, old)]
    async with client(desk.clerk) as http:
        text = (await http.get(f"{address}?lang=zh")).text
        english = (await http.get(f"{address}?lang=en")).text
        told = (await http.get(f"/api/v1{address}", headers=JSON)).json()
        done = await http.post(f"{address}/publish")
        shown = (await http.get(f"{address}?lang=zh")).text
    assert "发布这份草稿，它就到 2026 年 12 月 31 日 为止" in text
    assert "发布后，在用的标准到 2026 年 12 月 31 日 为止，从第二天起的工作按这份草稿计价" in text
    assert "工作按它计价；在用的标准到 2026 年 12 月 31 日 为止。" in text
    assert f'href="{before}"' in text
    assert "Publishing this draft ends it on" in english
    assert told["ends"] == {"id": before.removeprefix("/tariffs/"), "effective_to": "2026-12-31"}
    assert done.status_code == 303
    assert f"原来的标准到 {i18n.day(date(2026, 12, 31))} 为止" in shown
    assert "发布这份草稿" not in shown
    async with client(ANONYMOUS) as http:
        for page in ("/tariffs", before):
            assert "12 月 31 日" in (await http.get(f"{page}?lang=zh")).text
        ended = (await http.get(f"/api/v1{before}", headers=JSON)).json()
    assert (ended["effective_to"], ended["ends"]) == ("2026-12-31", None)


async def test_a_draft_that_begins_before_priced_work_says_so_and_has_no_button(db: None) -> None:
    desk, _ = await desk_with_claims(date(2026, 11, 16))
    draft = await drafted((desk.claims, desk.clerk), "2026-11-10", None)
    address = f"/tariffs/{await queries.fingerprint_of(draft)}"
    async with client(desk.clerk) as http:
        text = (await http.get(address)).text
        refusal = await http.post(f"/api/v1{address}/publication", headers=JSON)
    assert f"最早可以从 {i18n.day(date(2026, 11, 17))} 起生效" in text
    assert f'action="{address}/publish"' not in text
    assert (refusal.status_code, refusal.json()["code"]) == (409, "tariff_already_priced")
