"""Messages: written with their business, read by whom they are for, forgotten when they should be."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.core import clock, database, settings
from app.core.errors import NotFound
from app.notifications import delivery, gateways, jobs, queries, service
from app.notifications.gateways import GatewayMissing
from app.notifications.rules import (
    Channel,
)
from app.notifications.service import Notice, notify, notify_address, notify_many
from tests.app.accounts.people import account, acting, new_phone, use_roles

BOTH = (Channel.IN_APP, Channel.SMS)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Start and end with the mode's own gateways."""
    use_roles()
    gateways.forget_registered()
    yield
    gateways.forget_registered()


async def queued(count: int = 1, **given: object) -> list[int]:
    ids = [await account() for _ in range(count)]
    async with database.transaction():
        await notify_many([Notice(id_, "shift %(n)s", {"n": 7}, (Channel.SMS,), **given) for id_ in ids])  # type: ignore[arg-type]
    return ids


async def statuses() -> list[str]:
    rows = await database.fetch("SELECT status FROM notification WHERE channel <> 'in_app' ORDER BY id")
    return [row["status"] for row in rows]


async def test_a_message_is_written_with_its_business_or_not_at_all(db: None) -> None:
    person = await account()
    with pytest.raises(ValueError, match="business"):
        async with database.transaction():
            await notify(person, "done", channels=BOTH)
            raise ValueError("business failed")
    assert await database.fetch_value("SELECT count(*) FROM notification") == 0
    with pytest.raises(RuntimeError, match="transaction"):
        await notify(person, "done")


async def test_the_same_message_is_never_queued_twice(db: None) -> None:
    person = await account()
    async with database.transaction():
        assert await notify(person, "a", channels=BOTH, once_key="shift-1") == 2
    async with database.transaction():
        assert await notify(person, "a", channels=BOTH, once_key="shift-1") == 0
        assert await notify(person, "a", channels=BOTH, once_key="shift-2") == 2


async def test_channels_without_an_address_and_closed_accounts_are_left_out(db: None) -> None:
    without, closed = await account(phone=""), await account()
    await database.execute("UPDATE account SET status = 'closed' WHERE id = $1", closed)
    every = tuple(Channel)
    async with database.transaction():
        assert await notify_many([Notice(without, "x", channels=every), Notice(closed, "x", channels=every)]) == 1
    assert await database.fetch_value("SELECT channel FROM notification") == "in_app"


async def test_many_messages_are_one_statement(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [await account() for _ in range(5)]
    statements: list[str] = []
    real = database.execute

    async def counting(sql: str, *values: object) -> int:
        statements.append(sql)
        return await real(sql, *values)

    async with database.transaction():
        monkeypatch.setattr(database, "execute", counting)
        assert await notify_many([Notice(id_, "x", channels=BOTH) for id_ in ids]) == 10
    assert len(statements) == 1


async def test_production_without_a_gateway_keeps_messages_and_says_so(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queued()
    monkeypatch.setattr(gateways, "settings", lambda: settings.Settings(mode="production"))
    monkeypatch.setattr(queries, "settings", lambda: settings.Settings(mode="production"))
    await delivery.deliver_due(clock.now())
    assert await statuses() == ["queued"]
    with pytest.raises(GatewayMissing):
        gateways.gateway_for(Channel.SMS)
    problems = await queries.delivery_problems()
    assert any("no sms gateway" in problem and "1 messages" in problem for problem in problems)
    with pytest.raises(NotFound):
        await queries.demo_outbox()


async def test_the_doctor_names_what_is_late(db: None) -> None:
    await queued()
    assert await queries.delivery_problems() == []
    with clock.travelled_to(clock.now() + timedelta(hours=1)):
        assert any("1 sms messages wait" in problem for problem in await queries.delivery_problems())


async def test_the_inbox_is_the_persons_own_and_counts_what_is_unread(db: None) -> None:
    mine, theirs = await acting(await account()), await acting(await account())
    async with database.transaction():
        for number in range(3):
            await notify(mine.actor, "message %(n)s", {"n": number}, link="/workbench")
        await notify(theirs.actor, "not yours")
    items = await queries.inbox(mine.actor)
    assert [str(item.text) for item in items] == ["message 2", "message 1", "message 0"]
    assert await service.mark_read(mine, items[0].public_id) == "/workbench"
    assert await service.mark_read(mine, items[0].public_id) == "/workbench"
    with pytest.raises(NotFound):
        await service.mark_read(theirs, items[1].public_id)
    assert await queries.unread_count(mine.actor) == 2
    assert await service.mark_all_read(mine) == 2
    assert await queries.unread_count(mine.actor) == 0
    assert await queries.unread_count(theirs.actor) == 1
    older = await queries.inbox(mine.actor, before=items[0].id, limit=1)
    assert [str(item.text) for item in older] == ["message 1"]


async def test_messages_to_bare_addresses_are_forgotten_after_a_week_with_their_keys(db: None) -> None:
    async with database.transaction():
        await notify_address(Channel.SMS, new_phone(), "code %(code)s", {"code": "123456"})
    await jobs.deliver_notifications(clock.now())
    assert (await queries.demo_outbox())[0].body == "code 123456"
    assert (await jobs.forget_addressed_messages(clock.now()))["deleted"] == 0
    after = clock.now() + timedelta(days=8)
    assert (await jobs.forget_addressed_messages(after))["deleted"] == 1
    for table in ("notification", "demo_delivery", "subject_key"):
        assert await database.fetch_value(f"SELECT count(*) FROM {table}") == 0
