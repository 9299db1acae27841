"""What a place's official name tells: whether it is rural, and how it is written in English."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from pypinyin import lazy_pinyin

VOWELS = "aeo"


@cache
def _vocabulary() -> dict[str, Any]:
    text = (files("marketplace.places") / "data" / "names.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def city() -> tuple[str, str]:
    """Return the code and name of the city that this data is about."""
    return _vocabulary()["city"]["code"], _vocabulary()["city"]["name"]


def is_rural(village_name: str) -> bool:
    """Tell a village, governed by a villagers' committee, from an urban community."""
    return village_name.endswith(tuple(_vocabulary()["rural_endings"]))


def english_name(name: str) -> str:
    """Write a name in pinyin with its kind in English: 清波街道 is Qingbo Subdistrict."""
    for ending, kind in _vocabulary()["english_kinds"].items():
        stem = name.removesuffix(ending)
        if stem and stem != name:
            return f"{_pinyin(_said_once(stem, kind))} {kind}"
    return _pinyin(name)


def _said_once(stem: str, kind: str) -> str:
    """Drop the 村 of 大源村村委会, so that the English does not say village twice."""
    shorter = stem.removesuffix(_vocabulary()["village_suffix"]) if kind == "Village" else stem
    return shorter or stem


def _pinyin(name: str) -> str:
    """Join syllables with the apostrophe that GB/T 16159 asks for before a, e and o."""
    first, *rest = lazy_pinyin(name)
    joined = first + "".join(f"'{part}" if part[0] in VOWELS else part for part in rest)
    return joined.capitalize()
