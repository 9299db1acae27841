"""The words by which people look for services, in groups that mean the same; data with a version, loaded lazily.

A word may belong to several meanings. Words of more than one English word are written with hyphens in the file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All meanings by word, and the words that say nothing about what is looked for."""

    version: int
    meanings: Mapping[str, tuple[str, ...]]  # a word -> all words that mean the same, itself first
    people: frozenset[str]  # those that say for whom, and not about what
    asides: frozenset[str]
    particles: str  # between the characters of a word that is known without them: 借了钱
    area_endings: tuple[str, ...]
    village_endings: tuple[str, ...]


@cache
def vocabulary() -> Vocabulary:
    """Return the committed vocabulary."""
    text = (files("marketplace.products.words") / "data" / "vocabulary.json").read_text(encoding="utf-8")
    loaded = json.loads(text)
    meanings: dict[str, tuple[str, ...]] = {}
    for line in [*loaded["people"], *loaded["meanings"]]:
        words = _words(line)
        for word in words:
            known = meanings.get(word, (word,))
            meanings[word] = (*known, *(other for other in words if other not in known))
    asides = frozenset(f"{loaded['asides_zh']} {loaded['asides_en']}".split())
    people = frozenset(word for line in loaded["people"] for word in _words(line))
    endings = (tuple(loaded[name].split()) for name in ("area_endings", "village_endings"))
    particles = loaded["particles"].replace(" ", "")
    return Vocabulary(loaded["version"], meanings, people, asides, particles, *endings)


def _words(line: str) -> list[str]:
    return [word.replace("-", " ").casefold() for word in line.split()]
