"""Who is not paid until somebody looked. 财行〔2007〕179号: public officials are not paid; one person is one payee."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_


class Unfit(StrEnum):
    """Why a payee is left out of batches."""

    OFFICIAL = "official"
    TWIN = "twin"


UNFIT_NAMES: Mapping[Unfit, str] = {
    Unfit.OFFICIAL: N_("登记为公职人员，不领取补贴（财行〔2007〕179号）"),
    Unfit.TWIN: N_("与另一个人的收款账号相同，可能是重复登记"),
}


class NotTwins(DomainError):
    """The two do not share an account, or were looked at already."""

    code, status, message = "not_twins", 409, N_("这两个人没有待核实的重复。")
