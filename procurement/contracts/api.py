"""Contracts for programs: the published ones with their text, offering, signing, turning down."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.contracts import queries, service
from procurement.contracts.queries import ContractView
from procurement.contracts.service import ContractOffer
from procurement.payments.rules import PaymentTerms
from procurement.purchases import queries as purchases
from procurement.purchases.api import ReasonBody
from procurement.purchases.rules import PurchaseStatus

SIGNER = requires(Permission.CONTRACT_SIGN)


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class ContractBody(msgspec.Struct):
    """A contract; it binds from the provider's signature."""

    reference: Annotated[str, _example("HT-2026-000003")]
    status: PurchaseStatus
    purchase_reference: Annotated[str, _example("CG-2026-000007")]
    product_reference: Annotated[str, _example("CP-2026-000012")]
    product_version: Annotated[int, _example(2)]
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    place_code: Annotated[str, _example("330106")]
    quantity: Annotated[int, _example(20)]
    unit_price_fen: Annotated[int, _example(60_000)]
    ordered: Annotated[int, _example(8)]
    accepted: Annotated[int, _example(5)]
    starts_on: Annotated[date, _example("2026-11-23")]
    ends_on: Annotated[date, _example("2027-10-31")]
    offered_at: datetime
    signed_at: datetime | None

    @classmethod
    def of(cls, view: ContractView) -> "ContractBody":
        """Return what a program sees of a contract."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class ContractDetail(ContractBody):
    """A contract with the text that both parties signed and its hash."""

    body_zh: str = ""
    text_sha256: Annotated[str, _example("00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cfdc39")] = ""


class OfferBody(msgspec.Struct):
    """The term on which an approved purchase becomes a contract, and how it is paid; the last day belongs to it."""

    purchase: Annotated[str, _example("CG-2026-000007")]
    starts_on: Annotated[date, _example("2026-11-23")]
    ends_on: Annotated[date, _example("2027-10-31")]
    advance_percent: Annotated[int, _example(30)] = 0
    milestones: Annotated[list[int], _example([50, 100])] = []

    def terms(self) -> PaymentTerms:
        """Return how it is paid: by unit without an advance, unless said otherwise."""
        return PaymentTerms(self.advance_percent, tuple(self.milestones))


class OffersBody(msgspec.Struct):
    """Offers that land together or not at all."""

    offers: Annotated[list[OfferBody], msgspec.Meta(min_length=1, max_length=1000)]


class SignBody(msgspec.Struct):
    """The contracts to sign for the provider, all or none."""

    contracts: Annotated[list[str], msgspec.Meta(min_length=1, max_length=1000, examples=[["HT-2026-000003"]])]


@get("/contracts", guards=[public], summary="List signed contracts")
async def list_contracts(
    place: FromQuery[str] = "", cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[ContractBody]:
    """Signed contracts by place code (all below it included), the newest first."""
    size = page_size(limit)
    rows = await queries.published(place, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), ContractBody.of)


@get("/my/contracts", guards=[requires(Permission.ORDER_ANSWER)], summary="List one's organizations' contracts")
async def list_own(principal: CurrentPrincipal) -> list[ContractBody]:
    """The contracts of one's organizations, those that wait for a signature first."""
    return [ContractBody.of(row) for row in await queries.of_provider(principal)]


@get("/contracts/{reference:str}", guards=[public], summary="Show a contract")
async def show_contract(reference: FromPath[str], principal: CurrentPrincipal) -> ContractDetail:
    """A signed contract to everybody, an offered one to its two parties."""
    view = await queries.contract(principal, reference)
    known = {name: getattr(view, name) for name in ContractBody.__struct_fields__}
    return ContractDetail(**known, body_zh=view.body_zh, text_sha256=view.text_sha256.hex())


@post("/contracts", guards=[SIGNER], status_code=204, summary="Offer contracts")
async def offer(data: JSONBody[OffersBody], principal: CurrentPrincipal) -> None:
    """Sign for the buyer and offer contracts, all or none."""
    ids = await purchases.purchase_ids([one.purchase for one in data.offers])
    offers = [
        ContractOffer(row, one.starts_on, one.ends_on, one.terms()) for row, one in zip(ids, data.offers, strict=True)
    ]
    await service.offer_contracts(principal, offers)


@post("/contracts/signatures", guards=[SIGNER], status_code=204, summary="Sign contracts")
async def sign(data: JSONBody[SignBody], principal: CurrentPrincipal) -> None:
    """Sign for the provider; what was reserved is committed."""
    await service.sign_contracts(principal, await queries.contract_ids(data.contracts))


@post("/contracts/{reference:str}/refusal", guards=[SIGNER], status_code=204, summary="Turn a contract down")
async def decline(reference: FromPath[str], data: JSONBody[ReasonBody], principal: CurrentPrincipal) -> None:
    """Turn a contract down for the provider; the purchase is cancelled."""
    view = await queries.contract(principal, reference)
    await service.decline_contract(principal, view.id, data.reason)
