"""Cutting a text: pairs of Chinese characters and whole words for the index, known words for a question.

jieba would cost each process 97 MB and 0.7 s and has had no release since 2020. Pairs of characters find every
word that jieba would cut (a word of two or more characters is the pairs in it), and never cut the name of a
village by chance; which pairs belong together in a question is told by our own dictionary: the vocabulary of this
folder and the names of the city's places.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pypinyin import lazy_pinyin

HAN = re.compile(r"[\u3400-\u9fff]+")
WORD = re.compile(r"[0-9a-z]+")
RUN = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+(?:[ '\-]+[0-9a-z]+)*")
TAIL = 30  # letters of pinyin that a lexeme keeps
ENDINGS = (("ies", "y"), ("sses", "ss"), ("ations", "at"), ("ation", "at"), ("ators", "at"), ("ator", "at"),
           ("ings", ""), ("ing", ""), ("ment", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))  # fmt: skip
SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a question: a word that the dictionary knows, or a stretch that it does not."""

    text: str
    known: bool


def folded(text: str) -> str:
    """Return the text in one form of width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


def terms(text: str) -> list[str]:
    """Return a text's lexemes in order: pairs of Chinese characters, and whole words."""
    plain = folded(text)
    found: list[tuple[int, str]] = [(match.start(), match.group()) for match in WORD.finditer(plain)]
    for match in HAN.finditer(plain):
        found += [(match.start() + place, pair) for place, pair in enumerate(pairs(match.group()))]
    return [term for _, term in sorted(found)]


def pairs(phrase: str) -> list[str]:
    """Return each two neighbouring characters; a lone character stands for itself."""
    return [phrase] if len(phrase) == 1 else [phrase[at : at + 2] for at in range(len(phrase) - 1)]


def first_characters(text: str) -> list[str]:
    """Return the characters by which a search for one character finds a text: those of its first words only."""
    return sorted({character for phrase in HAN.findall(text[:40]) for character in phrase})


def pinyin_tails(text: str) -> list[str]:
    """Return the pinyin of a title from each of its characters on, to be found by its beginning.

    讨薪讲堂 gives taoxinjiangtang, xinjiangtang, jiangtang, tang: whoever types "jiang" or "taoxin" finds it.
    """
    tails = []
    for phrase in HAN.findall(folded(text)):
        syllables = lazy_pinyin(phrase)
        tails += ["".join(syllables[at:])[:TAIL] for at in range(len(syllables))]
    return tails


def pinyin(word: str) -> str:
    """Return a Chinese word as it is typed on a keyboard: joined, without tones."""
    return "".join(lazy_pinyin(word))


def stem(word: str) -> str:
    """Return the beginning that forms of an English word share (mediate, mediator, mediation: mediat)."""
    for ending, instead in ENDINGS:
        cut = word.removesuffix(ending) + instead
        if word.endswith(ending) and len(cut) >= SHORTEST_STEM:
            return cut
    return word


def runs(text: str) -> list[str]:
    """Return a question's stretches of one script: Chinese characters, or words of letters and digits."""
    return RUN.findall(folded(text))


def cut(phrase: str, known: Collection[str], asides: Collection[str], longest: int) -> Iterator[Piece]:
    """Cut a Chinese phrase into the longest words known, and what lies between; asides are dropped."""
    between = ""
    at = 0
    while at < len(phrase):
        word = _word_at(phrase, at, known, asides, longest)
        if word:
            if between:
                yield Piece(between, known=False)
            between = ""
            if word in known:
                yield Piece(word, known=True)
            at += len(word)
        else:
            between += phrase[at]
            at += 1
    if between:
        yield Piece(between, known=False)


def _word_at(phrase: str, at: int, known: Collection[str], asides: Collection[str], longest: int) -> str:
    for length in range(min(longest, len(phrase) - at), 0, -1):
        word = phrase[at : at + length]
        if word in known or word in asides:
            return word
    return ""
