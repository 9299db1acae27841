"""The public notices of buying for programs: all of them, the newest first, and one of a framework in full."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.web.api import Page, page_of
from app.web.guards import public
from app.web.pagination import decode_cursor, page_size, sliced
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.frameworks.notices import queries
from procurement.frameworks.notices.queries import FrameworkNoticeView, NoticeKind, NoticeView
from procurement.frameworks.notices.tags import ARTICLES
from procurement.frameworks.rules import FRAMEWORK_RULES

TitleZh = Annotated[str, msgspec.Meta(examples=["普法讲座开放式框架协议"])]
TitleEn = Annotated[str, msgspec.Meta(examples=["Open framework for legal education"])]
OrganizationZh = Annotated[str, msgspec.Meta(examples=["某某律师事务所"])]
OrganizationEn = Annotated[str, msgspec.Meta(examples=["Example Law Firm"])]


class NoticeBody(msgspec.Struct):
    """One notice in the list; ``path`` is the public page of what it announces."""

    reference: Annotated[str, msgspec.Meta(examples=["GG-2026-000012"])]
    kind: NoticeKind
    published_at: datetime
    title_zh: TitleZh
    title_en: TitleEn
    organization_zh: OrganizationZh
    organization_en: OrganizationEn
    place_zh: Annotated[str, msgspec.Meta(examples=["西湖区"])]
    place_en: Annotated[str, msgspec.Meta(examples=["Xihu District"])]
    path: Annotated[str, msgspec.Meta(examples=["/notices/GG-2026-000012"])]

    @classmethod
    def of(cls, view: NoticeView) -> "NoticeBody":
        """Return what a program sees of a notice."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class FrameworkNoticeBody(msgspec.Struct):
    """A published step of a framework with its ground; supplier and product are null where it takes the step itself."""

    reference: Annotated[str, msgspec.Meta(examples=["GG-2026-000012"])]
    kind: NoticeKind
    published_at: datetime
    framework_reference: Annotated[str, msgspec.Meta(examples=["KJ-2026-000001"])]
    framework_zh: TitleZh
    framework_en: TitleEn
    filing_number: Annotated[str, msgspec.Meta(examples=["杭财采备〔2026〕12号"])]
    category: Category
    unit: Unit
    rate_fen: Annotated[int, msgspec.Meta(examples=[60_000])]
    starts_on: date
    ends_on: date
    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    suppliers: Annotated[int, msgspec.Meta(examples=[7])]
    organization_public_id: UUID | None
    organization_zh: OrganizationZh | None
    organization_en: OrganizationEn | None
    uscc: Annotated[str | None, msgspec.Meta(examples=["31330106MD0012345X"])]
    product_reference: Annotated[str | None, msgspec.Meta(examples=["CP-2026-000123"])]
    product_version: Annotated[int | None, msgspec.Meta(examples=[2])]
    end_ground: Annotated[str | None, msgspec.Meta(examples=["breach"])]
    document: Annotated[str, msgspec.Meta(examples=["财政部令第110号"])]
    article: Annotated[str, msgspec.Meta(examples=["第19条"])]

    @classmethod
    def of(cls, view: FrameworkNoticeView) -> "FrameworkNoticeBody":
        """Return what a program sees of a notice, with the article that asks for it."""
        names = [name for name in cls.__struct_fields__ if name not in ("category", "unit", "document", "article")]
        return cls(
            **{name: getattr(view, name) for name in names},
            category=Category(view.category),
            unit=Unit(view.unit),
            document=FRAMEWORK_RULES,
            article=ARTICLES[view.kind],
        )


@get("/notices", guards=[public], summary="List notices of buying")
async def list_notices(
    kind: FromQuery[NoticeKind | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[NoticeBody]:
    """Calls, admissions and how they end, contracts, quotations: the newest first, of one kind or of all."""
    size = page_size(limit)
    rows = await queries.notices(kind or "", decode_cursor(cursor, tuple[datetime, str]), size + 1)
    return page_of(sliced(rows, key=lambda row: (row.published_at, row.key), size=size), NoticeBody.of)


@get("/notices/{reference:str}", guards=[public], summary="Show a framework's notice")
async def show_notice(reference: FromPath[str]) -> FrameworkNoticeBody:
    """Show one notice of a framework with all that the law wants to be read in it."""
    return FrameworkNoticeBody.of(await queries.notice(reference))
