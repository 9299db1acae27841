"""The life of a message, and when a failed delivery is tried again."""

import random
from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    """How a message reaches somebody."""

    IN_APP = "in_app"
    SMS = "sms"
    EMAIL = "email"


class Status(StrEnum):
    """Where a message stands. In-app messages are born ``sent``: the inbox is their delivery."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    READ = "read"


class Event(StrEnum):
    """What happens to a message."""

    CLAIM = "claim"
    DELIVER = "deliver"
    POSTPONE = "postpone"
    GIVE_UP = "give_up"
    CANCEL = "cancel"
    READ = "read"


TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.QUEUED, Event.CLAIM): Status.SENDING,
    (Status.QUEUED, Event.CANCEL): Status.FAILED,
    (Status.SENDING, Event.DELIVER): Status.SENT,
    (Status.SENDING, Event.POSTPONE): Status.QUEUED,
    (Status.SENDING, Event.GIVE_UP): Status.FAILED,
    (Status.SENT, Event.READ): Status.READ,
}

MAX_ATTEMPTS = 6
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
LEASE = timedelta(minutes=5)
"""How long a worker may hold a claimed message before another one takes it for dead."""


def retry_delay(attempts: int, spread: float | None = None) -> timedelta:
    """Return how long to wait after the ``attempts``-th failure: doubling, capped, spread by half either way.

    The spread keeps messages that failed together (a gateway was down) from coming back together.
    """
    factor = random.uniform(0.5, 1.5) if spread is None else spread
    return min(FIRST_DELAY * (1 << (attempts - 1)), LONGEST_DELAY) * factor


def after_failure(attempts: int, *, surely_not_sent: bool, deduplicates: bool, permanent: bool) -> Event:
    """Decide what follows a delivery that did not succeed.

    Where the outcome is unknown (a time-out, a killed worker), trying again is right only with a gateway that
    recognises the message by its reference; with any other it might arrive twice, so it is given up.
    """
    if permanent or attempts >= MAX_ATTEMPTS:
        return Event.GIVE_UP
    return Event.POSTPONE if surely_not_sent or deduplicates else Event.GIVE_UP
