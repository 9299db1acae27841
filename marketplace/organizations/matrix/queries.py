"""The matrix as it stands on a day."""

from dataclasses import dataclass
from datetime import date

from marketplace.organizations.provision import PROVISIONS, STAFF, Category, Provision, StaffCredential, provision_for
from marketplace.organizations.rules import OrganizationKind


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One category: the row in force for each kind of organization (None: not open to it), and its people."""

    category: Category
    cells: tuple[Provision | None, ...]
    staff: tuple[StaffCredential, ...]

    @property
    def open_to(self) -> list[tuple[OrganizationKind, Provision]]:
        """Return the kinds that may provide the category, each with its row."""
        return [(kind, cell) for kind, cell in zip(OrganizationKind, self.cells, strict=True) if cell]

    @property
    def closed_to(self) -> list[OrganizationKind]:
        """Return the other kinds."""
        return [kind for kind, cell in zip(OrganizationKind, self.cells, strict=True) if cell is None]


def matrix(day: date) -> list[MatrixRow]:
    """Return the matrix, kinds of organization in the order of their enum."""
    return [
        MatrixRow(
            category,
            tuple(provision_for(category, kind, day) for kind in OrganizationKind),
            tuple(sorted(STAFF[category], key=list(StaffCredential).index)),
        )
        for category in Category
    ]


def provisions(day: date) -> list[Provision]:
    """Return the rows in force on a day."""
    return [row for row in PROVISIONS if row.in_force(day)]
