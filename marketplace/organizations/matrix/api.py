"""The matrix for programs."""

from datetime import date

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.core import clock
from app.web.api import Page, page_of
from app.web.guards import public
from app.web.pagination import Slice
from marketplace.organizations.matrix.queries import load_matrix, provisions
from marketplace.organizations.provision import Category, Provision, QualificationKind
from marketplace.organizations.rules import OrganizationKind


class ProvisionBody(msgspec.Struct):
    """A kind of organization may provide a category, given a paper, from a day on."""

    category: Category
    kind: OrganizationKind
    licence: QualificationKind
    document: str
    article: str
    verified: bool
    effective_from: date
    effective_to: date | None

    @classmethod
    def of(cls, row: Provision) -> "ProvisionBody":
        """Return what a program sees of a row; a source that nobody has read says so."""
        source = row.citation
        return cls(
            row.category, row.kind, row.licence, source.document, source.article, source.verified,
            row.effective_from, row.effective_to,
        )  # fmt: skip


@get("/provisions", guards=[public], summary="Who may provide what")
async def list_provisions(on: FromQuery[date | None] = None) -> Page[ProvisionBody]:
    """List the rows in force on a day; without one, today."""
    found = provisions(await load_matrix(), on or clock.today())
    return page_of(Slice(tuple(found), None), ProvisionBody.of)
