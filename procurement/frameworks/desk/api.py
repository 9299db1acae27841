"""An officer's frameworks for programs: drawing one up, its steps, the applications that wait."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission, Principal
from app.web.guards import CurrentPrincipal
from app.web.i18n import translate
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.frameworks import queries, service
from procurement.frameworks.admissions import queries as admissions
from procurement.frameworks.admissions.queries import ApplicationView
from procurement.frameworks.api import FrameworkBody
from procurement.frameworks.desk.controllers import OFFICER
from procurement.frameworks.queries import FrameworkView
from procurement.frameworks.service import NewFramework


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Title = Annotated[str, msgspec.Meta(max_length=80, examples=["法治宣传讲座开放式框架协议"])]


class ManagedBody(FrameworkBody, kw_only=True):
    """A framework as its officer sees it, whatever its step."""

    filing_number: Annotated[str, _example("浙财采备〔2026〕7号")]
    admitted: Annotated[int, _example(12)]
    waiting: Annotated[int, _example(2)]

    @classmethod
    def of(cls, view: FrameworkView) -> "ManagedBody":
        """Return what an officer's program sees of a framework."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class SchemeBody(msgspec.Struct):
    """What is bought, at which uniform rate, where and how long; the last day belongs to it."""

    title_zh: Title
    category: Category
    unit: Unit
    rate_fen: Annotated[int, msgspec.Meta(ge=1, examples=[60_000])]
    place_code: Annotated[str, msgspec.Meta(max_length=12, examples=["3301"])]
    starts_on: Annotated[date, _example("2026-12-01")]
    ends_on: Annotated[date, _example("2027-11-30")]
    title_en: Annotated[str, msgspec.Meta(max_length=80, examples=["Open framework for lectures"])] = ""


class ReferenceBody(msgspec.Struct):
    """The number that a framework was given."""

    reference: Annotated[str, _example("KJ-2026-000001")]


class FilingBody(msgspec.Struct):
    """The finance bureau's receipt."""

    filing_number: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["浙财采备〔2026〕7号"])]


class ApplicationBody(msgspec.Struct):
    """An application that waits, until when it is decided, and what stands in the way of admitting it."""

    id: UUID
    product: Annotated[str, _example("CP-2026-000012")]
    title_zh: Annotated[str, _example("民法典进村社")]
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    applied_at: datetime
    due_on: Annotated[date, _example("2026-12-09")]
    blocks: Annotated[list[str], msgspec.Meta(examples=[["产品的最高单价低于框架协议的统一标准。"]])]

    @classmethod
    def of(cls, view: ApplicationView) -> "ApplicationBody":
        """Return what a program sees of an application."""
        blocks = [translate(block.reason) for block in view.blocks]
        return cls(
            view.public_id, view.product_reference, view.title_zh, view.organization_zh, view.applied_at, view.due,
            blocks,
        )  # fmt: skip


@get("/frameworks/managed", guards=[OFFICER], summary="List the frameworks of one's places")
async def list_managed(principal: CurrentPrincipal) -> list[ManagedBody]:
    """Every framework of one's places, those with applications first."""
    rows = await queries.managed(principal.scope(Permission.FRAMEWORK_MANAGE))
    return [ManagedBody.of(row) for row in rows]


@post("/frameworks", guards=[OFFICER], summary="Draw a framework up")
async def draw_up(data: JSONBody[SchemeBody], principal: CurrentPrincipal) -> ReferenceBody:
    """Write the scheme; the next step is its filing."""
    framework_id = await service.draw_up_framework(principal, NewFramework(**msgspec.structs.asdict(data)))
    return ReferenceBody(await queries.reference_of(framework_id))


@post("/frameworks/{reference:str}/filing", guards=[OFFICER], status_code=204, summary="Note a scheme's filing")
async def file_scheme(reference: FromPath[str], data: JSONBody[FilingBody], principal: CurrentPrincipal) -> None:
    """Note the receipt of the finance bureau."""
    await service.file_scheme(principal, await _own(principal, reference), data.filing_number)


@post("/frameworks/{reference:str}/publication", guards=[OFFICER], status_code=204, summary="Publish a call")
async def publish(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Publish the call, with its numbered notice; providers may apply from now on."""
    await service.publish_call(principal, await _own(principal, reference))


@post("/frameworks/{reference:str}/force", guards=[OFFICER], status_code=204, summary="Bring a framework into force")
async def bring_into_force(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Bring it into force; refused with fewer than two suppliers."""
    await service.bring_into_force(principal, await _own(principal, reference))


@get("/frameworks/{reference:str}/applications", guards=[OFFICER], summary="List waiting applications")
async def list_applications(reference: FromPath[str], principal: CurrentPrincipal) -> list[ApplicationBody]:
    """The applications that wait for a decision, the oldest first."""
    rows = await admissions.applications(await _own(principal, reference))
    return [ApplicationBody.of(row) for row in rows]


async def _own(principal: Principal, reference: str) -> int:
    """Return a framework of one's places."""
    return (await queries.framework(reference, principal.scope(Permission.FRAMEWORK_MANAGE))).id
