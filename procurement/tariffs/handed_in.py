"""Reading a document that a person hands in: what it lacks is said in words that name the field."""

from collections.abc import Mapping
from typing import Any

from app.core.text import N_, Message
from procurement.tariffs.days import no_day
from procurement.tariffs.engine.document import read_set
from procurement.tariffs.engine.lines import read_plain
from procurement.tariffs.engine.model import TariffSet
from procurement.tariffs.engine.refusals import TariffRefused, TariffUnreadable

NEEDED: Mapping[str, tuple[str, str]] = {
    "id": (N_("标准编号"), "hangzhou_2027"),
    "region": (N_("标准所在地区"), "330100"),
    "family": (N_("标准类别"), "legal_service_subsidy"),
}
"""What a set is known by, each with what it is called and an example; publishing looks for its neighbours by these."""


class TariffFieldEmpty(TariffRefused):
    """A field that a set is known by is missing or empty."""

    code, status, message = (
        "tariff_field_empty",
        422,
        N_("标准没有写%(name)s：文件里的“%(field)s”缺少或是空的。请写上，例如 %(field)s: %(example)s，再录入。"),
    )


class TariffDayUnreadable(TariffRefused):
    """Where a day is to stand in a set, something else does."""

    code, status, message = (
        "tariff_day_unreadable",
        422,
        N_("“%(where)s”写的“%(value)s”不是日期。请写成 2027-01-01 这样的年-月-日；没有终止日的，不写 to。"),
    )


def read_handed_in(document: bytes) -> TariffSet:
    """Read a set, JSON or YAML.

    Errors: TariffFieldEmpty, TariffDayUnreadable, each naming the field; else TariffUnreadable, naming line and path.
    """
    plain = read_plain(document)
    if not isinstance(plain, dict):
        return read_set(document)
    _require_names(plain)
    try:
        return read_set(document)
    except TariffUnreadable:
        found = no_day(plain)
        if found is None:
            raise
        raise TariffDayUnreadable(where=found.where, value=found.value) from None


def _require_names(plain: Mapping[str, Any]) -> None:
    for field, (name, example) in NEEDED.items():
        value = plain.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise TariffFieldEmpty(field=field, name=Message(name), example=example)
