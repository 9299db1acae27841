"""A challenge's way: raised, answered by the buyer, taken to finance, decided; what each step of it needs.

采购法 §52-57, 条例 §53-55, 令94: a supplier challenges within seven working days of knowing; the buyer answers in
writing within seven; whoever is not content, or got no answer, complains within fifteen after the time to answer is
over; finance decides within thirty, and may stop the procedure for thirty days at most. While a challenge could change
the result, nothing is signed, performed or paid (条例 §54).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.calendar import Calendar, deadline
from app.core.text import N_, Message
from procurement.blocks import Block, Source
from procurement.purchases.tenders import law
from procurement.purchases.tenders.challenges.facts import Decision, Outcome, Remedy, Subject
from procurement.purchases.tenders.facts import OVERLAY, Step, StepKind, TenderFile, day_of
from procurement.purchases.tenders.law import Figures

K = StepKind
COMPLAINTS = "财政部令第94号"
TOLD, WITHIN = Source("政府采购法", "第53条"), Source("政府采购法实施条例", "第55条")
ORDERED = Source(COMPLAINTS, "第32条", verified=False)
REOPENED = Source(COMPLAINTS, "第16条", verified=False)


class ChallengeStatus(StrEnum):
    """From the challenge to the last word about it."""

    RAISED = "raised"
    ANSWERED = "answered"  # not right, or without effect: the procedure goes on
    UPHELD = "upheld"  # the buyer itself finds that the result cannot stand
    WITHDRAWN = "withdrawn"
    COMPLAINED = "complained"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    DISMISSED = "dismissed"
    WITHOUT_EFFECT = "without_effect"
    OVERTURNED = "overturned"
    REMEDIED = "remedied"


class ChallengeEvent(StrEnum):
    """What moves a challenge; the buyer's first, then finance's, then what follows from either."""

    ANSWER = "answer"
    UPHOLD = "uphold"
    WITHDRAW = "withdraw"
    COMPLAIN = "complain"
    SUSPEND = "suspend"
    RESUME = "resume"
    DISMISS = "dismiss"
    LEAVE = "leave"  # right, but the result stands
    OVERTURN = "overturn"
    REMEDY = "remedy"


S, E = ChallengeStatus, ChallengeEvent
_DECIDED = {
    E.DISMISS: S.DISMISSED, E.LEAVE: S.WITHOUT_EFFECT, E.OVERTURN: S.OVERTURNED, E.WITHDRAW: S.WITHDRAWN,
}  # fmt: skip
TRANSITIONS: dict[tuple[ChallengeStatus, ChallengeEvent], ChallengeStatus] = {
    (S.RAISED, E.ANSWER): S.ANSWERED,
    (S.RAISED, E.UPHOLD): S.UPHELD,
    (S.RAISED, E.WITHDRAW): S.WITHDRAWN,
    (S.RAISED, E.COMPLAIN): S.COMPLAINED,  # nobody answered in time
    (S.ANSWERED, E.COMPLAIN): S.COMPLAINED,
    (S.COMPLAINED, E.SUSPEND): S.SUSPENDED,
    (S.SUSPENDED, E.RESUME): S.RESUMED,
    **{(start, event): end for start in (S.COMPLAINED, S.SUSPENDED, S.RESUMED) for event, end in _DECIDED.items()},
    (S.UPHELD, E.REMEDY): S.REMEDIED,
    (S.OVERTURNED, E.REMEDY): S.REMEDIED,
}
WITH_FINANCE = frozenset({S.COMPLAINED, S.SUSPENDED, S.RESUMED})
"""States in which finance owes the next step."""
FALLEN = frozenset({S.UPHELD, S.OVERTURNED})
"""States in which the buyer owes the consequence: the result cannot stand."""
OPEN = frozenset({S.RAISED, *WITH_FINANCE})
_ANSWERS: Mapping[Outcome, ChallengeEvent] = {
    Outcome.REJECTED: E.ANSWER, Outcome.UPHELD_NO_EFFECT: E.ANSWER, Outcome.UPHELD: E.UPHOLD,
    Outcome.WITHDRAWN: E.WITHDRAW,
}  # fmt: skip
_DECISIONS: Mapping[Decision, ChallengeEvent] = {
    Decision.DISMISSED: E.DISMISS, Decision.UPHELD_NO_EFFECT: E.LEAVE, Decision.OVERTURNED: E.OVERTURN,
    Decision.WITHDRAWN: E.WITHDRAW,
}  # fmt: skip
_KINDS: Mapping[StepKind, ChallengeEvent] = {K.COMPLAIN: E.COMPLAIN, K.SUSPEND: E.SUSPEND, K.RESUME: E.RESUME}


@dataclass(frozen=True, slots=True)
class Dossier:
    """One challenge with the steps that were recorded about it, in their order."""

    number: int
    steps: tuple[Step, ...]
    status: ChallengeStatus = S.RAISED

    def of(self, kind: StepKind) -> Step | None:
        """Return the step of a kind, if it was recorded."""
        return next((step for step in self.steps if step.kind is kind), None)

    @property
    def raised(self) -> Step:
        """Return the challenge itself."""
        return self.steps[0]

    def suspended_on(self, day: date) -> bool:
        """Tell whether finance has stopped the procedure on a day; a suspension ends by itself."""
        order = self.of(K.SUSPEND)
        return self.status is S.SUSPENDED and order is not None and day_of(order) <= day <= order.facts.until


def event_of(step: Step) -> ChallengeEvent:
    """Return what a step about a challenge means for it."""
    if step.kind is K.SETTLE_CHALLENGE:
        return _ANSWERS[step.facts.outcome]
    return _DECISIONS[step.facts.decision] if step.kind is K.DECIDE_COMPLAINT else _KINDS[step.kind]


def dossiers(file: TenderFile) -> list[Dossier]:
    """Return the challenges of a tender as its steps tell them, in their order."""
    found: list[Dossier] = []
    for step in file.steps:
        if step.kind is K.CHALLENGE:
            found.append(Dossier(len(found) + 1, (step,)))
        elif step.kind in OVERLAY and (about := chosen(found, step.facts.challenge)):
            status = TRANSITIONS.get((about.status, event_of(step)), about.status)
            found[about.number - 1] = Dossier(about.number, (*about.steps, step), status)
        elif step.kind in (K.REOPEN, K.TERMINATE):
            found = [
                Dossier(one.number, one.steps, TRANSITIONS.get((one.status, E.REMEDY), one.status)) for one in found
            ]
    return found


def chosen(found: list[Dossier], number: int) -> Dossier | None:
    """Return the challenge of a number, or the newest that is open: one that holds before one that does not."""
    if number:
        return found[number - 1] if number <= len(found) else None
    still = [one for one in found if one.status in OPEN or one.status is S.ANSWERED]
    return max(
        still, key=lambda one: (one.status in OPEN, one.raised.facts.could_change_result, one.number), default=None
    )


def complaint_until(dossier: Dossier, figures: Figures, days: Calendar) -> date:
    """Return the last day to complain: counted from the end of the time to answer, or from an answer that came later.

    采购法 §55 counts from the time's end (答复期满), so that an early answer shortens nothing.
    """
    most = figures[law.COMPLAINT]
    return deadline(days, _complaint_from(dossier, figures, days), most.value, most.unit)


def _complaint_from(dossier: Dossier, figures: Figures, days: Calendar) -> date:
    time, answer = figures[law.ANSWER], dossier.of(K.SETTLE_CHALLENGE)
    lapses = deadline(days, day_of(dossier.raised), time.value, time.unit)
    return max(lapses, day_of(answer)) if answer else lapses


def challenge_blocks(step: Step, before: TenderFile, figures: Figures, days: Calendar) -> Iterator[Block]:
    """采购法 §52: within seven working days of when the supplier knew, or should have known (条例 §53)."""
    limit, known = figures[law.CHALLENGE], _known_on(step, before, figures, days)
    if known is None:
        yield Block(
            "challenge_too_early", Source("政府采购法实施条例", "第53条"),
            Message(N_("质疑的事项还没有发生：采购文件还没有公告，或结果还没有公告。")),
            Message(N_("请核对质疑的事项和时间。")), Message(N_("还没有公告")),
        )  # fmt: skip
    elif day_of(step) > (last := deadline(days, known, limit.value, limit.unit)):
        yield Block("challenge_too_late", limit.source,
                    Message(N_("质疑要在知道结果之日起%(days)s个工作日内提出。"), {"days": limit.value}),
                    Message(N_("请书面告知供应商不予受理。")), limit.until(last))  # fmt: skip


def _known_on(step: Step, before: TenderFile, figures: Figures, days: Calendar) -> date | None:
    """Return from which day the supplier should have known; None while there is nothing to know."""
    facts, notice, result = step.facts, before.of(K.NOTICE), before.of(K.PUBLISH_RESULT)
    if facts.about is Subject.RESULT:
        shown = figures[law.RESULT_SHOWN]
        return deadline(days, day_of(result), shown.value, shown.unit) if result else None
    if notice is None:
        return None
    known: date | None = facts.knew_on
    if known is None and facts.about is Subject.DOCUMENTS:
        known = notice.facts.documents_until
    if known is not None:
        return min(max(known, day_of(notice)), day_of(step))
    return day_of(next(one for one in reversed(before.steps) if one.kind not in OVERLAY))


def answer_blocks(step: Step, _: TenderFile, __: Figures, ___: Calendar) -> Iterator[Block]:
    """采购法 §53: the answer goes in writing to the challenger and to the other suppliers concerned."""
    if step.facts.outcome is not Outcome.WITHDRAWN and not step.facts.others_told:
        yield Block(
            "answer_not_sent", TOLD,
            Message(N_("答复要书面通知质疑供应商和其他有关供应商。")),
            Message(N_("请先书面通知，再登记。")), Message(N_("没有通知")),
        )  # fmt: skip


def complaint_blocks(step: Step, before: TenderFile, figures: Figures, days: Calendar) -> Iterator[Block]:
    """采购法 §55, 条例 §55: after the answer or its lapse, in time, and not beyond what was challenged."""
    about = chosen(dossiers(before), step.facts.challenge)
    if about is None:
        return
    most, answered = figures[law.COMPLAINT], about.of(K.SETTLE_CHALLENGE)
    if answered is None and day_of(step) <= (lapses := _complaint_from(about, figures, days)):
        yield Block(
            "complaint_before_answer", most.source,
            Message(N_("质疑的答复期还没有满，采购人也没有答复，不能投诉。")),
            Message(N_("请先答复质疑，或等到答复期满。")), figures[law.ANSWER].until(lapses),
        )  # fmt: skip
    if day_of(step) > (last := complaint_until(about, figures, days)):
        yield Block(
            "complaint_too_late", most.source,
            Message(N_("投诉要在答复期满后%(days)s个工作日内提出。"), {"days": most.value}),
            Message(N_("逾期的投诉，财政部门不予受理；请核对日期。")), most.until(last),
        )  # fmt: skip
    if not step.facts.within_challenge:
        yield Block(
            "complaint_beyond_challenge", WITHIN,
            Message(N_("投诉的事项不得超出已质疑事项的范围。")),
            Message(N_("请核对投诉书；超出的部分要先质疑。")), Message(N_("没有确认")),
        )  # fmt: skip


def suspension_blocks(step: Step, _: TenderFile, figures: Figures, __: Calendar) -> Iterator[Block]:
    """采购法 §57: finance stops the procedure for thirty days at most."""
    most = figures[law.SUSPENSION]
    last = day_of(step) + timedelta(days=most.value)
    if not day_of(step) <= step.facts.until <= last:
        yield Block(
            "suspension_too_long", most.source,
            Message(N_("暂停采购活动最长%(days)s日。"), {"days": most.value}),
            Message(N_("请核对通知上的截止日期。")), most.until(last),
        )  # fmt: skip


def decision_blocks(step: Step, _: TenderFile, __: Figures, ___: Calendar) -> Iterator[Block]:
    """令94 §31-32: a decision that overturns the result says what follows from it, and only such a one."""
    if (step.facts.decision is Decision.OVERTURNED) != (step.facts.remedy is not Remedy.NONE):
        yield Block(
            "decision_without_order", ORDERED,
            Message(N_("投诉成立且影响结果的，处理决定要写明如何处理；其他决定没有这一项。")),
            Message(N_("请按处理决定书填写。")), Message(N_("不一致")),
        )  # fmt: skip


def reopening_blocks(_: Step, before: TenderFile, __: Figures, ___: Calendar) -> Iterator[Block]:
    """令94 §16, §32: only a result that fell is decided anew, among the suppliers that were ranked."""
    evaluation = before.of(K.EVALUATE)
    fallen = any(one.status in FALLEN for one in dossiers(before))
    if not fallen or evaluation is None or len(evaluation.facts.ranking.split()) < 2:
        yield Block(
            "nothing_to_reopen", REOPENED,
            Message(N_("只有质疑或投诉成立、影响结果，并且还有其他合格候选人的，才能另行确定供应商。")),
            Message(N_("没有其他合格候选人的，请终止采购，重新开展。")), Message(N_("没有依据")),
        )  # fmt: skip


def fallen_blocks(award: Step, before: TenderFile) -> Iterator[Block]:
    """令94 §16, §32: after a result fell, it is another of the ranked suppliers that is chosen."""
    if award.facts.rank in {step.facts.rank for step in before.steps if step.kind is K.AWARD}:
        yield Block(
            "result_that_fell", REOPENED,
            Message(N_("这一名的结果已经因质疑或投诉不能成立。")),
            Message(N_("请选择其他合格候选人。")), Message(N_("第%(rank)s名"), {"rank": award.facts.rank}),
        )  # fmt: skip


def stopped_blocks(step: Step, before: TenderFile, figures: Figures) -> Iterator[Block]:
    """采购法 §57: while finance has stopped the procedure, nothing of it goes on."""
    if step.kind in OVERLAY:
        return
    for one in dossiers(before):
        order = one.of(K.SUSPEND)
        if order is not None and one.suspended_on(day_of(step)):
            yield Block(
                "procurement_suspended", figures[law.SUSPENSION].source,
                Message(N_("财政部门正在处理投诉，采购活动暂停。")),
                Message(N_("请等到暂停期满，或财政部门通知恢复。")), order.facts.until.isoformat(),
            )  # fmt: skip
