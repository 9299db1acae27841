"""Our dictionary for cutting questions: the vocabulary, and the names of the city's places from the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core import database
from marketplace.products.words.cutting import pinyin, stem
from marketplace.products.words.vocabulary import vocabulary

SHORTEST_AREA, SHORTEST_VILLAGE = 2, 3


@dataclass(frozen=True, slots=True, eq=False)
class Dictionary:
    """What each known word stands for: other words, or the codes of the places called so."""

    meanings: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    people: frozenset[str]
    by_stems: Mapping[str, str]  # words of letters: "labor disput" -> "labor disputes"
    by_pinyin: Mapping[str, str]  # Chinese words: "taoxin" -> the word
    words: frozenset[str]
    asides: frozenset[str]
    particles: Mapping[int, None]  # for str.translate
    longest: int


_known: list[Dictionary] = []


async def dictionary() -> Dictionary:
    """Return the dictionary; places do not change while the program runs, so they are read once."""
    if _known:
        return _known[0]
    rows = await database.fetch("SELECT code, level, name_zh, name_en FROM place ORDER BY code")
    made = compiled([(row["code"], row["level"], row["name_zh"], row["name_en"]) for row in rows])
    if rows:
        _known.append(made)
    return made


def compiled(places: list[tuple[str, str, str, str]]) -> Dictionary:
    """Return the dictionary of the vocabulary and of places given as code, level, Chinese and English name."""
    known = vocabulary()
    named: dict[str, list[str]] = {}
    for code, level, name_zh, name_en in places:
        for name in {*_chinese_names(name_zh, level), *_english_names(name_en, level)}:
            if name not in known.meanings and name not in known.asides:
                named.setdefault(name, []).append(code)
    codes = {name: tuple(found) for name, found in named.items()}
    words = frozenset(known.meanings) | frozenset(codes)
    latin = {" ".join(map(stem, word.split())): word for word in words if word.isascii()}
    spoken = {pinyin(word): word for word in known.meanings if not word.isascii() and len(word) > 1}
    longest = max(map(len, words))
    particles = dict.fromkeys(map(ord, known.particles))
    return Dictionary(known.meanings, codes, known.people, latin, spoken, words, known.asides, particles, longest)


def _chinese_names(name: str, level: str) -> set[str]:
    """Return what people call a place: 三墩镇 and 三墩; 江家村 for 江家村委会, but no two characters alone."""
    known = vocabulary()
    endings = known.village_endings if level == "village" else known.area_endings
    stems = {name, *(name.removesuffix(ending) for ending in endings)}
    shortest = SHORTEST_VILLAGE if level == "village" else SHORTEST_AREA
    return {called for called in stems if len(called) >= shortest}


def _english_names(name: str, level: str) -> set[str]:
    if level == "village":
        return set()
    plain = name.casefold().replace("'", "")
    return {plain, plain.rsplit(" ", 1)[0]}
