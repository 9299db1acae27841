"""Somebody of the station, for every test of trainings."""

import pytest

from app.core.access import Principal, Role
from tests.volunteers import world


@pytest.fixture
async def staff(db: None) -> Principal:
    """Return somebody of the station."""
    return await world.officer(Role.STATION_STAFF, world.TOWN)
