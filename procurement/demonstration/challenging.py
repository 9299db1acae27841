"""Two tenders whose results were challenged: one complained about, suspended and decided, one that waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.accounts.principals import principals_of_accounts
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.attachments.service import StoredFile, keep
from app.core import calendar, clock, database
from app.core.access import Grant, Principal, Role
from app.core.calendar import Calendar, add_working_days
from marketplace.organizations.provision import Category
from procurement.demonstration import cast, invention, proving
from procurement.purchases.tenders.challenges.facts import (
    AnswerFacts,
    ChallengeFacts,
    ComplaintFacts,
    Decision,
    DecisionFacts,
    Outcome,
    SuspensionFacts,
)
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
    Step,
    StepKind,
)
from procurement.purchases.tenders.forms import COPIED
from procurement.purchases.tenders.service import NewTender, open_tender, record_step

K = StepKind
REVIEWER_PHONE = 300_010
SITE = "https://zfcg.czt.zj.gov.cn/site/detail"
UNITS, CEILING_FEN, PRICE_FEN = 30, 60_000, 55_000
SUSPENDED_FOR = timedelta(days=25)
DAYS: Mapping[StepKind, int] = {
    K.INTENT: 0, K.RESERVE: 1, K.REVIEW_REQUIREMENT: 4, K.FILE_PLAN: 6, K.SET_METHOD: 7, K.NOTICE: 24, K.SEAL: 36,
    K.OPEN: 36, K.EVALUATE: 37, K.AWARD: 39, K.PUBLISH_RESULT: 40, K.CHALLENGE: 43, K.SETTLE_CHALLENGE: 47,
    K.COMPLAIN: 50, K.SUSPEND: 51, K.DECIDE_COMPLAINT: 64,
}  # fmt: skip
"""On which working day after the intention each step happened."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who was ranked, and with which product."""

    uscc: str
    product: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Course:
    """The working days of one tender."""

    start: date
    days: Calendar

    def day(self, kind: StepKind, later: int = 0) -> date:
        """Return the day of a step, or some working days after it."""
        return add_working_days(self.days, self.start, DAYS[kind] + later)

    def at(self, kind: StepKind, hour: int = 10) -> datetime:
        """Return the moment of a step; an opening follows its deadline."""
        return clock.at_local(self.day(kind), time(hour + 1 if kind is K.OPEN else hour))


async def challenge_two(officers: Mapping[Role, Principal], district: str) -> int:
    """Tell both, the decided one first; return how many. Without two suppliers or a budget there is none."""
    if await database.fetch_value("SELECT count(*) FROM challenge"):
        return 0
    line = await database.fetch_value(_LINE, district, clock.today().year)
    ranked = [Supplier(*row.values()) for row in await database.fetch(_SUPPLIERS)]
    if line is None or len(ranked) < 2:
        return 0
    reviewer = await _reviewer(district)
    copy = await keep("notice.png", proving.picture((226, 233, 231)))
    days = await calendar.load_calendar()
    for ends_with, words in zip((K.DECIDE_COMPLAINT, K.CHALLENGE), invention.vocabulary()["challenged"], strict=True):
        course = Course(_start(days, ends_with), days)
        facts = _facts(course, ranked)
        intent = Step(K.INTENT, course.at(K.INTENT), facts[K.INTENT], url=SITE)
        wanted = NewTender(line, district, UNITS, CEILING_FEN, words)
        tender = await open_tender(officers[Role.PROCUREMENT_OFFICER], wanted, intent)
        people = {K.AWARD: officers[Role.APPROVER], K.REVIEW_REQUIREMENT: reviewer}
        for kind in list(DAYS)[1 : list(DAYS).index(ends_with) + 1]:
            who = people.get(kind, officers[Role.PROCUREMENT_OFFICER])
            await record_step(who, tender, *_step(course, kind, facts[kind], copy))
    return 2


def _start(days: Calendar, ends_with: StepKind) -> date:
    """Return the latest beginning from which a step happened before today."""
    today = clock.today()
    early = (today - timedelta(days=back) for back in range(DAYS[ends_with], 365))
    return next(day for day in early if add_working_days(days, day, DAYS[ends_with]) < today)


def _step(course: Course, kind: StepKind, facts: Any, copy: StoredFile) -> tuple[Step, StoredFile | None]:
    number = f"ZJZC-{course.start.year}-{DAYS[kind]:03}"
    if kind in COPIED:
        return Step(kind, course.at(kind), facts, number, SITE, copy.sha256), copy
    return Step(kind, course.at(kind), facts, number), None


def _facts(course: Course, ranked: list[Supplier]) -> dict[StepKind, Any]:
    first, second = ranked
    month = f"{course.day(K.NOTICE):%Y-%m}"
    return {
        K.INTENT: IntentFacts(Category.LEGAL_EDUCATION, 0, month, True),
        K.RESERVE: NoFacts(),
        K.REVIEW_REQUIREMENT: ReviewFacts(3, *invention.vocabulary()["requirement"], True),
        K.FILE_PLAN: NoFacts(),
        K.SET_METHOD: MethodFacts(Procedure.CONSULTATION),
        K.NOTICE: NoticeFacts(course.at(K.SEAL, 9), course.day(K.NOTICE), course.day(K.NOTICE, 6), True),
        K.SEAL: SealFacts(3),
        K.OPEN: OpenFacts(3, 0, True),
        K.EVALUATE: EvaluationFacts(5, 4, 20, "a" * 64, f"{first.uscc}\n{second.uscc}", True, True),
        K.AWARD: AwardFacts(course.day(K.EVALUATE, 1), 1, first.product, PRICE_FEN),
        K.PUBLISH_RESULT: ResultFacts(True, True),
        K.CHALLENGE: ChallengeFacts(second.name_zh),
        K.SETTLE_CHALLENGE: AnswerFacts(Outcome.REJECTED, True),
        K.COMPLAIN: ComplaintFacts(True),
        K.SUSPEND: SuspensionFacts(course.day(K.SUSPEND) + SUSPENDED_FOR),
        K.DECIDE_COMPLAINT: DecisionFacts(Decision.DISMISSED),
    }


async def _reviewer(district: str) -> Principal:
    """Return a second officer: who wrote a requirement does not review it."""
    phone = invention.phone(REVIEWER_PHONE)
    known = await account_ids_by_phone([phone])
    if not known:
        name: str = invention.vocabulary()["reviewer"]
        account = NewAccount(
            name, phone, email="reviewer@demo.example", password=cast.PASSWORD, totp_secret=cast.TOTP_SECRET,
            grants=(Grant(Role.PROCUREMENT_OFFICER, place_code=district),),
        )  # fmt: skip
        await create_accounts(cast.FOUNDER, [account])
        known = await account_ids_by_phone([phone])
    return (await principals_of_accounts(known.values()))[known[phone]]


_LINE = """
SELECT l.id FROM budget_line l JOIN programme p ON p.id = l.programme_id JOIN place ON place.id = l.place_id
WHERE place.code = $1 AND l.year = $2 AND p.code = 'purchase'
"""
_SUPPLIERS = """
SELECT * FROM (
    SELECT DISTINCT ON (o.id) o.uscc, p.reference, o.name_zh
    FROM product p JOIN organization o ON o.id = p.organization_id
    WHERE p.status = 'listed' AND p.category = 'legal_education' AND o.status = 'verified' ORDER BY o.id, p.id) one
ORDER BY uscc LIMIT 2
"""
