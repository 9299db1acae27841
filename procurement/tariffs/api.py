"""Tariffs for programs: which there are, and one as the engine reads it."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal, public
from procurement.tariffs import queries, service
from procurement.tariffs.controllers import MANAGERS
from procurement.tariffs.engine.document import json_schema, write_set, write_yaml
from procurement.tariffs.queries import FINGERPRINT, TariffRow
from procurement.tariffs.succession import succession_of


class TariffBody(msgspec.Struct):
    """A tariff set; ``id`` is the beginning of its sha256, ``label`` says if it is not official."""

    id: Annotated[str, msgspec.Meta(examples=["3f2a9c0d1b7e4455"])]
    family: Annotated[str, msgspec.Meta(examples=["legal_service_subsidy"])]
    region: Annotated[str, msgspec.Meta(examples=["330100"])]
    document: Annotated[str, msgspec.Meta(examples=["hangzhou_demo"])]
    label: Annotated[str, msgspec.Meta(examples=["Demonstration tariff (not official)"])]
    effective_from: Annotated[date, msgspec.Meta(examples=["2026-01-01"])]
    effective_to: date | None
    status: Annotated[str, msgspec.Meta(examples=["published"])]
    sha256: str

    @classmethod
    def of(cls, row: TariffRow) -> "TariffBody":
        """Return the body of a view."""
        return cls(
            row.sha256[:FINGERPRINT], row.family, row.region, row.document, row.label_en or row.label_zh,
            row.effective_from, row.effective_to, row.status, row.sha256,
        )  # fmt: skip


class EndedBody(msgspec.Struct):
    """The set in force that publishing a draft ends, and its last day then."""

    id: Annotated[str, msgspec.Meta(examples=["3f2a9c0d1b7e4455"])]
    effective_to: Annotated[date, msgspec.Meta(examples=["2026-12-31"])]


class TariffDetailBody(TariffBody):
    """A set with its document: lines, modifiers, caps and rounding, amounts as decimal text in yuan.

    ``ends`` stands at a draft: the set in force without an end that publishing it ends.
    """

    body: dict[str, Any] = {}
    ends: EndedBody | None = None


@get("/tariffs", guards=[public], summary="List tariffs")
async def list_tariffs(principal: CurrentPrincipal) -> list[TariffBody]:
    """Return the published sets, newest first; those who publish also see drafts."""
    return [TariffBody.of(row) for row in await queries.visible_rows(principal)]


@get("/tariffs/{fingerprint:str}", guards=[public], summary="Show a tariff")
async def show_tariff(principal: CurrentPrincipal, fingerprint: FromPath[str]) -> TariffDetailBody:
    """Return one set as the engine reads it."""
    found = await queries.tariff_page(principal, fingerprint)
    body = msgspec.json.decode(write_set(found.tariff))
    ended = await succession_of(found.id)
    ends = EndedBody(ended.sha256[:FINGERPRINT], ended.last_day) if ended else None
    return TariffDetailBody(**msgspec.structs.asdict(TariffBody.of(found.row)), body=body, ends=ends)


@get("/tariffs/schema", guards=[public], summary="Show the schema of a tariff")
async def show_schema() -> dict[str, Any]:
    """Return the JSON Schema of a tariff document; amounts are decimal text in yuan."""
    return json_schema()


@get("/tariffs/{fingerprint:str}/document", guards=[public], media_type="application/yaml", summary="Download a tariff")
async def show_document(principal: CurrentPrincipal, fingerprint: FromPath[str]) -> bytes:
    """Return one set as YAML, as ``fahui tariffs check`` and drafting read it."""
    return write_yaml((await queries.tariff_page(principal, fingerprint)).tariff)


@post("/tariffs", guards=[MANAGERS], summary="Draft a tariff")
async def draft_tariff(data: JSONBody[dict[str, Any]], principal: CurrentPrincipal) -> TariffBody:
    """Store a set as a draft, in the form in which one is shown as ``body``; another person publishes it."""
    tariff_id = await service.draft_tariff(principal, msgspec.json.encode(data))
    return TariffBody.of((await queries.tariff_page(principal, await queries.fingerprint_of(tariff_id))).row)


@post("/tariffs/{fingerprint:str}/publication", guards=[MANAGERS], status_code=204, summary="Publish a tariff")
async def publish_tariff(fingerprint: FromPath[str], principal: CurrentPrincipal) -> None:
    """Publish a draft that another person made; a set with gaps or overlaps is refused.

    A set in force without an end, begun before the draft, ends on the day before; refused if it has priced later work.
    """
    await service.publish_tariff(principal, (await queries.tariff_page(principal, fingerprint)).id)
