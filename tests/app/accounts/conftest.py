"""Roles as the tests of the frame understand them, and password hashes that cost little."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from app.accounts import passwords
from tests.app.accounts import people

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def roles() -> None:
    """Let every test of this folder start with the same role map."""
    people.use_roles()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash with parameters that take no time; one test puts the real ones back."""
    monkeypatch.setattr(passwords, "_hasher", lambda: CHEAP)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()
