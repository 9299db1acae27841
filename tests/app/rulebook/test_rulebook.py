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
from app.rulebook import RuleMissing, RuleNotVerified, RuleSeed, lawbook, queries, rule, rules_on, seed_rules
from app.rulebook.proposals.rules import OwnProposal, ProposalOpen, Replacement, RuleOverlaps
from app.rulebook.proposals.service import confirm_proposal, propose_figure, refuse_proposal
from app.rulebook.queries import Shown
from app.rulebook.service import AlreadyVerified, Seeded, confirm_rules
from tests.app.accounts.people import account, acting, use_roles
from tests.refusals import refused

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


async def supersede_rule(first: Principal, rule_id: int, new: Replacement, second: Principal | None = None) -> int:
    """Have one officer propose and another confirm."""
    await propose_figure(first, rule_id, new)
    return await confirm_proposal(second or await officer(), rule_id)


async def test_seeding_is_idempotent_and_follows_a_corrected_seed(db: None) -> None:
    assert await seed_rules([TERM, LIMIT]) == Seeded(2, 0)
    assert await seed_rules([TERM, LIMIT]) == Seeded(0, 0)
    assert await seed_rules([replace(TERM, value=8)]) == Seeded(0, 1)
    assert (await rule(TERM.key, on=LATER)).whole == 8
    assert await seed_rules([]) == Seeded(0, 0)


async def test_seeding_leaves_alone_what_an_officer_confirmed_or_replaced(db: None) -> None:
    await seed_rules([TERM, LIMIT])
    who = await officer()
    await confirm_rules(who, {await id_of(TERM.key): Decimal(7)})
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
    await confirm_rules(await officer(), {await id_of(LIMIT.key): Decimal(1_000_000)})
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


async def test_confirming_needs_the_permission_the_value_seen_and_happens_once_and_whole(db: None) -> None:
    await seed_rules([LIMIT, TERM])
    rule_id, other, who = await id_of(LIMIT.key), await id_of(TERM.key), await officer()
    right = {rule_id: Decimal(1_000_000)}
    with pytest.raises(NotPermitted):
        await confirm_rules(await acting(await account(Grant(Role.SUPERVISOR, "3301"))), right)
    with pytest.raises(EditConflict):
        await confirm_rules(who, right | {other: Decimal(999)})
    with pytest.raises(NotFound):
        await confirm_rules(who, right | {rule_id + 999: Decimal(1)})
    with pytest.raises(InvalidInput):
        await confirm_rules(who, {})
    assert not (await rule(LIMIT.key, on=LATER)).verified
    answers = await asyncio.gather(*(confirm_rules(who, right) for _ in range(4)), return_exceptions=True)
    assert answers.count(None) == 1
    assert sum(isinstance(answer, AlreadyVerified) for answer in answers) == 3
    events = await database.fetch("SELECT actor_id, action FROM audit_event WHERE object_type = 'law_rule'")
    assert {"actor_id": who.actor, "action": "rule.confirmed"} in events


async def test_a_figure_is_replaced_by_two_people_and_nothing_changes_before_the_second(db: None) -> None:
    await seed_rules([LIMIT])
    first, second, row = await officer(), await officer(), await id_of(LIMIT.key)
    await propose_figure(first, row, new_limit(4_000_000, LATER))
    assert (await rule(LIMIT.key, on=LATER)).whole == 1_000_000
    with pytest.raises(ProposalOpen):
        await propose_figure(second, row, new_limit(5_000_000, LATER))
    with pytest.raises(OwnProposal):
        await confirm_proposal(first, row)
    with pytest.raises(OwnProposal):
        await refuse_proposal(first, row, "x")
    with pytest.raises(InvalidInput):
        await refuse_proposal(second, row, " ")
    await refuse_proposal(second, row, "文号不对")
    with pytest.raises(NotFound):
        await confirm_proposal(second, row)
    await propose_figure(first, row, new_limit(4_000_000, LATER))
    crowd = [second, await officer(), await officer()]
    answers = await asyncio.gather(*(confirm_proposal(one, row) for one in crowd), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["NotFound", "NotFound", "int"]
    assert (await rule(LIMIT.key, on=LATER)).whole == 4_000_000
    entered = await database.fetch_value("SELECT entered_by FROM law_rule WHERE effective_from = $1", LATER)
    assert entered == first.actor


async def test_raw_sql_neither_rewrites_a_confirmed_figure_nor_decides_alone_nor_loses_one(db: None) -> None:
    await seed_rules([LIMIT])
    first, second, row = await officer(), await officer(), await id_of(LIMIT.key)
    await propose_figure(first, row, new_limit(4_000_000, LATER))
    alone = "UPDATE law_rule_proposal SET status = 'confirmed', decided_by = $1, decided_at = now()"
    await refused("law_rule_proposal_second_person", alone, first.actor)
    await refused("law_rule_proposal_decided", "UPDATE law_rule_proposal SET status = 'confirmed'")
    await refused("law_rule_proposal_is_frozen", "UPDATE law_rule_proposal SET value = 1")
    again = """INSERT INTO law_rule_proposal (law_rule_id, value, document, article, effective_from, status,
               proposed_by, proposed_at) VALUES ($1, 1, 'x', 'y', $2, 'proposed', $3, now())"""
    await refused("law_rule_proposal_open", again, row, LATER, first.actor)
    new_id = await confirm_proposal(second, row)
    back = "verified_by = NULL, verified_at = NULL"
    for change in ("value = 1", "document = 'x'", "effective_from = '2026-01-01'", back, "rule_key = 'x'"):
        await refused("law_rule_confirmed_is_frozen", f"UPDATE law_rule SET {change} WHERE id = $1", new_id)
    await refused("law_rule_proposal_is_frozen", "UPDATE law_rule_proposal SET reason = 'x'")
    await refused("law_rule_is_kept", "DELETE FROM law_rule WHERE id = $1", row)
    await refused("law_rule_is_kept", "DELETE FROM law_rule_proposal")
    entered = "UPDATE law_rule SET entered_by = $2, verified_by = $2, verified_at = now() WHERE id = $1"
    await refused("law_rule_second_person", entered, row, first.actor)
    await database.execute("UPDATE law_rule SET effective_to = $2 WHERE id = $1", new_id, LATER + timedelta(days=9))
    await refused("law_rule_confirmed_is_frozen", "UPDATE law_rule SET effective_to = NULL WHERE id = $1", new_id)


async def test_a_book_answers_for_every_day_and_place_as_the_statement_does(db: None) -> None:
    changed = [replace(LIMIT, effective_to=LATER), replace(LIMIT, value=2_000_000, effective_from=LATER)]
    await seed_rules(
        [*changed, replace(LIMIT, jurisdiction="33", value=3), replace(LIMIT, jurisdiction="330106", value=4)]
    )
    book = await lawbook(LIMIT.key)
    for day in (START, LATER - timedelta(days=1), LATER):
        for place in ("3301", "330106001", "330108", "44"):
            assert book.on(LIMIT.key, day, place) == await rule(LIMIT.key, on=day, jurisdiction=place)
    assert book.on(LIMIT.key, START - timedelta(days=1)) is None
    assert set(book.rows) == {LIMIT.key}
    assert set((await lawbook()).rows) > {LIMIT.key}


async def test_a_replaced_figure_holds_from_its_day_and_the_old_one_before(db: None) -> None:
    await seed_rules([LIMIT])
    who = await officer()
    second = await officer()
    new_id = await supersede_rule(who, await id_of(LIMIT.key), new_limit(4_000_000, LATER), second)
    assert (await rule(LIMIT.key, on=LATER - timedelta(days=1))).whole == 1_000_000
    new = await rule(LIMIT.key, on=LATER)
    assert (new.id, new.whole, new.verified_by, new.unit) == (new_id, 4_000_000, second.actor, "yuan")


async def test_an_unconfirmed_figure_is_set_right_from_its_own_first_day(db: None) -> None:
    await seed_rules([LIMIT])
    rule_id = await id_of(LIMIT.key)
    assert await supersede_rule(await officer(), rule_id, new_limit(500_000, START)) == rule_id
    assert (await rule(LIMIT.key, on=START)).whole == 500_000
    with pytest.raises(InvalidInput):
        await supersede_rule(await officer(), rule_id, new_limit(400_000, START))


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
    assert [row.rule.key for row in await queries.rulebook(LATER, Shown.UNVERIFIED, LIMIT.key.upper())] == []
    assert [row.rule.key for row in await queries.rulebook(START, Shown.UNVERIFIED, LIMIT.key)] == [LIMIT.key]
    assert [(row.rule.key, row.in_force, row.verified_by_name) for row in rows] == [
        (LIMIT.key, True, "somebody"),
        (LIMIT.key, False, None),
        (TERM.key, True, None),
    ]


async def test_an_upgrade_has_written_what_every_package_brings_along(db: None) -> None:
    seeds = listed("RULES")
    assert await database.fetch_value("SELECT count(*) FROM law_rule") == len(seeds)
    assert await seed_rules(seeds) == Seeded(0, 0)
