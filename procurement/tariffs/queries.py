"""Reading tariff sets: the published ones of a family, with their engine form."""

from dataclasses import dataclass
from datetime import date

from app.core import database
from procurement.tariffs.engine.document import read_set
from procurement.tariffs.engine.model import TariffSet


@dataclass(frozen=True, slots=True, eq=False)
class PublishedSet:
    """A published set; compared by identity, so that prices can be remembered by it."""

    id: int
    effective_from: date
    effective_to: date | None
    label_zh: str
    label_en: str
    tariff: TariffSet


@dataclass(frozen=True, slots=True)
class TariffRow:
    """A tariff set as the list shows it."""

    id: int
    family: str
    region: str
    document: str
    label_zh: str
    label_en: str
    effective_from: date
    effective_to: date | None
    status: str
    sha256: str


async def published_sets(family: str) -> list[PublishedSet]:
    """Return the published sets of a family, newest first."""
    rows = await database.fetch(
        """SELECT id, effective_from, effective_to, label_zh, label_en, body::text AS body FROM tariff_set
           WHERE family = $1 AND status = 'published' ORDER BY effective_from DESC""",
        family,
    )
    return [PublishedSet(tariff=read_set(row.pop("body").encode()), **row) for row in rows]


async def tariff_rows() -> list[TariffRow]:
    """List every set, the ones in force first."""
    rows = await database.fetch(
        """SELECT id, family, region, document, label_zh, label_en, effective_from, effective_to, status,
                  encode(body_sha256, 'hex') AS sha256
           FROM tariff_set ORDER BY effective_from DESC, id DESC"""
    )
    return [TariffRow(**row) for row in rows]
