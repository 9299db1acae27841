"""What is recorded of each step of a tender; the rows hold these as JSON, and each reads back as its own type."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from app.core import clock
from marketplace.organizations.provision import Category
from procurement.purchases.tenders.challenges.facts import (
    AnswerFacts,
    ChallengeFacts,
    ComplaintFacts,
    DecisionFacts,
    ReopeningFacts,
    ResumptionFacts,
    SuspensionFacts,
)
from procurement.purchases.tenders.entries import Lines, Names, Reason, Short


class StepKind(StrEnum):
    """The steps that are recorded, in their order; from the challenge on, they may come between."""

    INTENT = "intent"
    RESERVE = "reserve"
    REVIEW_REQUIREMENT = "review_requirement"
    FILE_PLAN = "file_plan"
    SET_METHOD = "set_method"
    NOTICE = "notice"
    SEAL = "seal"
    OPEN = "open"
    EVALUATE = "evaluate"
    AWARD = "award"
    PUBLISH_RESULT = "publish_result"
    CHALLENGE = "challenge"
    SETTLE_CHALLENGE = "settle_challenge"
    COMPLAIN = "complain"
    SUSPEND = "suspend"
    RESUME = "resume"
    DECIDE_COMPLAINT = "decide_complaint"
    REOPEN = "reopen"
    TERMINATE = "terminate"


OVERLAY = frozenset(
    {
        StepKind.CHALLENGE,
        StepKind.SETTLE_CHALLENGE,
        StepKind.COMPLAIN,
        StepKind.SUSPEND,
        StepKind.RESUME,
        StepKind.DECIDE_COMPLAINT,
    }
)
"""Steps about a challenge: they lie over the others and do not move the purchase."""
RECORDED = frozenset(StepKind) - {StepKind.INTENT}
"""Steps that are recorded of a tender under way; its intention begins it."""


class Procedure(StrEnum):
    """How the platform chooses; 询价 is for goods (采购法 §32), so it is not on the list."""

    OPEN_TENDER = "open_tender"
    CONSULTATION = "consultation"
    SINGLE_SOURCE = "single_source"


class SingleSourceCase(StrEnum):
    """采购法 §31: the three cases."""

    NONE = ""
    ONLY_ONE = "only_one"
    URGENT = "urgent"
    ADD_ON = "add_on"


class IntentFacts(msgspec.Struct, frozen=True):
    """The published intention: name, need, budget, expected month (财库〔2020〕10号 †)."""

    category: Category
    budget_fen: int
    expected_month: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$")]
    public_service: bool = False
    exempt_reason: Short = ""


class NoFacts(msgspec.Struct, frozen=True):
    """A step of which only day and number count."""


class ReviewFacts(msgspec.Struct, frozen=True):
    """The requirement: who was asked, who wrote it, who looked at it for the four sides."""

    respondents: Annotated[int, msgspec.Meta(ge=0)]
    authors: Names
    purchasing: Names
    finance: Names
    business: Names
    supervision: Names
    public_consulted: bool = False


class MethodFacts(msgspec.Struct, frozen=True):
    """The procedure, and what an exception rests on."""

    procedure: Procedure
    others_fen: int = 0  # the year's other purchases of the same item without an open tender
    approval_number: Short = ""  # the finance bureau's approval of another procedure
    approved_on: date | None = None
    case: SingleSourceCase = SingleSourceCase.NONE
    evidence: Lines = ""
    sole_supplier: Short = ""  # the credit code of the only one that can provide it
    announced_from: date | None = None
    announced_until: date | None = None
    announced_url: Short = ""
    original_contract: Short = ""  # what is added to
    original_fen: int = 0  # its price, its supplier, and what single sources have added to it before
    original_supplier: str = ""
    added_fen: int = 0


class NoticeFacts(msgspec.Struct, frozen=True):
    """The notice on the provincial site: until when offers are taken, and documents handed out."""

    deadline: datetime
    documents_from: date
    documents_until: date
    budget_disclosed: bool = False


class SealFacts(msgspec.Struct, frozen=True):
    """The instant after which no offer is taken."""

    submitted: Annotated[int, msgspec.Meta(ge=0)]
    refused_late: Annotated[int, msgspec.Meta(ge=0)] = 0


class OpenFacts(msgspec.Struct, frozen=True):
    """The opening: how many offers stand."""

    valid: Annotated[int, msgspec.Meta(ge=0)]
    excluded_as_related: Annotated[int, msgspec.Meta(ge=0)] = 0
    panel_absent: bool = False


class EvaluationFacts(msgspec.Struct, frozen=True):
    """The panel, the score sheets by their hashes, and the rank order."""

    panel: Annotated[int, msgspec.Meta(ge=0)]
    experts: Annotated[int, msgspec.Meta(ge=0)]
    price_weight: Annotated[int, msgspec.Meta(ge=0, le=100)]
    score_sheets: Lines
    ranking: Lines  # one code of a supplier (uscc) per line, the first first
    drawn_at_random: bool = False
    conflicts_declared: bool = False


class AwardFacts(msgspec.Struct, frozen=True):
    """Which of the ranked the buyer takes, of which product, at which price."""

    reported_on: date
    rank: Annotated[int, msgspec.Meta(ge=1)]
    product: Short  # the reference of the supplier's listed product
    unit_price_fen: Annotated[int, msgspec.Meta(gt=0, extra={"input": "yuan"})]


class ResultFacts(msgspec.Struct, frozen=True):
    """The published result."""

    evaluators_named: bool = False
    documents_attached: bool = False


class TerminationFacts(msgspec.Struct, frozen=True):
    """Why the procedure ends without a contract."""

    reason_zh: Reason


FACTS: Mapping[StepKind, type[msgspec.Struct]] = {
    StepKind.INTENT: IntentFacts,
    StepKind.RESERVE: NoFacts,
    StepKind.REVIEW_REQUIREMENT: ReviewFacts,
    StepKind.FILE_PLAN: NoFacts,
    StepKind.SET_METHOD: MethodFacts,
    StepKind.NOTICE: NoticeFacts,
    StepKind.SEAL: SealFacts,
    StepKind.OPEN: OpenFacts,
    StepKind.EVALUATE: EvaluationFacts,
    StepKind.AWARD: AwardFacts,
    StepKind.PUBLISH_RESULT: ResultFacts,
    StepKind.CHALLENGE: ChallengeFacts,
    StepKind.SETTLE_CHALLENGE: AnswerFacts,
    StepKind.COMPLAIN: ComplaintFacts,
    StepKind.SUSPEND: SuspensionFacts,
    StepKind.RESUME: ResumptionFacts,
    StepKind.DECIDE_COMPLAINT: DecisionFacts,
    StepKind.REOPEN: ReopeningFacts,
    StepKind.TERMINATE: TerminationFacts,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded step."""

    kind: StepKind
    at: datetime
    facts: Any  # of the type that FACTS names
    number: str = ""
    url: str = ""
    sha256: bytes | None = None


@dataclass(frozen=True, slots=True)
class TenderFile:
    """The steps so far, in their order."""

    steps: tuple[Step, ...] = ()

    def of(self, kind: StepKind) -> Step | None:
        """Return the newest step of a kind."""
        return next((step for step in reversed(self.steps) if step.kind is kind), None)

    def with_step(self, step: Step) -> "TenderFile":
        """Return the file with one more step."""
        return TenderFile((*self.steps, step))


def day_of(step: Step) -> date:
    """Return the day of a step in Hangzhou."""
    return clock.local(step.at).date()


def read_facts(kind: StepKind, json: str) -> Any:
    """Return the facts of a row as their own type."""
    return msgspec.json.decode(json, type=FACTS[kind])
