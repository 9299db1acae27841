"""What a closed case is, what of it a tariff prices, and who may record and grade it.

司发通〔2019〕27号: legal aid is paid by case or stage, tied to its quality. 财行〔2007〕179号: mediation is paid by the
case and its grade. Some failed cases are paid, oral agreements at a ratio: the tariff says so by ``scenario``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message
from procurement.tariffs.engine.model import Choice, Dimensions, Work


class CaseKind(StrEnum):
    """Which of the two kinds of case; each has a programme of its own."""

    LEGAL_AID = "legal_aid"
    MEDIATION = "mediation"


class CaseItem(StrEnum):
    """What kind of work a case was, as tariffs name it."""

    CIVIL = "civil"
    ADMIN = "admin"
    LABOUR_ARBITRATION = "labour_arbitration"
    CRIMINAL_DEFENCE = "criminal_defence"
    NON_LITIGATION = "non_litigation"
    DRAFTING = "drafting"
    MEDIATION = "mediation"


class Stage(StrEnum):
    """A stage of a criminal case; each is paid by itself."""

    NONE = ""
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    TRIAL = "trial"


class Grade(StrEnum):
    """How good the work was, as the agency or a third party graded it (法律援助法 art 57)."""

    EXCELLENT = "excellent"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"


class Outcome(StrEnum):
    """How a mediation ended."""

    NONE = ""
    AGREED_WRITTEN = "agreed_written"
    AGREED_ORAL = "agreed_oral"
    FAILED = "failed"


ITEM_NAMES: Mapping[CaseItem, str] = {
    CaseItem.CIVIL: N_("民事法律援助"),
    CaseItem.ADMIN: N_("行政法律援助"),
    CaseItem.LABOUR_ARBITRATION: N_("劳动仲裁法律援助"),
    CaseItem.CRIMINAL_DEFENCE: N_("刑事法律援助"),
    CaseItem.NON_LITIGATION: N_("非诉讼法律援助"),
    CaseItem.DRAFTING: N_("代拟法律文书"),
    CaseItem.MEDIATION: N_("人民调解"),
}
STAGE_NAMES: Mapping[Stage, str] = {
    Stage.NONE: N_("不分阶段"),
    Stage.INVESTIGATION: N_("侦查阶段"),
    Stage.PROSECUTION: N_("审查起诉阶段"),
    Stage.TRIAL: N_("审判阶段"),
}
CLASS_NAMES: Mapping[str, str] = {
    "": N_("不分等级"),
    "simple": N_("简易"),
    "ordinary": N_("一般"),
    "difficult": N_("疑难"),
    "major": N_("重大"),
    "capital": N_("可能判处死刑、无期徒刑"),
}
OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.NONE: N_("不适用"),
    Outcome.AGREED_WRITTEN: N_("达成书面协议"),
    Outcome.AGREED_ORAL: N_("达成口头协议"),
    Outcome.FAILED: N_("调解不成"),
}
GRADE_NAMES: Mapping[Grade, str] = {
    Grade.EXCELLENT: N_("优秀"),
    Grade.QUALIFIED: N_("合格"),
    Grade.UNQUALIFIED: N_("不合格"),
}
"""Tariffs name their grades by the same words; the msgid is what a set's table is looked up by."""
QUALITY, EARLY = "quality", "ended_early"
PROGRAMMES = {CaseKind.LEGAL_AID: "legal_aid_case", CaseKind.MEDIATION: "mediation_case"}
_CLASSES = {
    CaseItem.MEDIATION: frozenset({"simple", "ordinary", "difficult", "major"}),
    CaseItem.CRIMINAL_DEFENCE: frozenset({"", "ordinary", "capital"}),
}


class CaseRecorded(DomainError):
    """The same matter, stage and provider of one agency is there already."""

    code, status, message = "case_recorded", 409, N_("这家机构的这个案号、阶段和承办人已经登记过，不能重复登记。")


class CaseGraded(DomainError):
    """A grade is given once."""

    code, status, message = "case_graded", 409, N_("这个案件已经评定过等级，不能再改。")


class CaseWithdrawn(DomainError):
    """A withdrawn record takes nothing more."""

    code, status, message = "case_withdrawn", 409, N_("这条登记已经撤回。")


class CaseIsPaid(DomainError):
    """A record is withdrawn only while none of its claims was approved."""

    code, status, message = (
        "case_is_paid",
        409,
        N_("这个案件的补贴已经通过审核，不能撤回登记。需要更正的，请先驳回或冲正补贴。"),
    )


class WorthOfGrade(DomainError):
    """What lives of a graded case is what the case is worth with its grade."""

    code, status, message = (
        "case_worth_its_grade",
        409,
        N_(
            "这个案件已评定等级，补贴合计就是评定后的金额：扣回不能驳回，评定时撤销的申领不能再审核。有异议的，请申领人提出异议。"
        ),
    )


class OwnCase(DomainError):
    """Nobody records or grades what they did themselves."""

    code, status, message = "own_case", 409, N_("自己承办的案件，由另一个人登记和评定。")


class DocumentUnknown(DomainError):
    """The case does not lack this document."""

    code, status, message = "document_unknown", 409, N_("这个案件不缺这份材料。")


CaseKey = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A closed case as an agency states it."""

    item: CaseItem
    agency_zh: str
    matter: str
    person_id: int
    place_id: int
    accepted_on: date
    closed_on: date
    stage: Stage = Stage.NONE
    class_: str = ""
    outcome: Outcome = Outcome.NONE
    referred_matter: str = ""
    early_percent: int | None = None
    early_reason_zh: str = ""
    documents: tuple[str, ...] = ()

    @property
    def kind(self) -> CaseKind:
        """Return which kind of case the work belongs to."""
        return kind_of(self.item)

    @property
    def once(self) -> CaseKey:
        """Return what makes it one case: an agency's matter, item and stage, and who did it."""
        return self.agency_zh.strip(), self.matter.strip(), self.item.value, self.stage.value, self.person_id


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What of a recorded case the pricing sees."""

    item: CaseItem
    closed_on: date
    stage: str
    class_: str
    outcome: str
    early_percent: int | None
    early_reason: str
    grade: str


def kind_of(item: CaseItem) -> CaseKind:
    """Return which kind of case an item belongs to."""
    return CaseKind.MEDIATION if item is CaseItem.MEDIATION else CaseKind.LEGAL_AID


def unit_of(item: CaseItem) -> str:
    """Return the unit that tariffs count this work by."""
    units = {CaseItem.CRIMINAL_DEFENCE: "case_stage", CaseItem.DRAFTING: "document", CaseItem.MEDIATION: "dispute"}
    return units.get(item, "case")


def faults(draft: CaseDraft, today: date) -> dict[str, Message]:
    """Return what is wrong with a draft, by field."""
    found: dict[str, Message] = {}
    if draft.closed_on > today:
        found["closed_on"] = Message(N_("结案日期不能晚于今天。"))
    if draft.accepted_on > draft.closed_on:
        found["accepted_on"] = Message(N_("受理日期不能晚于结案日期。"))
    if (draft.stage is not Stage.NONE) != (draft.item is CaseItem.CRIMINAL_DEFENCE):
        found["stage"] = Message(N_("刑事案件要写明阶段，其他案件不分阶段。"))
    if draft.class_ not in _CLASSES.get(draft.item, frozenset({""})):
        found["class_"] = Message(N_("这类案件没有这个等级。"))
    elif draft.stage is Stage.TRIAL and not draft.class_:
        found["class_"] = Message(N_("审判阶段要写明是不是可能判处死刑、无期徒刑；不是就选“一般”。"))
    if (draft.outcome is Outcome.NONE) == (draft.kind is CaseKind.MEDIATION):
        found["outcome"] = Message(N_("调解案件要写明结果，其他案件不填。"))
    if (draft.early_percent is None) != (not draft.early_reason_zh):
        found["early_reason_zh"] = Message(N_("提前终止的，写明调整的百分比和理由；不是就都不填。"))
    return found


def work_of(facts: CaseFacts, documents: Collection[str], used_fen: Mapping[str, int] | None = None) -> Work:
    """Return the work of a case for the tariff engine; a grade counts once it is given."""
    choices = {}
    if facts.early_percent is not None:
        choices[EARLY] = Choice(value=Decimal(facts.early_percent), reason=facts.early_reason)
    return Work(
        item=facts.item.value,
        on=facts.closed_on,
        dimensions=Dimensions(stage=facts.stage or None, class_=facts.class_ or None, scenario=facts.outcome or None),
        units={unit_of(facts.item): 1},
        grades={QUALITY: GRADE_NAMES[Grade(facts.grade)]} if facts.grade else {},
        choices=choices,
        documents=frozenset(documents),
        used_fen=dict(used_fen or {}),
    )


def balance(worth_fen: int, claimed_fen: int) -> int:
    """Return what a graded case still brings besides what was claimed; below 0 is what was claimed too much."""
    return worth_fen - claimed_fen
