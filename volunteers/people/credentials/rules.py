"""What a credential is worth: only what another, named person verified counts, and only on the days it covers.

Lawyers need a practising certificate (律师法 art. 5, 13), grassroots legal workers theirs (基层法律服务工作者管理办法
art. 4), mediators an appointment (人民调解法 art. 13-14), notaries and appraisers a licence (公证法 art. 18,
司法鉴定人登记管理办法 art. 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message


class CredentialKind(StrEnum):
    """What a person may be licensed, appointed or trained as."""

    LAWYER = "lawyer"
    LEGAL_WORKER = "legal_worker"
    MEDIATOR = "mediator"
    NOTARY = "notary"
    APPRAISER = "appraiser"
    RETIRED_JUDGE = "retired_judge"
    LAW_STUDENT = "law_student"
    LECTURER = "lecturer"
    PSYCHOLOGIST = "psychologist"


class CredentialStatus(StrEnum):
    """How far the officer has come with a claim; that a verified one has expired is a matter of dates."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    REFUSED = "refused"


class Ground(StrEnum):
    """What an officer held a claim against."""

    ORIGINAL = "original"
    COPY = "copy"
    REGISTER = "register"


class CredentialEvent(StrEnum):
    """What an officer decides."""

    VERIFY = "verify"
    REFUSE = "refuse"


TRANSITIONS: dict[tuple[CredentialStatus, CredentialEvent], CredentialStatus] = {
    (CredentialStatus.CLAIMED, CredentialEvent.VERIFY): CredentialStatus.VERIFIED,
    (CredentialStatus.CLAIMED, CredentialEvent.REFUSE): CredentialStatus.REFUSED,
    (CredentialStatus.VERIFIED, CredentialEvent.REFUSE): CredentialStatus.REFUSED,
}

KIND_NAMES: Mapping[CredentialKind, str] = {
    CredentialKind.LAWYER: N_("律师执业证"),
    CredentialKind.LEGAL_WORKER: N_("基层法律服务工作者执业证"),
    CredentialKind.MEDIATOR: N_("人民调解员证"),
    CredentialKind.NOTARY: N_("公证员执业证"),
    CredentialKind.APPRAISER: N_("司法鉴定人执业证"),
    CredentialKind.RETIRED_JUDGE: N_("退休法官、检察官证明"),
    CredentialKind.LAW_STUDENT: N_("法学专业学生证"),
    CredentialKind.LECTURER: N_("普法讲师聘书"),
    CredentialKind.PSYCHOLOGIST: N_("心理咨询师证书"),
}

STATUS_NAMES: Mapping[CredentialStatus, str] = {
    CredentialStatus.CLAIMED: N_("待核验"),
    CredentialStatus.VERIFIED: N_("已核验"),
    CredentialStatus.REFUSED: N_("未通过"),
}


GROUND_NAMES: Mapping[Ground, str] = {
    Ground.ORIGINAL: N_("看过原件"),
    Ground.COPY: N_("看过上传的照片或扫描件"),
    Ground.REGISTER: N_("查过发证机关的登记"),
}
FILE_KINDS = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
MOST_FILES = 4


class CredentialNumberTaken(DomainError):
    """The number stands under another name already."""

    code, status = "credential_number_taken", 409
    message = N_("这个证号已被登记。如果证件是你本人的，请带原件到就近站点核对。")


class AlreadyClaimed(DomainError):
    """The same licence waits for the officer already, or its renewal does."""

    code, status, message = "already_claimed", 409, N_("这份证件你已提交，正在等核验，不用再交。")


class NotAPicture(DomainError):
    """A licence is shown as a photograph or a PDF."""

    code, status, message = "not_a_picture", 415, N_("证件只收照片（JPEG、PNG、WebP）或 PDF。")


class EnoughFiles(DomainError):
    """Front and back of two pages are enough."""

    code, status, message = "enough_files", 409, N_("一份证件最多传 4 个文件。")


class NothingToLookAt(DomainError):
    """Whoever verifies by a copy has seen one."""

    code, status = "nothing_to_look_at", 422
    message = N_("%(names)s没有上传证件照片，请对照原件或查登记后再核验。")


class ReasonNeeded(DomainError):
    """A refusal without a reason helps nobody."""

    code, status, message = "reason_needed", 422, N_("请写明不通过的原因，本人会看到。")


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential as its holder states it."""

    kind: CredentialKind
    number: str
    issuer_zh: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class HeldCredential:
    """A credential as far as eligibility asks about it."""

    kind: str
    verified: bool
    valid_from: date
    valid_until: date | None

    def covers(self, first: date, last: date) -> bool:
        """Tell whether it is verified and valid on all the days from first to last."""
        return self.verified and self.valid_from <= first and (self.valid_until is None or last <= self.valid_until)


def status_of(verified: bool, refused: bool) -> CredentialStatus:
    """Return the status that the two verdict columns mean."""
    if refused:
        return CredentialStatus.REFUSED
    return CredentialStatus.VERIFIED if verified else CredentialStatus.CLAIMED


def faults(credential: NewCredential, today: date) -> dict[str, Message]:
    """Return what is wrong with a claimed credential, by field."""
    found: dict[str, Message] = {}
    if not credential.number.strip():
        found["number"] = Message(N_("请填写证号。"))
    if not credential.issuer_zh.strip():
        found["issuer_zh"] = Message(N_("请填写发证机关。"))
    if credential.valid_until and credential.valid_until < credential.valid_from:
        found["valid_until"] = Message(N_("有效期的结束日期不能早于开始日期。"))
    elif credential.valid_until and credential.valid_until < today:
        found["valid_until"] = Message(N_("这份证件已经过期，请先换发新证。"))
    return found
