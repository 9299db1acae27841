"""Following the answers to a published plan: the figures that renew themselves, and who said what, by name."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from app.web.pagination import decode_cursor, sliced
from volunteers.dispatch import queries as plans
from volunteers.dispatch.offers import queries
from volunteers.dispatch.offers.queries import AskedPerson
from volunteers.dispatch.offers.rules import CAUSE_NAMES, REASON_NAMES, OfferStatus
from volunteers.dispatch.offers.tags import OFFER_TAGS
from volunteers.dispatch.pages import crumbs, plan_text

PLANNER = requires(Permission.DISPATCH_PLAN)
FOLDER = "volunteers/dispatch/offers"


@get("/dispatch/{run:uuid}/answers", guards=[PLANNER])
async def answers(
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    status: FromQuery[OfferStatus | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show by name who was asked for which shift and what they said."""
    view = await plans.run_view(principal, run)
    rows = await queries.asked_by(run, status, decode_cursor(cursor, tuple[datetime, UUID]))
    return await page(
        f"{FOLDER}/answers.html",
        run=view,
        plan=plan_text(view),
        shown=status,
        answers=await queries.answers_of(run),
        part=sliced(rows, asked_key),
        offer_tags=OFFER_TAGS,
        reason_names=REASON_NAMES,
        cause_names=CAUSE_NAMES,
        crumbs=crumbs(view, Crumb(N_("答复"))),
    )


@get("/dispatch/{run:uuid}/answers/now", guards=[PLANNER])
async def answers_now(run: FromPath[UUID], principal: CurrentPrincipal, seen: FromQuery[str] = "") -> Response[Any]:
    """Return the figures of the answers, or nothing if they have not changed."""
    view = await plans.run_view(principal, run)
    counted = await queries.answers_of(run)
    if seen == printed(counted):
        return Response(None, status_code=204)
    return await page(f"{FOLDER}/now.html", run=view, answers=counted, print=printed(counted), offer_tags=OFFER_TAGS)


def printed(counted: Mapping[OfferStatus, int]) -> str:
    """Return a short word that changes when the figures do."""
    return hashlib.sha256(repr(sorted(counted.items())).encode()).hexdigest()[:12]


def asked_key(row: AskedPerson) -> tuple[datetime, UUID]:
    """Return where somebody stands in the list."""
    return row.starts, row.offer
