"""A fresh database with the connections that a crowd needs."""

from tests.volunteers.assignments.conftest import crowd

__all__ = ["crowd"]
