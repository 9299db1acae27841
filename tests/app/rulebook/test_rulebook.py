"""Dated rules: which one holds on a day and where, which may be relied on, how they change."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.core import database
from app.core.access import Grant, Principal, Role
from app.core.errors import EditConflict, InvalidInput, NotFound, NotPermitted
from app.core.settings import Settings
from app.packages import listed
from app.rulebook import RuleMissing, RuleNotVerified, RuleSeed, queries, rule, rules_on, seed_rules
from app.rulebook.service import (
    AlreadyVerified,
    Replacement,
    RuleOverlaps,
    Seeded,
    confirm_rule,
    supersede_rule,
)
from tests.app.accounts.people import account, acting, use_roles
from tests.conftest import rounds

START, LATER = date(2022, 3, 1), date(2026, 7, 1)
TERM = RuleSeed("example.term", "Order 110", "39", 7, "working_day")
LIMIT = RuleSeed("example.limit", "Catalogue", "1", 1_000_000, "yuan", read=False)


@pytest.fixture(autouse=True)
def roles() -> None:
    """Let roles mean what the frame's wiring says."""
    use_roles()


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look rules up as production does."""
    monkeypatch.setattr(queries, "settings", lambda: Settings(mode="production"))


async def officer() -> Principal:
    return await acting(await account(Grant(Role.PROCUREMENT_OFFICER, "3301")))


async def id_of(key: str) -> int:
    return await database.fetch_value(
        "SELECT id FROM law_rule WHERE rule_key = $1 ORDER BY effective_from DESC LIMIT 1", key
    )


def new_limit(value: int, start: date) -> Replacement:
    return Replacement(Decimal(value), "Catalogue 2026", "2", start)


async def test_seeding_is_idempotent_and_follows_a_corrected_seed(db: None) -> None:
    assert await seed_rules([TERM, LIMIT]) == Seeded(2, 0)
    assert await seed_rules([TERM, LIMIT]) == Seeded(0, 0)
    assert await seed_rules([replace(TERM, value=8)]) == Seeded(0, 1)
    assert (await rule(TERM.key, on=LATER)).whole == 8
    assert await seed_rules([]) == Seeded(0, 0)


async def test_seeding_leaves_alone_what_an_officer_confirmed_or_replaced(db: None) -> None:
    await seed_rules([TERM, LIMIT])
    who = await officer()
    await confirm_rule(who, await id_of(TERM.key), Decimal(7))
    await supersede_rule(who, await id_of(LIMIT.key), new_limit(2_000_000, LATER))
    assert await seed_rules([replace(TERM, value=9), LIMIT]) == Seeded(0, 0)
    assert (await rule(TERM.key, on=LATER)).whole == 7
    assert (await rule(LIMIT.key, on=LATER)).whole == 2_000_000


async def test_a_case_is_judged_by_the_rule_of_its_own_day(db: None) -> None:
    await seed_rules([replace(LIMIT, effective_to=LATER), replace(LIMIT, value=2_000_000, effective_from=LATER)])
    assert (await rule(LIMIT.key, on=LATER - timedelta(days=1))).whole == 1_000_000
    assert (await rule(LIMIT.key, on=LATER)).whole == 2_000_000
    with pytest.raises(RuleMissing):
        await rule(LIMIT.key, on=START - timedelta(days=1))


async def test_the_nearest_jurisdiction_goes_first(db: None) -> None:
    values = {"CN": 1, "33": 2, "3301": 3, "330106": 4, "3302": 9}
    await seed_rules([replace(TERM, jurisdiction=code, value=value) for code, value in values.items()])
    for asked, expected in (("330106109", 4), ("330108", 3), ("3305", 2), ("44", 1)):
        assert (await rule(TERM.key, on=LATER, jurisdiction=asked)).whole == expected
    assert (await rule(TERM.key, on=LATER)).whole == 3


async def test_production_refuses_a_figure_from_memory_and_names_document_and_article(
    db: None, production: None
) -> None:
    await seed_rules([TERM, LIMIT])
    assert (await rule(TERM.key, on=LATER)).verified
    with pytest.raises(RuleNotVerified) as refused:
        await rule(LIMIT.key, on=LATER)
    assert refused.value.values == {"document": "Catalogue", "article": "1", "value": "1000000", "unit": "yuan"}
    with pytest.raises(RuleNotVerified):
        await rules_on([TERM.key, LIMIT.key], on=LATER)
    await confirm_rule(await officer(), await id_of(LIMIT.key), Decimal(1_000_000))
    assert (await rule(LIMIT.key, on=LATER)).verified


async def test_the_demonstration_goes_on_with_an_unverified_figure_that_says_so(db: None) -> None:
    shipped = await queries.unverified_count()
    await seed_rules([LIMIT])
    assert not (await rule(LIMIT.key, on=LATER)).verified
    assert await queries.unverified_count() == shipped + 1


async def test_several_rules_are_one_statement(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await seed_rules([TERM, LIMIT])
    asked: list[str] = []
    real = database.fetch

    async def counting(sql: str, *values: object) -> list[database.Row]:
        asked.append(sql)
        return await real(sql, *values)

    monkeypatch.setattr(database, "fetch", counting)
    assert set(await rules_on([TERM.key, LIMIT.key], on=LATER)) == {TERM.key, LIMIT.key}
    assert len(asked) == 1


async def test_confirming_needs_the_permission_the_value_seen_and_happens_once(db: None) -> None:
    await seed_rules([LIMIT])
    rule_id, who = await id_of(LIMIT.key), await officer()
    with pytest.raises(NotPermitted):
        await confirm_rule(await acting(await account(Grant(Role.SUPERVISOR, "3301"))), rule_id, Decimal(1_000_000))
    with pytest.raises(EditConflict):
        await confirm_rule(who, rule_id, Decimal(999))
    with pytest.raises(NotFound):
        await confirm_rule(who, rule_id + 999, Decimal(1))
    for _ in range(rounds(1, 20)):
        await database.execute("UPDATE law_rule SET verified_by = NULL, verified_at = NULL")
        answers = await asyncio.gather(
            *(confirm_rule(who, rule_id, Decimal(1_000_000)) for _ in range(4)), return_exceptions=True
        )
        assert answers.count(None) == 1
        assert sum(isinstance(answer, AlreadyVerified) for answer in answers) == 3
    events = await database.fetch("SELECT actor_id, action FROM audit_event WHERE object_type = 'law_rule'")
    assert {"actor_id": who.actor, "action": "rule.confirmed"} in events


async def test_a_replaced_figure_holds_from_its_day_and_the_old_one_before(db: None) -> None:
    await seed_rules([LIMIT])
    who = await officer()
    new_id = await supersede_rule(who, await id_of(LIMIT.key), new_limit(4_000_000, LATER))
    assert (await rule(LIMIT.key, on=LATER - timedelta(days=1))).whole == 1_000_000
    new = await rule(LIMIT.key, on=LATER)
    assert (new.id, new.whole, new.verified_by, new.unit) == (new_id, 4_000_000, who.actor, "yuan")


async def test_an_unconfirmed_figure_is_set_right_from_its_own_first_day(db: None) -> None:
    await seed_rules([LIMIT])
    rule_id = await id_of(LIMIT.key)
    assert await supersede_rule(await officer(), rule_id, new_limit(500_000, START)) == rule_id
    assert (await rule(LIMIT.key, on=START)).whole == 500_000
    with pytest.raises(InvalidInput):
        await supersede_rule(await officer(), rule_id, new_limit(400_000, START))


async def test_two_officers_replacing_at_once_leave_no_day_with_two_figures(db: None) -> None:
    await seed_rules([LIMIT])
    who, rule_id = await officer(), await id_of(LIMIT.key)
    await asyncio.gather(
        *(supersede_rule(who, rule_id, new_limit(value, LATER)) for value in (1, 2, 3)), return_exceptions=True
    )
    rows = await database.fetch("SELECT value FROM law_rule WHERE effective_from = $1", LATER)
    assert len(rows) == 1


async def test_a_figure_that_has_ended_is_not_replaced_after_its_end(db: None) -> None:
    await seed_rules([replace(LIMIT, effective_to=LATER)])
    with pytest.raises(RuleOverlaps):
        await supersede_rule(await officer(), await id_of(LIMIT.key), new_limit(1, LATER))


@pytest.mark.parametrize(
    "change", [{"document": " "}, {"article": ""}, {"value": Decimal(-1)}, {"value": Decimal("NaN")}]
)
async def test_a_figure_without_its_source_is_refused(db: None, change: dict[str, object]) -> None:
    await seed_rules([LIMIT])
    with pytest.raises(InvalidInput) as refused:
        await supersede_rule(
            await officer(),
            await id_of(LIMIT.key),
            replace(new_limit(1, LATER), **change),  # type: ignore[arg-type]
        )
    assert set(refused.value.fields) == set(change)


async def test_the_officers_page_lists_history_with_who_confirmed(db: None) -> None:
    await seed_rules([LIMIT, TERM])
    await supersede_rule(await officer(), await id_of(LIMIT.key), new_limit(2, LATER))
    rows = [row for row in await queries.rulebook(LATER) if row.rule.key in (TERM.key, LIMIT.key)]
    assert [(row.rule.key, row.in_force, row.verified_by_name) for row in rows] == [
        (LIMIT.key, True, "somebody"),
        (LIMIT.key, False, None),
        (TERM.key, True, None),
    ]


async def test_an_upgrade_has_written_what_every_package_brings_along(db: None) -> None:
    seeds = listed("RULES")
    assert await database.fetch_value("SELECT count(*) FROM law_rule") == len(seeds)
    assert await seed_rules(seeds) == Seeded(0, 0)
