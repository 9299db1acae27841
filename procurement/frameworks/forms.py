"""What people type about frameworks and admissions."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from app.web.fields import Yuan
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.frameworks.notices.queries import NoticeKind
from procurement.frameworks.rules import RemovalGround
from procurement.frameworks.service import NewFramework

Title = Annotated[str, msgspec.Meta(max_length=80)]
Reason = Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})]


class NoticeFilter(msgspec.Struct):
    """The filter above the notices."""

    kind: NoticeKind | None = None


class FrameworkForm(msgspec.Struct):
    """A framework's scheme."""

    title_zh: Title
    category: Category
    unit: Unit
    rate_fen: Yuan
    place_code: Annotated[str, msgspec.Meta(max_length=12)]
    starts_on: date
    ends_on: date
    title_en: Title = ""

    def scheme(self) -> NewFramework:
        """Return the same as the service takes it."""
        return NewFramework(**msgspec.structs.asdict(self))


class FilingForm(msgspec.Struct):
    """The finance bureau's receipt."""

    filing_number: Annotated[str, msgspec.Meta(max_length=60)] = ""


class ApplyForm(msgspec.Struct):
    """The products that a provider ticked, by reference."""

    products: list[str] = []


class DecideForm(msgspec.Struct):
    """The applications that an officer ticked, and the word on them."""

    applications: list[UUID] = []
    admit: bool = False
    reason: Reason = ""


class RemoveForm(msgspec.Struct):
    """Why a supplier is removed."""

    ground: RemovalGround
    reason: Reason
