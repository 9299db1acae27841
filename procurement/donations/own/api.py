"""A fund for its owner's programs: by month, its uses, its donors counted, the paper that keeps it open."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath

from app.web.guards import CurrentPrincipal
from marketplace.organizations.qualifications.rules import PaperState
from procurement.donations import choosing
from procurement.donations.api import FundBody
from procurement.donations.funds.queries import FundView
from procurement.donations.own import queries
from procurement.donations.own.controllers import MEMBER
from procurement.donations.own.queries import OwnFund, OwnUse, Sums
from procurement.donations.own.rules import Standing

Currency = Annotated[str, msgspec.Meta(examples=["CNY"])]
Received = Annotated[int, msgspec.Meta(examples=[1_000_000])]
Back = Annotated[int, msgspec.Meta(examples=[20_000])]
Fees = Annotated[int, msgspec.Meta(examples=[34_200])]
Used = Annotated[int, msgspec.Meta(examples=[500_000])]
Closing = Literal["fund_not_qualified", "fund_paused", "gifts_not_set_up"]


class FundSumsBody(msgspec.Struct):
    """One currency: what was received less what went back, fees and uses is the balance; equal to the ledger."""

    currency: Currency
    received_minor: Received
    back_minor: Back
    fees_minor: Fees
    used_minor: Used
    balance_minor: Annotated[int, msgspec.Meta(examples=[445_800])]

    @classmethod
    def of(cls, sums: Sums) -> "FundSumsBody":
        """Return one currency's sums."""
        return cls(sums.currency, sums.received, sums.back, sums.fees, sums.used, sums.balance)


class FundMonthBody(msgspec.Struct):
    """One month of one currency, by the day on which the ledger has it."""

    currency: Currency
    month: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$", examples=["2026-11"])]
    received_minor: Received
    back_minor: Back
    fees_minor: Fees
    used_minor: Used


class FundUseBody(msgspec.Struct):
    """What money is spent on, also what waits for a decision or was declined."""

    used_on: date
    purpose_zh: Annotated[str, msgspec.Meta(examples=["三件案件的鉴定费"])]
    purpose_en: Annotated[str, msgspec.Meta(examples=["Appraisals in three cases"])]
    document: Annotated[str, msgspec.Meta(examples=["付字 2026-018"])]
    amount_minor: Annotated[int, msgspec.Meta(examples=[60_000])]
    currency: Currency
    status: Annotated[Literal["proposed", "approved", "declined"], msgspec.Meta(examples=["approved"])]

    @classmethod
    def of(cls, use: OwnUse) -> "FundUseBody":
        """Return one use."""
        return cls(**{name: getattr(use, name) for name in cls.__struct_fields__})


class QualificationStandingBody(msgspec.Struct):
    """The owner's paper for public fundraising; without one that is valid the fund takes no gifts."""

    state: PaperState | None
    number: Annotated[str | None, msgspec.Meta(examples=["杭民募 2026-0017"])]
    valid_until: date | None
    days_left: Annotated[int | None, msgspec.Meta(examples=[42])]
    to_renew: bool
    renewal_on_its_way: bool

    @classmethod
    def of(cls, found: Standing) -> "QualificationStandingBody":
        """Return how it stands."""
        stated = found.certificate
        return cls(
            found.state, stated.number if stated else None, stated.paper.valid_until if stated else None,
            found.days_left, found.to_renew, found.on_its_way,
        )  # fmt: skip


class OwnFundBody(msgspec.Struct):
    """A fund as its owner sees it; who gave is not told, and ``donors`` is null where they are fewer than shown."""

    code: Annotated[str, msgspec.Meta(examples=["legal-aid"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["西湖法律援助基金"])]
    name_en: Annotated[str, msgspec.Meta(examples=["West Lake Legal Aid Fund"])]
    owner: UUID
    closed_because: Annotated[list[Closing], msgspec.Meta(examples=[[]])]
    sums: list[FundSumsBody]
    months: list[FundMonthBody]
    donors: Annotated[int | None, msgspec.Meta(examples=[17])]
    donors_shown_from: Annotated[int, msgspec.Meta(examples=[3])]
    uses: list[FundUseBody]
    qualification: QualificationStandingBody

    @classmethod
    def of(cls, found: OwnFund) -> "OwnFundBody":
        """Return what a member's program sees."""
        fund = found.fund
        months = [
            FundMonthBody(currency, f"{one.first_day:%Y-%m}", one.received, one.back, one.fees, one.used)
            for currency, known in found.months.items() for one in known
        ]  # fmt: skip
        return cls(
            fund.code, fund.name_zh, fund.name_en, fund.owner, _closed(fund),
            [FundSumsBody.of(one) for one in found.sums], months, found.donors, found.counted_from,
            [FundUseBody.of(one) for one in found.uses], QualificationStandingBody.of(found.qualification),
        )  # fmt: skip


@get("/my/donation-funds", guards=[MEMBER], summary="List the funds of one's organizations")
async def list_own_funds(principal: CurrentPrincipal) -> list[FundBody]:
    """The funds of the organizations that one acts for, with their totals."""
    return [FundBody.of(one) for one in await queries.own_funds(principal)]


@get("/my/donation-funds/{code:str}", guards=[MEMBER], summary="Show a fund of one's organization")
async def show_own_fund(code: FromPath[str], principal: CurrentPrincipal) -> OwnFundBody:
    """One fund by month, with its uses and the paper that keeps it open; another owner's fund is not found."""
    return OwnFundBody.of(await queries.own_fund(principal, code))


def _closed(fund: FundView) -> list[Closing]:
    reasons: list[tuple[bool, Closing]] = [
        (bool(fund.blocks), "fund_not_qualified"),
        (fund.paused_at is not None, "fund_paused"),
        (choosing.closed() is not None, "gifts_not_set_up"),
    ]
    return [name for closed, name in reasons if closed]
