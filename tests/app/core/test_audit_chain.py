"""The sealer takes every committed event once, however transactions interleave."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from app.core import audit, audit_chain, clock, database
from app.core.audit_verify import unsealed_tail, verify
from tests.app.core.audit_world import PROGRAM, as_owner, seal_all, write_events


async def test_an_event_outside_a_business_transaction_is_refused(db: None) -> None:
    with pytest.raises(RuntimeError, match="business transaction"):
        await audit.record(PROGRAM, "thing:made", "thing", 1)


async def test_sealed_events_verify(db: None) -> None:
    await write_events(25)
    assert await seal_all() == 25
    report = await verify()
    assert (report.sound, report.events, report.tail.events) == (True, 25, 0)
    assert report.head == await database.fetch_value(
        "SELECT batch_sha256 FROM audit_batch ORDER BY number DESC LIMIT 1"
    )


async def test_an_empty_chain_is_sound(db: None) -> None:
    report = await verify()
    assert (report.sound, report.batches, report.head) == (True, 0, audit_chain.GENESIS)


async def test_batches_stop_at_their_limit_and_carry_on(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_chain, "BATCH_LIMIT", 10)
    await write_events(35)
    assert await seal_all() == 35
    counts = await database.fetch("SELECT event_count FROM audit_batch ORDER BY number")
    assert [row["event_count"] for row in counts] == [10, 10, 10, 5]
    assert (await verify()).sound


async def test_an_event_that_commits_late_is_sealed_afterwards(db: None) -> None:
    wrote, may_commit = asyncio.Event(), asyncio.Event()

    async def slow_use_case() -> None:
        async with database.transaction():
            await audit.record(PROGRAM, "thing:made", "thing", 1)
            wrote.set()
            await may_commit.wait()

    late = asyncio.create_task(slow_use_case())
    await wrote.wait()
    await write_events(5, first=2)
    assert await audit_chain.seal() == 0, "events beside an open transaction wait for it"
    may_commit.set()
    await late
    await write_events(5, first=7)
    assert await seal_all() == 11
    sealed = await database.fetch("SELECT object_id FROM audit_event JOIN audit_seal ON event_id = id ORDER BY id")
    assert {row["object_id"] for row in sealed} == set(range(1, 12))
    assert (await verify()).sound


async def test_a_late_commit_between_two_batches_of_one_sealing_is_not_lost(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is set from the first look: what ended during the sealing, below ids passed already, comes next time."""
    monkeypatch.setattr(audit_chain, "BATCH_LIMIT", 4)
    await write_events(6)
    await _until_settled()
    original = audit_chain._seal_batch

    async def with_a_commit_after(view: audit_chain.View, after: int) -> audit_chain.Sealed | None:
        batch = await original(view, after)
        await write_events(1, first=100 + after)
        return batch

    monkeypatch.setattr(audit_chain, "_seal_batch", with_a_commit_after)
    await audit_chain.seal()
    monkeypatch.setattr(audit_chain, "_seal_batch", original)
    await seal_all()
    assert await database.fetch_value("SELECT count(*) FROM audit_seal") == await database.fetch_value(
        "SELECT count(*) FROM audit_event"
    )


async def test_many_sealers_at_once_seal_each_event_once(db: None) -> None:
    for round_number in range(5):
        await write_events(20, first=round_number * 20)
        await asyncio.gather(*(audit_chain.seal() for _ in range(6)))
    await seal_all()
    report = await verify()
    assert (report.sound, report.events) == (True, 100)


async def test_events_of_a_restored_backup_are_sealed_though_their_transactions_lie_ahead(
    db: None, database_name: str
) -> None:
    await write_events(3)
    await seal_all()
    await write_events(2, first=4)
    async with as_owner(database_name) as owner:
        await owner.execute("UPDATE audit_event SET transaction_id = '900000000000' WHERE object_id >= 4")
    assert await seal_all() == 2
    assert (await verify()).sound


async def test_the_full_look_finds_what_lies_below_the_mark(db: None, database_name: str) -> None:
    await write_events(2)
    await seal_all()
    await write_events(1, first=9)
    async with as_owner(database_name) as owner:
        await owner.execute("UPDATE audit_event SET transaction_id = '4' WHERE object_id = 9")
    assert await audit_chain.seal() == 0
    assert await audit_chain.seal_audit_fully(clock.now()) == {"sealed": 1, "head": 2}


async def test_the_tail_tells_its_age(db: None) -> None:
    with clock.travelled_to(clock.now() - timedelta(minutes=5)):
        await write_events(3)
    tail = await unsealed_tail()
    assert tail.events == 3
    assert timedelta(minutes=5) <= tail.age < timedelta(minutes=6)


async def test_the_head_of_a_day_is_published_once(db: None) -> None:
    assert await audit_chain.publish_head() == 0
    await write_events(1)
    await seal_all()
    assert [await audit_chain.publish_head(), await audit_chain.publish_head()] == [1, 1]
    assert await database.fetch_value("SELECT count(*) FROM fact WHERE topic = 'audit_head'") == 1


async def test_sealed_rows_cannot_be_changed_by_the_application(db: None) -> None:
    await write_events(1)
    await seal_all()
    for table in ("audit_event", "audit_batch", "audit_seal"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(f"DELETE FROM {table}")


async def _until_settled() -> None:
    """Wait until no other database's open transaction holds back what was just committed."""
    for _ in range(200):
        if await database.fetch_value(
            "SELECT max(transaction_id) < pg_snapshot_xmin(pg_current_snapshot()) FROM audit_event"
        ):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("another transaction stays open")
