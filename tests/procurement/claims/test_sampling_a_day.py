"""Many approvals of one person and day are many, however many statements they are split into."""

import asyncio
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Permission
from procurement.claims import service as claims
from procurement.claims.sampling import rules as sampling
from procurement.claims.sampling.service import approve_many, look_at, sample_for
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work as money
from tests.refusals import refusal_by, refused

APPROVE = "UPDATE claim SET status = 'approved', approved_by = $1, approved_at = $3 WHERE id = ANY ($2)"


async def unseen(officer: int) -> int:
    return int(await database.fetch_value("SELECT unseen FROM approval_tally WHERE approved_by = $1", officer))


async def test_a_selection_that_makes_it_twenty_on_one_day_is_drawn_from(db: None) -> None:
    had = await money.accrued(12, 2)
    many, officer = await money.claim_ids(), had.desk.claims
    await approve_many(officer, many[:10])
    await approve_many(officer, many[10:19])
    with pytest.raises(sampling.SampleNotLookedAt):
        await approve_many(officer, many[19:])
    with pytest.raises(sampling.SampleNotDrawn):
        await claims.approve_claims(officer, many[19:])
    sample = await sample_for(officer, many[19:])
    assert sample is not None
    assert len(sample.claims) == sampling.size_of(5, 19) == 5
    for one in sample.claims:
        await look_at(officer, sample.public_id, one.reference)
    assert (await approve_many(officer, many[19:])).count == 5
    assert await unseen(officer.actor) == 0


async def test_one_by_one_each_is_looked_at_once_there_are_twenty_and_stands_for_no_other(db: None) -> None:
    had = await money.accrued(11, 2)
    many, officer = await money.claim_ids(), had.desk.claims
    for one in many[:19]:
        await approve_many(officer, [one])
    with pytest.raises(sampling.SampleNotLookedAt):
        await approve_many(officer, [many[19]])
    sample = await sample_for(officer, [many[19]])
    assert sample is not None
    await look_at(officer, sample.public_id, sample.claims[0].reference)
    await approve_many(officer, [many[19]])
    assert await unseen(officer.actor) == 19
    with pytest.raises(sampling.SampleNotLookedAt):
        await approve_many(officer, [many[20]])


async def test_more_is_drawn_of_a_selection_before_which_more_was_approved_since(db: None) -> None:
    had = await money.accrued(20, 2)
    many, officer = await money.claim_ids(), had.desk.claims
    first = await sample_for(officer, many[:20])
    await approve_many(officer, many[20:39])
    again = await sample_for(officer, many[:20])
    assert first is not None
    assert again is not None
    assert (len(first.claims), len(again.claims)) == (sampling.size_of(20), sampling.size_of(20, 19)) == (5, 7)
    assert {one.reference for one in first.claims} < {one.reference for one in again.claims}
    for one in first.claims:
        await look_at(officer, first.public_id, one.reference)
    with pytest.raises(sampling.SampleNotDrawn):
        await claims.approve_claims(officer, many[:20])


async def test_another_person_and_another_day_are_counted_by_themselves(db: None) -> None:
    had = await money.accrued(15, 2)
    many, officer = await money.claim_ids(), had.desk.claims
    await approve_many(officer, many[:19])
    other = await work.officer("second", Permission.CLAIM_APPROVE)
    await approve_many(other, many[19:20])
    async with refusal_by("approval_sample_looked_at"):
        await database.execute(APPROVE, officer.actor, many[20:21], clock.now())
    await database.execute(APPROVE, officer.actor, many[20:21], clock.now() - timedelta(days=1))


async def test_two_statements_of_one_person_at_once_are_counted_together(db: None) -> None:
    had = await money.accrued(12, 2)
    many, officer = await money.claim_ids(), had.desk.claims
    done = await asyncio.gather(
        claims.approve_claims(officer, many[:12]), claims.approve_claims(officer, many[12:]), return_exceptions=True
    )
    assert sorted(isinstance(one, sampling.SampleNotDrawn) for one in done) == [False, True]
    assert await unseen(officer.actor) == 12


async def test_raw_sql_splits_nothing_and_counts_nothing_by_hand(db: None) -> None:
    had = await money.accrued(10, 2)
    many, officer = await money.claim_ids(), had.desk.claims
    await database.execute(APPROVE, officer.actor, many[:19], clock.now())
    await refused("approval_sample_looked_at", APPROVE, officer.actor, many[19:], clock.now())
    await refused("approval_tally_is_counted", "UPDATE approval_tally SET unseen = 0")
    await refused("approval_tally_is_counted", "DELETE FROM approval_tally")
    await refused(
        "approval_tally_is_counted",
        "INSERT INTO approval_tally (approved_by, day, unseen) VALUES ($1, '2026-01-01', 0)", officer.actor,
    )  # fmt: skip


async def test_the_page_says_what_to_look_at_and_why(db: None) -> None:
    had = await money.accrued(10, 2)
    many, officer = await money.claim_ids(), had.desk.claims
    await approve_many(officer, many[:19])
    last = await database.fetch_value("SELECT reference FROM claim WHERE id = $1", many[19])
    async with client(officer) as http:
        seen = (await http.get(f"/claims/approval?claims={last}")).text
        assert "今天由你通过的加上这些满二十件了" in seen
        refusal = await http.post("/api/v1/claims/approvals", json={"references": [last]})
        assert refusal.status_code == 409
        assert "逐件看过" in refusal.text
