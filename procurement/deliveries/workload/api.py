"""A contract's workload list for programs: every unit with who came, how many were reached, what is still missing."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath

from app.web.guards import CurrentPrincipal
from procurement.deliveries.acceptances.rules import Outcome
from procurement.deliveries.proofs.rules import ProofKind
from procurement.deliveries.rules import OrderStatus
from procurement.deliveries.workload.controllers import READER
from procurement.deliveries.workload.queries import UnitRow, totals, workload


class UnitBody(msgspec.Struct):
    """One delivered unit; ``present`` is what the service log says, ``reached`` what the acceptor found."""

    reference: Annotated[str, msgspec.Meta(examples=["DD-2026-000042"])]
    status: OrderStatus
    starts: datetime
    place_code: Annotated[str, msgspec.Meta(examples=["330106001001"])]
    people: Annotated[list[str], msgspec.Meta(examples=[["Wang Min"]])]
    minutes: Annotated[int, msgspec.Meta(examples=[90])]
    topic_zh: Annotated[str, msgspec.Meta(examples=["婚姻家庭与继承"])]
    present: Annotated[int | None, msgspec.Meta(examples=[48])]
    reached: Annotated[int | None, msgspec.Meta(examples=[46])]
    verdict: Outcome | None
    opinions: Annotated[int, msgspec.Meta(examples=[12])]
    missing: list[ProofKind]

    @classmethod
    def of(cls, unit: UnitRow) -> "UnitBody":
        """Return what a program of those concerned sees of a unit."""
        names = [name for name in cls.__struct_fields__ if name not in ("people", "missing")]
        known = {name: getattr(unit, name) for name in names}
        return cls(**known, people=list(unit.people), missing=[need.kind for need in unit.needs if need.missing])


class WorkloadBody(msgspec.Struct):
    """A contract's units in the order of their days, with their sums."""

    contract: Annotated[str, msgspec.Meta(examples=["HT-2026-000003"])]
    units: Annotated[int, msgspec.Meta(examples=[1])]
    accepted: Annotated[int, msgspec.Meta(examples=[1])]
    minutes: Annotated[int, msgspec.Meta(examples=[90])]
    present: Annotated[int, msgspec.Meta(examples=[48])]
    reached: Annotated[int, msgspec.Meta(examples=[46])]
    missing: Annotated[int, msgspec.Meta(examples=[0])]
    items: list[UnitBody]


@get("/contracts/{reference:str}/workload", guards=[READER], summary="Show a contract's workload list")
async def show_workload(reference: FromPath[str], principal: CurrentPrincipal) -> WorkloadBody:
    """Every unit that was delivered under a contract, to its parties and those who watch."""
    contract, units = await workload(principal, reference)
    sums = totals(units)
    return WorkloadBody(
        contract.reference, sums.units, sums.accepted, sums.minutes, sums.present, sums.reached, sums.missing,
        [UnitBody.of(unit) for unit in units],
    )  # fmt: skip
