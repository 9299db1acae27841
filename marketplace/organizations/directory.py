"""What accounts ask about organizations and places, so that a membership can be found and named."""

from collections.abc import Sequence

from app.accounts.belonging import OrganizationEntry
from app.core import database
from app.web.filters import localized

_ENTRY = """
SELECT o.id, o.uscc, o.name_zh, o.name_en, place.code AS place_code
FROM organization o JOIN place ON place.id = o.place_id
"""


class MarketplaceDirectory:
    """The directory of app.accounts.belonging, over organizations and places."""

    async def organization(self, uscc: str) -> OrganizationEntry | None:
        """Find an organization by its unified social credit code."""
        row = await database.fetch_one(f"{_ENTRY} WHERE o.uscc = $1", uscc.strip().upper())
        return _entry(row) if row else None

    async def organizations(self, ids: Sequence[int]) -> dict[int, OrganizationEntry]:
        """Return organizations by id."""
        rows = await database.fetch(f"{_ENTRY} WHERE o.id = ANY ($1)", list(ids))
        return {row["id"]: _entry(row) for row in rows}

    async def place_names(self, codes: Sequence[str]) -> dict[str, str]:
        """Return the names of places by code; unknown codes are left out."""
        rows = await database.fetch("SELECT code, name_zh, name_en FROM place WHERE code = ANY ($1)", list(codes))
        return {row["code"]: localized(row, "name") for row in rows}


def _entry(row: database.Row) -> OrganizationEntry:
    return OrganizationEntry(row["id"], localized(row, "name"), row["place_code"])
