"""Which method a purchase may take: the open tender is the rule above the figure, the others rest on their case.

采购法 §26-28, §31: above the figure another method needs finance's approval before the start; what is bought in parts
to stay below it is splitting (条例 §28). A single source needs a case of §31 with its evidence: above the figure the
only supplier is announced first (条例 §38), and before finance approves (令74 §38); additions stay within a tenth.
"""

from collections.abc import Iterator
from datetime import date

from app.core.calendar import Calendar, deadline
from app.core.money import yuan
from app.core.text import N_, Message
from procurement.blocks import Block, Source
from procurement.purchases.tenders import law
from procurement.purchases.tenders.facts import (
    MethodFacts,
    Procedure,
    SingleSourceCase,
    Step,
    StepKind,
    TenderFile,
    day_of,
)
from procurement.purchases.tenders.law import Figures

SPLITTING = Source("政府采购法实施条例", "第28条")
SINGLE_SOURCE = Source("政府采购法", "第31条")
ANNOUNCED = Source("政府采购法实施条例", "第38条")
BEFORE_APPROVAL = Source("财政部令第74号", "第38条", verified=False)


def method_blocks(step: Step, before: TenderFile, figures: Figures, days: Calendar) -> Iterator[Block]:
    """Name what keeps a purchase from being bought by this method."""
    facts: MethodFacts = step.facts
    if facts.procedure is Procedure.OPEN_TENDER:
        return
    budget = _budget(before)
    yield from _tender_blocks(facts, day_of(step), budget, figures)
    if facts.procedure is Procedure.SINGLE_SOURCE:
        yield from _case_blocks(facts)
        if facts.case is SingleSourceCase.ONLY_ONE and budget >= figures[law.OPEN_TENDER].value * 100:
            yield from _announcement_blocks(facts, figures, days)
        if facts.case is SingleSourceCase.ADD_ON:
            yield from _add_on_blocks(facts, budget, figures)


def _budget(before: TenderFile) -> int:
    intent = before.of(StepKind.INTENT)
    return int(intent.facts.budget_fen) if intent else 0


def _tender_blocks(facts: MethodFacts, day: date, budget: int, figures: Figures) -> Iterator[Block]:
    """Above the figure, alone or summed up over the year, the open tender is the rule."""
    most = figures[law.OPEN_TENDER]
    if facts.approval_number and facts.approved_on is not None and facts.approved_on <= day:
        return
    if budget >= most.value * 100:
        yield Block(
            "open_tender_required", most.source,
            Message(N_("预算达到公开招标数额标准%(yuan)s元，应当公开招标。"), {"yuan": f"{most.value:,}"}),
            Message(N_("请改为公开招标，或先取得财政部门批准。")), most.said,
        )  # fmt: skip
    elif budget + facts.others_fen > most.value * 100:
        yield Block(
            "split_to_avoid_tender", SPLITTING,
            Message(N_("同一预算项目、同一品目本年非公开招标的采购合计超过%(yuan)s元，属于化整为零。"),
                    {"yuan": f"{most.value:,}"}),
            Message(N_("请合并公开招标，或先取得财政部门批准。")), most.said,
        )  # fmt: skip


def _case_blocks(facts: MethodFacts) -> Iterator[Block]:
    if facts.case is SingleSourceCase.NONE or not facts.evidence.strip():
        yield Block(
            "single_source_without_case", SINGLE_SOURCE,
            Message(N_("单一来源要符合法定情形，并有证明。")),
            Message(N_("请选择情形并写明证明材料，或改用竞争性磋商。")),
            Message(N_("没有情形或证明")),
        )  # fmt: skip


def _announcement_blocks(facts: MethodFacts, figures: Figures, days: Calendar) -> Iterator[Block]:
    least = figures[law.SINGLE_NOTICE]
    first, last = facts.announced_from, facts.announced_until
    if not (facts.sole_supplier.strip() and facts.announced_url.strip() and first and last):
        yield Block(
            "single_source_not_announced", ANNOUNCED,
            Message(N_("达到公开招标数额、只能从唯一供应商采购的，要先公示项目信息和唯一供应商。")),
            Message(N_("请公示，并填写唯一供应商、公示网址和起止日期。")),
            Message(N_("没有公示")),
        )  # fmt: skip
        return
    if last < (earliest := deadline(days, first, least.value, least.unit)):
        yield Block(
            "single_source_announced_too_short", least.source,
            Message(N_("单一来源的公示期不足%(days)s个工作日。"), {"days": least.value}),
            Message(N_("请公示到期满，再报财政部门批准。")), least.until(earliest),
        )  # fmt: skip
    if facts.approved_on is not None and facts.approved_on <= last:
        yield Block(
            "single_source_approved_too_early", BEFORE_APPROVAL,
            Message(N_("公示期满以后才报财政部门批准，公示情况一并上报。")),
            Message(N_("请核对批准日期，或重新报批。")), last.isoformat(),
        )  # fmt: skip


def _add_on_blocks(facts: MethodFacts, budget: int, figures: Figures) -> Iterator[Block]:
    share = figures[law.ADD_ON]
    if not facts.original_fen:
        yield Block(
            "add_on_without_original", SINGLE_SOURCE,
            Message(N_("添购要有原来的合同。")), Message(N_("请填写原合同的编号。")), Message(N_("没有原合同")),
        )  # fmt: skip
    elif (facts.added_fen + budget) * 100 > facts.original_fen * share.value:
        yield Block(
            "add_on_above_share", share.source,
            Message(
                N_("添购资金合计%(sum)s，超过原合同金额的%(share)s%%。"),
                {"sum": yuan(facts.added_fen + budget), "share": share.value},
            ),
            Message(N_("请减少数量，或另行采购。")), share.said,
        )  # fmt: skip


def negotiation_blocks(step: Step, before: TenderFile) -> Iterator[Block]:
    """A single source is negotiated with the one supplier that its case names; nothing is scored."""
    method = before.of(StepKind.SET_METHOD)
    ranked = step.facts.ranking.split()
    named = {method.facts.sole_supplier.strip(), method.facts.original_supplier} - {""} if method else set()
    if len(ranked) != 1 or (named and ranked[0] not in named):
        yield Block(
            "single_source_of_another", SINGLE_SOURCE,
            Message(N_("单一来源只与公示的唯一供应商（添购的，与原供应商）协商。")),
            Message(N_("请填写这一家的统一社会信用代码。")), " ".join(sorted(named)),
        )  # fmt: skip
