"""The wall as everybody reads it: words, category, counts by town; who may do what with a wish."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound
from marketplace.organizations.provision import Category
from marketplace.products.content import TargetGroup
from marketplace.wishes.rules import WishStatus
from marketplace.wishes.service import OVER


@dataclass(frozen=True, slots=True)
class WishRow:
    """A wish on the wall."""

    id: int
    reference: str
    category: Category
    target_group: TargetGroup
    words_zh: str
    status: WishStatus
    written_at: datetime
    reason: str
    place_code: str
    town_zh: str
    town_en: str
    district_zh: str
    district_en: str
    villages: int


@dataclass(frozen=True, slots=True)
class TownCount:
    """How many villages of a town want it."""

    name_zh: str
    name_en: str
    villages: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Who answers, and with what once that is public."""

    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    product: str | None  # the reference of a listed product
    title_zh: str | None
    title_en: str | None
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose from: a village, or one's own product."""

    code: str
    name_zh: str
    name_en: str


_WISH = """
SELECT w.id, w.reference, w.category, w.target_group, w.words_zh, w.status, w.written_at, w.reason,
       place.code AS place_code, town.name_zh AS town_zh, town.name_en AS town_en, d.name_zh AS district_zh,
       d.name_en AS district_en, (SELECT count(*) FROM wish_support s WHERE s.wish_id = w.id) AS villages
FROM wish w JOIN place ON place.id = w.place_id JOIN place town ON town.id = place.parent_id
JOIN place d ON d.id = town.parent_id
"""


async def wall(
    category: str = "", district: str = "", *, over: bool = False, after: int | None = None, limit: int = 25
) -> list[WishRow]:
    """Return wishes, the newest first: those that are alive, or those that are over."""
    rows = await database.fetch(
        f"""{_WISH} WHERE ($1 = '' OR w.category = $1) AND starts_with(place.code, $2)
            AND w.status = ANY($3) AND ($4::bigint IS NULL OR w.id < $4) ORDER BY w.id DESC LIMIT $5""",
        *(category, district, ["fulfilled", "closed"] if over else ["open", "answered"], after, limit),
    )
    return [_row(row) for row in rows]


async def wish(reference: str) -> WishRow:
    """Return one wish."""
    row = await database.fetch_one(f"{_WISH} WHERE w.reference = $1", reference)
    if row is None:
        raise NotFound
    return _row(row)


async def towns_of(wish_id: int) -> list[TownCount]:
    """Return where the villages lie that want it; a village is never named."""
    rows = await database.fetch(
        """SELECT town.name_zh, town.name_en, count(*) AS villages FROM wish_support s
           JOIN place ON place.id = s.place_id JOIN place town ON town.id = place.parent_id
           WHERE s.wish_id = $1 GROUP BY town.id ORDER BY count(*) DESC, town.code""",
        wish_id,
    )
    return [TownCount(**row) for row in rows]


async def answers_of(wish_id: int) -> list[AnswerRow]:
    """Return who answers; a product is named once it is listed."""
    rows = await database.fetch(
        """SELECT o.public_id AS organization_public_id, o.name_zh AS organization_zh, o.name_en AS organization_en,
                  CASE WHEN v.id IS NOT NULL THEN p.reference END AS product, v.title_zh, v.title_en, a.answered_at
           FROM wish_answer a JOIN product p ON p.id = a.product_id JOIN organization o ON o.id = p.organization_id
           LEFT JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version AND p.status = 'listed'
           WHERE a.wish_id = $1 ORDER BY a.id""",
        wish_id,
    )
    return [AnswerRow(**row) for row in rows]


async def supporting_villages(principal: Principal, found: WishRow) -> list[Choice]:
    """Return the person's villages of the wish's district that have not said that they want it."""
    scope = principal.scopes.get(Permission.ORDER_PLACE)
    return await _villages(scope, found.place_code[:6], found.id) if scope else []


async def own_villages(principal: Principal) -> list[Choice]:
    """Return the villages that a clerk speaks for."""
    return await _villages(principal.scope(Permission.ORDER_PLACE), "", 0)


async def answering_products(principal: Principal, found: WishRow) -> list[Choice]:
    """Return the person's own products with which the wish could be answered."""
    scope = principal.scopes.get(Permission.PRODUCT_WRITE)
    if scope is None:
        return []
    rows = await database.fetch(
        """SELECT p.reference AS code, v.title_zh AS name_zh, v.title_en AS name_en FROM product p
           JOIN product_version v ON v.product_id = p.id AND v.number = p.latest_version
           WHERE p.organization_id = ANY($1) AND p.category = $2 AND p.status <> ALL($3)
             AND NOT EXISTS (SELECT FROM wish_answer a WHERE a.wish_id = $4 AND a.product_id = p.id)
           ORDER BY p.id DESC LIMIT 100""",
        *(list(scope.organization_ids), found.category.value, list(OVER), found.id),
    )
    return [Choice(**row) for row in rows]


async def _villages(scope: Scope, under: str, wish_id: int) -> list[Choice]:
    rows = await database.fetch(
        """SELECT place.code, place.name_zh, place.name_en FROM place
           WHERE place.level = 'village' AND place.code LIKE ANY($1) AND starts_with(place.code, $2)
             AND NOT EXISTS (SELECT FROM wish_support s WHERE s.wish_id = $3 AND s.place_id = place.id)
           ORDER BY place.code LIMIT 400""",
        *(scope.like_patterns(), under, wish_id),
    )
    return [Choice(**row) for row in rows]


def _row(row: dict[str, object]) -> WishRow:
    typed = {
        "category": Category(str(row["category"])),
        "target_group": TargetGroup(str(row["target_group"])),
        "status": WishStatus(str(row["status"])),
    }
    return WishRow(**{**row, **typed})  # type: ignore[arg-type]
