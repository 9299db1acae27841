"""Which days a published tariff is for: its last one included, none twice, none left out between two sets."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest

from app.core import database
from app.core.access import Permission, Principal
from procurement.claims.pricing import FAMILY, set_on
from procurement.tariffs import queries, service
from tests.procurement import attended_work as work
from tests.refusals import refused

SEED = msgspec.json.decode(service.seed_documents()[0])


async def two_people() -> Sequence[Principal]:
    """Return who drafts and who publishes."""
    return [await work.officer(name, Permission.TARIFF_MANAGE) for name in ("drafter", "publisher")]


async def drafted(people: Sequence[Principal], first: str, last: str | None, **values: Any) -> int:
    """Draft the demonstration set for other days."""
    days = {"from": first, "to": last, "id": f"set_{first}"}
    return await service.draft_tariff(people[0], msgspec.json.encode({**SEED, **days, **values}))


async def published(people: Sequence[Principal], first: str, last: str | None, **values: Any) -> int:
    """Draft it and have the other person publish it."""
    tariff = await drafted(people, first, last, **values)
    await service.publish_tariff(people[1], tariff)
    return tariff


async def test_days_left_out_between_two_sets_are_named_with_what_to_do(db: None) -> None:
    people = await two_people()
    await published(people, "2026-01-01", "2026-06-30")
    late = await drafted(people, "2026-07-11", None)
    with pytest.raises(
        service.TariffHasFaults, match="2026-07-01 到 2026-07-10（10 天）没有标准适用：请把日期改到相接"
    ):
        await service.publish_tariff(people[1], late)
    await published(people, "2026-07-01", "2026-07-10")
    await service.publish_tariff(people[1], late)
    early = await drafted(people, "2025-01-01", "2025-12-30")
    with pytest.raises(service.TariffHasFaults, match="2025-12-31 到 2025-12-31（1 天）"):
        await service.publish_tariff(people[1], early)


async def test_the_last_day_of_a_set_is_priced_by_it_and_by_no_other(db: None) -> None:
    people = await two_people()
    first = await published(people, "2026-01-01", "2026-12-31")
    both = await drafted(people, "2026-12-31", None)
    with pytest.raises(service.TariffHasFaults, match="2026-12-31 起与“set_2026-01-01”同时适用"):
        await service.publish_tariff(people[1], both)
    second = await published(people, "2027-01-01", None)
    sets = await queries.published_sets(FAMILY)
    chosen = [set_on(sets, day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2025, 12, 31))]
    assert [found and found.id for found in chosen] == [first, second, None]


async def test_another_region_and_a_set_for_a_second_date_leave_no_days_out(db: None) -> None:
    people = await two_people()
    await published(people, "2026-01-01", "2026-06-30")
    await published(people, "2026-08-01", None, region="330200")
    await published(people, "2027-08-01", None, second_date={"event": "hearing", "on_or_after": "2027-08-01"})


async def test_raw_sql_neither_leaves_days_out_nor_gives_one_to_two_sets(db: None) -> None:
    people = await two_people()
    await published(people, "2026-01-01", "2026-06-30")
    publish = "UPDATE tariff_set SET status = 'published', published_at = now(), published_by = $2 WHERE id = $1"
    publisher = people[1].actor
    await refused("tariff_set_gap", publish, await drafted(people, "2026-07-02", None), publisher)
    await refused("tariff_set_gap", publish, await drafted(people, "2025-01-01", "2025-12-30"), publisher)
    await refused("tariff_set_one_a_day", publish, await drafted(people, "2026-06-30", None), publisher)
    await refused("tariff_set_days", "UPDATE tariff_set SET effective_to = effective_from - 1 WHERE status = 'draft'")
    with pytest.raises(service.TariffDaysReversed):
        await drafted(people, "2026-07-02", "2026-07-01")
    await database.execute(publish, await drafted(people, "2026-07-01", "2026-07-01"), publisher)
