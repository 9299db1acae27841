"""The two duties after the signatures for programs: their clocks, and recording what was done."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core import clock
from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal, public
from procurement.contracts import queries as contracts
from procurement.contracts.notices import queries, service
from procurement.contracts.notices.controllers import SIGNER
from procurement.contracts.notices.rules import Duty, NoticeKind, Recorded


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Url = Annotated[str, msgspec.Meta(max_length=300, examples=["https://zfcg.czt.zj.gov.cn/site/detail?id=1"])]
Number = Annotated[str, msgspec.Meta(max_length=60, examples=["HZ-2026-001"])]


class DutyBody(msgspec.Struct):
    """Publishing a contract, or filing its copy: its last day, and when it was done by which evidence."""

    kind: NoticeKind
    last_day: Annotated[date, _example("2026-11-25")]
    source: Annotated[str, _example("政府采购法实施条例 第50条")]
    overdue: bool
    done_on: Annotated[date | None, _example("2026-11-24")]
    url: Url
    number: Number

    @classmethod
    def of(cls, duty: Duty, today: date) -> "DutyBody":
        """Return what a program sees of a duty."""
        done = duty.done
        return cls(
            duty.kind, duty.last_day, str(duty.figure.source), duty.overdue(today), done.done_on if done else None,
            done.url if done else "", done.number if done else "",
        )  # fmt: skip


class RecordBody(msgspec.Struct):
    """A duty that was done; a publication has its address, a filing its receipt's number."""

    kind: NoticeKind
    done_on: Annotated[date, _example("2026-11-24")]
    url: Url = ""
    number: Number = ""


@get("/contracts/{reference:str}/notices", guards=[public], summary="Show a contract's publication and filing")
async def list_duties(reference: FromPath[str], principal: CurrentPrincipal) -> list[DutyBody]:
    """Both duties of a signed contract with their last days, by the law of the day it was signed."""
    view = await contracts.contract(principal, reference)
    if view.signed_at is None:
        raise NotFound
    found = await queries.duties(view.id, clock.local(view.signed_at).date(), view.place_code)
    return [DutyBody.of(duty, clock.today()) for duty in found]


@post("/contracts/{reference:str}/notices", guards=[SIGNER], status_code=204, summary="Record a publication or filing")
async def record(reference: FromPath[str], data: JSONBody[RecordBody], principal: CurrentPrincipal) -> None:
    """Record a duty for the buyer, once; the record never changes."""
    view = await contracts.contract(principal, reference)
    await service.record_notice(principal, view.id, Recorded(data.kind, data.done_on, data.url, data.number))
