"""A tender's recorded steps, each against the steps before it, and the periods that a step ended."""

from collections.abc import Iterable, Mapping

from app.core.calendar import Calendar
from procurement.blocks import Block, Source
from procurement.oversight.reexamination.facts import Past
from procurement.oversight.reexamination.rules import Judge, LawOfDay, PastStep
from procurement.purchases.rules import Method
from procurement.purchases.tenders import rules
from procurement.purchases.tenders.challenges import rules as challenges
from procurement.purchases.tenders.clocks import clocks, late_blocks
from procurement.purchases.tenders.facts import Step, StepKind, TenderFile
from procurement.purchases.tenders.files import file_of
from procurement.purchases.tenders.methods import rules as methods
from procurement.purchases.tenders.rules import judge

K = StepKind
_ARTICLES: Mapping[StepKind, tuple[Source, ...]] = {
    K.REVIEW_REQUIREMENT: (rules.REVIEW, rules.AUTHORS, rules.CONSULTED),
    K.FILE_PLAN: (rules.PLAN,),
    K.SET_METHOD: (methods.SPLITTING, methods.SINGLE_SOURCE),
    K.NOTICE: (rules.OFFICIAL_SITE, rules.DISCLOSED),
    K.SEAL: (rules.SEALED,),
    K.OPEN: (rules.ABSENT,),
    K.EVALUATE: (rules.DRAWN, rules.RECUSED),
    K.AWARD: (rules.RANKED, challenges.REOPENED),
    K.PUBLISH_RESULT: (rules.NAMED,),
    K.SETTLE_CHALLENGE: (challenges.TOLD,),
    K.COMPLAIN: (challenges.WITHIN,),
    K.DECIDE_COMPLAINT: (challenges.ORDERED,),
    K.REOPEN: (challenges.REOPENED,),
}


async def steps_of(past: Past) -> list[PastStep]:
    """Return the steps of a tender; what it reserved is judged for every method alike."""
    if past.method is not Method.TENDER:
        return []
    found, before = [], TenderFile()
    for step in (await file_of(past.id)).steps:
        if step.kind is not StepKind.RESERVE:
            found.append(PastStep(step.kind, step.at, recorded(step, before), articles=_ARTICLES.get(step.kind, ())))
        before = before.with_step(step)
    return found


def recorded(step: Step, before: TenderFile) -> Judge:
    """Return how a recorded step is judged: by itself, and by the periods that it ended."""

    def judged(figures: LawOfDay, days: Calendar) -> Iterable[Block]:
        ended = clocks(before.with_step(step), figures, days, ended_by=step.kind)
        late = [block for clock in ended if clock.done_on for block in late_blocks(clock, clock.done_on)]
        return [*judge(step, before, figures, days), *late]

    return judged
