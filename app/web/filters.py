"""How values are written on a page, in the reader's language: Jinja filters."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from app.core import clock, money
from app.core.text import N_
from app.web import i18n

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
DAY_AND_WEEKDAY = N_("%(day)s %(weekday)s")


def yuan(fen: int) -> str:
    """Write fen as ¥1,234.50."""
    return money.yuan(fen)


def number(value: float) -> str:
    """Write a number with thousands separators."""
    return f"{value:,}"


def percent(share: float, digits: int = 1) -> str:
    """Write a share of one as a percentage."""
    return f"{share * 100:.{digits}f}%"


def localized(thing: Any, name: str) -> str:
    """Return ``name_zh`` or ``name_en`` of a view or row; English falls back to Chinese, nothing is an empty text."""
    english = _column(thing, f"{name}_en") if i18n.locale() == "en" else ""
    return str(english or _column(thing, f"{name}_zh") or "")


def titled(text: str) -> str:
    """Begin a text as a title begins, whatever it looks like in the middle of a sentence."""
    return text[:1].upper() + text[1:]


def _column(thing: Any, name: str) -> Any:
    return thing[name] if isinstance(thing, Mapping) else getattr(thing, name)


def day(value: date | datetime, weekday: bool = False, year: bool = False) -> str:
    """Write a date: 11 月 12 日 (周四); the year appears when it is not this one, or on request."""
    written = i18n.day(value, year)
    if not weekday:
        return written
    civil = clock.local(value).date() if isinstance(value, datetime) else value
    return i18n.translate(DAY_AND_WEEKDAY, day=written, weekday=i18n.gettext(WEEKDAYS[civil.weekday()]))


def hours(value: datetime | time) -> str:
    """Write the time of day in Hangzhou: 08:58."""
    wall = clock.local(value) if isinstance(value, datetime) else value
    return f"{wall:%H:%M}"


def local_time(value: datetime) -> str:
    """Write an instant as Hangzhou's date and time of day."""
    return f"{day(value)} {hours(value)}"


def span(start: datetime, end: datetime) -> str:
    """Write when something takes place: 11 月 12 日 周四 09:00–12:00."""
    if clock.local(start).date() == clock.local(end).date():
        return f"{day(start, weekday=True)} {hours(start)}–{hours(end)}"
    return f"{local_time(start)} – {local_time(end)}"


def iso(value: date | datetime) -> str:
    """Write a value for the ``datetime`` attribute of a time element."""
    return clock.local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def place_path(places: Iterable[Any]) -> str:
    """Write places from the widest to the narrowest: 拱墅区 · 文晖街道."""
    return " · ".join(localized(place, "name") for place in places)


FILTERS = {
    "yuan": yuan,
    "amount": money.written,
    "number": number,
    "percent": percent,
    "localized": localized,
    "titled": titled,
    "day": day,
    "month": i18n.month,
    "month_word": i18n.month_word,
    "hours": hours,
    "local_time": local_time,
    "span": span,
    "iso": iso,
    "place_path": place_path,
    "t": i18n.translate,
}
