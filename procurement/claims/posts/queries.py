"""Reading posts of full-time mediators."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from procurement.claims.cases.queries import named
from procurement.claims.posts.forms import PostForm
from procurement.claims.posts.rules import PostDraft


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with what its months came to."""

    public_id: UUID
    mediator: str
    agency: str
    document: str
    monthly_fen: int
    from_day: date
    until_day: date | None
    months: int
    claimed_fen: int


async def posts(principal: Principal) -> list[PostRow]:
    """Return the posts of the office's places, those that go on first."""
    rows = await database.fetch(
        """SELECT m.public_id, p.name AS mediator, m.agency_zh AS agency, m.document, m.monthly_fen,
                  m.from_day, m.until_day,
                  count(c.id) AS months, coalesce(sum(c.amount_fen), 0)::bigint AS claimed_fen
           FROM mediator_post m JOIN person p ON p.id = m.person_id JOIN place ON place.id = m.place_id
           LEFT JOIN claim c ON c.mediator_post_id = m.id AND claim_lives(c.status)
           WHERE place.code LIKE ANY ($1) GROUP BY m.id, p.id
           ORDER BY m.until_day DESC NULLS FIRST, m.id DESC LIMIT 500""",
        principal.scope(Permission.CASE_RECORD).like_patterns(),
    )
    return [PostRow(**row) for row in rows]


async def draft_of(form: PostForm) -> PostDraft:
    """Return what a form states, or refuse words that name nobody or no place."""
    person_id, place_id = await named(form.licence, form.district)
    return PostDraft(person_id, place_id, form.agency, form.document, form.monthly_fen, form.from_day, form.until_day)


async def id_of(public_id: UUID) -> int:
    """Return the post that a random id names; whoever acts on it is checked there."""
    found = await database.fetch_value("SELECT id FROM mediator_post WHERE public_id = $1", public_id)
    if found is None:
        raise NotFound
    return int(found)


async def public_id_of(post_id: int) -> UUID:
    """Return the random id of a post that was just recorded."""
    found: UUID = await database.fetch_value("SELECT public_id FROM mediator_post WHERE id = $1", post_id)
    return found
