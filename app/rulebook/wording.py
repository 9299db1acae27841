"""What people call the units of figures."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from app.core.text import NC_, Message

YES_NO = "yes_no"
UNITS: Mapping[str, Message] = {
    "working_day": NC_("unit", "个工作日"),
    "working_days": NC_("unit", "个工作日"),
    "day": NC_("unit", "天"),
    "days": NC_("unit", "天"),
    "month": NC_("unit", "月"),
    "year": NC_("unit", "年"),
    "years": NC_("unit", "年"),
    "yuan": NC_("unit", "元"),
    "percent": NC_("unit", "%"),
    "supplier": NC_("unit", "家"),
    "suppliers": NC_("unit", "家"),
    "files": NC_("unit", "份"),
    "people": NC_("unit", "名"),
    "units": NC_("unit", "次服务"),
    "calendar_days": NC_("unit", "个自然日"),
    "orders": NC_("unit", "单"),
    "organizations": NC_("unit", "家机构"),
    "ratings": NC_("unit", "条评价"),
    "tenths": NC_("unit", "（十分之一分）"),
    "thirds": NC_("unit", "（三分之一）"),
    YES_NO: NC_("unit", "（1是，0否）"),
    "times": NC_("unit", "次"),
    "minutes": NC_("unit", "分钟"),
    "per_mille": NC_("unit", "‰"),
}


def unit_of(unit: str, value: int | Decimal) -> Message:
    """Return the name of a unit behind so many of it."""
    return replace(UNITS[unit], count=1 if value == 1 else 0) if unit in UNITS else Message(unit)
