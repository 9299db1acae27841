"""A tender's steps as they go right, for tests that change one thing; and the same through the services."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from app.core import clock, database
from marketplace.organizations.provision import Category
from procurement.blocks import Figure, Source
from procurement.purchases.tenders import law, service
from procurement.purchases.tenders.facts import (
    AwardFacts,
    EvaluationFacts,
    IntentFacts,
    MethodFacts,
    NoFacts,
    NoticeFacts,
    OpenFacts,
    Procedure,
    ResultFacts,
    ReviewFacts,
    SealFacts,
    SingleSourceCase,
    Step,
    StepKind,
    TenderFile,
)
from procurement.purchases.tenders.law import Figures
from procurement.purchases.tenders.service import NewTender
from tests.procurement import buying

K = StepKind
FIGURES: Figures = {
    seed.key: Figure(int(seed.value), Source(seed.document, seed.article, seed.read), seed.unit) for seed in law.SEEDS
}
START = date(2026, 3, 2)  # a Monday
USCC = "52330106MJ00000011"
NOTICE = "浙江政府采购网 公告".encode()
DAYS = {
    K.INTENT: 0, K.RESERVE: 3, K.REVIEW_REQUIREMENT: 8, K.FILE_PLAN: 10, K.SET_METHOD: 11, K.NOTICE: 31, K.SEAL: 52,
    K.OPEN: 52, K.EVALUATE: 53, K.AWARD: 56, K.PUBLISH_RESULT: 57,
}  # fmt: skip


def at(start: date, days: int, hour: int = 10) -> datetime:
    return clock.at_local(start + timedelta(days=days), datetime.min.time().replace(hour=hour))


def facts(start: date = START, procedure: Procedure = Procedure.CONSULTATION, **given: Any) -> dict[StepKind, Any]:
    """Return the facts of a tender that goes right."""
    deadline = at(start, DAYS[K.SEAL], 9)
    first = given.get("uscc", USCC)
    if single := procedure is Procedure.SINGLE_SOURCE:
        method = MethodFacts(
            procedure, case=SingleSourceCase.ONLY_ONE, evidence="三名专业人员的论证", sole_supplier=first
        )
    return {
        K.INTENT: IntentFacts(Category.LEGAL_EDUCATION, given.get("budget_fen", 60_000_000), "2026-04", True),
        K.RESERVE: NoFacts(),
        K.REVIEW_REQUIREMENT: ReviewFacts(3, "张三", "李四", "王五", "赵六", "钱七", True),
        K.FILE_PLAN: NoFacts(),
        K.SET_METHOD: method if single else MethodFacts(procedure),
        K.NOTICE: NoticeFacts(deadline, start + timedelta(days=31), start + timedelta(days=38), True),
        K.SEAL: SealFacts(3),
        K.OPEN: OpenFacts(3, 0, True),
        K.EVALUATE: EvaluationFacts(
            5, 4, 20, "a" * 64, first if single else f"{first}\n52330106MJ00000022", not single, True
        ),
        K.AWARD: AwardFacts(start + timedelta(days=54), 1, given.get("product", "CP-2026-000001"), 55_000),
        K.PUBLISH_RESULT: ResultFacts(True, True),
    }


def steps(start: date = START, procedure: Procedure = Procedure.CONSULTATION, **given: Any) -> list[Step]:
    """Return the steps of a tender that goes right."""
    digest = sha256(NOTICE).digest()
    return [
        Step(
            kind, at(start, DAYS[kind], 11 if kind is K.OPEN else 10), found, f"{kind.value}-1",
            "https://zfcg.czt.zj.gov.cn/1", digest if kind is K.NOTICE else None,
        )
        for kind, found in facts(start, procedure, **given).items()
    ]  # fmt: skip


def changed(step: Step, **facts: Any) -> Step:
    """Return a step with some of its facts changed."""
    return replace(step, facts=msgspec.structs.replace(step.facts, **facts))


def at_step(kind: StepKind, procedure: Procedure = Procedure.CONSULTATION) -> tuple[Step, TenderFile]:
    """Return a step that goes right, and the file before it."""
    all_of = steps(procedure=procedure)
    place = next(number for number, step in enumerate(all_of) if step.kind is kind)
    return all_of[place], TenderFile(tuple(all_of[:place]))


class Ground:
    """A district that buys by a tender, the people of it, and a supplier with a listed product."""

    def __init__(self, who: buying.People, reviewer: Any, organization: int, tender: int, steps: list[Step]) -> None:
        self.who, self.reviewer, self.organization, self.tender = who, reviewer, organization, tender
        self.steps = {step.kind: step for step in steps}

    async def record(self, *kinds: StepKind) -> None:
        """Record steps as they go right, each by its own person."""
        for kind in kinds:
            await service.record_step(self.person(kind), self.tender, self.steps[kind])

    async def record_until(self, kind: StepKind) -> None:
        """Record the steps up to and including one."""
        kinds = list(self.steps)
        await self.record(*kinds[1 : kinds.index(kind) + 1])

    def person(self, kind: StepKind) -> Any:
        """Return who records a step."""
        if kind is K.AWARD:
            return self.who.approver
        return self.reviewer if kind is K.REVIEW_REQUIREMENT else self.who.officer


async def ground(quantity: int = 1_000, days_ago: int = 80, procedure: Procedure = Procedure.CONSULTATION) -> Ground:
    """Open a tender that began some days ago, with money on its line and a supplier that will be ranked first."""
    from app.core.access import Role

    organization = await buying.organization()
    who = await buying.people(organization)
    product = await buying.product(organization)
    row = await database.fetch_one(
        "SELECT o.uscc, p.reference FROM product p JOIN organization o ON o.id = p.organization_id WHERE p.id = $1",
        product,
    )
    assert row is not None
    start = clock.today() - timedelta(days=days_ago)
    all_of = steps(start, procedure, uscc=row["uscc"], product=row["reference"])
    # Thirty days end on a working day: published a week before, whatever day and holiday it is today.
    all_of[0] = replace(all_of[0], at=at(start, -9))
    line = await buying.budget_line(1_000_000_000)
    wanted = NewTender(line, buying.DISTRICT, quantity, 60_000, "村社普法服务")
    tender = await service.open_tender(who.officer, wanted, all_of[0])
    reviewer = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.CITY)
    return Ground(who, reviewer, organization, tender, all_of)
