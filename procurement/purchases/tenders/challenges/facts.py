"""What is recorded of a challenge, its answer, the complaint about it and finance's decisions."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from procurement.purchases.tenders.entries import Reason, Short

Number = Annotated[int, msgspec.Meta(ge=0)]
"""Which challenge of the purchase, in the order in which they came; 0 is the newest that is open."""


class Subject(StrEnum):
    """条例 §53: what is challenged decides from when the time to challenge runs."""

    DOCUMENTS = "documents"
    PROCESS = "process"
    RESULT = "result"


class Outcome(StrEnum):
    """How the buyer answers a challenge (令94 §16)."""

    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    UPHELD_NO_EFFECT = "upheld_no_effect"  # right, but without effect on the result
    UPHELD = "upheld"  # right, and the result cannot stand


class Decision(StrEnum):
    """How finance decides a complaint (令94 §29-32)."""

    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    UPHELD_NO_EFFECT = "upheld_no_effect"
    OVERTURNED = "overturned"


class Remedy(StrEnum):
    """What finance orders where a complaint overturns the result (令94 §31-32)."""

    NONE = ""
    REDO = "redo"  # the procedure begins anew
    ANOTHER = "another"  # another of the ranked suppliers is chosen
    REVOKE = "revoke"  # the contract is revoked
    COMPENSATE = "compensate"  # it was performed: who is responsible compensates


class ChallengeFacts(msgspec.Struct, frozen=True):
    """A supplier's challenge, and since when it knew."""

    challenger: Short
    could_change_result: bool = True
    about: Subject = Subject.RESULT
    knew_on: date | None = None


class AnswerFacts(msgspec.Struct, frozen=True):
    """The buyer's written answer, to the challenger and the other suppliers concerned."""

    outcome: Outcome
    others_told: bool = False
    challenge: Number = 0


class ComplaintFacts(msgspec.Struct, frozen=True):
    """The complaint that finance took up; it does not go beyond the challenge."""

    within_challenge: bool = False
    challenge: Number = 0


class SuspensionFacts(msgspec.Struct, frozen=True):
    """Finance's written notice that the procedure stops, and its last day."""

    until: date
    challenge: Number = 0


class ResumptionFacts(msgspec.Struct, frozen=True):
    """Finance's notice that the procedure goes on before the suspension is over."""

    challenge: Number = 0


class DecisionFacts(msgspec.Struct, frozen=True):
    """Finance's published decision, and what it orders where the result falls."""

    decision: Decision
    remedy: Remedy = Remedy.NONE
    challenge: Number = 0


class ReopeningFacts(msgspec.Struct, frozen=True):
    """A result that fell: another of the ranked suppliers is chosen."""

    reason_zh: Reason
