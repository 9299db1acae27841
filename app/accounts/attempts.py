"""Rate limits: a counter per key and window, committed whatever becomes of the attempt."""

from datetime import UTC, datetime, timedelta

from app.accounts.errors import TooManyAttempts
from app.accounts.rules import Limit
from app.core import clock, database, vault


async def count(kind: str, subject: str, limit: Limit) -> None:
    """Count one attempt and refuse when the window is full; call it outside any transaction.

    Subjects are numbers and network addresses, so only their keyed digest is kept. Windows are aligned to the
    clock, which makes the counter a single atomic statement.
    """
    if database.in_transaction():
        raise RuntimeError("an attempt counts even when its transaction does not")
    now = clock.now()
    start = _window_start(now, limit.window)
    attempts: int = await database.fetch_value(
        """INSERT INTO attempt_window AS counted (key_sha256, window_start, attempts) VALUES ($1, $2, 1)
           ON CONFLICT (key_sha256, window_start) DO UPDATE SET attempts = counted.attempts + 1
           RETURNING attempts""",
        *(vault.digest(f"{kind}/{limit.window.total_seconds():.0f}/{subject}"), start),
    )
    if attempts > limit.attempts:
        left = start + limit.window - now
        raise TooManyAttempts(minutes=max(1, -(-int(left.total_seconds()) // 60)))


def _window_start(now: datetime, window: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + (now - epoch) // window * window
