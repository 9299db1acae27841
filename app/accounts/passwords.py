"""Password hashes by argon2, computed in threads of their own so that the event loop goes on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PARALLEL = 2  # each hash takes 64 MiB for a tenth of a second: a flood of sign-ins queues instead of swapping


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(PARALLEL, thread_name_prefix="argon2")


@cache
def _nobody() -> str:
    """Return the hash that stands in for accounts that do not exist, so that they cost the same time."""
    return _hasher().hash("nobody has this password")


async def hashed(password: str) -> str:
    """Return the hash to store."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _hasher().hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Tell whether the password belongs to the hash; None takes as long as a wrong password and is one."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _verify, stored, password)


def is_outdated(stored: str) -> bool:
    """Tell whether the hash was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _hasher().verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
