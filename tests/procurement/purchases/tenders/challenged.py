"""What is recorded about challenges, on days counted from a tender's intention, through the service."""

from datetime import date, timedelta
from typing import Any

from app.core import clock, database
from procurement.contracts import service as contracts
from procurement.contracts.notices.rules import NoticeKind, Recorded
from procurement.contracts.notices.service import record_notice
from procurement.contracts.service import ContractOffer
from procurement.purchases.tenders import service
from procurement.purchases.tenders.challenges.facts import (
    AnswerFacts,
    ChallengeFacts,
    ComplaintFacts,
    Decision,
    DecisionFacts,
    Outcome,
    Remedy,
    ReopeningFacts,
    ResumptionFacts,
    SuspensionFacts,
)
from procurement.purchases.tenders.facts import Step, StepKind
from procurement.purchases.tenders.queries import tender
from tests.procurement import buying
from tests.procurement.purchases.tenders.stage import Ground, K, at, changed, ground

HASH = b"1" * 32
URL = "https://czt.zj.gov.cn/1"


class Challenged:
    """A tender with a published result, whose challenges are recorded on days after its intention."""

    def __init__(self, here: Ground, start: date) -> None:
        self.here, self.start = here, start

    @property
    def id(self) -> int:
        return self.here.tender

    async def record(self, kind: StepKind, day: int | None, facts: Any, *words: Any) -> None:
        """Record a step on a day, or in this minute, as a form says it."""
        moment = clock.now().replace(second=0, microsecond=0) if day is None else at(self.start, day, 12)
        await service.record_step(self.here.who.officer, self.id, Step(kind, moment, facts, *words))

    async def challenge(self, day: int | None = None, **facts: Any) -> None:
        await self.record(K.CHALLENGE, day, ChallengeFacts("某某中心", **facts))

    async def answer(self, day: int | None = None, outcome: Outcome = Outcome.REJECTED, number: int = 0) -> None:
        await self.record(K.SETTLE_CHALLENGE, day, AnswerFacts(outcome, True, number))

    async def complain(self, day: int | None = None, number: int = 0) -> None:
        await self.record(K.COMPLAIN, day, ComplaintFacts(True, number), "投诉1号")

    async def suspend(self, day: int | None = None, days: int = 30) -> None:
        first = clock.today() if day is None else self.start + timedelta(days=day)
        await self.record(K.SUSPEND, day, SuspensionFacts(first + timedelta(days=days)), "暂停1号", "", HASH)

    async def resume(self, day: int | None = None) -> None:
        await self.record(K.RESUME, day, ResumptionFacts(), "恢复1号")

    async def decide(
        self, day: int | None = None, what: Decision = Decision.DISMISSED, remedy: Remedy = Remedy.NONE
    ) -> None:
        await self.record(K.DECIDE_COMPLAINT, day, DecisionFacts(what, remedy), "决定1号", URL, HASH)

    async def reopen(self) -> None:
        await self.record(K.REOPEN, None, ReopeningFacts("按处理决定，另行确定供应商"))

    async def stands(self) -> list[tuple[str, bool]]:
        """Return state and hold of each challenge."""
        rows = await database.fetch(
            "SELECT status, holds FROM challenge WHERE purchase_id = $1 ORDER BY number", self.id
        )
        return [(row["status"], row["holds"]) for row in rows]

    async def held(self) -> bool:
        """Tell whether the purchase is held today, as its page says too."""
        held = bool(await database.fetch_value("SELECT purchase_is_held($1)", self.id))
        assert ((await tender(self.id, buying.DISTRICT)).challenged_at is not None) == held
        return held

    async def offered(self) -> int:
        """Have the buyer sign."""
        today = clock.today()
        offer = ContractOffer(self.id, today, today + timedelta(days=200))
        [contract] = await contracts.offer_contracts(self.here.who.officer, [offer])
        return contract

    async def signed(self) -> int:
        """Have both sign, and the contract published."""
        contract = await self.offered()
        await contracts.sign_contracts(self.here.who.provider, [contract])
        published = Recorded(NoticeKind.PUBLISHED, clock.today(), URL, "11NMB1234567")
        await record_notice(self.here.who.officer, contract, published)
        return contract


async def published(days_ago: int = 60, second: str = "") -> Challenged:
    """Bring a tender to its published result, 57 days after its intention; `second` is who was ranked second."""
    here = await ground(days_ago=days_ago)
    if second:
        first = here.steps[K.EVALUATE].facts.ranking.split()[0]
        here.steps[K.EVALUATE] = changed(here.steps[K.EVALUATE], ranking=f"{first} {second}")
    await here.record_until(K.PUBLISH_RESULT)
    return Challenged(here, clock.today() - timedelta(days=days_ago))
