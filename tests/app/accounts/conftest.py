"""Roles as the tests of the frame understand them, and password hashes that cost little.

Nothing of the application is imported at the top: pytest loads this file before tests/conftest.py has named the
data folder of the run.
"""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def roles() -> None:
    """Let every test of this folder start with the same role map."""
    from tests.app.accounts import people

    people.use_roles()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash with parameters that take no time; one test puts the real ones back."""
    from argon2 import PasswordHasher

    from app.accounts import passwords

    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()
