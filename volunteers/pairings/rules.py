"""The life of a pairing: proposed by an officer, agreed by who is to come, ended by its term or for a reason.

Every village and community has its legal adviser (司法部关于进一步加强和规范村（居）法律顾问工作的意见,
司发通〔2018〕5号; no officer has verified the citation yet). Advice in the name of a lawyer takes a practising
certificate (律师法 art. 13).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message
from volunteers.people.credentials.rules import CredentialKind

RENEW_WITHIN = timedelta(days=60)
LONGEST_TERM = timedelta(days=1096)
"""Three years: the office's own limit, so that every village is asked again."""
USUAL_TERM = timedelta(days=364)
MOST_REASON = 200


class PairingKind(StrEnum):
    """What the village is paired for."""

    ADVISER = "adviser"
    MEDIATION = "mediation"
    EDUCATION = "education"


class PairingStatus(StrEnum):
    """Proposed until the person or firm agrees, active until it ends."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


class PairingEvent(StrEnum):
    """What happens to it; each way to end has its own name, which is stored."""

    AGREE = "agree"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    END = "end"
    EXPIRE = "expire"
    LEAVE = "leave"


class Agreed(StrEnum):
    """How the other side said yes."""

    TAP = "tap"
    PAPER = "paper"


TRANSITIONS: dict[tuple[PairingStatus, PairingEvent], PairingStatus] = {
    (PairingStatus.PROPOSED, PairingEvent.AGREE): PairingStatus.ACTIVE,
    (PairingStatus.PROPOSED, PairingEvent.DECLINE): PairingStatus.ENDED,
    (PairingStatus.PROPOSED, PairingEvent.WITHDRAW): PairingStatus.ENDED,
    (PairingStatus.PROPOSED, PairingEvent.EXPIRE): PairingStatus.ENDED,
    (PairingStatus.PROPOSED, PairingEvent.LEAVE): PairingStatus.ENDED,
    (PairingStatus.ACTIVE, PairingEvent.END): PairingStatus.ENDED,
    (PairingStatus.ACTIVE, PairingEvent.EXPIRE): PairingStatus.ENDED,
    (PairingStatus.ACTIVE, PairingEvent.LEAVE): PairingStatus.ENDED,
}
KIND_NAMES: Mapping[PairingKind, str] = {
    PairingKind.ADVISER: N_("法律顾问"),
    PairingKind.MEDIATION: N_("调解指导"),
    PairingKind.EDUCATION: N_("普法宣讲"),
}
STATUS_NAMES: Mapping[PairingStatus, str] = {
    PairingStatus.PROPOSED: N_("等对方同意"),
    PairingStatus.ACTIVE: N_("结对中"),
    PairingStatus.ENDED: N_("已结束"),
}
ENDING_NAMES: Mapping[str, str] = {
    PairingEvent.DECLINE: N_("对方没有同意"),
    PairingEvent.WITHDRAW: N_("已撤回"),
    PairingEvent.END: N_("提前结束"),
    PairingEvent.EXPIRE: N_("期满"),
    PairingEvent.LEAVE: N_("对方不再参加"),
}
CREDENTIALS: Mapping[PairingKind, tuple[CredentialKind, ...]] = {
    PairingKind.ADVISER: (CredentialKind.LAWYER, CredentialKind.LEGAL_WORKER),
    PairingKind.MEDIATION: (CredentialKind.MEDIATOR, CredentialKind.LAWYER, CredentialKind.RETIRED_JUDGE),
    PairingKind.EDUCATION: (),
}
"""Any one of them, verified and valid on the first day; the database's pairing_credentials says the same."""


class PairingRefused(DomainError):
    """The pairing is not in order; ``fields`` names what."""

    code, status, message = "pairing_refused", 422, N_("有内容需要修改，请看标出的位置。")


class PairedAlready(DomainError):
    """The village has one of this kind in that time."""

    code, status = "paired_already", 409
    message = N_("这个村社这段时间已经有同类的结对。请先结束那一个，或改起止日期。")


class NotLicensed(DomainError):
    """The person or firm may not do this work on the first day."""

    code, status = "pairing_not_licensed", 409
    message = N_("对方没有这项工作所需的、到时有效的资格，或单位还没有核验。")


class NotOneParty(DomainError):
    """A person or an organization, exactly one of the two."""

    code, status, message = "pairing_one_party", 422, N_("请选一个人，或者选一个单位，只能选一样。")


class TermTooLong(DomainError):
    """Longer than three years, or backwards."""

    code, status, message = "pairing_term", 422, N_("结束日期不能早于开始日期，一次最长三年。")


class NotAVillage(DomainError):
    """Districts and towns are no side of a pairing."""

    code, status, message = "pairing_not_a_village", 422, N_("结对的一方要是村或社区。")


class ReasonForEndingMissing(DomainError):
    """The other side is told why."""

    code, status, message = "reason_for_ending_missing", 422, N_("请写明原因，对方会看到。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "pairing_one_at_a_time": PairedAlready,
    "pairing_licensed": NotLicensed,
    "pairing_one_party": NotOneParty,
    "pairing_term": TermTooLong,
    "pairing_of_a_village": NotAVillage,
    "pairing_says_why": ReasonForEndingMissing,
    "pairing_agreed_by_party": NotLicensed,
}


@dataclass(frozen=True, slots=True)
class PairingDraft:
    """A pairing before it exists; ``signed``: the officer holds the agreement on paper."""

    place_id: int
    kind: PairingKind
    from_day: date
    until_day: date
    person_id: int | None = None
    organization_id: int | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """What holds for a village already: a kind and its days."""

    kind: PairingKind
    from_day: date
    until_day: date

    def meets(self, draft: PairingDraft) -> bool:
        """Tell whether a draft would stand beside it."""
        return self.kind is draft.kind and self.from_day <= draft.until_day and draft.from_day <= self.until_day


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a draft is judged by: a village or not, what is paired there, whether the other side may do the work."""

    village: bool
    held: tuple[Term, ...]
    licensed: bool


def refusal(draft: PairingDraft, found: Circumstances, today: date) -> DomainError | None:
    """Return why a draft cannot stand, the first thing first."""
    if not found.village:
        return NotAVillage()
    if (draft.person_id is None) == (draft.organization_id is None):
        return NotOneParty()
    if not draft.from_day <= draft.until_day <= draft.from_day + LONGEST_TERM:
        return TermTooLong()
    if draft.until_day < today:
        return PairingRefused({"until_day": Message(N_("结束日期已经过了。"))})
    if not found.licensed:
        return NotLicensed()
    return PairedAlready() if any(term.meets(draft) for term in found.held) else None


def due_for_renewal(until_day: date, today: date) -> bool:
    """Tell whether a running pairing ends so soon that its renewal is to be spoken about."""
    return today <= until_day <= today + RENEW_WITHIN
