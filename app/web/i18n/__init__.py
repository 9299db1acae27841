"""The reader's language: Chinese is the source, English the only catalogue, a gap falls back to Chinese."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from app.core import clock
from app.core.text import N_, Message, Words

LOCALES = ("zh", "en")
HTML_LANG = {"zh": "zh-CN", "en": "en"}
CATALOGUE = Path(__file__).resolve().parents[2] / "locale" / "en" / "LC_MESSAGES" / "messages.po"

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY = N_("%(month)s 月 %(day)s 日")
DAY_WITH_YEAR = N_("%(year)s 年 %(month)s 月 %(day)s 日")
MONTH_WITH_YEAR = N_("%(year)s 年 %(month)s 月")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?")
CITED_ARTICLE = re.compile(r"第(\d+)条(?:第(\d+)[款项])?")

_locale: ContextVar[str] = ContextVar("locale", default="zh")
Entry = tuple[str, ...]


def locale() -> str:
    """Return the language being spoken: zh or en."""
    return _locale.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a block: a request's, or that of the person a message goes to."""
    token = _locale.set(language if language in LOCALES else "zh")
    try:
        yield
    finally:
        _locale.reset(token)


@cache
def catalogue() -> dict[str | tuple[str, str], Entry]:
    """Return the English texts by msgid, or by (context, msgid); fuzzy and empty ones count as missing."""
    if not CATALOGUE.exists():
        return {}
    with CATALOGUE.open("rb") as file:
        messages = read_po(file, locale="en")
    found: dict[str | tuple[str, str], Entry] = {}
    for message in messages:
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
        if msgid and all(forms) and not message.fuzzy:
            found[(message.context, msgid) if message.context else msgid] = tuple(map(str, forms))
    return found


def gettext(msgid: str) -> str:
    """Return the text in the reader's language."""
    return catalogue().get(msgid, (msgid,))[0] if locale() == "en" else msgid


def ngettext(msgid: str, plural: str, count: int) -> str:
    """Return the text for a number; Chinese has one form, English two."""
    if locale() != "en":
        return msgid
    forms = catalogue().get(msgid, (msgid, plural))
    return forms[0] if count == 1 or len(forms) == 1 else forms[1]


def pgettext(context: str, msgid: str) -> str:
    """Return the text of a word that means two things, by its context."""
    return catalogue().get((context, msgid), (msgid,))[0] if locale() == "en" else msgid


def npgettext(context: str, msgid: str, plural: str, count: int) -> str:
    """Return the text for a number within a context."""
    if locale() != "en":
        return msgid
    forms = catalogue().get((context, msgid), (msgid, plural))
    return forms[0] if count == 1 or len(forms) == 1 else forms[1]


def translate(text: Message | str, **values: Any) -> str:
    """Return a Message, or a msgid marked with N_(), in the reader's language."""
    message = text if isinstance(text, Message) else Message(text, values)
    if message.context:
        translated = npgettext(message.context, message.msgid, message.msgid, message.count)
    else:
        translated = gettext(message.msgid)
    if not message.values:
        return _written(translated)
    return translated % {key: _spoken(value) for key, value in message.values.items()}


def day(value: date | datetime, year: bool = False) -> str:
    """Write a date: 11 月 12 日; the year appears when it is not this one, or on request."""
    civil = clock.local(value).date() if isinstance(value, datetime) else value
    pattern = DAY if civil.year == clock.today().year and not year else DAY_WITH_YEAR
    return translate(pattern, year=civil.year, month=month_word(civil.month), day=civil.day)


def month(value: date) -> str:
    """Write a month with its year: 2026 年 11 月."""
    return translate(MONTH_WITH_YEAR, year=value.year, month=month_word(value.month))


def month_word(number: int) -> str:
    """Write the number of a month as it stands in a date: 11, Nov."""
    return MONTHS[number - 1] if locale() == "en" else str(number)


def _written(text: str) -> str:
    """Return a date or the number of an article the way the reader writes it, any other text as it is."""
    if (moment := MOMENT.fullmatch(text)) and (civil := _civil(moment[1])):
        return " ".join(part for part in (day(civil), moment[2]) if part)
    article = CITED_ARTICLE.fullmatch(text) if locale() == "en" else None
    if article is None:
        return text
    return f"art. {article[1]}({article[2]})" if article[2] else f"art. {article[1]}"


def _civil(text: str) -> date | None:
    """Return the date that a text is; None for one that the calendar does not have, such as 2027-02-30."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _spoken(value: Any) -> Any:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str):
        return _written(value)
    if isinstance(value, Words):
        return value.en if value.en and locale() == "en" else value.zh
    return translate(value) if isinstance(value, Message) else value


def chosen(asked: str | None, cookie: str | None, account: str | None, accept: str) -> str:
    """Return the language to answer in: ?lang, cookie, account, Accept-Language, Chinese."""
    for wish in (asked, cookie, account):
        if wish in LOCALES:
            return str(wish)
    return _preferred(accept) or "zh"


def _preferred(accept: str) -> str | None:
    """Return the known language that an Accept-Language header ranks first."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept.split(",")):
        tag, _, parameters = part.strip().partition(";")
        language = tag.strip().split("-")[0].lower()
        quality = _quality(parameters)
        if language in LOCALES and quality > 0:
            ranked.append((-quality, place, language))
    return min(ranked)[2] if ranked else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
