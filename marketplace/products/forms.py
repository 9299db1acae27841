"""What a provider types about a product."""

from dataclasses import fields
from typing import Annotated, Any
from uuid import UUID

import msgspec

from app.web.fields import LongText, Yuan
from app.web.form_values import FieldKind
from app.web.forms import Form
from marketplace.organizations.provision import Category, Skill, StaffCredential
from marketplace.products.areas import codes_typed
from marketplace.products.capacity.rules import MOST_UNITS
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.guards import WRITTEN

Sentence = Annotated[str, msgspec.Meta(max_length=200)]
MonthlyUnits = Annotated[int, msgspec.Meta(ge=1, le=MOST_UNITS)]


class ProductForm(msgspec.Struct, kw_only=True):
    """The content of a version; only the name must be there from the beginning."""

    title_zh: Annotated[str, msgspec.Meta(max_length=60)]
    title_en: Annotated[str, msgspec.Meta(max_length=120)] = ""
    summary_zh: Sentence = ""
    summary_en: Sentence = ""
    content_zh: LongText = ""
    standard_zh: LongText = ""
    staffing_zh: LongText = ""
    process_zh: LongText = ""
    target_group: TargetGroup | None = None
    unit: Unit | None = None
    minutes: Annotated[int, msgspec.Meta(ge=30, le=480)] = 90
    people: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    credentials_any: list[StaffCredential] = []
    skills_all: list[Skill] = []
    ceiling_fen: Yuan = 0
    monthly_units: MonthlyUnits | None = None
    areas: list[str] = []
    more_areas: Annotated[str, msgspec.Meta(max_length=500)] = ""
    version: int = 0

    async def content(self) -> ProductContent:
        """Return the content, with the places that were typed by name."""
        return ProductContent(
            **{name: getattr(self, name) for name in _SAME},
            credentials_any=tuple(self.credentials_any),
            skills_all=tuple(skill.value for skill in self.skills_all),
            areas=(*self.areas, *await codes_typed(self.more_areas)),
        )


class NewProductForm(ProductForm, kw_only=True):
    """The same, with what cannot change later."""

    organization: UUID
    category: Category


class NeededLater(FieldKind):
    """A field that a draft may leave empty and a submission may not: it is not shown as optional."""

    @property
    def required(self) -> bool:
        """Tell the page not to call the field optional; the decoder never sees this kind."""
        return True


def mark_needed(form: Form[Any]) -> None:
    """Show the fields that a submission needs as needed, once the form has been read."""
    for name in NEEDED:
        kind = form.kinds[name]
        form.kinds[name] = NeededLater(**{field.name: getattr(kind, field.name) for field in fields(kind)})


NEEDED = (
    *WRITTEN,
    "target_group",
    "unit",
    "minutes",
    "people",
    "credentials_any",
    "areas",
    "ceiling_fen",
    "monthly_units",
)
_SAME = ("title_zh", "title_en", "summary_zh", "summary_en", "content_zh", "standard_zh", "staffing_zh", "process_zh",
         "target_group", "unit", "minutes", "people", "ceiling_fen")  # fmt: skip


def known(content: ProductContent, districts: set[str]) -> dict[str, object]:
    """Return what stands in the fields for a content; smaller places than districts are written out by code."""
    chosen = [code for code in content.areas if code in districts]
    typed = [code for code in content.areas if code not in districts]
    values: dict[str, object] = {name: getattr(content, name) for name in _SAME}
    return values | {
        "credentials_any": list(content.credentials_any),
        "skills_all": list(content.skills_all),
        "areas": chosen,
        "more_areas": ", ".join(typed),
    }


class SelectionForm(msgspec.Struct):
    """Products that were ticked."""

    references: list[str] = []
    declared: bool = False
