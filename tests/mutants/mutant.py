"""What a mutant is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """A guard with the text that makes it, what stands there instead, and a pytest node."""

    guard: str
    file: str
    before: str
    after: str
    test: str
