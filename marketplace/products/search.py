"""The index and the question of the catalogue's search, as literals of tsvector and tsquery.

The lexemes are made here, as the 'simple' configuration would leave them (folded, not stemmed): no dictionary, no
parser and no locale of the server decides. How a text is cut stands in marketplace.products.words.cutting.

Places are lexemes of their own: ``@330106`` for what is offered in a district, ``<3301`` for each place above it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from marketplace.products.words import cutting
from marketplace.products.words.dictionary import Dictionary

MOST_CONCEPTS = 12
MOST_WORDS_TOGETHER = 4
PLACES_KEPT = 32
MAX_POSITION = 16_383  # tsvector's own limit
NOWHERE = "'@nowhere'"
LENGTHS = (4, 6, 9, 12)  # of official codes, the city's first


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that is asked for: in the asker's own words, and in all words that mean the same."""

    literal: str
    wide: str
    pieces: tuple[str, ...] = ()  # of a stretch that nobody knows: what each alone is enough where nothing has all
    place: bool = False
    people: bool = False

    @property
    def known(self) -> bool:
        """Tell whether the dictionary knows it."""
        return not self.pieces


@dataclass(frozen=True, slots=True)
class Question:
    """A text as tsqueries: those to try in turn, the strictest first, and those by which answers are ranked."""

    tries: tuple[str, ...]
    rank_literal: str = ""
    rank_wide: str = ""

    def at(self, which: int) -> str:
        """Return one of the tries; '' where nothing is asked for."""
        return self.tries[which] if which < len(self.tries) else ""


def document(parts: Mapping[str, Iterable[str]], spoken: Iterable[str] = (), keys: Iterable[str] = ()) -> str:
    """Return the tsvector literal of texts by weight ('A' counts most, then 'B', 'C', 'D').

    ``spoken`` are texts that are found by their pinyin as well; ``keys`` are lexemes as they are.
    """
    lexemes: dict[str, dict[int, str]] = {}
    position = 0
    for weight in sorted(parts):
        for text in parts[weight]:
            for term in (*cutting.terms(text), *cutting.first_characters(text)):
                position = min(position + 1, MAX_POSITION)
                lexemes.setdefault(term, {}).setdefault(position, weight)
    for term in (tail for text in spoken for tail in cutting.pinyin_tails(text)):
        lexemes.setdefault(term, {}).setdefault(min(position + 1, MAX_POSITION), "C")
    written = [f"'{term}':{_places(places)}" for term, places in sorted(lexemes.items())]
    return " ".join([*written, *(f"'{key}'" for key in sorted(set(keys) - set(lexemes)))])


def place_keys(codes: Iterable[str]) -> set[str]:
    """Return the lexemes of what is offered in the places."""
    offered = list(codes)
    return {f"@{code}" for code in offered} | {
        f"<{code[:length]}" for code in offered for length in LENGTHS if length < len(code)
    }


def reaching(code: str) -> str:
    """Return the tsquery of what reaches a place: offered there, in a place above it, or in one below it."""
    if not code.isdecimal():
        return NOWHERE
    return _any([*(f"'@{code[:length]}'" for length in LENGTHS if length <= len(code)), f"'<{code}'"])


@lru_cache(maxsize=1_000)
def question(text: str, known: Dictionary) -> Question:
    """Return what a text asks for; an empty question for a text of signs alone.

    The tries: everything asked for, in any words; the same without for whom; only what the dictionary knows; any of
    it. A place that is named narrows every one of them.
    """
    found = list(dict.fromkeys(_concepts(text, known)))[:MOST_CONCEPTS]
    places = [concept.wide for concept in found if concept.place]
    asked = [concept for concept in found if not concept.place]
    literal = _any([concept.literal for concept in found])  # a place's name may stand in a title or a provider's name
    if not asked:
        return Question((_all(places),), literal, literal) if places else Question(())
    matters = [concept for concept in asked if not concept.people]
    sure = [concept for concept in matters if concept.known]
    kept = [some for some in (asked, matters, sure) if some]
    tries = [_all([*(concept.wide for concept in some), *places]) for some in kept]
    pieces = [piece for concept in asked for piece in concept.pieces or (concept.wide,)]
    tries.append(_all([_any(pieces), *places]))
    return Question(tuple(dict.fromkeys(tries)), literal, _any(pieces))


def _concepts(text: str, known: Dictionary) -> Iterable[Concept]:
    found = [concept for run in cutting.runs(text) for concept in _of_run(run, known, known.asides)]
    return found or [concept for run in cutting.runs(text) for concept in _of_run(run, known, frozenset())]


def _of_run(run: str, known: Dictionary, asides: frozenset[str]) -> list[Concept]:
    if run[0].isascii():
        return _of_words(cutting.WORD.findall(run), known, asides)
    pieces = list(cutting.cut(run, known.words, asides, known.longest))
    if not any(piece.known for piece in pieces) and (bare := run.translate(known.particles)) and bare != run:
        pieces = list(cutting.cut(bare, known.words, asides, known.longest)) or pieces
    several = [piece for piece in pieces if len(piece.text) > 1]
    return [_known(piece.text, known) if piece.known else _rest(piece.text) for piece in several or pieces]


def _of_words(words: list[str], known: Dictionary, asides: frozenset[str]) -> list[Concept]:
    """Return the concepts of words of letters; several in a row may be the pinyin of one."""
    concepts: list[Concept] = []
    at = 0
    while at < len(words):
        length, word = _longest(words, at, known)
        if word:
            concepts.append(_known(word, known))
        elif words[at] not in asides:
            concepts.append(_rest(words[at]))
        at += length
    if any(word.isdecimal() for word in words):  # a number is looked for as a whole
        whole = _all(_lexemes(" ".join(words)))
        return [Concept(whole, whole, (whole,))]
    if len(words) > 1 and concepts and not any(concept.known for concept in concepts):
        joined = f"'{''.join(words)[: cutting.TAIL]}':*"
        singly = [one.wide for one in concepts]
        return [Concept(joined, _any([joined, _all(singly)]), (joined, *singly))]
    return concepts


def _longest(words: list[str], at: int, known: Dictionary) -> tuple[int, str]:
    for length in range(min(MOST_WORDS_TOGETHER, len(words) - at), 0, -1):
        together = words[at : at + length]
        word = known.by_stems.get(" ".join(map(cutting.stem, together))) or known.by_pinyin.get("".join(together))
        if word:
            return length, word
    return 1, ""


def _known(word: str, known: Dictionary) -> Concept:
    literal = _words_of(word)
    if word in known.places:
        reached = [reaching(code) for code in known.places[word]]
        return Concept(literal, _any([*reached, literal]), place=True)
    return Concept(literal, _any(_simplest(known.meanings[word])), people=word in known.people)


def _rest(text: str) -> Concept:
    literal = _words_of(text)
    return Concept(literal, literal, tuple(_lexemes(text)))


def _simplest(words: Iterable[str]) -> list[str]:
    """Return the words without those that a shorter one finds as well (工资 finds all that 拖欠工资 does)."""
    by_terms = {frozenset(_lexemes(word)): word for word in words}
    return [_words_of(word) for terms, word in by_terms.items() if not any(other < terms for other in by_terms)]


def _words_of(text: str) -> str:
    return _all(_lexemes(text))


def _lexemes(text: str) -> list[str]:
    """Return a word's lexemes as operands: a word of letters is found by its beginning."""
    operands = []
    for term in dict.fromkeys(cutting.terms(text)):
        if not term.isascii() or term.isdigit():
            operands.append(f"'{term}'")
        else:
            operands.append(f"'{cutting.stem(term)}':*")
    return operands


def _all(expressions: Iterable[str]) -> str:
    parts = [part for part in dict.fromkeys(expressions) if part]
    return parts[0] if len(parts) == 1 else f"({' & '.join(parts)})" if parts else ""


def _any(expressions: Iterable[str]) -> str:
    parts = [part for part in dict.fromkeys(expressions) if part]
    return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})" if parts else ""


def _places(places: Mapping[int, str]) -> str:
    kept = list(places.items())[:PLACES_KEPT]
    return ",".join(f"{place}{weight if weight != 'D' else ''}" for place, weight in kept)
