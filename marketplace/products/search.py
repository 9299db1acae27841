"""Finding products by Chinese text without a dictionary: words of other scripts, and pairs of characters.

A Chinese phrase is indexed by each pair of neighbouring characters, and a single character by itself. The
lexemes are made here, as the 'simple' configuration would leave them (folded, not stemmed), and are given to
PostgreSQL as literals of tsvector and tsquery: no dictionary, no parser and no locale of the server decides.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[0-9a-z]+")
QUERY_TERMS = 24
MAX_POSITION = 16_383  # tsvector's own limit


def terms(text: str) -> list[str]:
    """Return a text's lexemes in order, for indexing: pairs of Chinese characters, and whole words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found: list[tuple[int, str]] = [(match.start(), match.group()) for match in WORD.finditer(folded)]
    for match in HAN.finditer(folded):
        found += [(match.start() + place, pair) for place, pair in enumerate(pairs(match.group()))]
    return [term for _, term in sorted(found)]


def pairs(phrase: str) -> list[str]:
    """Return each two neighbouring characters; a lone character stands for itself."""
    return [phrase] if len(phrase) == 1 else [phrase[at : at + 2] for at in range(len(phrase) - 1)]


def document(parts: Mapping[str, Iterable[str]]) -> str:
    """Return the tsvector literal of texts by weight ('A' counts most, then 'B', 'C', 'D')."""
    lexemes: dict[str, dict[int, str]] = {}
    position = 0
    for weight in sorted(parts):
        for text in parts[weight]:
            for term in (*terms(text), *_single_characters(text)):
                position = min(position + 1, MAX_POSITION)
                lexemes.setdefault(term, {}).setdefault(position, weight)
    return " ".join(f"'{term}':{_places(places)}" for term, places in sorted(lexemes.items()))


def query(text: str, operator: str = "&") -> str:
    """Return the tsquery literal that asks for all ('&') or any ('|') of a text's lexemes; '' for none."""
    asked = list(dict.fromkeys(terms(text)))[:QUERY_TERMS]
    return f" {operator} ".join(f"'{term}'" for term in asked)


def _single_characters(text: str) -> list[str]:
    """Return the characters by which a one-character search finds a text: those of its first words only."""
    return sorted({character for phrase in HAN.findall(text[:40]) for character in phrase})


def _places(places: Mapping[int, str]) -> str:
    kept = list(places.items())[:32]
    return ",".join(f"{place}{weight if weight != 'D' else ''}" for place, weight in kept)
