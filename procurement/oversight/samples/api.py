"""Samples for programs: enough to draw each of them again."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.oversight.samples import queries
from procurement.oversight.samples.queries import ItemView, SampleView
from procurement.oversight.samples.rules import Outcome, Population

READER = requires(Permission.LEDGER_READ)


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class SampleBody(msgspec.Struct):
    """A sample: the smallest SHA-256 of seed, line feed and reference."""

    reference: Annotated[str, _example("CY-2026-000001")]
    population: Population
    place_code: Annotated[str, _example("330106")]
    year: Annotated[int, _example(2026)]
    seed: Annotated[str, _example("2026-11-28")]
    size: Annotated[int, _example(10)]
    population_count: Annotated[int, _example(412)]
    population_sha256: Annotated[str, _example("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    drawn_at: datetime
    looked: Annotated[int, _example(4)]
    questions: Annotated[int, _example(1)]
    packed: bool

    @classmethod
    def of(cls, view: SampleView) -> "SampleBody":
        """Return what a program sees of a sample."""
        return cls(
            view.reference, view.population, view.place_code, view.year, view.seed, view.size, view.population_count,
            view.population_sha256, view.drawn_at, view.looked, view.questions, view.bytes is not None,
        )  # fmt: skip


class ItemBody(msgspec.Struct):
    """One drawn thing with the digest that drew it, and what was found in it."""

    position: Annotated[int, _example(1)]
    reference: Annotated[str, _example("DD-2026-000017")]
    digest: Annotated[str, _example("00a1…")]
    outcome: Outcome | None

    @classmethod
    def of(cls, view: ItemView) -> "ItemBody":
        """Return what a program sees of a drawn thing."""
        return cls(view.position, view.reference, view.digest, view.outcome)


class DrawnBody(msgspec.Struct):
    """A sample with what it drew."""

    sample: SampleBody
    items: list[ItemBody]


@get("/oversight/samples", guards=[READER], summary="List samples")
async def list_samples(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Page[SampleBody]:
    """The samples of one's places, the latest first."""
    found = await queries.samples(principal, decode_cursor(cursor, int), PAGE + 1)
    return page_of(sliced(found, key=lambda row: row.id), SampleBody.of)


@get("/oversight/samples/{reference:str}", guards=[READER], summary="Show a sample")
async def show_sample(reference: FromPath[str], principal: CurrentPrincipal) -> DrawnBody:
    """One sample with the things it drew, in the order of their digests."""
    found, items = await queries.sample(principal, reference)
    return DrawnBody(SampleBody.of(found), [ItemBody.of(one) for one in items])
