"""Who may provide what: category × kind of provider, and category × credential of its people, on any day.

The rows are dated rows of the rulebook (their first facts: marketplace.organizations.matrix.law); officers confirm or
replace them like every figure of the law, and this module only reads what they say.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import N_
from app.rulebook.blocks import Source
from app.rulebook.rules import Lawbook, Rule
from marketplace.organizations.rules import EXCLUDED, Funding, OrganizationKind


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
    PUBLIC_FUNDRAISING = "public_fundraising"


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
class Provision:
    """Whether a kind of organization may provide a category, given a licence, from a day on, and by which source."""

    category: Category
    kind: OrganizationKind
    licence: QualificationKind
    citation: Source
    effective_from: date
    effective_to: date | None = None
    open: bool = True


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
    QualificationKind.PUBLIC_FUNDRAISING: N_("公开募捐资格证书"),
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

SOCIAL_KINDS = frozenset(
    {OrganizationKind.ASSOCIATION, OrganizationKind.SERVICE_INSTITUTION, OrganizationKind.FOUNDATION}
)
"""Social organizations; of these alone are charities, and a charity may raise money: 慈善法 §8, §22 †."""

EVIDENCE = (
    QualificationKind.FINANCIAL_REPORT,
    QualificationKind.TAX_AND_SOCIAL_SECURITY,
    QualificationKind.CAPABILITY,
    QualificationKind.NO_VIOLATION,
)
"""What every supplier shows besides its licence: 政府采购法 art. 22, 实施条例 art. 17."""

OPEN_TO, STAFFED_BY, IN_GUIDANCE, EXCLUDED_BY = "provider.", "staff.", "guidance.", "excluded."
"""What the keys of the matrix's rows begin with."""
ROWS = (OPEN_TO, STAFFED_BY, IN_GUIDANCE, EXCLUDED_BY)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rulebook's rows about providers, asked for any day."""

    law: Lawbook

    def ruling(self, category: Category, kind: OrganizationKind, day: date) -> Provision | None:
        """Return the row in force for a pair on a day, whether it opens the category to the kind or not."""
        row = self.law.on(f"{OPEN_TO}{category.value}.{kind.value}", day)
        if row is None:
            return None
        dates = row.effective_from, row.effective_to
        return Provision(category, kind, LICENCE_OF[kind], Source.of(row), *dates, open=bool(row.value))

    def provision_for(self, category: Category, kind: OrganizationKind, day: date) -> Provision | None:
        """Return the row that lets such an organization provide such a service on the day, if there is one."""
        row = self.ruling(category, kind, day)
        return row if row and row.open else None

    def may_provide(self, kind: OrganizationKind, day: date) -> tuple[Category, ...]:
        """Return the categories open to such an organization, in the catalogue's order."""
        return tuple(category for category in Category if self.provision_for(category, kind, day))

    def kinds_that_may(self, category: Category, day: date) -> tuple[OrganizationKind, ...]:
        """Return the kinds of organization a category is open to."""
        return tuple(kind for kind in OrganizationKind if self.provision_for(category, kind, day))

    def staff(self, category: Category, day: date) -> tuple[StaffCredential, ...]:
        """Return the credentials by which people may do such a service."""
        return tuple(one for one in StaffCredential if _says(self.staff_rule(category, one, day)))

    def staff_rule(self, category: Category, credential: StaffCredential, day: date) -> Rule | None:
        """Return the row about a credential."""
        return self.law.on(f"{STAFFED_BY}{category.value}.{credential.value}", day)

    def guidance(self, category: Category, day: date) -> Rule | None:
        """Return the row that tells whether a category is in the guidance catalogue of what government may buy."""
        return self.law.on(f"{IN_GUIDANCE}{category.value}", day)

    def exclusion(self, funding: Funding, day: date) -> Rule | None:
        """Return the row by which what is paid for in full by the public is no provider, if it excludes."""
        row = self.law.on(f"{EXCLUDED_BY}{funding.value}", day)
        return row if _says(row) else None

    def deciding(self, category: Category, day: date) -> list[Rule]:
        """Return the rows that a decision about a category rests on."""
        keys = [
            *(f"{OPEN_TO}{category.value}.{kind.value}" for kind in OrganizationKind),
            *(f"{STAFFED_BY}{category.value}.{one.value}" for one in StaffCredential),
            *(f"{EXCLUDED_BY}{funding.value}" for funding in EXCLUDED),
            f"{IN_GUIDANCE}{category.value}",
        ]
        found = (self.law.on(key, day) for key in keys)
        return [row for row in found if row]


def _says(row: Rule | None) -> bool:
    return row is not None and bool(row.value)
