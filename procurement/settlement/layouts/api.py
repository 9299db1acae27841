"""Bank layouts for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.settlement.layouts import queries, service
from procurement.settlement.layouts.forms import LayoutBody
from procurement.settlement.layouts.queries import LayoutView
from procurement.settlement.layouts.rules import AmountForm, Answer, Column, Encoding, FileFormat
from procurement.settlement.queries import READERS


class StoredLayoutBody(msgspec.Struct):
    """A layout that is, was or will be in force for a place and everything below it."""

    id: UUID
    place: Annotated[str, msgspec.Meta(examples=["330106"])]
    bank: Annotated[str, msgspec.Meta(examples=["工商银行杭州分行"])]
    file_format: FileFormat
    encoding: Encoding
    amount_form: AmountForm
    columns: list[Column]
    answers: dict[Answer, str]
    effective_from: date

    @classmethod
    def of(cls, view: LayoutView) -> "StoredLayoutBody":
        """Return the body of a view."""
        one = view.layout
        return cls(
            view.public_id, view.place_code, one.bank, one.file_format, one.encoding, one.amount_form,
            list(one.columns), one.answers, one.effective_from,
        )  # fmt: skip


@get("/bank-layouts", guards=[requires(*READERS)], summary="List bank layouts")
async def list_layouts(principal: CurrentPrincipal) -> list[StoredLayoutBody]:
    """Return the layouts that concern the caller's places; the one in force is the latest whose day has come."""
    return [StoredLayoutBody.of(view) for view in await queries.layouts(principal)]


@post("/bank-layouts", guards=[requires(Permission.SETTLEMENT_APPROVE)], summary="Put a bank layout in force")
async def set_layout(principal: CurrentPrincipal, data: JSONBody[LayoutBody]) -> StoredLayoutBody:
    """Put a layout in force from a day on; files that were made keep theirs."""
    public_id = await service.set_layout(principal, data.place, data.layout())
    return StoredLayoutBody.of(await queries.layout_view(principal, public_id))
