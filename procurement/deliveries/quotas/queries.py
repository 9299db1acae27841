"""Reading quotas: by town, how many villages have one and how much of it is used."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Scope


@dataclass(frozen=True, slots=True)
class TownQuotas:
    """The quotas of a town's villages, added up."""

    code: str
    name_zh: str
    name_en: str
    district_zh: str
    district_en: str
    villages: int
    with_quota: int
    quota: int
    used: int


async def by_town(scope: Scope, year: int, district: str = "") -> list[TownQuotas]:
    """Return the towns in scope with their villages' quotas of a year, by code."""
    rows = await database.fetch(
        """SELECT town.code, town.name_zh, town.name_en, d.name_zh AS district_zh, d.name_en AS district_en,
                  count(*) AS villages, count(q.id) AS with_quota, coalesce(sum(q.quota), 0) AS quota,
                  coalesce(sum(q.used), 0) AS used
           FROM place town JOIN place d ON d.id = town.parent_id
           JOIN place village ON village.parent_id = town.id
           LEFT JOIN village_quota q ON q.place_id = village.id AND q.year = $2
           WHERE town.level = 'town' AND town.code LIKE ANY($1) AND starts_with(town.code, $3)
           GROUP BY town.id, d.id ORDER BY town.code""",
        scope.like_patterns(),
        year,
        district,
    )
    return [TownQuotas(**row) for row in rows]


async def villages_below(code: str) -> list[str]:
    """Return the codes of the villages of a place."""
    rows = await database.fetch(
        "SELECT code FROM place WHERE level = 'village' AND code LIKE $1 || '%' ORDER BY code", code
    )
    return [row["code"] for row in rows]
