"""Social organizations and licensed institutions: what they state when they apply, and who decides on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import DomainError, NotPermitted, TransitionRefused
from app.core.ids import is_uscc
from app.core.text import N_, Message
from app.rulebook.blocks import LawRefusal, Source


class OrganizationKind(StrEnum):
    """What an organization is registered or licensed as."""

    ASSOCIATION = "association"
    SERVICE_INSTITUTION = "service_institution"
    FOUNDATION = "foundation"
    LAW_FIRM = "law_firm"
    NOTARY_OFFICE = "notary_office"
    APPRAISAL_INSTITUTION = "appraisal_institution"


class OrganizationStatus(StrEnum):
    """How far the officer has come with an organization."""

    APPLIED = "applied"
    VERIFIED = "verified"
    REFUSED = "refused"
    SUSPENDED = "suspended"


class OrganizationEvent(StrEnum):
    """What happens to an organization; all but reapplying is an officer's decision."""

    VERIFY = "verify"
    REFUSE = "refuse"
    REAPPLY = "reapply"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"


class Funding(StrEnum):
    """What public money an organization lives on; two of these keep it from providing (令102 art. 8)."""

    NEITHER = "neither"
    PUBLIC_TWO = "public_two"
    PUBLIC_ONE = "public_one"
    MASS_FULL = "mass_full"


EXCLUDED = frozenset({Funding.PUBLIC_ONE, Funding.MASS_FULL})
FUNDING_NAMES: Mapping[Funding, str] = {
    Funding.NEITHER: N_("不是事业单位，也不是财政全额保障的群团组织"),
    Funding.PUBLIC_TWO: N_("公益二类事业单位"),
    Funding.PUBLIC_ONE: N_("公益一类事业单位"),
    Funding.MASS_FULL: N_("使用财政全额拨款的群团组织"),
}
PUBLIC_INSTITUTION = "12"
"""How the credit code of a public institution begins (GB 32100: registered by 机构编制, kind 2)."""


TRANSITIONS: dict[tuple[OrganizationStatus, OrganizationEvent], OrganizationStatus] = {
    (OrganizationStatus.APPLIED, OrganizationEvent.VERIFY): OrganizationStatus.VERIFIED,
    (OrganizationStatus.APPLIED, OrganizationEvent.REFUSE): OrganizationStatus.REFUSED,
    (OrganizationStatus.REFUSED, OrganizationEvent.REAPPLY): OrganizationStatus.APPLIED,
    (OrganizationStatus.VERIFIED, OrganizationEvent.SUSPEND): OrganizationStatus.SUSPENDED,
    (OrganizationStatus.SUSPENDED, OrganizationEvent.REINSTATE): OrganizationStatus.VERIFIED,
}

KIND_NAMES: Mapping[OrganizationKind, str] = {
    OrganizationKind.ASSOCIATION: N_("社会团体"),
    OrganizationKind.SERVICE_INSTITUTION: N_("社会服务机构"),
    OrganizationKind.FOUNDATION: N_("基金会"),
    OrganizationKind.LAW_FIRM: N_("律师事务所"),
    OrganizationKind.NOTARY_OFFICE: N_("公证处"),
    OrganizationKind.APPRAISAL_INSTITUTION: N_("司法鉴定机构"),
}

STATUS_NAMES: Mapping[OrganizationStatus, str] = {
    OrganizationStatus.APPLIED: N_("待核验"),
    OrganizationStatus.VERIFIED: N_("已核验"),
    OrganizationStatus.REFUSED: N_("未通过"),
    OrganizationStatus.SUSPENDED: N_("已暂停"),
}

EVENT_NAMES: Mapping[OrganizationEvent, str] = {
    OrganizationEvent.VERIFY: N_("核验通过"),
    OrganizationEvent.REFUSE: N_("不予通过"),
    OrganizationEvent.REAPPLY: N_("重新申请"),
    OrganizationEvent.SUSPEND: N_("暂停"),
    OrganizationEvent.REINSTATE: N_("恢复"),
}

# GB 32100-2015: the first character names the registering department, the second the kind it registers.
# Notary offices and appraisers may also be public institutions (12), appraisers companies (91) as well.
USCC_PREFIXES: Mapping[OrganizationKind, tuple[str, ...]] = {
    OrganizationKind.ASSOCIATION: ("51",),
    OrganizationKind.SERVICE_INSTITUTION: ("52",),
    OrganizationKind.FOUNDATION: ("53",),
    OrganizationKind.LAW_FIRM: ("31",),
    OrganizationKind.NOTARY_OFFICE: ("32", "12"),
    OrganizationKind.APPRAISAL_INSTITUTION: ("34", "12", "52", "91"),
}

RECUSAL = Source("政府采购法实施条例", "第9条")
_BANK_ACCOUNT = re.compile(r"\d{9,30}")


class OrganizationExists(DomainError):
    """The credit code is taken."""

    code, status = "organization_exists", 409
    message = N_("这个统一社会信用代码已经登记过。若是本单位，请联系已有成员邀请你加入。")


class LicenceNotVerified(LawRefusal):
    """An organization cannot be verified before the paper it exists by."""

    code, status = "licence_not_verified", 409
    source, compared = Source("政府采购法实施条例", "第17条"), N_("没有有效的证照")
    reason = N_("“%(name)s”的登记证书或执业许可证还没有核验，或已过有效期。")
    remedy = N_("请先核验证照。")


class TiedToOrganization(LawRefusal):
    """Recusal: 政府采购法实施条例 art. 9."""

    code, status = "tied_to_organization", 409
    source, compared = RECUSAL, N_("有关系")
    reason = N_("你与“%(name)s”有任职、持股或亲属等关系，应当回避。")
    remedy = N_("请交由其他工作人员办理。")


class TieDeclared(LawRefusal):
    """A tie became known between the look and the decision."""

    code, status = "tie_declared", 409
    source, compared = RECUSAL, N_("有关系")
    reason = N_("你与该单位有任职、持股或亲属等关系，应当回避。")
    remedy = N_("请交由其他工作人员办理。")


class ReasonsMissing(DomainError):
    """Every decision carries written reasons."""

    code, status, message = "reasons_missing", 422, N_("请写明理由，申请人会看到。")


@dataclass(frozen=True, slots=True)
class Application:
    """What an organization states about itself."""

    uscc: str
    kind: OrganizationKind
    name_zh: str
    place_code: str
    bank_name: str = ""
    bank_account: str = ""
    name_en: str = ""
    profile_zh: str = ""
    profile_en: str = ""
    funding: Funding = Funding.NEITHER


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision on an organization looks at."""

    name_zh: str
    status: OrganizationStatus
    licence_verified: bool
    officer_is_tied: bool


def application_faults(application: Application) -> dict[str, Message]:
    """Return what is wrong with an application, by field."""
    faults: dict[str, Message] = {}
    if not is_uscc(application.uscc):
        faults["uscc"] = Message(N_("统一社会信用代码应为 18 位，且最后一位校验码须正确。"))
    elif not application.uscc.startswith(USCC_PREFIXES[application.kind]):
        kind = Message(KIND_NAMES[application.kind])
        faults["uscc"] = Message(N_("代码前两位与“%(kind)s”不符，请核对机构类型。"), {"kind": kind})
    faults.update(funding_faults(application.uscc, application.funding))
    if not application.name_zh.strip():
        faults["name_zh"] = Message(N_("请填写登记证书上的单位全称。"))
    faults.update(bank_faults(application.bank_name, application.bank_account))
    return faults


def funding_faults(uscc: str, funding: Funding) -> dict[str, Message]:
    """Return what is wrong with a stated funding: a public institution is of the first class or the second."""
    if uscc.startswith(PUBLIC_INSTITUTION) and funding in (Funding.NEITHER, Funding.MASS_FULL):
        return {"funding": Message(N_("代码表明是事业单位，请选择公益一类或公益二类。"))}
    return {}


def bank_faults(bank_name: str, bank_account: str) -> dict[str, Message]:
    """Return what is wrong with the account that payments go to; none at all is allowed until then."""
    if bank_account and not _BANK_ACCOUNT.fullmatch(bank_account):
        return {"bank_account": Message(N_("对公账号应为 9 至 30 位数字。"))}
    if bool(bank_account) != bool(bank_name.strip()):
        return {"bank_name": Message(N_("开户银行与账号要一起填写。"))}
    return {}


def advance(status: OrganizationStatus, event: OrganizationEvent) -> OrganizationStatus:
    """Return the state after the event, or refuse in words that a person reads."""
    after = TRANSITIONS.get((status, event))
    if after is None:
        raise TransitionRefused(status=Message(STATUS_NAMES[status]), event=Message(EVENT_NAMES[event]))
    return after


def decide(standing: Standing, event: OrganizationEvent, reasons: str) -> OrganizationStatus:
    """Return the state an officer's decision leads to, or refuse the decision."""
    if event is OrganizationEvent.REAPPLY:
        raise NotPermitted
    if not reasons.strip():
        raise ReasonsMissing
    if standing.officer_is_tied:
        raise TiedToOrganization(name=standing.name_zh)
    after = advance(standing.status, event)
    if after is OrganizationStatus.VERIFIED and not standing.licence_verified:
        raise LicenceNotVerified(name=standing.name_zh)
    return after
