"""Samples for programs: drawing one, enough to draw each of them again, its evidence, what was found."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.oversight.samples import queries, service
from procurement.oversight.samples.controllers import AUDITOR, READER, evidence_of
from procurement.oversight.samples.queries import ItemView, SampleView
from procurement.oversight.samples.rules import Outcome, Population
from procurement.oversight.samples.service import SampleWish


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


class WishBody(msgspec.Struct):
    """A sample to draw."""

    population: Population
    place_code: Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
    year: Annotated[int, _example(2026)]
    size: Annotated[int, _example(10)]
    seed: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["2026-11-28"])]


class FindingBody(msgspec.Struct):
    """What was found; a question is said in words."""

    outcome: Outcome
    words: Annotated[str, msgspec.Meta(max_length=500, examples=["签到表缺一页。"])] = ""


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


@post("/oversight/samples", guards=[AUDITOR], summary="Draw a sample")
async def draw(data: JSONBody[WishBody], principal: CurrentPrincipal) -> SampleBody:
    """Draw a sample by its seed; its evidence is packed within minutes."""
    reference = await service.draw_sample(principal, SampleWish(**msgspec.structs.asdict(data)))
    found, _ = await queries.sample(principal, reference)
    return SampleBody.of(found)


@get(
    "/oversight/samples/{reference:str}/evidence",
    guards=[READER], media_type="application/zip", summary="Download a sample's evidence",
)  # fmt: skip
async def download_evidence(reference: FromPath[str], principal: CurrentPrincipal) -> Stream:
    """Return the packed evidence; 404 while it is being packed."""
    return await evidence_of(principal, reference)


@post(
    "/oversight/samples/{reference:str}/items/{position:int}/findings",
    guards=[AUDITOR], status_code=204, summary="Note a finding",
)  # fmt: skip
async def note(
    reference: FromPath[str], position: FromPath[int], data: JSONBody[FindingBody], principal: CurrentPrincipal
) -> None:
    """Note what was found in a drawn thing; the latest note counts."""
    _, wanted, _ = await queries.item(principal, reference, position)
    await service.note_finding(principal, wanted.public_id, data.outcome, data.words)
