"""Where a product may be offered: the districts to choose from, and smaller places by the names people type."""

import re
from dataclasses import dataclass

from app.core import database
from app.core.errors import InvalidInput
from app.core.text import N_, Message


@dataclass(frozen=True, slots=True)
class Area:
    """A place to choose."""

    code: str
    name_zh: str
    name_en: str


_known: list[Area] = []


async def city_and_districts() -> list[Area]:
    """Return the city, then its districts by code; they do not change while the program runs."""
    if not _known:
        rows = await database.fetch(
            "SELECT code, name_zh, name_en FROM place WHERE level IN ('city', 'district') ORDER BY length(code), code"
        )
        _known.extend(Area(**row) for row in rows)
    return list(_known)


async def areas_named(codes: list[str]) -> list[Area]:
    """Return places by code, the larger ones first."""
    rows = await database.fetch(
        "SELECT code, name_zh, name_en FROM place WHERE code = ANY ($1) ORDER BY length(code), code", codes
    )
    return [Area(**row) for row in rows]


async def codes_typed(text: str) -> tuple[str, ...]:
    """Return the codes of towns and villages typed by name or code; refuse a name that is none or several."""
    typed = [word for word in re.split(r"[\s,，、;；]+", text) if word]
    rows = await database.fetch("SELECT code, name_zh FROM place WHERE code = ANY ($1) OR name_zh = ANY ($1)", typed)
    found: dict[str, list[str]] = {word: [] for word in typed}
    for row in rows:
        found[row["code"] if row["code"] in found else row["name_zh"]].append(row["code"])
    for word, codes in found.items():
        if len(codes) != 1:
            msgid = N_("没有叫“%(name)s”的乡镇或村社。") if not codes else N_("叫“%(name)s”的地方不止一个，请填代码。")
            raise InvalidInput(fields={"more_areas": Message(msgid, {"name": word})})
    return tuple(codes[0] for codes in found.values())
