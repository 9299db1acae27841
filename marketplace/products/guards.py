"""What would be refused at submission, all of it at once, each with its source and how to mend it.

Pure: the same function answers the provider while writing and the service when it decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.errors import Ground
from app.core.money import yuan
from app.core.text import N_, Message
from app.rulebook.blocks import Block, Source, house
from marketplace.organizations.provision import (
    CATEGORY_NAMES,
    CREDENTIAL_NAMES,
    EVIDENCE,
    QUALIFICATION_NAMES,
    Category,
    Matrix,
    QualificationKind,
)
from marketplace.organizations.qualifications.rules import Paper, PaperState
from marketplace.organizations.rules import FUNDING_NAMES, KIND_NAMES, Funding, OrganizationKind
from marketplace.products.content import FIELD_NAMES, PER_UNIT_NAMES, ProductContent, Unit

SUPPLIERS = Source(N_("《中华人民共和国政府采购法》"), N_("第二十二条"))
EVIDENCE_LIST = Source(N_("《中华人民共和国政府采购法实施条例》"), N_("第十七条"))
REQUIREMENT = Source(N_("《政府采购框架协议采购方式管理暂行办法》（财政部令第110号）"), N_("第十二条、第十三条"))
REVIEW = Source(N_("《政府采购框架协议采购方式管理暂行办法》（财政部令第110号）"), N_("第三十九条"))
PROVIDERS = Source(N_("《政府购买服务管理办法》（财政部令第102号）"), N_("第八条"), verified=False)
MATRIX, CAPACITY = house(N_("谁能提供什么")), house(N_("每月可接数量"))

WRITTEN = ("summary_zh", "content_zh", "standard_zh", "staffing_zh", "process_zh")
LONG_ENOUGH = 6  # characters: less than that describes nothing
REMEDIES: Mapping[str, str] = {
    "summary_zh": N_("用一句话说清给谁、做什么。"),
    "content_zh": N_("写明做哪些事、交付什么材料。"),
    "standard_zh": N_("写明做到什么程度算合格，例如时长、人数、满意度、响应时间。"),
    "staffing_zh": N_("写明由几名什么资格的人员到场。"),
    "process_zh": N_("按先后写明预约、准备、实施、回访各步。"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason for which a submission would be refused."""

    field: str
    message: Message
    remedy: Message
    citation: Source
    due: date | None = None  # of a warning: the day from which it is a fault
    value: str | Message = ""  # what the rule asks for, where it is a figure

    def ground(self) -> Ground:
        """Return what leaves the server about it."""
        return Block(self.field, self.citation, self.message, self.remedy, self.value).ground()


@dataclass(frozen=True, slots=True)
class Provider:
    """What the guards know of the organization that submits."""

    kind: OrganizationKind
    verified: bool
    papers: tuple[Paper, ...]
    funding: Funding | None = Funding.NEITHER
    public_institution: bool = False

    def state_of(self, kind: QualificationKind, day: date) -> PaperState | None:
        """Return what the best paper of a kind is worth on a day; None if there is none."""
        states = [paper.state(day) for paper in self.papers if paper.kind is kind]
        return min(states, key=_PREFERENCE.index, default=None)

    def covered_until(self, kind: QualificationKind, day: date) -> date | None:
        """Return the last day covered by papers valid on the day and those that follow without a gap; None: no end."""
        verified = [paper for paper in self.papers if paper.kind is kind and paper.verified and not paper.refused]
        last = day - timedelta(days=1)
        for paper in sorted(verified, key=lambda paper: paper.valid_from):
            if paper.valid_from > last + timedelta(days=1):
                break
            if paper.valid_until is None:
                return None
            last = max(last, paper.valid_until)
        return last

    def renewal_waits(self, kind: QualificationKind, last: date) -> bool:
        """Tell whether a paper that lasts beyond the day was stated and waits to be verified."""
        waiting = [paper for paper in self.papers if paper.kind is kind and not (paper.verified or paper.refused)]
        return any(paper.valid_until is None or paper.valid_until > last for paper in waiting)


@dataclass(frozen=True, slots=True)
class Submission:
    """A product as it is about to be submitted, and the day's rules."""

    category: Category
    content: ProductContent
    provider: Provider
    day: date
    ceilings: Mapping[Unit, int]  # fen per unit; no row, no ceiling
    matrix: Matrix
    sent_back_unchanged: bool = False
    monthly_units: int | None = None  # what can be had in a month; None while nothing is stated


_PREFERENCE = [PaperState.VALID, PaperState.PENDING, PaperState.NOT_YET, PaperState.EXPIRED, PaperState.REFUSED]


def submission_faults(submission: Submission) -> list[Fault]:
    """Return everything that stands against a submission; an empty list lets it through."""
    return [
        *_organization(submission),
        *_funding(submission),
        *_category(submission),
        *_papers(submission),
        *_description(submission.content),
        *_measure(submission),
        *_capacity(submission),
        *_staff(submission),
        *_answer_to_review(submission),
    ]


def _organization(submission: Submission) -> Iterator[Fault]:
    if not submission.provider.verified:
        yield Fault(
            "organization",
            Message(N_("本单位还没有通过核验。")),
            Message(N_("在“我的单位”补齐登记证书或执业许可证，等待工作人员核验。")),
            SUPPLIERS,
        )


def _funding(submission: Submission) -> Iterator[Fault]:
    funding = submission.provider.funding
    excluded = submission.matrix.exclusion(funding, submission.day) if funding else None
    if funding and excluded:
        named = {"funding": Message(FUNDING_NAMES[funding])}
        yield Fault(
            "organization",
            Message(N_("“%(funding)s”不能承接政府购买的服务。"), named),
            Message(N_("若填写有误，请在“我的单位”的资料里改正经费性质；否则不能提供服务产品。")),
            Source.of(excluded),
        )
    elif submission.provider.public_institution and funding is None:
        first = submission.matrix.exclusion(Funding.PUBLIC_ONE, submission.day)
        yield Fault(
            "organization",
            Message(N_("没有说明是公益一类还是公益二类事业单位。")),
            Message(N_("在“我的单位”的资料里选择经费性质。")),
            Source.of(first) if first else PROVIDERS,
        )


def _category(submission: Submission) -> Iterator[Fault]:
    kind, day, matrix = submission.provider.kind, submission.day, submission.matrix
    category = {"category": Message(CATEGORY_NAMES[submission.category])}
    row = matrix.ruling(submission.category, kind, day)
    if row is None or not row.open:
        yield Fault(
            "category",
            Message(N_("“%(kind)s”不能提供“%(category)s”。"), category | {"kind": Message(KIND_NAMES[kind])}),
            Message(N_("请换一个本单位可以提供的类别，或由有相应许可的机构提供。")),
            row.citation if row else MATRIX,
        )
    listed = matrix.guidance(submission.category, day)
    if listed is not None and not listed.value:
        yield Fault(
            "category",
            Message(N_("“%(category)s”不在政府购买服务指导性目录内。"), category),
            Message(N_("请换一个目录内的类别。")),
            Source.of(listed),
        )


def needed_papers(submission: Submission) -> list[tuple[QualificationKind, Source]]:
    """Return the papers a submission needs, each with the source that asks for it."""
    provision = submission.matrix.provision_for(submission.category, submission.provider.kind, submission.day)
    licence = [(provision.licence, provision.citation)] if provision else []
    return [*licence, *((kind, EVIDENCE_LIST) for kind in EVIDENCE)]


def _papers(submission: Submission) -> Iterator[Fault]:
    for kind, source in needed_papers(submission):
        state = submission.provider.state_of(kind, submission.day)
        if state is PaperState.VALID:
            continue
        message, remedy = _PAPER_FAULTS[state]
        name = {"name": Message(QUALIFICATION_NAMES[kind])}
        yield Fault("qualifications", Message(message, name), Message(remedy, name), source, value=name["name"])


_PAPER_FAULTS: Mapping[PaperState | None, tuple[str, str]] = {
    None: (N_("缺少“%(name)s”。"), N_("在“我的单位”登记“%(name)s”，写明编号、出具机关和有效期。")),
    PaperState.PENDING: (N_("“%(name)s”还没有核验。"), N_("等待工作人员核验“%(name)s”后再提交。")),
    PaperState.NOT_YET: (N_("“%(name)s”还没有生效。"), N_("等“%(name)s”生效后再提交。")),
    PaperState.EXPIRED: (N_("“%(name)s”已过有效期。"), N_("登记续期后的“%(name)s”。")),
    PaperState.REFUSED: (N_("“%(name)s”没有通过核验。"), N_("按核验意见重新登记“%(name)s”。")),
}


def _description(content: ProductContent) -> Iterator[Fault]:
    for field in WRITTEN:
        written = len(getattr(content, field).strip())
        if written < LONG_ENOUGH:
            name = {"name": Message(FIELD_NAMES[field])}
            message = N_("“%(name)s”写得太短。") if written else N_("没有写“%(name)s”。")
            yield Fault(field, Message(message, name), Message(REMEDIES[field]), REQUIREMENT)
    if content.target_group is None:
        yield _missing("target_group", N_("选择服务主要面向的人群。"))
    if content.unit is None:
        yield _missing("unit", N_("选择按场、次、半天、件还是人次计量。"))
    if not content.areas:
        yield _missing("areas", N_("选择至少一个可以上门服务的区县、乡镇或村社。"))


def _missing(field: str, remedy: str) -> Fault:
    return Fault(
        field, Message(N_("没有选“%(name)s”。"), {"name": Message(FIELD_NAMES[field])}), Message(remedy), REQUIREMENT
    )


def _measure(submission: Submission) -> Iterator[Fault]:
    unit = submission.content.unit
    ceiling = submission.ceilings.get(unit) if unit else None
    if unit is not None and ceiling is not None and submission.content.ceiling_fen > ceiling:
        values = {
            "price": yuan(submission.content.ceiling_fen),
            "ceiling": yuan(ceiling),
            "unit": Message(PER_UNIT_NAMES[unit]),
        }
        yield Fault(
            "ceiling_fen",
            Message(N_("最高单价 %(price)s 超过了%(unit)s %(ceiling)s 的限价。"), values),
            Message(N_("把单价降到 %(ceiling)s 以内。"), values),
            REQUIREMENT,
            value=yuan(ceiling),
        )


def _capacity(submission: Submission) -> Iterator[Fault]:
    if submission.monthly_units is None:
        yield Fault(
            "monthly_units",
            Message(N_("没有写每月最多能接多少。")),
            Message(N_("写明一个月最多能做多少。点满以后村社自动排队，不会超出你们的人手。")),
            CAPACITY,
        )


def _staff(submission: Submission) -> Iterator[Fault]:
    matrix, named = submission.matrix, submission.content.credentials_any
    allowed = matrix.staff(submission.category, submission.day)
    category = {"category": Message(CATEGORY_NAMES[submission.category])}
    if not named:
        yield Fault(
            "credentials_any",
            Message(N_("没有写明服务人员应有的资格。")),
            Message(N_("选择至少一种“%(category)s”人员可以持有的资格。"), category),
            REQUIREMENT,
        )
    for credential in named:
        if credential in allowed:
            continue
        rule = matrix.staff_rule(submission.category, credential, submission.day)
        values = category | {"credential": Message(CREDENTIAL_NAMES[credential])}
        yield Fault(
            "credentials_any",
            Message(N_("“%(credential)s”不能承担“%(category)s”。"), values),
            Message(N_("去掉“%(credential)s”，改选有相应资格的人员。"), values),
            Source.of(rule) if rule else MATRIX,
        )


def _answer_to_review(submission: Submission) -> Iterator[Fault]:
    if submission.sent_back_unchanged:
        yield Fault(
            "content_zh",
            Message(N_("退回后没有改动。")),
            Message(N_("按审查意见修改并保存，再提交。")),
            REVIEW,
        )
