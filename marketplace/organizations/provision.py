"""Who may provide what: category × kind of provider, and category × credential of its people, as dated rows.

Each row names its source. The rows were recalled from the statutes and not read in full text, so they are
marked unverified until an officer has confirmed them (docs/index.md, "rules of law are data").
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import N_
from marketplace.organizations.rules import OrganizationKind


class Category(StrEnum):
    """The six categories of the catalogue."""

    LEGAL_EDUCATION = "legal_education"
    CONSULTATION = "consultation"
    MEDIATION = "mediation"
    LEGAL_AID = "legal_aid"
    NOTARIZATION = "notarization"
    FORENSIC_APPRAISAL = "forensic_appraisal"


class QualificationKind(StrEnum):
    """The papers an organization shows: what it exists by, and the evidence of 采购法实施条例 art. 17."""

    REGISTRATION = "registration"
    LAW_PRACTICE = "law_practice"
    NOTARIZATION = "notarization"
    FORENSIC_APPRAISAL = "forensic_appraisal"
    FINANCIAL_REPORT = "financial_report"
    TAX_AND_SOCIAL_SECURITY = "tax_and_social_security"
    CAPABILITY = "capability"
    NO_VIOLATION = "no_violation"


class StaffCredential(StrEnum):
    """The credentials by which people may be required for a service."""

    LAWYER = "lawyer"
    LEGAL_WORKER = "legal_worker"
    MEDIATOR = "mediator"
    NOTARY = "notary"
    APPRAISER = "appraiser"
    RETIRED_JUDGE = "retired_judge"
    LAW_STUDENT = "law_student"
    LECTURER = "lecturer"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands."""

    document: str
    article: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Provision:
    """A kind of organization may provide a category, given a licence, from a day on."""

    category: Category
    kind: OrganizationKind
    licence: QualificationKind
    citation: Citation
    effective_from: date
    effective_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the row holds on the day."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


class Skill(StrEnum):
    """Fields of law that a service may ask its people to know; the codes are those of people's profiles."""

    LABOR = "labor"
    MARRIAGE = "marriage"
    LAND = "land"
    CRIMINAL = "criminal"
    MINORS = "minors"


CATEGORY_NAMES: Mapping[Category, str] = {
    Category.LEGAL_EDUCATION: N_("法治宣传"),
    Category.CONSULTATION: N_("法律咨询"),
    Category.MEDIATION: N_("纠纷调解"),
    Category.LEGAL_AID: N_("法律援助"),
    Category.NOTARIZATION: N_("公证服务"),
    Category.FORENSIC_APPRAISAL: N_("司法鉴定"),
}

QUALIFICATION_NAMES: Mapping[QualificationKind, str] = {
    QualificationKind.REGISTRATION: N_("法人登记证书"),
    QualificationKind.LAW_PRACTICE: N_("律师事务所执业许可证"),
    QualificationKind.NOTARIZATION: N_("公证机构执业证"),
    QualificationKind.FORENSIC_APPRAISAL: N_("司法鉴定许可证"),
    QualificationKind.FINANCIAL_REPORT: N_("财务状况报告"),
    QualificationKind.TAX_AND_SOCIAL_SECURITY: N_("纳税和社保缴纳证明"),
    QualificationKind.CAPABILITY: N_("人员和专业能力证明"),
    QualificationKind.NO_VIOLATION: N_("三年无重大违法记录声明"),
}

CREDENTIAL_NAMES: Mapping[StaffCredential, str] = {
    StaffCredential.LAWYER: N_("律师"),
    StaffCredential.LEGAL_WORKER: N_("基层法律服务工作者"),
    StaffCredential.MEDIATOR: N_("人民调解员"),
    StaffCredential.NOTARY: N_("公证员"),
    StaffCredential.APPRAISER: N_("司法鉴定人"),
    StaffCredential.RETIRED_JUDGE: N_("退休法官、检察官"),
    StaffCredential.LAW_STUDENT: N_("法学专业学生"),
    StaffCredential.LECTURER: N_("普法讲师"),
}

SKILL_NAMES: Mapping[Skill, str] = {
    Skill.LABOR: N_("劳动"),
    Skill.MARRIAGE: N_("婚姻家庭"),
    Skill.LAND: N_("土地山林"),
    Skill.CRIMINAL: N_("刑事"),
    Skill.MINORS: N_("未成年人"),
}

LICENCE_OF: Mapping[OrganizationKind, QualificationKind] = {
    OrganizationKind.ASSOCIATION: QualificationKind.REGISTRATION,
    OrganizationKind.SERVICE_INSTITUTION: QualificationKind.REGISTRATION,
    OrganizationKind.FOUNDATION: QualificationKind.REGISTRATION,
    OrganizationKind.LAW_FIRM: QualificationKind.LAW_PRACTICE,
    OrganizationKind.NOTARY_OFFICE: QualificationKind.NOTARIZATION,
    OrganizationKind.APPRAISAL_INSTITUTION: QualificationKind.FORENSIC_APPRAISAL,
}

LICENCE_KINDS = json.dumps({kind.value: licence.value for kind, licence in LICENCE_OF.items()})
"""The same as JSON, for statements that ask for the licence of ``organization.kind``."""

EVIDENCE = (
    QualificationKind.FINANCIAL_REPORT,
    QualificationKind.TAX_AND_SOCIAL_SECURITY,
    QualificationKind.CAPABILITY,
    QualificationKind.NO_VIOLATION,
)
"""What every supplier shows besides its licence: 政府采购法 art. 22, 实施条例 art. 17."""

_PURCHASE = Citation(N_("《政府购买服务管理办法》（财政部令第102号）"), N_("第六条"))
_LAWYERS = Citation(N_("《中华人民共和国律师法》"), N_("第二十八条"))
_MEDIATION = Citation(N_("《中华人民共和国人民调解法》"), N_("第三十四条"))
_LEGAL_AID = Citation(N_("《中华人民共和国法律援助法》"), N_("第十六条"))
_NOTARIES = Citation(N_("《中华人民共和国公证法》"), N_("第十一条、第十二条"))
_APPRAISERS = Citation(N_("《关于司法鉴定管理问题的决定》"), N_("第三条、第五条"))

_SOCIAL = (OrganizationKind.ASSOCIATION, OrganizationKind.SERVICE_INSTITUTION, OrganizationKind.FOUNDATION)
_GRANTS: tuple[tuple[Category, tuple[OrganizationKind, ...], Citation, date], ...] = (
    (Category.LEGAL_EDUCATION, _SOCIAL, _PURCHASE, date(2020, 3, 1)),
    (Category.CONSULTATION, _SOCIAL, _PURCHASE, date(2020, 3, 1)),
    (Category.MEDIATION, _SOCIAL, _MEDIATION, date(2011, 1, 1)),
    (Category.LEGAL_EDUCATION, (OrganizationKind.LAW_FIRM,), _PURCHASE, date(2020, 3, 1)),
    (Category.CONSULTATION, (OrganizationKind.LAW_FIRM,), _LAWYERS, date(2008, 6, 1)),
    (Category.MEDIATION, (OrganizationKind.LAW_FIRM,), _LAWYERS, date(2008, 6, 1)),
    (Category.LEGAL_AID, (OrganizationKind.LAW_FIRM,), _LEGAL_AID, date(2022, 1, 1)),
    (Category.LEGAL_EDUCATION, (OrganizationKind.NOTARY_OFFICE,), _PURCHASE, date(2020, 3, 1)),
    (Category.CONSULTATION, (OrganizationKind.NOTARY_OFFICE,), _NOTARIES, date(2006, 3, 1)),
    (Category.NOTARIZATION, (OrganizationKind.NOTARY_OFFICE,), _NOTARIES, date(2006, 3, 1)),
    (Category.FORENSIC_APPRAISAL, (OrganizationKind.APPRAISAL_INSTITUTION,), _APPRAISERS, date(2005, 10, 1)),
)

PROVISIONS: tuple[Provision, ...] = tuple(
    Provision(category, kind, LICENCE_OF[kind], citation, since)
    for category, kinds, citation, since in _GRANTS
    for kind in kinds
)

# Litigation needs lawyers or, within their scope, grassroots legal workers; students consult and draft.
STAFF: Mapping[Category, frozenset[StaffCredential]] = {
    Category.LEGAL_EDUCATION: frozenset(StaffCredential),
    Category.CONSULTATION: frozenset(
        {
            StaffCredential.LAWYER,
            StaffCredential.LEGAL_WORKER,
            StaffCredential.NOTARY,
            StaffCredential.RETIRED_JUDGE,
            StaffCredential.LAW_STUDENT,
        }
    ),
    Category.MEDIATION: frozenset(
        {
            StaffCredential.MEDIATOR,
            StaffCredential.LAWYER,
            StaffCredential.LEGAL_WORKER,
            StaffCredential.RETIRED_JUDGE,
        }
    ),
    Category.LEGAL_AID: frozenset({StaffCredential.LAWYER, StaffCredential.LEGAL_WORKER}),
    Category.NOTARIZATION: frozenset({StaffCredential.NOTARY}),
    Category.FORENSIC_APPRAISAL: frozenset({StaffCredential.APPRAISER}),
}


def provision_for(category: Category, kind: OrganizationKind, day: date) -> Provision | None:
    """Return the row that lets such an organization provide such a service on the day, if there is one."""
    rows = (row for row in PROVISIONS if row.category is category and row.kind is kind and row.in_force(day))
    return next(rows, None)


def may_provide(kind: OrganizationKind, day: date) -> tuple[Category, ...]:
    """Return the categories open to such an organization, in the catalogue's order."""
    return tuple(category for category in Category if provision_for(category, kind, day))


def kinds_that_may(category: Category, day: date) -> tuple[OrganizationKind, ...]:
    """Return the kinds of organization a category is open to."""
    return tuple(kind for kind in OrganizationKind if provision_for(category, kind, day))
