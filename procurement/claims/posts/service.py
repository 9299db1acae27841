"""Recording posts of full-time mediators, and their end."""

from datetime import date

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from procurement.claims.cases.rules import OwnCase
from procurement.claims.posts import rules
from procurement.claims.posts.rules import PostDraft

CONSTRAINTS = {"mediator_post_one_at_a_time": rules.PostOverlaps}


async def record_post(principal: Principal, draft: PostDraft) -> int:
    """Record a post as its document says; return its id. A job claims each month that is over."""
    scope = principal.scope(Permission.CASE_RECORD)
    if found := rules.faults(draft):
        raise InvalidInput(found)
    async with database.refusing(CONSTRAINTS), transaction():
        code = await database.fetch_value("SELECT code FROM place WHERE id = $1", draft.place_id)
        account = await database.fetch_value("SELECT account_id FROM person WHERE id = $1", draft.person_id)
        if code is None or account is None:
            raise NotFound
        scope.require_place(code)
        if account == principal.account_id:
            raise OwnCase
        values = {
            "person_id": draft.person_id, "place_id": draft.place_id, "agency_zh": draft.agency_zh.strip(),
            "document": draft.document.strip(), "monthly_fen": draft.monthly_fen, "from_day": draft.from_day,
            "until_day": draft.until_day, "recorded_by": principal.actor, "recorded_at": clock.now(),
        }  # fmt: skip
        post_id = await database.insert_row("mediator_post", values)
        await audit.record(principal, "mediator_post.recorded", "mediator_post", post_id)
    return post_id


async def end_post(principal: Principal, post_id: int, until_day: date) -> None:
    """Say the last day of a post whose end was open; what was claimed for later months is judged as any claim."""
    scope = principal.scope(Permission.CASE_RECORD)
    async with transaction():
        post = await database.fetch_one(
            """SELECT m.from_day, m.until_day, place.code FROM mediator_post m JOIN place ON place.id = m.place_id
               WHERE m.id = $1 FOR NO KEY UPDATE OF m""",
            post_id,
        )
        if post is None or not scope.covers_place(post["code"]):
            raise NotFound
        if post["until_day"] is not None:
            raise rules.PostEnded
        found = rules.faults(PostDraft(1, 1, "-", "-", 1, post["from_day"], until_day))
        if found:
            raise InvalidInput(found)
        await database.update_row("mediator_post", post_id, {"until_day": until_day})
        await audit.record(principal, "mediator_post.ended", "mediator_post", post_id, until=until_day.isoformat())
