"""Whatever a tamperer with the owner's rights does to the audit tables, verification names it."""

import pytest

from app.core import audit, audit_chain, database
from app.core.audit_verify import Report, verify
from tests.app.core.audit_world import as_owner, seal_all, write_events

EVENT_COLUMNS = {
    "transaction_id": "(transaction_id::text::bigint + 1)::text::xid8",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "actor_id": "coalesce(actor_id, 0) + 1",
    "actor_kind": "'anonymous'",
    "action": "action || 'x'",
    "object_type": "object_type || 'x'",
    "object_id": "object_id + 1",
    "detail": "detail || '{\"more\": 1}'",
    "request_id": "request_id || 'x'",
    "content_sha256": "sha256('x')",
}
SAID_BY_THE_SEAL_ALONE = {"transaction_id", "actor_kind", "request_id"}
BATCH_COLUMNS = {
    "number": "number + 100",
    "sealed_at": "sealed_at + interval '1 second'",
    "settled": "(settled::text::bigint + 1)::text::xid8",
    "event_count": "event_count + 1",
    "merkle_root": "sha256('x')",
    "previous_sha256": "sha256('x')",
    "batch_sha256": "sha256('x')",
}


@pytest.fixture
async def chain(db: None) -> None:
    """Three sealed batches of three events, and two events unsealed."""
    for number in range(3):
        await write_events(3, first=10 * number + 1)
        await seal_all()
    await write_events(2, first=91)


async def tampered(database_name: str, *statements: str) -> Report:
    async with as_owner(database_name) as owner:
        for statement in statements:
            assert not (await owner.execute(statement)).endswith(" 0"), "nothing was tampered with"
    return await verify()


async def blamed_by_column(database_name: str, table: str, changes: dict[str, str], which: str) -> dict[str, set[int]]:
    """Change one column after another, each time putting the row back, and return the batches that were blamed."""
    found: dict[str, set[int]] = {}
    async with as_owner(database_name) as owner:
        await owner.execute(f"CREATE TABLE untouched AS SELECT * FROM {table} WHERE {which}")
        for column, change in changes.items():
            assert await owner.execute(f"UPDATE {table} SET {column} = {change} WHERE {which}") == "UPDATE 1"
            found[column] = {fault.batch for fault in (await verify()).faults}
            await owner.execute(f"UPDATE {table} SET {column} = (SELECT {column} FROM untouched) WHERE {which}")
    assert (await verify()).sound
    return found


@pytest.mark.parametrize(("table", "tried"), [("audit_event", EVENT_COLUMNS), ("audit_batch", BATCH_COLUMNS)])
async def test_every_column_is_tried(db: None, table: str, tried: dict[str, str]) -> None:
    columns = await database.fetch("SELECT column_name FROM information_schema.columns WHERE table_name = $1", table)
    assert {row["column_name"] for row in columns} - {"id"} == set(tried)


async def test_a_change_of_any_column_of_a_sealed_event_is_found(chain: None, database_name: str) -> None:
    found = await blamed_by_column(database_name, "audit_event", EVENT_COLUMNS, "id = 5")
    assert found == {column: {2} for column in EVENT_COLUMNS}


async def test_a_change_of_what_an_unsealed_event_says_is_found(chain: None, database_name: str) -> None:
    said = {column: EVENT_COLUMNS[column] for column in EVENT_COLUMNS if column not in SAID_BY_THE_SEAL_ALONE}
    found = await blamed_by_column(database_name, "audit_event", said, "id = 10")
    assert found == {column: {0} for column in said}


async def test_a_change_of_any_column_of_a_batch_is_found(chain: None, database_name: str) -> None:
    found = await blamed_by_column(database_name, "audit_batch", BATCH_COLUMNS, "id = 2")
    assert all(batches & {2, 102} for batches in found.values()), found


async def test_a_changed_event_is_found_though_its_own_hash_was_made_to_fit(chain: None, database_name: str) -> None:
    event = await database.fetch_one("SELECT *, detail::text AS detail FROM audit_event WHERE id = 5")
    assert event is not None
    forged = audit.content_sha256(event["occurred_at"], None, event["action"], "thing", 999, event["detail"])
    report = await tampered(
        database_name,
        f"UPDATE audit_event SET object_id = 999, content_sha256 = '\\x{forged.hex()}' WHERE id = 5",
    )
    assert [fault.what for fault in report.faults] == ["its events do not give its Merkle root"]


async def test_an_event_under_another_id_is_found(chain: None, database_name: str) -> None:
    report = await tampered(
        database_name,
        "ALTER TABLE audit_event ALTER id DROP IDENTITY",
        "UPDATE audit_event SET id = 500 WHERE id = 5",
        "UPDATE audit_seal SET event_id = 500 WHERE event_id = 5",
    )
    assert {fault.batch for fault in report.faults} == {2}


async def test_a_removed_event_is_found(chain: None, database_name: str) -> None:
    report = await tampered(database_name, "DELETE FROM audit_event WHERE id = 5")
    assert (2, 5, "the event is gone") in [(fault.batch, fault.event, fault.what) for fault in report.faults]


async def test_an_event_removed_together_with_its_seal_is_found(chain: None, database_name: str) -> None:
    report = await tampered(
        database_name, "DELETE FROM audit_seal WHERE event_id = 5", "DELETE FROM audit_event WHERE id = 5"
    )
    assert "holds 2 events, sealed were 3" in [fault.what for fault in report.faults]


async def test_events_that_changed_places_are_found(chain: None, database_name: str) -> None:
    report = await tampered(
        database_name,
        "UPDATE audit_seal SET position = 9 WHERE event_id = 4",
        "UPDATE audit_seal SET position = 0 WHERE event_id = 5",
        "UPDATE audit_seal SET position = 1 WHERE event_id = 4",
    )
    assert [(fault.batch, fault.what) for fault in report.faults] == [(2, "its events do not give its Merkle root")]


async def test_batches_that_changed_places_are_found(chain: None, database_name: str) -> None:
    report = await tampered(
        database_name,
        "UPDATE audit_batch SET number = 99 WHERE number = 2",
        "UPDATE audit_batch SET number = 2 WHERE number = 3",
        "UPDATE audit_batch SET number = 3 WHERE number = 99",
    )
    assert {"stands where batch 2 belongs", "its own hash does not fit"} <= {fault.what for fault in report.faults}


async def test_a_removed_batch_in_the_middle_is_found(chain: None, database_name: str) -> None:
    report = await tampered(database_name, "DELETE FROM audit_batch WHERE number = 2")
    assert "does not carry on the batch before it" in [fault.what for fault in report.faults]


async def test_a_cut_off_end_contradicts_the_published_head(chain: None, database_name: str) -> None:
    await audit_chain.publish_head()
    report = await tampered(
        database_name,
        "DELETE FROM audit_seal WHERE batch_id = (SELECT id FROM audit_batch WHERE number = 3)",
        "DELETE FROM audit_batch WHERE number = 3",
    )
    assert any("is gone" in fault.what for fault in report.faults)
