"""What the office reads: how many villages are paired, which are not, who could come."""

from dataclasses import dataclass
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from marketplace.places.rules import LEVEL_BY_LENGTH, Level
from volunteers.pairings.rules import RENEW_WITHIN, PairingKind

MOST_CANDIDATES = 20
MANY_VILLAGES = 5
"""Who has so many villages already stands behind those who have fewer, however near."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many villages of a district or town have one who comes today."""

    code: str
    name_zh: str
    name_en: str
    villages: int
    paired: int

    @property
    def percent(self) -> float:
        """Return the share in per cent with one decimal."""
        return round(1000 * self.paired / self.villages) / 10 if self.villages else 0.0


@dataclass(frozen=True, slots=True)
class Village:
    """A village that nobody is paired with."""

    code: str
    name_zh: str
    name_en: str
    town_zh: str
    town_en: str
    rural: bool
    proposed: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could come, with what helps to choose."""

    public_id: UUID
    name: str
    firm_zh: str
    languages: tuple[str, ...]
    metres: int
    villages: int


_PAIRED = """
EXISTS (SELECT FROM pairing p WHERE p.place_id = v.id AND p.kind = $2 AND p.status = 'active'
        AND $3 BETWEEN p.from_day AND p.until_day)
"""
_COVERAGE = f"""
SELECT area.code, area.name_zh, area.name_en, counted.villages, counted.paired
FROM (SELECT left(v.code, $4) AS code, count(*)::integer AS villages,
             count(*) FILTER (WHERE {_PAIRED})::integer AS paired
      FROM place v WHERE v.level = 'village' AND v.code LIKE $1 || '%' GROUP BY 1) AS counted
JOIN place area ON area.code = counted.code ORDER BY area.code
"""
_UNPAIRED = f"""
SELECT v.code, v.name_zh, v.name_en, town.name_zh AS town_zh, town.name_en AS town_en, v.rural,
       EXISTS (SELECT FROM pairing p WHERE p.place_id = v.id AND p.kind = $2 AND p.status = 'proposed') AS proposed
FROM place v JOIN place town ON town.id = v.parent_id
WHERE v.level = 'village' AND v.code LIKE $1 || '%' AND NOT {_PAIRED} AND ($4::text IS NULL OR v.code > $4)
ORDER BY v.code LIMIT $5
"""
_CANDIDATES = """
SELECT p.public_id, p.name, coalesce(o.name_zh, '') AS firm_zh, p.languages,
       abs(p.home_east_m - v.east_m) + abs(p.home_north_m - v.north_m) AS metres, held.villages
FROM place v CROSS JOIN person p JOIN place home ON home.id = p.home_place_id
LEFT JOIN organization o ON o.id = p.organization_id
CROSS JOIN LATERAL (SELECT count(*)::integer AS villages FROM pairing x
                    WHERE x.person_id = p.id AND x.status = 'active') AS held
WHERE v.code = $1 AND p.status = 'active' AND home.code LIKE ANY ($3) AND ($4 = '' OR strpos(p.name, $4) > 0)
  AND (pairing_credentials($2) = '{}' OR EXISTS (
      SELECT FROM credential c WHERE c.person_id = p.id AND c.kind = ANY (pairing_credentials($2))
        AND c.verified_at IS NOT NULL AND coalesce(c.valid_until, 'infinity') >= $5))
ORDER BY held.villages / $6, metres, p.id LIMIT $7
"""
_FIRMS = """
SELECT uscc, name_zh FROM organization WHERE status = 'verified' AND kind = ANY (pairing_organizations($1))
ORDER BY name_zh, uscc LIMIT 300
"""
_DUE = """
SELECT count(*) FROM pairing p JOIN place ON place.id = p.place_id
WHERE p.status = 'active' AND p.until_day BETWEEN $2 AND $3 AND place.code LIKE ANY ($1)
  AND NOT EXISTS (SELECT FROM pairing later WHERE later.place_id = p.place_id AND later.kind = p.kind
                  AND later.status = 'active' AND later.from_day > p.until_day)
"""


def area_of(principal: Principal, asked: str) -> str:
    """Return the place whose villages are looked at: the one asked for, or the officer's own."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    area = asked if asked and len(asked) in LEVEL_BY_LENGTH else (scope.place_codes or ("",))[0]
    scope.require_place(area)
    return area


async def coverage(area: str, kind: PairingKind) -> list[Coverage]:
    """Return the parts of a place (a city's districts, a district's towns, a town's villages) with their shares."""
    length = next((length for length in LEVEL_BY_LENGTH if length > len(area)), len(area))
    rows = await database.fetch(_COVERAGE, area, kind, clock.today(), length)
    return [Coverage(**row) for row in rows]


async def unpaired(area: str, kind: PairingKind, after: str | None, limit: int) -> list[Village]:
    """Return the villages below a place that have nobody of a kind today, by code."""
    rows = await database.fetch(_UNPAIRED, area, kind, clock.today(), after, limit)
    return [Village(**row) for row in rows]


async def renewals_due(principal: Principal) -> int:
    """Return how many pairings at the officer's places end soon and have no successor."""
    patterns = principal.scope(Permission.DISPATCH_PLAN).like_patterns()
    today = clock.today()
    return int(await database.fetch_value(_DUE, patterns, today, today + RENEW_WITHIN))


async def candidates(principal: Principal, village: str, kind: PairingKind, text: str) -> list[Candidate]:
    """Return people at home in the officer's places who may do the work: who has few villages first, then the near."""
    patterns = principal.scope(Permission.DISPATCH_PLAN).like_patterns()
    rows = await database.fetch(
        _CANDIDATES, village, kind, patterns, text, clock.today(), MANY_VILLAGES, MOST_CANDIDATES
    )
    return [Candidate(**{**row, "languages": tuple(row["languages"])}) for row in rows]


async def firms(kind: PairingKind) -> list[tuple[str, str]]:
    """Return credit code and name of the organizations that may do the work."""
    return [(row["uscc"], row["name_zh"]) for row in await database.fetch(_FIRMS, kind)]


async def villages_named(area: str, text: str, limit: int = 20) -> list[Village]:
    """Find villages below a place by a part of their name."""
    rows = await database.fetch(
        """SELECT v.code, v.name_zh, v.name_en, town.name_zh AS town_zh, town.name_en AS town_en, v.rural,
                  false AS proposed
           FROM place v JOIN place town ON town.id = v.parent_id
           WHERE v.level = 'village' AND v.code LIKE $1 || '%' AND (strpos(v.name_zh, $2) > 0 OR v.code LIKE $2 || '%'
                 OR strpos(lower(v.name_en), lower($2)) > 0) ORDER BY v.code LIMIT $3""",
        *(area, text, limit),
    )
    return [Village(**row) for row in rows]


async def parties(person: UUID | None, uscc: str) -> tuple[int | None, int | None]:
    """Return the ids behind a person's public id and an organization's credit code; an unknown one is refused."""
    row = await database.fetch_one(
        """SELECT (SELECT id FROM person WHERE public_id = $1) AS person,
                  (SELECT id FROM organization WHERE uscc = $2) AS organization""",
        *(person, uscc.strip().upper()),
    )
    found = row or {"person": None, "organization": None}
    if person and found["person"] is None:
        raise InvalidInput({"person": Message(N_("没有这个人。请从名单里选。"))})
    if uscc.strip() and found["organization"] is None:
        raise InvalidInput({"organization": Message(N_("没有这个单位。请从名单里选。"))})
    return found["person"], found["organization"]


async def village_id(code: str) -> int:
    """Return the id of a village by its code, or say that it is none."""
    found = await database.fetch_value("SELECT id FROM place WHERE code = $1 AND level = $2", code, Level.VILLAGE)
    if found is None:
        raise InvalidInput({"place": Message(N_("请选一个村或社区。"))})
    return int(found)
