"""Reading tariff sets: the published ones of a family, with their engine form."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.tariffs.engine.document import read_set
from procurement.tariffs.engine.model import TariffSet
from procurement.tariffs.succession import Succession


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


async def in_force_beside(family: str, region: str, ended: Succession | None = None) -> list[TariffSet]:
    """Return the published sets of a family and region with the days on which they are in force, both ends included.

    A set that would be ended is in force until the day on which it then ends.
    """
    rows = await database.fetch(
        """SELECT id, effective_from, effective_to, body::text AS body FROM tariff_set
           WHERE family = $1 AND region = $2 AND status = 'published' ORDER BY effective_from""",
        *(family, region),
    )
    ends = {row["id"]: row["effective_to"] for row in rows} | ({ended.id: ended.last_day} if ended else {})
    return [
        msgspec.structs.replace(read_set(row["body"].encode()), from_=row["effective_from"], to=ends[row["id"]])
        for row in rows
    ]


async def tariff_rows() -> list[TariffRow]:
    """List every set, the ones in force first."""
    rows = await database.fetch(
        """SELECT id, family, region, document, label_zh, label_en, effective_from, effective_to, status,
                  encode(body_sha256, 'hex') AS sha256
           FROM tariff_set ORDER BY effective_from DESC, id DESC"""
    )
    return [TariffRow(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class TariffPage:
    """A tariff set with what the engine reads, who drafted it and who published it."""

    id: int
    row: TariffRow
    tariff: TariffSet
    created_by: int
    drafter: str
    publisher: str
    published_at: datetime | None
    claims: int


FINGERPRINT = 16
"""How many digits of the sha256 name a set in an address."""

_PAGE = """
SELECT t.id, t.family, t.region, t.document, t.label_zh, t.label_en, t.effective_from, t.effective_to, t.status,
       encode(t.body_sha256, 'hex') AS sha256, t.body::text AS body, t.created_by, t.published_at,
       drafter.display_name AS drafter, coalesce(publisher.display_name, '') AS publisher,
       (SELECT count(*) FROM claim c WHERE c.tariff_set_id = t.id) AS claims
FROM tariff_set t JOIN account drafter ON drafter.id = t.created_by
LEFT JOIN account publisher ON publisher.id = t.published_by
WHERE left(encode(t.body_sha256, 'hex'), 16) = $1
"""


async def visible_rows(principal: Principal) -> list[TariffRow]:
    """List the published sets, and the drafts for those who draft and publish."""
    drafts = principal.can(Permission.TARIFF_MANAGE)
    return [row for row in await tariff_rows() if drafts or row.status == "published"]


async def tariff_page(principal: Principal, fingerprint: str) -> TariffPage:
    """Return a set by the first digits of its sha256; a draft only to those who draft and publish."""
    row = await database.fetch_one(_PAGE, fingerprint)
    if row is None or (row["status"] != "published" and not principal.can(Permission.TARIFF_MANAGE)):
        raise NotFound
    return TariffPage(
        id=row["id"],
        row=TariffRow(**{name: row[name] for name in TariffRow.__slots__}),
        tariff=read_set(row["body"].encode()),
        created_by=row["created_by"],
        drafter=row["drafter"],
        publisher=row["publisher"],
        published_at=row["published_at"],
        claims=row["claims"],
    )


async def drafts_of_others(principal: Principal) -> list[TariffRow]:
    """Return the drafts that the person may publish because somebody else made them."""
    rows = await database.fetch(
        """SELECT id, family, region, document, label_zh, label_en, effective_from, effective_to, status,
                  encode(body_sha256, 'hex') AS sha256
           FROM tariff_set WHERE status = 'draft' AND created_by <> $1 ORDER BY id LIMIT 5""",
        principal.actor,
    )
    return [TariffRow(**row) for row in rows]


async def fingerprint_of(tariff_id: int) -> str:
    """Return the digits by which a set's address names it."""
    found: str = await database.fetch_value(
        "SELECT left(encode(body_sha256, 'hex'), 16) FROM tariff_set WHERE id = $1", tariff_id
    )
    return found


@dataclass(frozen=True, slots=True)
class Label:
    """What has to stand beside amounts; empty where every tariff in use is official."""

    label_zh: str = ""
    label_en: str = ""


async def label_in_use() -> Label:
    """Return what is to be said of the tariffs that claims were priced by, for pages that show sums of them."""
    row = await database.fetch_one(
        """SELECT label_zh, label_en FROM tariff_set
           WHERE status = 'published' AND label_zh <> ''
             AND EXISTS (SELECT FROM claim WHERE claim.tariff_set_id = tariff_set.id) ORDER BY id DESC LIMIT 1"""
    )
    return Label(**row) if row else Label()
