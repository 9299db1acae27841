"""A product's history as a reader sees it: when what was saved and decided, and what each version changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Moment
from app.web.filters import localized
from app.web.i18n import gettext, translate
from marketplace.organizations.provision import CREDENTIAL_NAMES, SKILL_NAMES, Skill, StaffCredential
from marketplace.products import areas
from marketplace.products.content import (
    FIELD_NAMES,
    GROUP_NAMES,
    PER_UNIT_NAMES,
    FieldChange,
    TargetGroup,
    Unit,
    changes,
)
from marketplace.products.difference import Piece, difference
from marketplace.products.queries import ProductInFull, VersionView
from marketplace.products.rules import EVENT_NAMES, STATUS_NAMES, ProductEvent, ProductStatus

_TONES = {"list": "done", "reinstate": "done", "request_changes": "need", "suspend": "need"}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field that a version changed."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version with what it changed."""

    version: VersionView
    before: VersionView | None
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side."""

    before: VersionView
    after: VersionView
    changes: tuple[ShownChange, ...]


async def place_names(product: ProductInFull) -> dict[str, str]:
    """Return the names of all places that any version is offered in."""
    codes = {code for version in product.versions for code in version.content.areas}
    return {area.code: localized(area, "name") for area in await areas.areas_named(sorted(codes))}


def shown_versions(product: ProductInFull, names: Mapping[str, str]) -> list[ShownVersion]:
    """Return the versions, the latest first, with their changes in words."""
    return [
        ShownVersion(version, before, tuple(_shown(change, names) for change in version.changes))
        for version, before in zip(product.versions, (*product.versions[1:], None), strict=True)
    ]


def since_listed(product: ProductInFull, names: Mapping[str, str]) -> Comparison | None:
    """Return what the latest version changes of the public one; None where there is no other public one."""
    public = next((one for one in product.versions if one.number == product.listed_version), None)
    if public is None or public.number == product.latest_version:
        return None
    found = changes(public.content, product.latest.content)
    return Comparison(public, product.latest, tuple(_shown(change, names) for change in found))


def moments(product: ProductInFull) -> list[Moment]:
    """Return what happened to the product, oldest first."""
    saved = [
        Moment(
            Message(N_("保存第 %(number)s 版"), {"number": version.number}), version.created_at, actor=version.author
        )
        for version in product.versions
    ]
    decided = [
        Moment(
            Message(N_("第 %(number)s 版：%(verdict)s"), {"number": one.version, "verdict": _verdict(one.verdict)}),
            one.decided_at,
            _TONES.get(one.verdict, "off"),
            one.reasons,
            one.reviewer,
        )
        for one in product.decisions
    ]
    submitted = Moment(STATUS_NAMES[ProductStatus.SUBMITTED], product.submitted_at, "wait")
    waiting = [submitted] if product.submitted_at else []
    return sorted([*saved, *decided, *waiting], key=lambda moment: moment.at or product.latest.created_at)


def _verdict(verdict: str) -> Message:
    return Message(EVENT_NAMES[ProductEvent(verdict)])


def _shown(change: FieldChange, places: Mapping[str, str]) -> ShownChange:
    before, after = (_words(change.field, value, places) for value in (change.before, change.after))
    return ShownChange(FIELD_NAMES[change.field], tuple(difference(before, after)))


def _words(field: str, value: Any, places: Mapping[str, str]) -> str:
    if field == "ceiling_fen":
        return yuan(value)
    if isinstance(value, tuple):
        return gettext(N_("、")).join(places.get(item, _name(item)) for item in value)
    return _name(value) if isinstance(value, StrEnum) else str("" if value is None else value)


def _name(value: str) -> str:
    for enum, names in _NAMES:
        if value in set(enum):
            return translate(names[enum(value)])
    return value


_NAMES: tuple[tuple[type[StrEnum], Mapping[Any, str]], ...] = (
    (TargetGroup, GROUP_NAMES),
    (Unit, PER_UNIT_NAMES),
    (StaffCredential, CREDENTIAL_NAMES),
    (Skill, SKILL_NAMES),
)
