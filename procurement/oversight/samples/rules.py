"""How a sample is drawn, so that anybody draws the same one again.

Each reference of the population is hashed with the seed: SHA-256 of the seed, a line feed, and the reference, in UTF-8.
The smallest hashes are the sample, in their order. Who chooses the seed cannot choose what it draws; who knows seed and
population needs nothing of this program to check it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from app.core.text import N_, Message

LARGEST = 100


class Population(StrEnum):
    """What is drawn from."""

    CONTRACT = "contract"
    UNIT = "unit"
    CLAIM = "claim"


class Outcome(StrEnum):
    """What an auditor found in a drawn thing."""

    SOUND = "sound"
    QUESTION = "question"


POPULATION_NAMES: Mapping[Population, str] = {
    Population.CONTRACT: N_("合同"),
    Population.UNIT: N_("服务"),
    Population.CLAIM: N_("申领"),
}


def digest(seed: str, reference: str) -> bytes:
    """Return what decides whether a reference is drawn."""
    return hashlib.sha256(f"{seed}\n{reference}".encode()).digest()


def drawn(seed: str, population: Iterable[str], size: int) -> list[str]:
    """Return the references with the smallest digests, in their order."""
    return sorted(population, key=lambda reference: digest(seed, reference))[:size]


def population_sha256(references: Sequence[str]) -> bytes:
    """Return the hash of a population: its sorted references, each ended by a line feed."""
    return hashlib.sha256("".join(f"{one}\n" for one in references).encode()).digest()


def wish_faults(seed: str, size: int, count: int) -> dict[str, Message]:
    """Say what is wrong with a wish, by field."""
    faults = {}
    if not seed.strip() or len(seed) > 60 or any(ord(char) < 32 for char in seed):
        faults["seed"] = Message(N_("种子写 1 到 60 个字，不换行。"))
    if not 1 <= size <= LARGEST:
        faults["size"] = Message(N_("一次抽 1 到 %(most)s 件。"), {"most": LARGEST})
    elif count == 0:
        faults["population"] = Message(N_("这个地区这一年没有可抽的。请换地区、年度或种类。"))
    elif size > count:
        faults["size"] = Message(N_("总体只有 %(count)s 件，请少抽一些。"), {"count": count})
    return faults
