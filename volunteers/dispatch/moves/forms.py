"""What somebody changes in a plan by hand, and why."""

from typing import Annotated
from uuid import UUID

import msgspec

Why = Annotated[str, msgspec.Meta(max_length=200, examples=["村里点名要她去"])]


class PutForm(msgspec.Struct):
    """People to put on a shift, each as "number of the position:person"."""

    put: list[str] = []
    reason: Why = ""

    def seats(self, reference: str) -> list[tuple[str, int, UUID]]:
        """Return the seats as the service takes them; what is no seat is left out."""
        parted = [one.partition(":") for one in self.put]
        return [(reference, int(number), UUID(person)) for number, _, person in parted if number.isdigit()]


class TakeForm(msgspec.Struct):
    """People to take off a shift, each as "number of the position:person"."""

    take: list[str] = []
    reason: Why = ""

    def seats(self, reference: str) -> list[tuple[str, int, UUID]]:
        """Return the seats as the service takes them; what is no seat is left out."""
        return PutForm(self.take).seats(reference)


class SwapForm(msgspec.Struct):
    """Two people who change seats: one on this shift, the other as "shift:number:person"."""

    number: int
    person: UUID
    other: str = ""
    reason: Why = ""

    def seats(self, reference: str) -> tuple[tuple[str, int, UUID], tuple[str, int, UUID]] | None:
        """Return both seats, None if nobody was chosen."""
        parts = self.other.split(":")
        if len(parts) != 3 or not parts[1].isdigit():
            return None
        return (reference, self.number, self.person), (parts[0], int(parts[1]), UUID(parts[2]))
