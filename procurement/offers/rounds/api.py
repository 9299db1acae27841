"""Purchases by quotations for officers' programs: asking, inviting, and where one stands.

Opening needs the keepers' passphrases, which belong to no program; it happens on the page.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.offers.controllers import OFFICER, READER
from procurement.offers.openings.queries import Comparison, OpenedView, opened
from procurement.offers.requests.service import QuotationWish, request_quotations
from procurement.offers.rounds import queries, service
from procurement.offers.rounds.queries import AskedView, RoundView
from procurement.offers.rounds.service import Invitation
from procurement.offers.rules import Ground
from procurement.purchases import queries as purchases
from procurement.purchases.rules import PurchaseStatus
from procurement.reading import BUYERS, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Reference = Annotated[str, _example("CG-2026-000031")]
Code = Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]


class WishBody(msgspec.Struct):
    """What is needed; it is paid from this year's line for purchases of the named place."""

    purpose_zh: Annotated[str, msgspec.Meta(max_length=200, examples=["企业合规讲座"])]
    category: Category
    unit: Unit
    quantity: Annotated[int, msgspec.Meta(ge=1, examples=[10])]
    ceiling_fen: Annotated[int, msgspec.Meta(ge=1, description="The most for one unit.", examples=[60_000])]
    place_code: Code
    line_place_code: Code
    starts_on: Annotated[date, _example("2027-01-04")]
    ends_on: Annotated[date, _example("2027-06-30")]
    requirements: Annotated[list[str], msgspec.Meta(min_length=1, max_length=30, examples=[["讲师有执业证"]])]


class AskedBody(msgspec.Struct):
    """The number that the purchase was given."""

    reference: Reference


class InviteBody(msgspec.Struct):
    """Whom to invite, who keeps the key, how many of them open it, until when."""

    deadline: Annotated[datetime, _example("2026-12-10T09:00:00Z")]
    organizations: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=50)]
    keepers: Annotated[list[UUID], msgspec.Meta(min_length=2, max_length=20)]
    needed: Annotated[int, msgspec.Meta(ge=2, examples=[2])] = 2


class RoundKeeperBody(msgspec.Struct):
    """A keeper of the round; ``lost`` when the key was destroyed."""

    name: Annotated[str, msgspec.Meta(examples=["赵审批"])]
    fingerprint: Annotated[str, _example("62a4 091d 32b8 47ec")]
    lost: bool
    unlocked_at: datetime | None


class RoundBody(msgspec.Struct):
    """The latest round; before its deadline it says nothing about what was handed in."""

    number: Annotated[int, _example(1)]
    deadline: datetime
    needed: Annotated[int, _example(2)]
    opened_at: datetime | None
    suppliers: Annotated[list[str], msgspec.Meta(examples=[["西湖区某某法律服务中心"]])]
    keepers: list[RoundKeeperBody]

    @classmethod
    def of(cls, view: RoundView) -> "RoundBody":
        """Return what a program sees of a round."""
        keepers = [RoundKeeperBody(one.name, one.fingerprint, one.lost, one.unlocked_at) for one in view.keepers]
        suppliers = [one.organization_zh for one in view.suppliers]
        return cls(view.number, view.deadline, view.needed, view.opened_at, suppliers, keepers)


class OpenedBody(msgspec.Struct):
    """An opened quotation; ``met`` are the requirements it promises, numbered from 1."""

    id: UUID
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    unit_price_fen: Annotated[int | None, _example(52_000)]
    product: Annotated[str | None, _example("CP-2026-000012")]
    met: Annotated[list[int], _example([1, 2])]
    words_zh: Annotated[str, _example("含讲义")]
    lowest: bool
    low: Annotated[bool, msgspec.Meta(description="The price asks to be looked at again.")]
    ground: Ground | None
    reason_zh: str

    @classmethod
    def of(cls, view: OpenedView, comparison: Comparison) -> "OpenedBody":
        """Return what a program sees of a quotation beside the others."""
        return cls(
            view.public_id, view.organization_zh, view.unit_price_fen, view.product_reference, list(view.met),
            view.words_zh, view.id == comparison.lowest_id, view.id in comparison.low, view.ground, view.reason_zh,
        )  # fmt: skip


class RequestBody(msgspec.Struct):
    """A purchase by quotations and how far it is; quotations are listed once they are opened."""

    reference: Reference
    status: PurchaseStatus
    purpose_zh: Annotated[str, _example("企业合规讲座")]
    category: Category
    unit: Unit
    quantity: Annotated[int, _example(10)]
    ceiling_fen: Annotated[int, _example(60_000)]
    place_code: Code
    starts_on: Annotated[date, _example("2027-01-04")]
    ends_on: Annotated[date, _example("2027-06-30")]
    requirements: Annotated[list[str], msgspec.Meta(examples=[["讲师有执业证"]])]
    round: RoundBody | None
    quotations: list[OpenedBody]

    @classmethod
    def of(
        cls, asked: AskedView, status: PurchaseStatus, latest: RoundView | None, quotations: Sequence[OpenedBody]
    ) -> "RequestBody":
        """Return what a program sees of a purchase."""
        names = [name for name in cls.__struct_fields__ if name not in ("status", "round", "quotations")]
        known = {name: getattr(asked, name) for name in names}
        shown = RoundBody.of(latest) if latest else None
        return cls(**known, status=status, round=shown, quotations=list(quotations))


@post("/quotation-requests", guards=[OFFICER], summary="Ask for a purchase by quotations")
async def ask(data: JSONBody[WishBody], principal: CurrentPrincipal) -> AskedBody:
    """Write the purchase; its money is reserved at the highest price."""
    choices = await purchases.line_choices(principal.scope(Permission.PURCHASE_REQUEST))
    lines = {line.key.split("/")[0]: line.id for line in choices}
    if data.line_place_code not in lines:
        raise NotFound
    given = {name: getattr(data, name) for name in WishBody.__struct_fields__ if name != "line_place_code"}
    purchase_id = await request_quotations(principal, QuotationWish(lines[data.line_place_code], **given))
    [reference] = await purchases.references_of([purchase_id])
    return AskedBody(reference)


@get("/quotation-requests/{reference:str}", guards=[READER], summary="Show a purchase by quotations")
async def show_request(reference: FromPath[str], principal: CurrentPrincipal) -> RequestBody:
    """Where a purchase of one's places stands, with what was opened."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    asked, latest = await queries.asked(found.id), await queries.latest_round(found.id)
    shown: list[OpenedBody] = []
    if latest and latest.opened_at:
        comparison = await opened(found.id, asked.ceiling_fen)
        shown = [OpenedBody.of(one, comparison) for one in comparison.quotations]
    return RequestBody.of(asked, found.status, latest, shown)


@post("/quotation-requests/{reference:str}/invitations", guards=[OFFICER], status_code=204, summary="Invite suppliers")
async def invite(reference: FromPath[str], data: JSONBody[InviteBody], principal: CurrentPrincipal) -> None:
    """Open a round, or another where one came to nothing; suppliers and keepers are told."""
    found = await purchases.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    invitation = Invitation(found.id, data.deadline, data.organizations, data.keepers, data.needed)
    await service.invite_suppliers(principal, invitation)
