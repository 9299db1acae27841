"""Opinions of those who were there, added up.

The resident's page behind the code (volunteers/thanks) takes them: one browser once, no account, numbers masked.
Here they are read for one delivery, a product, a provider.
实施条例 第45条: the beneficiaries' opinion is heard at acceptance.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many spoke, how many stars they gave in all, and from how many on an average is shown."""

    count: int
    stars: int
    minimum: int

    @property
    def shown(self) -> bool:
        """Tell whether there are enough for an average: fewer are one neighbour's mood."""
        return self.count >= max(1, self.minimum)

    @property
    def average(self) -> str:
        """Return the average with one decimal, rounded half up; nothing while it is not shown."""
        if not self.shown:
            return ""
        tenths = (self.stars * 20 + self.count) // (2 * self.count)
        return f"{tenths // 10}.{tenths % 10}"
