"""Why two claims may be one piece of work, and what a person can decide about it."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_


class Ground(StrEnum):
    """Why a pair was found."""

    SAME_MATTER = "same_matter"
    REFERRAL = "referral"
    OVERLAP = "overlap"


GROUND_NAMES: Mapping[Ground, str] = {
    Ground.SAME_MATTER: N_("同一案号由两家机构或两个人申领"),
    Ground.REFERRAL: N_("案件由一家机构转到另一家，两边都申领"),
    Ground.OVERLAP: N_("同一个人同一时间在两处签到"),
}


class DoubleUndecided(DomainError):
    """A claim that may be paid twice waits for a decision."""

    code, status = "double_undecided", 409
    message = N_("有申领可能与另一件重复，要先判定。请打开“可能重复”逐对判定后再通过。")


class DoubleDecided(DomainError):
    """A pair is decided once."""

    code, status, message = "double_decided", 409, N_("这一对已经判定过。")


class DoubleIsPaid(DomainError):
    """A claim that went further is not refused by a decision about a pair."""

    code, status = "double_is_paid", 409
    message = N_("这一件已经通过审核，不能在这里驳回。请驳回另一件，或先冲正这一件。")
