"""Reading suggestions: a few of each kind, from what is there."""

from dataclasses import dataclass

from app.core import database
from app.core.text import N_
from marketplace.places.queries import find_places
from marketplace.products.catalogue.filters import asked_question

PRODUCTS, PROVIDERS, PLACES = 6, 3, 3
LOOKED_AT = 400
"""Products ranked for a suggestion: the first letters of a word may match very many."""

_TITLES = f"""
SELECT v.title_zh, v.title_en, max(near.rank) AS rank
FROM (SELECT l.product_id, ts_rank(l.heads, $2::tsquery) AS rank FROM listing l
      WHERE l.shown AND l.search @@ $1::tsquery LIMIT {LOOKED_AT}) near
JOIN product p ON p.id = near.product_id
JOIN product_version v ON v.product_id = p.id AND v.number = p.listed_version
GROUP BY v.title_zh, v.title_en ORDER BY rank DESC, v.title_zh LIMIT {PRODUCTS}
"""

_PROVIDERS = f"""
SELECT name_zh, name_en FROM organization
WHERE status = 'verified' AND (strpos(name_zh, $1) > 0 OR strpos(lower(name_en), lower($1)) > 0)
ORDER BY strpos(name_zh, $1), id LIMIT {PROVIDERS}
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that may be meant, and what kind of thing it is (a msgid)."""

    kind: str
    name_zh: str
    name_en: str


async def suggestions(text: str) -> list[Suggestion]:
    """Return what may be meant: products first, then who offers, then where."""
    typed = text.strip()
    if not typed:
        return []
    question = await asked_question(typed)
    found = []
    if question.rank_wide:
        rows = await database.fetch(_TITLES, question.at(0), question.rank_wide)
        found = [Suggestion(N_("服务"), row["title_zh"], row["title_en"]) for row in rows]
    providers = await database.fetch(_PROVIDERS, typed)
    found += [Suggestion(N_("提供方"), row["name_zh"], row["name_en"]) for row in providers]
    found += [Suggestion(N_("地区"), place.name_zh, place.name_en) for place in await find_places(typed, PLACES)]
    return found
