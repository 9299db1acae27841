"""Messages: written with the business, delivered once, tried again with patience, never twice."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.text import Message
from app.notifications import delivery, gateways
from app.notifications.gateways import DeliveryRefused, Outgoing
from app.notifications.rules import (
    LEASE,
    MAX_ATTEMPTS,
    Channel,
    Event,
    retry_delay,
)
from app.notifications.service import Notice, notify, notify_address, notify_many
from tests.app.accounts.people import account, new_phone, use_roles
from tests.conftest import rounds

BOTH = (Channel.IN_APP, Channel.SMS)


@dataclass
class Recorder:
    """A gateway that notes what it was given, and fails as told."""

    deduplicates: bool = False
    failures: list[Exception] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    pause: float = 0

    async def send(self, message: Outgoing) -> None:
        await asyncio.sleep(self.pause)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Start and end with the mode's own gateways."""
    use_roles()
    gateways.forget_registered()
    yield
    gateways.forget_registered()


@pytest.fixture
def sms() -> Recorder:
    """Register a recording gateway for text messages."""
    recorder = Recorder()
    gateways.register_sms(recorder)
    return recorder


async def queued(count: int = 1, **given: object) -> list[int]:
    ids = [await account() for _ in range(count)]
    async with database.transaction():
        await notify_many([Notice(id_, "shift %(n)s", {"n": 7}, (Channel.SMS,), **given) for id_ in ids])  # type: ignore[arg-type]
    return ids


async def statuses() -> list[str]:
    rows = await database.fetch("SELECT status FROM notification WHERE channel <> 'in_app' ORDER BY id")
    return [row["status"] for row in rows]


async def test_the_recipient_gets_the_text_at_the_number_he_has_when_it_is_sent(db: None, sms: Recorder) -> None:
    phone = new_phone()
    person = await account(phone=phone)
    async with database.transaction():
        detail = {"what": Message("%(count)s hours", {"count": 3})}
        await notify(person, "confirmed: %(what)s", detail, channels=(Channel.SMS,))
    await delivery.deliver_due(clock.now())
    [message] = sms.sent
    assert (message.recipient, message.body) == (phone, "confirmed: 3 hours")
    assert await statuses() == ["sent"]


async def test_three_parallel_workers_deliver_each_message_once(db: None, sms: Recorder) -> None:
    for _ in range(rounds(2, 100)):
        sms.sent.clear()
        await queued(60)
        sms.pause = 0.001
        tallies = await asyncio.gather(*(delivery.deliver_due(clock.now()) for _ in range(3)))
        assert sum(tally.sent for tally in tallies) == 60
        assert sum(tally.sent > 0 for tally in tallies) > 1
        assert max(Counter(message.id for message in sms.sent).values()) == 1
        assert set(await statuses()) == {"sent"}


async def test_a_worker_that_dies_between_claim_and_send_is_made_up_for_without_a_second_message(
    db: None, sms: Recorder
) -> None:
    sms.deduplicates = True
    await queued()
    await delivery._claim(clock.now())  # and here the worker is killed
    await delivery.deliver_due(clock.now())
    assert sms.sent == []
    with clock.travelled_to(clock.now() + LEASE + timedelta(seconds=1)):
        await delivery.deliver_due(clock.now())
    with clock.travelled_to(clock.now() + LEASE + timedelta(minutes=5)):
        await delivery.deliver_due(clock.now())
    assert len(sms.sent) == 1
    assert await statuses() == ["sent"]


async def test_a_worker_that_dies_after_sending_repeats_with_the_same_reference(db: None) -> None:
    await queued()
    [claimed] = await delivery._claim(clock.now())
    keys = await delivery.vault.subject_keys([claimed["key_id"]])
    message = delivery._outgoing(claimed, keys[claimed["key_id"]])
    assert message is not None
    await gateways.DemoGateway().send(message)  # and here the worker is killed
    for wait in (LEASE + timedelta(seconds=1), LEASE + timedelta(minutes=5)):
        with clock.travelled_to(clock.now() + wait):
            await delivery.deliver_due(clock.now())
    assert await statuses() == ["sent"]
    assert await database.fetch_value("SELECT count(*) FROM demo_delivery") == 1


async def test_with_a_gateway_that_does_not_deduplicate_a_lost_claim_is_given_up_rather_than_sent_twice(
    db: None, sms: Recorder
) -> None:
    await queued()
    await delivery._claim(clock.now())
    with clock.travelled_to(clock.now() + LEASE + timedelta(seconds=1)):
        await delivery.deliver_due(clock.now())
    assert sms.sent == []
    assert await statuses() == ["failed"]
    assert await database.fetch_value("SELECT error FROM notification") == "worker_lost"


async def test_a_worker_taken_for_dead_can_no_longer_write_its_result(db: None, sms: Recorder) -> None:
    sms.deduplicates = True
    await queued()
    [slow] = await delivery._claim(clock.now())
    later = clock.now() + LEASE + timedelta(minutes=2)
    await delivery._rescue_stuck(later, delivery.Tally())
    [again] = await delivery._claim(later + timedelta(minutes=2))
    assert again["attempts"] == slow["attempts"] + 1
    await delivery._finish(slow, Event.DELIVER, later)
    assert await statuses() == ["sending"]
    await delivery._finish(again, Event.DELIVER, later)
    assert await statuses() == ["sent"]


async def test_a_refused_message_waits_longer_each_time_and_is_given_up_in_the_end(db: None, sms: Recorder) -> None:
    sms.failures = [DeliveryRefused("busy") for _ in range(MAX_ATTEMPTS)]
    await queued()
    now = clock.now()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        await delivery.deliver_due(now)
        row = await database.fetch_one("SELECT status, attempts, next_attempt_at FROM notification")
        assert row is not None
        assert row["attempts"] == attempt
        if attempt < MAX_ATTEMPTS:
            assert row["status"] == "queued"
            assert retry_delay(attempt, 0.5) <= row["next_attempt_at"] - now <= retry_delay(attempt, 1.5)
            now = row["next_attempt_at"]
    assert await statuses() == ["failed"]
    await delivery.deliver_due(now + timedelta(days=1))
    assert sms.sent == []


async def test_a_message_that_was_refused_once_arrives_at_the_second_try(db: None, sms: Recorder) -> None:
    sms.failures = [DeliveryRefused("busy")]
    await queued()
    await delivery.deliver_due(clock.now())
    await delivery.deliver_due(clock.now() + timedelta(minutes=1))
    assert len(sms.sent) == 1


async def test_an_invalid_number_is_given_up_at_once(db: None, sms: Recorder) -> None:
    sms.failures = [DeliveryRefused("invalid_number", permanent=True)]
    await queued()
    await delivery.deliver_due(clock.now())
    assert await statuses() == ["failed"]


async def test_an_error_keeps_its_kind_and_not_its_words(db: None, sms: Recorder) -> None:
    sms.failures = [ConnectionError("13800000000 unreachable")]
    await queued()
    await delivery.deliver_due(clock.now())
    assert await database.fetch_value("SELECT error FROM notification") == "ConnectionError"


async def test_a_secret_that_is_given_up_is_destroyed_too(db: None, sms: Recorder) -> None:
    sms.failures = [DeliveryRefused("invalid_number", permanent=True)]
    async with database.transaction():
        await notify_address(Channel.SMS, new_phone(), "code %(code)s", {"code": "123456"})
    await delivery.deliver_due(clock.now())
    assert await database.fetch_value("SELECT sealed_key IS NULL FROM subject_key")
    assert await database.fetch_value("SELECT secret_sealed IS NULL FROM notification")


async def test_a_postponed_secret_can_still_be_sent(db: None, sms: Recorder) -> None:
    sms.failures = [DeliveryRefused("busy")]
    async with database.transaction():
        await notify_address(Channel.SMS, new_phone(), "code %(code)s", {"code": "123456"})
    await delivery.deliver_due(clock.now())
    await delivery.deliver_due(clock.now() + timedelta(minutes=1))
    assert [message.body for message in sms.sent] == ["code 123456"]
