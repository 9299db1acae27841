"""Tenders for programs: begun, recorded step by step with hashes, and looked at again by the law of each day."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.attachments.service import keep
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal
from marketplace.organizations.provision import Category
from procurement.purchases import queries as purchases
from procurement.purchases.rules import Method, PurchaseStatus
from procurement.purchases.tenders import queries, service
from procurement.purchases.tenders.challenges import queries as challenges
from procurement.purchases.tenders.challenges.facts import Subject
from procurement.purchases.tenders.challenges.queries import ChallengeView
from procurement.purchases.tenders.challenges.rules import ChallengeStatus
from procurement.purchases.tenders.controllers import OFFICER, READER, RECORDERS
from procurement.purchases.tenders.facts import IntentFacts, Step, StepKind
from procurement.purchases.tenders.forms import step_of
from procurement.purchases.tenders.service import NewTender
from procurement.purchases.tenders.step_bodies import KIND_OF, Instant, NewStepBody
from procurement.reading import BUYERS, reading_scope

LARGEST_BODY = 16 * 1024 * 1024
"""A step with our copy of what was published in base64; the file is held to its size by app.attachments.rules."""


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class StepBody(msgspec.Struct):
    """One recorded step; ``facts`` are those of its kind."""

    kind: StepKind
    happened_at: datetime
    number: Annotated[str, _example("ZJZC-2026-0001")]
    url: Annotated[str, _example("https://zfcg.czt.zj.gov.cn/site/detail?id=1")]
    sha256: Annotated[str, _example("00d0288a4267d6197e01e8b87b1340ad2fd31dc5c0e6b4b79d75420037cfdc39")]
    facts: Annotated[dict[str, Any], _example({"submitted": 3, "refused_late": 0})]


class ChallengeBody(msgspec.Struct):
    """A challenge with the complaint about it: where it stands, and until when who may or must do what."""

    number: Annotated[int, _example(1)]
    status: ChallengeStatus
    challenger: Annotated[str, _example("Xihu Legal Services Centre")]
    about: Subject
    could_change_result: bool
    answer_by: date
    decide_by: date | None
    complaint_until: date | None
    suspended_until: date | None
    next: Annotated[list[StepKind], _example(["settle_challenge"])]

    @classmethod
    def of(cls, view: ChallengeView) -> "ChallengeBody":
        """Return what a program sees of a challenge."""
        answer, *decision = [clock.last_day for clock in view.clocks]
        return cls(
            view.number, view.status, view.facts.challenger, view.facts.about, view.facts.could_change_result, answer,
            decision[0] if decision else None, view.complaint_until, view.suspended_until, list(view.next),
        )  # fmt: skip


class TenderBody(msgspec.Struct):
    """A tender with its steps and its challenges; while one holds it, nothing is signed, performed or paid."""

    reference: Annotated[str, _example("CG-2026-000007")]
    status: PurchaseStatus
    challenged_at: datetime | None
    held_until: date | None
    challenges: list[ChallengeBody]
    steps: list[StepBody]


class NewTenderBody(msgspec.Struct):
    """A tender to begin, with its published intention; paid from this year's line for purchases of the named place."""

    place_code: Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
    line_place_code: Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
    category: Category
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000, examples=[1_000])]
    ceiling_fen: Annotated[int, msgspec.Meta(ge=1, examples=[60_000])]
    purpose_zh: Annotated[str, msgspec.Meta(max_length=200, examples=["村社普法服务"])]
    published_at: Instant
    url: Annotated[str, msgspec.Meta(max_length=300, examples=["https://zfcg.czt.zj.gov.cn/site/detail?id=1"])]
    expected_month: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$", examples=["2027-01"])]
    public_service: bool = False
    exempt_reason: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def intent(self) -> Step:
        """Return the published intention; the service writes its budget."""
        facts = IntentFacts(self.category, 0, self.expected_month, self.public_service, self.exempt_reason.strip())
        return Step(StepKind.INTENT, self.published_at, facts, url=self.url.strip())


class RecordedBody(msgspec.Struct):
    """The tender after a step; not ``recorded`` means that an award waits for the next approver's word."""

    recorded: bool
    tender: TenderBody


@get("/tenders/{reference:str}", guards=[READER], summary="Show a tender")
async def show_tender(reference: FromPath[str], principal: CurrentPrincipal) -> TenderBody:
    """Every recorded step in its order."""
    return await _tender(principal, reference)


@post("/tenders", guards=[OFFICER], summary="Begin a tender")
async def begin(data: JSONBody[NewTenderBody], principal: CurrentPrincipal) -> TenderBody:
    """Begin a tender with its published intention; no money is reserved yet."""
    choices = await purchases.line_choices(principal.scope(Permission.PURCHASE_REQUEST))
    lines = {line.key.split("/")[0]: line.id for line in choices}
    if data.line_place_code not in lines:
        raise NotFound
    line = lines[data.line_place_code]
    wanted = NewTender(line, data.place_code, data.quantity, data.ceiling_fen, data.purpose_zh)
    [reference] = await purchases.references_of([await service.open_tender(principal, wanted, data.intent())])
    return await _tender(principal, reference)


@post(
    "/tenders/{reference:str}/steps",
    guards=[RECORDERS],
    request_max_body_size=LARGEST_BODY,
    summary="Record a tender's step",
)
async def record_step(
    reference: FromPath[str], data: JSONBody[NewStepBody], principal: CurrentPrincipal
) -> RecordedBody:
    """Record what happened next; each ``kind`` has its facts, and the law of its day may refuse it.

    What was published or served comes with our copy of it, in base64, and with its hash if it was noted. A step about
    a challenge names it by its number, or means the newest that is open.
    """
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    if found.method is not Method.TENDER:
        raise NotFound
    content: bytes | None = getattr(data, "copy", None)
    step = step_of(KIND_OF[type(data)], data, content)
    copy = await keep(data.copy_name, content) if content is not None else None
    recorded = await service.record_step(principal, found.id, step, copy)
    return RecordedBody(recorded, await _tender(principal, reference))


async def _tender(principal: Principal, reference: str) -> TenderBody:
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    tender = await queries.tender(found.id, found.place_code)
    steps = [
        StepBody(
            view.step.kind, view.step.at, view.step.number, view.step.url, (view.step.sha256 or b"").hex(),
            msgspec.to_builtins(view.step.facts),
        )
        for view in tender.steps
    ]  # fmt: skip
    about = [ChallengeBody.of(one) for one in await challenges.challenges(tender, found.place_code)]
    return TenderBody(found.reference, found.status, tender.challenged_at, tender.held_until, about, steps)
