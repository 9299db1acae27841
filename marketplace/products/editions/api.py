"""The catalogue's editions for programs: the years with their entries; officers draw up, decide and publish."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core import clock
from app.core.access import Permission, Principal
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public
from app.web.pagination import decode_cursor, page_size, sliced
from marketplace.organizations.provision import Category
from marketplace.products.editions import queries, rules, service
from marketplace.products.editions.controllers import OFFICER
from marketplace.products.editions.queries import EditionView, EntryView
from marketplace.products.editions.rules import EditionStatus, Fate
from marketplace.products.editions.service import EntryDecision

Year = Annotated[int, msgspec.Meta(examples=[2027])]
Reference = Annotated[str, msgspec.Meta(examples=["CP-2026-000123"])]
Reason = Annotated[str, msgspec.Meta(max_length=20_000, examples=["提供方已停办。"])]


class EditionBody(msgspec.Struct):
    """An edition, and how many products it adds, keeps, adjusts and retires."""

    year: Year
    status: EditionStatus
    published_at: datetime | None
    counts: Annotated[dict[Fate, int], msgspec.Meta(examples=[{"new": 12, "keep": 80, "adjust": 5, "retire": 3}])]

    @classmethod
    def of(cls, view: EditionView) -> "EditionBody":
        """Return what a program sees of an edition."""
        return cls(view.year, view.status, view.published_at, dict(view.counts))


class EntryBody(msgspec.Struct):
    """A product in an edition, with the use and the ratings of the year before that it was decided by."""

    reference: Reference
    title_zh: Annotated[str, msgspec.Meta(examples=["民法典进村社"])]
    title_en: str
    category: Category
    organization: UUID
    decision: Fate
    reason: Reason
    units: Annotated[int, msgspec.Meta(examples=[12])]
    ratings: Annotated[int, msgspec.Meta(examples=[6])]
    mean: Annotated[float | None, msgspec.Meta(examples=[4.8])]

    @classmethod
    def of(cls, view: EntryView) -> "EntryBody":
        """Return what a program sees of an entry."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class DrawUpBody(msgspec.Struct):
    """The year of a new edition: this one or the next."""

    year: Year


class DecisionBody(msgspec.Struct):
    """What becomes of some products; against the proposal only with a reason."""

    fate: Fate
    products: Annotated[list[Reference], msgspec.Meta(min_length=1, max_length=1000)]
    reason: Reason = ""


class DecidedBody(msgspec.Struct):
    """How many entries were decided."""

    decided: Annotated[int, msgspec.Meta(examples=[3])]


@get("/catalogue-editions", guards=[public], summary="List the catalogue's editions")
async def list_editions(principal: CurrentPrincipal) -> Page[EditionBody]:
    """The published years, the newest first; officers also see the one that is being drawn up."""
    return Page([EditionBody.of(row) for row in await queries.editions(published=_published_only(principal))])


@get("/catalogue-editions/{year:int}", guards=[public], summary="Show an edition")
async def show_edition(year: FromPath[int], principal: CurrentPrincipal) -> EditionBody:
    """Show one year with its counts; a draft is found by officers only."""
    return EditionBody.of(await queries.edition(year, published=_published_only(principal)))


@get("/catalogue-editions/{year:int}/entries", guards=[public], summary="List an edition's entries")
async def list_entries(
    year: FromPath[int],
    principal: CurrentPrincipal,
    fate: FromQuery[Fate | None] = None,
    category: FromQuery[Category | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EntryBody]:
    """The products of one year, in the order in which they were listed, by what becomes of them or by category."""
    await queries.edition(year, published=_published_only(principal))
    size = page_size(limit)
    rows = await queries.entries(year, fate or "", category or "", decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), EntryBody.of)


@post("/catalogue-editions", guards=[OFFICER], summary="Draw an edition up")
async def draw_up(data: JSONBody[DrawUpBody], principal: CurrentPrincipal) -> EditionBody:
    """Propose for every listed product what the year does with it, by its use and ratings."""
    rules.refuse_far_year(data.year, clock.today().year)
    await service.draw_up(principal, data.year)
    return EditionBody.of(await queries.edition(data.year, published=False))


@post(
    "/catalogue-editions/{year:int}/decisions", guards=[OFFICER], status_code=200, summary="Decide an edition's entries"
)
async def decide(year: FromPath[int], data: JSONBody[DecisionBody], principal: CurrentPrincipal) -> DecidedBody:
    """Decide for some products at once, all or none."""
    asked = EntryDecision(data.products, data.fate, data.reason)
    return DecidedBody(await service.decide_entries(principal, year, asked))


@post("/catalogue-editions/{year:int}/publication", guards=[OFFICER], status_code=200, summary="Publish an edition")
async def publish(year: FromPath[int], principal: CurrentPrincipal) -> EditionBody:
    """Publish, which freezes it; who drew it up leaves this to another officer."""
    await service.publish(principal, year)
    return EditionBody.of(await queries.edition(year, published=True))


def _published_only(principal: Principal) -> bool:
    return not principal.can(Permission.PRODUCT_REVIEW)
