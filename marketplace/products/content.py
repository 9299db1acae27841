"""What a product's version says, and the hash by which a version is known."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

import msgspec

from app.core.text import N_, Message
from marketplace.organizations.provision import StaffCredential

MINUTES = (30, 480)
PEOPLE = (1, 10)


class Unit(StrEnum):
    """What is counted, ordered and paid."""

    LECTURE = "lecture"
    VISIT = "visit"
    HALF_DAY = "half_day"
    CASE = "case"
    SESSION = "session"


class TargetGroup(StrEnum):
    """Whom a service is made for."""

    EVERYONE = "everyone"
    ELDERLY = "elderly"
    WOMEN = "women"
    MINORS = "minors"
    DISABLED = "disabled"
    MIGRANT_WORKERS = "migrant_workers"
    VETERANS = "veterans"
    ENTERPRISES = "enterprises"
    VILLAGE_CADRES = "village_cadres"


UNIT_NAMES: Mapping[Unit, str] = {
    Unit.LECTURE: N_("场"),
    Unit.VISIT: N_("次走访"),
    Unit.HALF_DAY: N_("半天"),
    Unit.CASE: N_("件"),
    Unit.SESSION: N_("人次"),
}

PER_UNIT_NAMES: Mapping[Unit, str] = {
    Unit.LECTURE: N_("每场"),
    Unit.VISIT: N_("每次走访"),
    Unit.HALF_DAY: N_("每半天"),
    Unit.CASE: N_("每件"),
    Unit.SESSION: N_("每人次"),
}

GROUP_NAMES: Mapping[TargetGroup, str] = {
    TargetGroup.EVERYONE: N_("全体居民"),
    TargetGroup.ELDERLY: N_("老年人"),
    TargetGroup.WOMEN: N_("妇女"),
    TargetGroup.MINORS: N_("未成年人"),
    TargetGroup.DISABLED: N_("残疾人"),
    TargetGroup.MIGRANT_WORKERS: N_("务工人员"),
    TargetGroup.VETERANS: N_("退役军人"),
    TargetGroup.ENTERPRISES: N_("小微企业"),
    TargetGroup.VILLAGE_CADRES: N_("村社干部"),
}

FIELD_NAMES: Mapping[str, str] = {
    "title_zh": N_("名称"),
    "title_en": N_("英文名称"),
    "summary_zh": N_("一句话介绍"),
    "summary_en": N_("英文介绍"),
    "content_zh": N_("服务内容"),
    "standard_zh": N_("服务标准"),
    "staffing_zh": N_("服务人员"),
    "process_zh": N_("服务流程"),
    "target_group": N_("服务对象"),
    "unit": N_("计量单位"),
    "minutes": N_("时长（分钟）"),
    "people": N_("到场人数"),
    "credentials_any": N_("人员资格"),
    "skills_all": N_("专长"),
    "ceiling_fen": N_("最高单价"),
    "areas": N_("服务区域"),
}


@dataclass(frozen=True, slots=True)
class ProductContent:
    """One version's content; an empty text or unit is one that the provider has not written yet."""

    title_zh: str
    title_en: str = ""
    summary_zh: str = ""
    summary_en: str = ""
    content_zh: str = ""
    standard_zh: str = ""
    staffing_zh: str = ""
    process_zh: str = ""
    target_group: TargetGroup | None = None
    unit: Unit | None = None
    minutes: int = 90
    people: int = 1
    credentials_any: tuple[StaffCredential, ...] = ()
    skills_all: tuple[str, ...] = ()
    ceiling_fen: int = 0
    areas: tuple[str, ...] = ()  # official codes of the places it is offered in, each with all below it


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs between two versions."""

    field: str
    before: object
    after: object


def canonical(content: ProductContent) -> ProductContent:
    """Return the content in the one form that is stored and hashed: trimmed, lists sorted, each item once."""
    values = {name: _canonical(getattr(content, name)) for name in _NAMES}
    values["areas"] = _without_covered(content.areas)
    return ProductContent(**values)


def content_sha256(content: ProductContent) -> bytes:
    """Return the hash of what the version says, the same for the same content whoever writes it."""
    return hashlib.sha256(_encoder.encode(asdict(canonical(content)))).digest()


def changes(before: ProductContent, after: ProductContent) -> list[FieldChange]:
    """Return the fields that differ, in the order in which a product is written."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in _NAMES)
    return [FieldChange(name, old, new) for name, old, new in pairs if old != new]


def value_faults(content: ProductContent) -> dict[str, Message]:
    """Return what not even a draft may say, by field."""
    faults: dict[str, Message] = {}
    if not content.title_zh.strip():
        faults["title_zh"] = Message(N_("请先写一个名称。"))
    if not MINUTES[0] <= content.minutes <= MINUTES[1]:
        faults["minutes"] = Message(N_("时长应在 30 至 480 分钟之间。"))
    if not PEOPLE[0] <= content.people <= PEOPLE[1]:
        faults["people"] = Message(N_("到场人数应在 1 至 10 人之间。"))
    if content.ceiling_fen < 0:
        faults["ceiling_fen"] = Message(N_("单价不能为负。"))
    return faults


def _without_covered(areas: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the places that lie below another one of the list: a place's code begins with its parent's."""
    named = sorted(set(areas))
    return tuple(code for code in named if not any(code != other and code.startswith(other) for other in named))


def _canonical(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, tuple):
        return tuple(sorted(set(value)))
    return value


_NAMES = tuple(field.name for field in fields(ProductContent))
_encoder = msgspec.json.Encoder(order="deterministic")
