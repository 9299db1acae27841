"""What is filled in about closed cases."""

from datetime import date
from typing import Annotated

import msgspec

from procurement.claims.cases.rules import CaseItem, Grade, Outcome, Stage

Short = Annotated[str, msgspec.Meta(max_length=80)]
Reason = Annotated[str, msgspec.Meta(max_length=500, examples=["The matter number was typed wrong."])]


class CaseForm(msgspec.Struct):
    """A closed case or stage; the provider is named by the number of a verified licence."""

    item: CaseItem
    agency: Annotated[str, msgspec.Meta(min_length=1, max_length=80, examples=["上城区法律援助中心"])]
    matter: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["杭上援〔2026〕12号"])]
    licence: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["13301201510000001"])]
    district: Annotated[str, msgspec.Meta(min_length=6, max_length=12, examples=["330102"])]
    accepted_on: Annotated[date, msgspec.Meta(examples=["2026-09-01"])]
    closed_on: Annotated[date, msgspec.Meta(examples=["2026-11-16"])]
    stage: Stage = Stage.NONE
    class_: Annotated[str, msgspec.Meta(max_length=20, examples=["ordinary"])] = ""
    outcome: Outcome = Outcome.NONE
    referred_matter: Short = ""
    early_percent: Annotated[int, msgspec.Meta(ge=-100, le=0)] | None = None
    early_reason: Reason = ""
    documents: Annotated[str, msgspec.Meta(max_length=300, examples=["登记、调解笔录、调解协议书"])] = ""


class GradeForm(msgspec.Struct):
    """How good the work was."""

    grade: Grade


class WithdrawForm(msgspec.Struct):
    """Why a record is taken back; the provider reads it."""

    reason: Reason = ""


class DocumentForm(msgspec.Struct):
    """Which paper is handed in; its scan comes as a file."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["调解协议书"])]
    file: str = ""
