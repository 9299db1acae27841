"""The matrix as it stands on a day."""

from dataclasses import dataclass
from datetime import date

from app.rulebook import Rule, lawbook, rely_on
from marketplace.organizations.provision import ROWS, Category, Matrix, Provision, StaffCredential
from marketplace.organizations.rules import EXCLUDED, OrganizationKind


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One category: the row in force for each kind of organization (None: nobody said), and its people."""

    category: Category
    cells: tuple[Provision | None, ...]
    staff: tuple[StaffCredential, ...]
    guidance: Rule | None

    @property
    def open_to(self) -> list[tuple[OrganizationKind, Provision]]:
        """Return the kinds that may provide the category, each with its row."""
        return [(kind, cell) for kind, cell in zip(OrganizationKind, self.cells, strict=True) if cell and cell.open]

    @property
    def closed_to(self) -> list[OrganizationKind]:
        """Return the other kinds."""
        pairs = zip(OrganizationKind, self.cells, strict=True)
        return [kind for kind, cell in pairs if cell is None or not cell.open]


async def load_matrix() -> Matrix:
    """Return the matrix for pages: what nobody has confirmed is shown with its mark."""
    return Matrix(await lawbook(*ROWS))


async def relied_matrix(category: Category, day: date) -> Matrix:
    """Return the matrix for a decision about a category; refuse where it would rest on a row that nobody confirmed."""
    matrix = await load_matrix()
    rely_on(matrix.deciding(category, day))
    return matrix


def rows_of(matrix: Matrix, day: date) -> list[MatrixRow]:
    """Return the matrix of a day, kinds of organization in the order of their enum."""
    return [
        MatrixRow(
            category,
            tuple(matrix.ruling(category, kind, day) for kind in OrganizationKind),
            matrix.staff(category, day),
            matrix.guidance(category, day),
        )
        for category in Category
    ]


def provisions(matrix: Matrix, day: date) -> list[Provision]:
    """Return what is open on a day."""
    found = (matrix.provision_for(category, kind, day) for category in Category for kind in OrganizationKind)
    return [one for one in found if one]


def exclusions(matrix: Matrix, day: date) -> list[Rule]:
    """Return the rows by which somebody is no provider."""
    found = (matrix.exclusion(funding, day) for funding in sorted(EXCLUDED))
    return [one for one in found if one]
