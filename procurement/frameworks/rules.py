"""Open framework agreements: who may be admitted at the uniform rate, and when a framework is in force.

财政部令110 《政府采购框架协议采购方式管理暂行办法》. The open kind is for services to the public at a uniform rate,
where the served choose and every willing, qualified supplier is admitted (§3(3), §6, §10(2)).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.money import yuan
from app.core.text import N_, Message
from marketplace.organizations.provision import CATEGORY_NAMES, Category
from marketplace.products.content import UNIT_NAMES, Unit
from procurement.blocks import Block, Figure, Source, house

FRAMEWORK_RULES = "财政部令第110号"
OPEN_KIND = Source(FRAMEWORK_RULES, "第10条第2款")
REQUIREMENT = Source(FRAMEWORK_RULES, "第12条")
NO_REENTRY = Source(FRAMEWORK_RULES, "第19条")
SUPPLIER_CONDITIONS = Source("政府采购法", "第22条")
DATES = house(N_("框架协议的期限"))


class FrameworkStatus(StrEnum):
    """From the scheme to the end of the term."""

    SCHEME = "scheme"
    FILED = "filed"
    CALL_PUBLISHED = "call_published"
    IN_FORCE = "in_force"
    EXPIRED = "expired"


STATUS_NAMES: Mapping[FrameworkStatus, str] = {
    FrameworkStatus.SCHEME: N_("拟定中"),
    FrameworkStatus.FILED: N_("已备案"),
    FrameworkStatus.CALL_PUBLISHED: N_("征集中"),
    FrameworkStatus.IN_FORCE: N_("生效中"),
    FrameworkStatus.EXPIRED: N_("已到期"),
}


class FrameworkEvent(StrEnum):
    """What moves a framework."""

    FILE = "file"
    PUBLISH_CALL = "publish_call"
    BRING_INTO_FORCE = "bring_into_force"
    EXPIRE = "expire"


TRANSITIONS: dict[tuple[FrameworkStatus, FrameworkEvent], FrameworkStatus] = {
    (FrameworkStatus.SCHEME, FrameworkEvent.FILE): FrameworkStatus.FILED,
    (FrameworkStatus.FILED, FrameworkEvent.PUBLISH_CALL): FrameworkStatus.CALL_PUBLISHED,
    (FrameworkStatus.CALL_PUBLISHED, FrameworkEvent.BRING_INTO_FORCE): FrameworkStatus.IN_FORCE,
    (FrameworkStatus.CALL_PUBLISHED, FrameworkEvent.EXPIRE): FrameworkStatus.EXPIRED,
    (FrameworkStatus.IN_FORCE, FrameworkEvent.EXPIRE): FrameworkStatus.EXPIRED,
}


class AdmissionStatus(StrEnum):
    """From a provider's application to its end."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


ADMISSION_NAMES: Mapping[AdmissionStatus, str] = {
    AdmissionStatus.APPLIED: N_("待审核"),
    AdmissionStatus.ADMITTED: N_("已入围"),
    AdmissionStatus.REFUSED: N_("未入围"),
    AdmissionStatus.WITHDRAWN: N_("已退出"),
    AdmissionStatus.REMOVED: N_("已清退"),
}


class AdmissionEvent(StrEnum):
    """What moves an admission."""

    ADMIT = "admit"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REMOVE = "remove"


ADMISSION_TRANSITIONS: dict[tuple[AdmissionStatus, AdmissionEvent], AdmissionStatus] = {
    (AdmissionStatus.APPLIED, AdmissionEvent.ADMIT): AdmissionStatus.ADMITTED,
    (AdmissionStatus.APPLIED, AdmissionEvent.REFUSE): AdmissionStatus.REFUSED,
    (AdmissionStatus.APPLIED, AdmissionEvent.WITHDRAW): AdmissionStatus.WITHDRAWN,
    (AdmissionStatus.ADMITTED, AdmissionEvent.WITHDRAW): AdmissionStatus.WITHDRAWN,
    (AdmissionStatus.ADMITTED, AdmissionEvent.REMOVE): AdmissionStatus.REMOVED,
}


class RemovalGround(StrEnum):
    """令110 §19: what a supplier is removed for, without return to the same framework."""

    COLLUSION = "collusion"
    FALSE_PAPERS = "false_papers"
    REFUSED_ORDER = "refused_order"
    BREACH = "breach"


OPEN_TO_APPLICANTS = frozenset({FrameworkStatus.CALL_PUBLISHED, FrameworkStatus.IN_FORCE})


@dataclass(frozen=True, slots=True)
class Term:
    """The days from which and until which a framework holds; the last day belongs to it."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Framework:
    """What the guards look at in a framework."""

    status: FrameworkStatus
    category: str
    unit: str
    rate_fen: int
    term: Term


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider's product as it stands when it applies, and again when it is decided."""

    organization_verified: bool
    qualified: bool  # its kind may provide the category, and its licence is verified and valid today
    listed: bool
    category: str
    unit: str
    ceiling_fen: int
    removed_before: bool  # the organization was once removed from this framework


def scheme_blocks(rate_fen: int, term: Term, longest: Figure, today: date) -> list[Block]:
    """Name what is wrong with a framework's scheme."""
    found = []
    if rate_fen <= 0:
        found.append(
            Block(
                "framework_uniform_rate",
                OPEN_KIND,
                Message(N_("开放式框架协议必须有统一的付费标准。")),
                Message(N_("请填写大于零的单价。")),
                yuan(rate_fen),
            )
        )
    if term.ends_on > years_later(term.starts_on, longest.value):
        found.append(
            Block(
                "framework_term",
                longest.source,
                Message(N_("服务类框架协议的有效期最长%(years)s年。"), {"years": longest.value}),
                Message(N_("请把截止日期提前。")),
                longest.said,
            )
        )
    if term.ends_on <= max(term.starts_on, today):
        found.append(
            Block(
                "framework_dates",
                DATES,
                Message(N_("框架协议的截止日期必须晚于开始日期和今天。")),
                Message(N_("请修改起止日期。")),
                term.ends_on.isoformat(),
            )
        )
    return found


def filing_blocks(filing_number: str, filing: Source) -> list[Block]:
    """Require the finance bureau's receipt before a scheme counts as filed; the source is the day's."""
    if filing_number.strip():
        return []
    reason, remedy = Message(N_("采购方案必须先报本级财政部门备案。")), Message(N_("请填写备案号。"))
    return [Block("framework_filing_number", filing, reason, remedy, Message(N_("没有备案号")))]


def force_blocks(term: Term, suppliers: int, fewest: Figure, today: date) -> list[Block]:
    """Name what keeps a framework from coming into force."""
    found = []
    if suppliers < fewest.value:
        found.append(
            Block(
                "framework_suppliers",
                fewest.source,
                Message(
                    N_("至少要有%(needed)s家供应商入围，现在是%(found)s家。"),
                    {"needed": fewest.value, "found": suppliers},
                ),
                Message(N_("请先处理待审的入围申请，或延长征集。")),
                fewest.said,
            )
        )
    if not term.starts_on <= today <= term.ends_on:
        found.append(
            Block(
                "framework_not_in_term",
                DATES,
                Message(N_("今天不在框架协议的有效期内。")),
                Message(N_("请在有效期开始以后再生效。")),
                term.starts_on.isoformat(),
            )
        )
    return found


def admission_blocks(framework: Framework, candidate: Candidate, today: date) -> list[Block]:
    """Name what keeps a product from being admitted; in an open framework nothing else may (令110 §10(2))."""
    return [
        *_framework_blocks(framework, today),
        *_supplier_blocks(candidate),
        *_product_blocks(framework, candidate),
    ]


def _framework_blocks(framework: Framework, today: date) -> Iterable[Block]:
    if framework.status not in OPEN_TO_APPLICANTS or today > framework.term.ends_on:
        yield Block(
            "framework_not_open",
            OPEN_KIND,
            Message(N_("这个框架协议现在不接受申请。")),
            Message(N_("征集公告发布以后、有效期结束以前都可以申请。")),
            Message(STATUS_NAMES[framework.status]),
        )


def _supplier_blocks(candidate: Candidate) -> Iterable[Block]:
    if not candidate.organization_verified:
        yield Block(
            "supplier_not_verified",
            SUPPLIER_CONDITIONS,
            Message(N_("机构还没有通过认证。")),
            Message(N_("请先完成机构认证。")),
            Message(N_("未认证")),
        )
    if not candidate.qualified:
        yield Block(
            "supplier_not_qualified",
            SUPPLIER_CONDITIONS,
            Message(N_("机构没有这一类服务所需的、已核验且在有效期内的证照。")),
            Message(N_("请在机构资料里更新证照并等待核验。")),
            Message(N_("没有有效的证照")),
        )
    if candidate.removed_before:
        yield Block(
            "supplier_removed_before",
            NO_REENTRY,
            Message(N_("机构曾被清退出这个框架协议，不能再次入围。")),
            Message(N_("可以申请其他框架协议。")),
            Message(N_("已清退")),
        )


def _product_blocks(framework: Framework, candidate: Candidate) -> Iterable[Block]:
    if not candidate.listed:
        yield Block(
            "product_not_listed",
            REQUIREMENT,
            Message(N_("产品还没有上架，或已暂停。")),
            Message(N_("产品审核上架以后再申请。")),
            Message(N_("未上架")),
        )
    if (candidate.category, candidate.unit) != (framework.category, framework.unit):
        category, unit = CATEGORY_NAMES[Category(framework.category)], UNIT_NAMES[Unit(framework.unit)]
        yield Block(
            "product_of_another_kind",
            REQUIREMENT,
            Message(N_("产品的类别或计量单位与框架协议的采购需求不一致。")),
            Message(N_("请选择类别和计量单位都相同的产品。")),
            Message(N_("%(category)s，按%(unit)s"), {"category": Message(category), "unit": Message(unit)}),
        )
    if candidate.ceiling_fen < framework.rate_fen:
        yield Block(
            "product_rate_above_ceiling",
            REQUIREMENT,
            Message(N_("框架协议的统一付费标准高于产品的最高限价。")),
            Message(N_("请修改产品的最高限价，或不参加这个框架协议。")),
            yuan(candidate.ceiling_fen),
        )


def years_later(day: date, years: int) -> date:
    """Return the same day of a later year, or 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
