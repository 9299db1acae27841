"""Flagship projects for programs: what a year promised, how far it is; officers propose and decide."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core import clock
from app.core.access import Permission, Principal
from app.web.api import Page
from app.web.guards import CurrentPrincipal, public
from marketplace.flagships import queries, service
from marketplace.flagships.controllers import OFFICER
from marketplace.flagships.queries import FlagshipView
from marketplace.flagships.rules import FlagshipEvent, FlagshipStatus, Promise
from marketplace.products.content import Unit

Year = Annotated[int, msgspec.Meta(examples=[2026])]
Code = Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
TitleZh = Annotated[str, msgspec.Meta(max_length=60, examples=["讨薪讲堂进工地"])]
TitleEn = Annotated[str, msgspec.Meta(max_length=120, examples=["Wage talks on building sites"])]
PromiseZh = Annotated[str, msgspec.Meta(max_length=20_000, examples=["年底前到工地讲 100 场。"])]
Target = Annotated[int, msgspec.Meta(examples=[100])]
Result = Annotated[str, msgspec.Meta(max_length=20_000, examples=["完成 97 场，3 场因台风取消。"])]
Reference = Annotated[str, msgspec.Meta(examples=["CP-2026-000123"])]


class ProjectBody(msgspec.Struct):
    """A project with its progress: ``reached`` of ``target`` accepted units of its products."""

    reference: Annotated[str, msgspec.Meta(examples=["SS-2026-000001"])]
    year: Year
    place_code: Code
    title_zh: TitleZh
    title_en: TitleEn
    promise_zh: PromiseZh
    unit: Unit
    target: Target
    reached: Annotated[int, msgspec.Meta(examples=[64])]
    status: FlagshipStatus
    decided_at: datetime | None
    closed_at: datetime | None
    result_zh: Result
    products: list[Reference]

    @classmethod
    def of(cls, view: FlagshipView) -> "ProjectBody":
        """Return what a program sees of a project."""
        names = [name for name in cls.__struct_fields__ if name not in ("unit", "products")]
        known = {name: getattr(view, name) for name in names}
        return cls(**known, unit=Unit(view.unit), products=[product.reference for product in view.products])


class NewProjectBody(msgspec.Struct):
    """A project to propose; its progress is counted by its products, which have the target's unit."""

    year: Year
    place_code: Code
    title_zh: TitleZh
    promise_zh: PromiseZh
    unit: Unit
    target: Target
    products: Annotated[list[Reference], msgspec.Meta(max_length=300)]
    title_en: TitleEn = ""

    def promise(self) -> Promise:
        """Return what the service takes."""
        return Promise(**{**msgspec.structs.asdict(self), "products": tuple(self.products)})


class DecisionBody(msgspec.Struct):
    """A decision; completing and dropping say the result or the reason, which everybody reads."""

    event: FlagshipEvent
    result_zh: Result = ""


@get("/projects", guards=[public], summary="List flagship projects")
async def list_projects(principal: CurrentPrincipal, year: FromQuery[int | None] = None) -> Page[ProjectBody]:
    """The projects of a year with their progress, this year's unless said otherwise; officers also see proposals."""
    rows = await queries.of_year(year or clock.today().year, adopted=_adopted_only(principal))
    return Page([ProjectBody.of(row) for row in rows])


@get("/projects/{reference:str}", guards=[public], summary="Show a flagship project")
async def show_project(reference: FromPath[str], principal: CurrentPrincipal) -> ProjectBody:
    """Show one project with its progress; a proposal is found by officers only."""
    return ProjectBody.of(await queries.project(reference, adopted=_adopted_only(principal)))


@post("/projects", guards=[OFFICER], summary="Propose a flagship project")
async def propose(data: JSONBody[NewProjectBody], principal: CurrentPrincipal) -> ProjectBody:
    """Propose a project of one's place for this year or the next; another person adopts it."""
    reference = await service.propose(principal, data.promise())
    return ProjectBody.of(await queries.project(reference, adopted=False))


@post("/projects/{reference:str}/decision", guards=[OFFICER], status_code=200, summary="Decide on a flagship project")
async def decide(reference: FromPath[str], data: JSONBody[DecisionBody], principal: CurrentPrincipal) -> ProjectBody:
    """Adopt what another person proposed, complete it with what was reached, or drop it."""
    await service.decide(principal, reference, data.event, data.result_zh)
    return ProjectBody.of(await queries.project(reference, adopted=False))


def _adopted_only(principal: Principal) -> bool:
    return not principal.can(Permission.PRODUCT_REVIEW)
