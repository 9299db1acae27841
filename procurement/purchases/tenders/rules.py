"""What a tender's record needs at each step, by the figures of the step's own day.

One pure function judges a step against the steps before it. Recording asks it once; a past purchase is judged again
by calling it for each step with the figures that were in force then (采购法, 条例, 令87, 214号, 需求办法).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from app.core import clock
from app.core.calendar import Calendar, add_working_days, deadline, working_days_between
from app.core.text import N_, Message
from procurement.blocks import Block, Source, house
from procurement.purchases.rules import PurchaseEvent
from procurement.purchases.tenders import law
from procurement.purchases.tenders.challenges import rules as challenges
from procurement.purchases.tenders.facts import OVERLAY, EvaluationFacts, Procedure, Step, StepKind, TenderFile, day_of
from procurement.purchases.tenders.law import Figures
from procurement.purchases.tenders.methods.rules import method_blocks, negotiation_blocks

K = StepKind
EVENTS: Mapping[StepKind, PurchaseEvent] = {
    kind: PurchaseEvent(kind.value) for kind in K if kind is not K.INTENT and kind not in OVERLAY
}
FIGURES = (
    law.INTENT, law.SURVEY, law.OPEN_TENDER, law.TENDER_NOTICE, law.DOCUMENTS, law.CONSULTATION_NOTICE,
    law.SINGLE_NOTICE, law.ADD_ON, law.TENDER_SUPPLIERS, law.CONSULTATION_SUPPLIERS, law.TENDER_PANEL,
    law.CONSULTATION_PANEL, law.EXPERTS, law.TENDER_PRICE, law.CONSULTATION_PRICE, law.PRICE_MOST, law.REPORT,
    law.CHOICE, law.RESULT, law.RESULT_SHOWN, law.CHALLENGE, law.ANSWER, law.COMPLAINT, law.DECISION, law.SUSPENSION,
)  # fmt: skip
"""The keys of every figure that a step may be judged by."""
LAW_NEEDS = "财库〔2021〕22号"
LAW_CONSULTATION = "财库〔2014〕214号"
REVIEW, AUTHORS = Source(LAW_NEEDS, "第31条"), Source(LAW_NEEDS, "第33条")
CONSULTED = Source("政府采购法实施条例", "第15条")
PLAN, ORDER = Source("政府采购法实施条例", "第29条"), house(N_("步骤的先后"))
OFFICIAL_SITE, DISCLOSED = Source("财政部令第101号", "第8条"), Source("政府采购法实施条例", "第30条")
SEALED, ABSENT = Source("财政部令第87号", "第33条"), Source("财政部令第87号", "第40条")
DRAWN, RECUSED = Source("政府采购法实施条例", "第39条"), Source("政府采购法实施条例", "第9条")
RANKED, NAMED = Source("政府采购法实施条例", "第43条"), Source(LAW_CONSULTATION, "第29条")


def judge(step: Step, before: TenderFile, figures: Figures, days: Calendar) -> list[Block]:
    """Name what the law of the step's day has against it, given the steps before it."""
    blocks = [*_order_blocks(step, before), *challenges.stopped_blocks(step, before, figures)]
    guards = _GUARDS.get(step.kind)
    return blocks + list(guards(step, before, figures, days)) if guards else blocks


def _order_blocks(step: Step, before: TenderFile) -> Iterator[Block]:
    last = before.steps[-1] if before.steps else None
    if last is not None and step.at < last.at:
        yield Block(
            "step_before_the_last",
            ORDER,
            Message(N_("这一步的时间早于上一步。")), Message(N_("请核对时间；步骤按发生的先后登记。")),
            f"{clock.local(last.at):%Y-%m-%d %H:%M}",
        )  # fmt: skip


def _review(step: Step, before: TenderFile, figures: Figures, _: Calendar) -> Iterator[Block]:
    facts, intent, survey = step.facts, before.of(K.INTENT), figures[law.SURVEY]
    sides = (facts.purchasing, facts.finance, facts.business, facts.supervision)
    reviewers = " ".join(sides).split()
    public = intent is not None and intent.facts.public_service
    if public and facts.respondents < survey.value:
        yield Block(
            "survey_too_small", survey.source,
            Message(N_("需求调查的对象不足%(least)s个。"), {"least": survey.value}),
            Message(N_("请补充需求调查。")), survey.said,
        )  # fmt: skip
    if public and not facts.public_consulted:
        yield Block(
            "public_not_consulted", CONSULTED,
            Message(N_("为公众提供的服务，需求要征求社会公众的意见。")),
            Message(N_("请征求意见后再登记。")), Message(N_("没有征求")),
        )  # fmt: skip
    if not all(side.strip() for side in sides):
        yield Block(
            "review_incomplete", REVIEW,
            Message(N_("审查要有采购、财务、业务、监督四方参加。")), Message(N_("请填写四方的审查人员。")),
            f"{sum(bool(side.strip()) for side in sides)}/{len(sides)}",
        )  # fmt: skip
    if both := sorted(set(facts.authors.split()) & set(reviewers)):
        yield Block(
            "author_reviews", AUTHORS,
            Message(N_("编制需求的人不能参加审查。")), Message(N_("请由其他人员审查。")), " ".join(both),
        )  # fmt: skip


def _plan(step: Step, _: TenderFile, __: Figures, ___: Calendar) -> Iterator[Block]:
    if not step.number:
        yield Block(
            "plan_without_number", PLAN,
            Message(N_("采购实施计划要报财政部门备案。")), Message(N_("请填写备案编号。")), Message(N_("没有编号")),
        )  # fmt: skip


def too_early(kind: StepKind, at: datetime, before: TenderFile, figures: Figures, days: Calendar) -> list[Block]:
    """Name what keeps a step from being taken yet, whatever its facts will be."""
    blocks = list(challenges.stopped_blocks(Step(kind, at, None), before, figures))
    if kind is K.NOTICE:
        blocks += _intent_blocks(clock.local(at).date(), before, figures, days)
    return [*blocks, *_deadline_blocks(at, before)] if kind is K.SEAL else blocks


def _intent_blocks(day: date, before: TenderFile, figures: Figures, days: Calendar) -> Iterator[Block]:
    intent, least = before.of(K.INTENT), figures[law.INTENT]
    if intent and not intent.facts.exempt_reason:
        earliest = deadline(days, day_of(intent), least.value, least.unit)
        if day < earliest:
            yield Block(
                "intent_too_recent", least.source,
                Message(N_("采购意向公开不满%(days)s日。"), {"days": least.value}),
                Message(N_("请等到期满，或在意向中登记例外的理由。")), least.until(earliest),
            )  # fmt: skip


def _notice(step: Step, before: TenderFile, figures: Figures, days: Calendar) -> Iterator[Block]:
    yield from _intent_blocks(day_of(step), before, figures, days)
    if not (step.url and step.number and step.sha256):
        yield Block(
            "notice_not_identified", OFFICIAL_SITE,
            Message(N_("公告以省级网站为准：要有项目编号、网址和公告文件。")),
            Message(N_("请填写编号、网址，并上传保存的公告。")), Message(N_("不完整")),
        )  # fmt: skip
    if not step.facts.budget_disclosed:
        yield Block(
            "budget_not_disclosed", DISCLOSED,
            Message(N_("公告要公开预算金额。")), Message(N_("请更正公告后再登记。")), Message(N_("没有公开")),
        )  # fmt: skip
    yield from _period_blocks(step, _procedure(before), figures, days)


def _period_blocks(step: Step, procedure: Procedure, figures: Figures, days: Calendar) -> Iterator[Block]:
    """The shortest periods between the notice and the deadline for offers."""
    if procedure is Procedure.SINGLE_SOURCE:
        return  # announced before the method was set
    last = clock.local(step.facts.deadline).date()
    least = figures[law.TENDER_NOTICE if procedure is Procedure.OPEN_TENDER else law.CONSULTATION_NOTICE]
    if last < (earliest := deadline(days, day_of(step), least.value, least.unit)):
        yield Block(
            "notice_too_short", least.source,
            Message(N_("公告到截止的时间太短，至少%(days)s日。"), {"days": least.value}),
            Message(N_("请推迟截止时间。")), least.until(earliest),
        )  # fmt: skip
    documents = figures[law.DOCUMENTS]
    # The first day counts here: documents are handed out on it.
    offered = working_days_between(days, step.facts.documents_from, step.facts.documents_until) + 1
    if procedure is Procedure.OPEN_TENDER and offered < documents.value:
        yield Block(
            "documents_too_short", documents.source,
            Message(N_("招标文件的提供期限不足%(days)s个工作日。"), {"days": documents.value}),
            Message(N_("请延长提供期限。")), documents.said,
        )  # fmt: skip


def _seal(step: Step, before: TenderFile, _: Figures, __: Calendar) -> Iterator[Block]:
    yield from _deadline_blocks(step.at, before)


def _deadline_blocks(at: datetime, before: TenderFile) -> Iterator[Block]:
    notice = before.of(K.NOTICE)
    if notice and at < notice.facts.deadline:
        yield Block(
            "sealed_before_deadline", SEALED,
            Message(N_("截止时间还没有到，不能停止接收。")), Message(N_("请登记截止以后的时间。")),
            f"{clock.local(notice.facts.deadline):%Y-%m-%d %H:%M}",
        )  # fmt: skip


def _open(step: Step, before: TenderFile, figures: Figures, _: Calendar) -> Iterator[Block]:
    procedure = _procedure(before)
    least = figures[law.CONSULTATION_SUPPLIERS if procedure is Procedure.CONSULTATION else law.TENDER_SUPPLIERS]
    if procedure is not Procedure.SINGLE_SOURCE and step.facts.valid < least.value:
        yield Block(
            "too_few_suppliers", least.source,
            Message(N_("有效供应商不足%(least)s家。"), {"least": least.value}),
            Message(N_("请终止本次采购，公告后重新组织。")), least.said,
        )  # fmt: skip
    if not step.facts.panel_absent:
        yield Block(
            "panel_at_opening", ABSENT,
            Message(N_("评审专家不能参加开标。")), Message(N_("请确认专家没有参加。")), Message(N_("没有确认")),
        )  # fmt: skip


def _evaluate(step: Step, before: TenderFile, figures: Figures, _: Calendar) -> Iterator[Block]:
    facts, procedure = step.facts, _procedure(before)
    if not facts.conflicts_declared:
        yield Block("conflicts_not_declared", RECUSED, Message(N_("评审人员要声明没有利害关系，有的应当回避。")),
                    Message(N_("请取得声明后再登记。")), Message(N_("没有声明")))  # fmt: skip
    if procedure is Procedure.SINGLE_SOURCE:
        yield from negotiation_blocks(step, before)
    else:
        yield from _panel_blocks(facts, figures, tender=procedure is Procedure.OPEN_TENDER)


def _panel_blocks(facts: EvaluationFacts, figures: Figures, *, tender: bool) -> Iterator[Block]:
    panel, experts = figures[law.TENDER_PANEL if tender else law.CONSULTATION_PANEL], figures[law.EXPERTS]
    if facts.panel < panel.value or facts.panel % 2 == 0:
        yield Block(
            "panel_size", panel.source,
            Message(N_("评审小组要有%(least)s人以上的单数。"), {"least": panel.value}),
            Message(N_("请重新组成评审小组。")), panel.said,
        )  # fmt: skip
    if facts.experts * 3 < facts.panel * experts.value:
        yield Block(
            "too_few_experts", experts.source,
            Message(N_("评审专家不足三分之%(thirds)s。"), {"thirds": experts.value}),
            Message(N_("请增加评审专家。")), f"{experts.value}/3",
        )  # fmt: skip
    if not facts.drawn_at_random:
        yield Block("experts_not_drawn", DRAWN, Message(N_("评审专家要从专家库随机抽取。")),
                    Message(N_("请重新抽取专家。")), Message(N_("没有抽取")))  # fmt: skip
    least, most = figures[law.TENDER_PRICE if tender else law.CONSULTATION_PRICE], figures[law.PRICE_MOST]
    if facts.price_weight < least.value or (not tender and facts.price_weight > most.value):
        yield Block(
            "price_weight", least.source,
            Message(N_("价格分的比重不在规定范围内。")), Message(N_("请按规定的比重重新评审。")),
            f"{least.value}%" if tender else f"{least.value}–{most.value}%",
        )  # fmt: skip


def _award(step: Step, before: TenderFile, figures: Figures, days: Calendar) -> Iterator[Block]:
    facts, evaluation, choice = step.facts, before.of(K.EVALUATE), figures[law.CHOICE]
    ranked = evaluation.facts.ranking.split() if evaluation else []
    if facts.rank > len(ranked):
        yield Block("rank_unknown", RANKED, Message(N_("候选名单里没有这个名次。")),
                    Message(N_("请从排序的候选供应商中选择。")), str(len(ranked)))  # fmt: skip
    if before.of(K.REOPEN):
        yield from challenges.fallen_blocks(step, before)
        return
    last = add_working_days(days, facts.reported_on, choice.value)
    if facts.rank > 1 and day_of(step) > last:
        yield Block(
            "silence_takes_the_first", choice.source,
            Message(N_("超过%(days)s个工作日没有确定的，视为确定排序第一的供应商。"), {"days": choice.value}),
            Message(N_("请选择第一名。")), choice.until(last),
        )  # fmt: skip


def _result(step: Step, _: TenderFile, __: Figures, ___: Calendar) -> Iterator[Block]:
    if not step.url or not step.facts.evaluators_named or not step.facts.documents_attached:
        yield Block("result_incomplete", NAMED, Message(N_("结果公告要附采购文件，并公布评审人员名单。")),
                    Message(N_("请补全公告，填写网址。")), Message(N_("不完整")))  # fmt: skip


def _procedure(before: TenderFile) -> Procedure:
    method = before.of(K.SET_METHOD)
    return method.facts.procedure if method else Procedure.OPEN_TENDER


_Guards = Callable[[Step, TenderFile, Figures, Calendar], Iterator[Block]]
_GUARDS: Mapping[StepKind, _Guards] = {
    K.REVIEW_REQUIREMENT: _review,
    K.FILE_PLAN: _plan,
    K.SET_METHOD: method_blocks,
    K.NOTICE: _notice,
    K.SEAL: _seal,
    K.OPEN: _open,
    K.EVALUATE: _evaluate,
    K.AWARD: _award,
    K.PUBLISH_RESULT: _result,
    K.CHALLENGE: challenges.challenge_blocks,
    K.SETTLE_CHALLENGE: challenges.answer_blocks,
    K.COMPLAIN: challenges.complaint_blocks,
    K.SUSPEND: challenges.suspension_blocks,
    K.DECIDE_COMPLAINT: challenges.decision_blocks,
    K.REOPEN: challenges.reopening_blocks,
}
