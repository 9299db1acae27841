"""The templates as they lie in the file beside this one, checked when they are first read."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.core.errors import DomainError
from app.core.text import N_
from marketplace.organizations.provision import Category, Matrix, StaffCredential
from marketplace.organizations.rules import OrganizationKind
from marketplace.products.content import ProductContent, TargetGroup, Unit, canonical

FILE = Path(__file__).with_name("templates.toml")
_OWN = frozenset({"category", "purpose_zh", "purpose_en", "monthly_units"})


class TemplateUnknown(DomainError):
    """There is no template of this code."""

    code, status, message = "template_unknown", 404, N_("没有这个模板，请从列表里选。")


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of service, written out; ``purpose`` says what it is for."""

    code: str
    category: Category
    purpose_zh: str
    purpose_en: str
    content: ProductContent
    monthly_units: int  # for one or two people; the provider says what it can do


@cache
def templates() -> dict[str, Template]:
    """Return all templates by code, in the order of the file."""
    with FILE.open("rb") as file:
        return {code: _template(code, written) for code, written in tomllib.load(file).items()}


def template(code: str) -> Template:
    """Return one template, or refuse."""
    found = templates().get(code)
    if found is None:
        raise TemplateUnknown
    return found


def open_to(matrix: Matrix, kind: OrganizationKind, day: date) -> list[Template]:
    """Return the templates of services that such an organization may provide on the day."""
    return [one for one in templates().values() if matrix.provision_for(one.category, kind, day)]


def _template(code: str, written: dict[str, Any]) -> Template:
    values = {name: value for name, value in written.items() if name not in _OWN}
    values["target_group"], values["unit"] = TargetGroup(values["target_group"]), Unit(values["unit"])
    values["credentials_any"] = tuple(StaffCredential(name) for name in values["credentials_any"])
    values["skills_all"] = tuple(values["skills_all"])
    content = canonical(ProductContent(**values))
    about = (written["purpose_zh"], written["purpose_en"])
    return Template(code, Category(written["category"]), *about, content, written["monthly_units"])
