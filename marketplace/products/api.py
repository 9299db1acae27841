"""Products for programs: the public catalogue, and a provider's own."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.openapi.spec import Example
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.core.access import Permission
from app.web.api import Page, expected_version, page_of, versioned
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import Slice, page_size
from marketplace.organizations.provision import Category, Skill, StaffCredential
from marketplace.products import queries, service
from marketplace.products.capacity.rules import MOST_UNITS
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.forms import Order
from marketplace.products.catalogue.queries import CatalogueRow, ProductPage, catalogue_page, product_page
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.queries import ProductRow
from marketplace.products.rules import ProductStatus, Revision
from marketplace.products.service import NewProduct

Reference = Annotated[str, msgspec.Meta(examples=["CP-2026-000123"])]
Fen = Annotated[int, msgspec.Meta(ge=0, description="Integer fen per unit; 0 is free.", examples=[60000])]
Units = Annotated[
    int,
    msgspec.Meta(ge=0, le=MOST_UNITS, description="What can be had in a month; a submission needs it.", examples=[20]),
]
PlaceCodes = Annotated[list[str], msgspec.Meta(description="Each covers all below it.", examples=[["330106"]])]


class ContentBody(msgspec.Struct, kw_only=True):
    """What a version says."""

    title_zh: Annotated[str, msgspec.Meta(max_length=60, examples=["民法典进村社"])]
    title_en: Annotated[str, msgspec.Meta(max_length=120, examples=["The Civil Code in your village"])] = ""
    summary_zh: Annotated[str, msgspec.Meta(max_length=200, examples=["为村社居民讲解婚姻家庭与邻里关系。"])] = ""
    summary_en: Annotated[str, msgspec.Meta(max_length=200, examples=["A talk on family and neighbours."])] = ""
    content_zh: Annotated[str, msgspec.Meta(max_length=20_000, examples=["讲座九十分钟，发放案例手册，现场答疑。"])] = (
        ""
    )
    standard_zh: Annotated[str, msgspec.Meta(max_length=20_000, examples=["每场不少于三十人，满意度不低于95%。"])] = ""
    staffing_zh: Annotated[str, msgspec.Meta(max_length=20_000, examples=["执业律师一名到场主讲。"])] = ""
    process_zh: Annotated[str, msgspec.Meta(max_length=20_000, examples=["预约、确认主题、授课、答疑、回访。"])] = ""
    target_group: TargetGroup | None = None
    unit: Unit | None = None
    minutes: Annotated[int, msgspec.Meta(ge=30, le=480, examples=[90])] = 90
    people: Annotated[int, msgspec.Meta(ge=1, le=10, examples=[1])] = 1
    credentials_any: list[StaffCredential] = []
    skills_all: list[Skill] = []
    ceiling_fen: Fen = 0
    areas: PlaceCodes = []

    def content(self) -> ProductContent:
        """Return the same as the service takes it."""
        fields = {name: getattr(self, name) for name in ContentBody.__struct_fields__}.items()
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in fields}
        return ProductContent(**values)

    @classmethod
    def of(cls, content: ProductContent) -> "ContentBody":
        """Return what a program sees of a version."""
        given = {name: getattr(content, name) for name in cls.__struct_fields__}
        values: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value for name, value in given.items()
        }
        return cls(**values)


class EditBody(ContentBody, kw_only=True):
    """The next version, and what can be had in a month from now on, where that changes."""

    monthly_units: Units | None = None


class NewProductBody(msgspec.Struct):
    """A product that an organization begins."""

    organization: UUID
    category: Category
    content: ContentBody
    monthly_units: Units | None = None


class SavedBody(msgspec.Struct):
    """A version that was saved; its number is the ETag of the next edit."""

    reference: Reference
    version: int


class ProductBody(msgspec.Struct):
    """A product in the catalogue."""

    reference: Reference
    category: Category
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    target_group: TargetGroup
    unit: Unit
    minutes: int
    ceiling_fen: Fen
    organization: UUID
    organization_zh: str
    areas: PlaceCodes
    free: Annotated[bool, msgspec.Meta(description="Residents do not pay: a public body does, or it costs nothing.")]
    rating: Annotated[float | None, msgspec.Meta(description="Average of acceptances, of 5.", examples=[4.6])]
    rating_count: Annotated[int, msgspec.Meta(examples=[12])]

    @classmethod
    def of(cls, row: CatalogueRow) -> "ProductBody":
        """Return what a program sees of a row."""
        made = {"areas", "rating"}
        values = {name: getattr(row, name) for name in cls.__struct_fields__ if name not in made}
        rating = round(row.rating, 2) if row.rating_count else None
        return cls(**values, areas=[area.code for area in row.areas], rating=rating)


class ProductDetail(msgspec.Struct):
    """A listed product."""

    reference: Reference
    category: Category
    version: int
    suspended: bool
    organization: UUID
    content: ContentBody

    @classmethod
    def of(cls, view: ProductPage) -> "ProductDetail":
        """Return what a program sees of a product's page."""
        content = ContentBody.of(view.content)
        return cls(view.reference, view.category, view.version, view.suspended, view.organization, content)


class OwnProductBody(msgspec.Struct):
    """A product as its provider sees it, with the latest version whatever its status."""

    reference: Reference
    category: Category
    status: ProductStatus
    revision: Revision
    version: int
    listed_version: int | None
    monthly_units: Units | None
    content: ContentBody


class OwnRowBody(msgspec.Struct):
    """One line of a provider's own list."""

    reference: Reference
    category: Category
    status: ProductStatus
    revision: Revision
    title_zh: Annotated[str, msgspec.Meta(examples=["民法典进村社"])]
    organization: UUID
    version: int
    listed_version: int | None

    @classmethod
    def of(cls, row: ProductRow) -> "OwnRowBody":
        """Return what a provider's program sees of a product."""
        return cls(
            row.reference, row.category, row.stage.status, row.stage.revision, row.title_zh, row.organization,
            row.latest_version, row.listed_version,
        )  # fmt: skip


@get("/products", guards=[public], summary="Search the catalogue")
async def list_products(
    q: Annotated[str, QueryParameter(description="Words in Chinese, English or pinyin; places narrow.",
                                     examples=[Example("words", value="西湖区 讨薪 讲座")])] = "",
    category: FromQuery[Category | None] = None,
    place: Annotated[str, QueryParameter(description="Official code; also finds what is offered above and below it.",
                                         examples=[Example("a village", value="330106109001")])] = "",
    group: FromQuery[TargetGroup | None] = None,
    unit: FromQuery[Unit | None] = None,
    organization: FromQuery[UUID | None] = None,
    rating: Annotated[int, QueryParameter(description="The least average of acceptances, in whole points.", ge=0, le=5,
                                          examples=[Example("good", value=4)])] = 0,
    free: Annotated[bool, QueryParameter(description="Only what residents do not pay for.")] = False,
    sort: Annotated[Order | None, QueryParameter(description="'near': the nearest providers to 'place' first.")] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ProductBody]:  # fmt: skip
    """Search listed products: those that have all the words, and where they are few those that have some after them."""
    near = sort is Order.NEAR and bool(place)
    asked = CatalogueFilter(q, category, place, group, unit, organization, rating, free, near)
    found = await catalogue_page(asked, cursor, page_size(limit))
    return page_of(Slice(found.rows, found.next_cursor), ProductBody.of)


@get("/products/{reference:str}", guards=[public], summary="Show a product")
async def show_product(reference: FromPath[str]) -> ProductDetail:
    """Show the listed version of a product."""
    return ProductDetail.of(await product_page(reference))


@post("/products", guards=[requires(Permission.PRODUCT_WRITE)], summary="Begin a product")
async def create_product(data: JSONBody[NewProductBody], principal: CurrentPrincipal) -> SavedBody:
    """Save a first version as a draft; only its name must be complete."""
    saved = await service.create_product(
        principal,
        NewProduct(data.organization, data.category, data.content.content(), monthly_units=data.monthly_units),
    )
    return SavedBody(saved.reference, saved.version)


@get("/my/products", guards=[requires(Permission.PRODUCT_WRITE)], summary="List one's organizations' products")
async def list_own_products(principal: CurrentPrincipal) -> list[OwnRowBody]:
    """The products of the organizations one acts for, what was saved last first."""
    return [OwnRowBody.of(row) for row in await queries.my_products(principal)]


@get("/my/products/{reference:str}", guards=[requires(Permission.PRODUCT_WRITE)], summary="Show a product of one's own")
async def show_own_product(reference: FromPath[str], principal: CurrentPrincipal) -> Response[OwnProductBody]:
    """Show the latest version; its number is in the ETag header."""
    found = await queries.product_in_full(principal, reference)
    content = ContentBody.of(found.latest.content)
    body = OwnProductBody(
        found.reference, found.category, found.stage.status, found.stage.revision, found.latest_version,
        found.listed_version, found.monthly_units, content,
    )  # fmt: skip
    return versioned(body, found.latest_version)


@put("/products/{reference:str}", guards=[requires(Permission.PRODUCT_WRITE)], summary="Save the next version")
async def edit_product(
    reference: FromPath[str], data: JSONBody[EditBody], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[SavedBody]:
    """Save a version; If-Match names the version it was made from, and an older one is refused with 409."""
    saved = await service.save_product(
        principal, reference, expected_version(request), data.content(), data.monthly_units
    )
    return versioned(SavedBody(saved.reference, saved.version), saved.version)


@post(
    "/products/{reference:str}/submission",
    guards=[requires(Permission.PRODUCT_WRITE)],
    status_code=204,
    summary="Submit a product",
)
async def submit_product(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Submit for review; a refusal lists every field that stands against it."""
    await service.submit_products(principal, [reference])


@post(
    "/products/{reference:str}/withdrawal",
    guards=[requires(Permission.PRODUCT_WRITE)],
    status_code=204,
    summary="Take a product back",
)
async def withdraw_product(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Take a product back, listed or not, for good."""
    await service.withdraw_product(principal, reference)
