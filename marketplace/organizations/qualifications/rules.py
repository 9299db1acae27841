"""When a paper counts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message
from marketplace.organizations.provision import QualificationKind


class PaperState(StrEnum):
    """What a reader needs to know about a paper."""

    PENDING = "pending"
    REFUSED = "refused"
    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"


STATE_NAMES = {
    PaperState.PENDING: N_("待核验"),
    PaperState.REFUSED: N_("未通过"),
    PaperState.VALID: N_("有效"),
    PaperState.NOT_YET: N_("未生效"),
    PaperState.EXPIRED: N_("已过期"),
}


class QualificationExists(DomainError):
    """The same paper was stated before."""

    code, status = "qualification_exists", 409
    message = N_("这份材料已经登记过。续期的证照请填写新的起始日期。")


class QualificationDecided(DomainError):
    """Another officer was faster."""

    code, status, message = "qualification_decided", 409, N_("这份材料已经核验过了。请刷新页面。")


FILE_KINDS = frozenset({"application/pdf", "image/jpeg", "image/png"})
MOST_FILES = 4


class NotAPaperFile(DomainError):
    """A paper is shown as a scan."""

    code, status, message = "not_a_paper_file", 415, N_("证照只收 PDF、JPG、PNG。")


class EnoughPaperFiles(DomainError):
    """A few pages are enough."""

    code, status, message = "enough_paper_files", 409, N_("一份材料最多附 4 个文件。")


@dataclass(frozen=True, slots=True)
class Paper:
    """A qualification as the rules see it."""

    kind: QualificationKind
    valid_from: date
    valid_until: date | None
    verified: bool
    refused: bool = False

    def state(self, day: date) -> PaperState:
        """Return what the paper is worth on a day; the last day of its term is included."""
        if self.refused:
            return PaperState.REFUSED
        if not self.verified:
            return PaperState.PENDING
        if day < self.valid_from:
            return PaperState.NOT_YET
        if self.valid_until is not None and day > self.valid_until:
            return PaperState.EXPIRED
        return PaperState.VALID


@dataclass(frozen=True, slots=True)
class Statement:
    """A paper as an organization states it."""

    kind: QualificationKind
    number: str
    issuer_zh: str
    valid_from: date
    valid_until: date | None = None


def statement_faults(statement: Statement, today: date) -> dict[str, Message]:
    """Return what is wrong with a stated paper, by field."""
    faults: dict[str, Message] = {}
    if not statement.number.strip():
        faults["number"] = Message(N_("请填写证照或文件编号。"))
    if not statement.issuer_zh.strip():
        faults["issuer_zh"] = Message(N_("请填写发证或出具机关。"))
    if statement.valid_until is not None and statement.valid_until < statement.valid_from:
        faults["valid_until"] = Message(N_("截止日期早于起始日期。"))
    elif statement.valid_until is not None and statement.valid_until < today:
        faults["valid_until"] = Message(N_("这份材料已过期，请提供有效的。"))
    return faults
