"""What people call the units of figures."""

from collections.abc import Mapping

from app.core.text import N_

YES_NO = "yes_no"
UNITS: Mapping[str, str] = {
    "working_day": N_("个工作日"),
    "working_days": N_("个工作日"),
    "day": N_("天"),
    "days": N_("天"),
    "month": N_("月"),
    "year": N_("年"),
    "years": N_("年"),
    "yuan": N_("元"),
    "percent": N_("%"),
    "supplier": N_("家"),
    "suppliers": N_("家"),
    "files": N_("份"),
    "people": N_("名"),
    "units": N_("次服务"),
    "calendar_days": N_("个自然日"),
    "orders": N_("单"),
    "organizations": N_("家机构"),
    "ratings": N_("条评价"),
    "tenths": N_("（十分之一分）"),
    "thirds": N_("（三分之一）"),
    YES_NO: N_("（1是，0否）"),
    "times": N_("次"),
    "minutes": N_("分钟"),
    "per_mille": N_("‰"),
}
