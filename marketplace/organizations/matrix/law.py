"""Who may provide what, as the rulebook is first filled with it.

The rows were recalled from the statutes and not read in full text, so they are unverified until an officer has compared
them. A pair that no statute opens has a row of its own, with the source that opens the category to others: an officer
opens it like any other row is replaced.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from app.core.text import N_
from app.rulebook import RuleSeed
from marketplace.organizations.provision import (
    CATEGORY_NAMES,
    CREDENTIAL_NAMES,
    EXCLUDED_BY,
    IN_GUIDANCE,
    OPEN_TO,
    STAFFED_BY,
    Category,
    StaffCredential,
)
from marketplace.organizations.rules import EXCLUDED, FUNDING_NAMES, KIND_NAMES, OrganizationKind

K, C, S = OrganizationKind, Category, StaffCredential
Told = tuple[str, str, date]  # document, article, since when
PURCHASE = N_("《政府购买服务管理办法》（财政部令第102号）")
_PURCHASE: Told = PURCHASE, N_("第六条"), date(2020, 3, 1)
_LAWYERS: Told = N_("《中华人民共和国律师法》"), N_("第二十八条"), date(2008, 6, 1)
_MEDIATION: Told = N_("《中华人民共和国人民调解法》"), N_("第三十四条"), date(2011, 1, 1)
_LEGAL_AID: Told = N_("《中华人民共和国法律援助法》"), N_("第十六条"), date(2022, 1, 1)
_NOTARIES: Told = N_("《中华人民共和国公证法》"), N_("第十一条、第十二条"), date(2006, 3, 1)
_APPRAISERS: Told = N_("《关于司法鉴定管理问题的决定》"), N_("第三条、第五条"), date(2005, 10, 1)
_STAFFING: Told = N_("《中华人民共和国律师法》"), N_("第十三条"), date(2008, 6, 1)
_GUIDANCE: Told = PURCHASE, N_("第十条至第十四条"), date(2020, 3, 1)
_EXCLUDED: Told = PURCHASE, N_("第八条"), date(2020, 3, 1)

_SOCIAL = (K.ASSOCIATION, K.SERVICE_INSTITUTION, K.FOUNDATION)
GRANTS: Mapping[tuple[Category, OrganizationKind], Told] = {
    **{(C.LEGAL_EDUCATION, kind): _PURCHASE for kind in (*_SOCIAL, K.LAW_FIRM, K.NOTARY_OFFICE)},
    **{(C.CONSULTATION, kind): _PURCHASE for kind in _SOCIAL},
    **{(C.MEDIATION, kind): _MEDIATION for kind in _SOCIAL},
    (C.CONSULTATION, K.LAW_FIRM): _LAWYERS,
    (C.MEDIATION, K.LAW_FIRM): _LAWYERS,
    (C.LEGAL_AID, K.LAW_FIRM): _LEGAL_AID,
    (C.CONSULTATION, K.NOTARY_OFFICE): _NOTARIES,
    (C.NOTARIZATION, K.NOTARY_OFFICE): _NOTARIES,
    (C.FORENSIC_APPRAISAL, K.APPRAISAL_INSTITUTION): _APPRAISERS,
}
# Litigation needs lawyers or, within their scope, grassroots legal workers; students consult and draft.
STAFF: Mapping[Category, frozenset[StaffCredential]] = {
    C.LEGAL_EDUCATION: frozenset(StaffCredential),
    C.CONSULTATION: frozenset({S.LAWYER, S.LEGAL_WORKER, S.NOTARY, S.RETIRED_JUDGE, S.LAW_STUDENT}),
    C.MEDIATION: frozenset({S.MEDIATOR, S.LAWYER, S.LEGAL_WORKER, S.RETIRED_JUDGE}),
    C.LEGAL_AID: frozenset({S.LAWYER, S.LEGAL_WORKER}),
    C.NOTARIZATION: frozenset({S.NOTARY}),
    C.FORENSIC_APPRAISAL: frozenset({S.APPRAISER}),
}


def _row(key: str, value: bool, told: Told, note_zh: str, note_en: str) -> RuleSeed:
    document, article, since = told
    return RuleSeed(key, document, article, int(value), "yes_no", note_zh, note_en, read=False, effective_from=since)


def _said(code: str) -> str:
    return code.replace("_", " ")


def _kinds() -> Iterator[RuleSeed]:
    for category in Category:
        others = next(GRANTS[category, kind] for kind in OrganizationKind if (category, kind) in GRANTS)
        for kind in OrganizationKind:
            yield _row(
                f"{OPEN_TO}{category.value}.{kind.value}",
                (category, kind) in GRANTS,
                GRANTS.get((category, kind), others),
                f"{KIND_NAMES[kind]}可以提供{CATEGORY_NAMES[category]}",
                f"{_said(kind.value)} may provide {_said(category.value)}",
            )


def _people() -> Iterator[RuleSeed]:
    for category in Category:
        for credential in StaffCredential:
            yield _row(
                f"{STAFFED_BY}{category.value}.{credential.value}",
                credential in STAFF[category],
                _STAFFING,
                f"{CREDENTIAL_NAMES[credential]}可以承担{CATEGORY_NAMES[category]}",
                f"{_said(credential.value)} may do {_said(category.value)}",
            )


SEEDS = (
    *_kinds(),
    *_people(),
    *(
        _row(f"{IN_GUIDANCE}{one.value}", True, _GUIDANCE, f"{CATEGORY_NAMES[one]}列入政府购买服务指导性目录",
             f"{_said(one.value)} is in the guidance catalogue")
        for one in Category
    ),
    *(
        _row(f"{EXCLUDED_BY}{one.value}", True, _EXCLUDED, f"{FUNDING_NAMES[one]}不能承接政府购买的服务",
             f"{_said(one.value)} cannot take what government buys")
        for one in sorted(EXCLUDED)
    ),
)  # fmt: skip
