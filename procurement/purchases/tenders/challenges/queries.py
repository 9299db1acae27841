"""Reading challenges: each with its steps and clocks, what may come next, and who owes it until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from app.core import calendar, clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from procurement.blocks import Figure
from procurement.purchases.tenders import law
from procurement.purchases.tenders.challenges.facts import ChallengeFacts
from procurement.purchases.tenders.challenges.owing import Owed, owed
from procurement.purchases.tenders.challenges.rules import ChallengeStatus, complaint_until, dossiers
from procurement.purchases.tenders.clocks import Clock
from procurement.purchases.tenders.facts import StepKind
from procurement.purchases.tenders.figures import figures_on
from procurement.purchases.tenders.queries import StepView, Tender

K, S = StepKind, ChallengeStatus
_NEXT: Mapping[ChallengeStatus, tuple[StepKind, ...]] = {
    S.RAISED: (K.SETTLE_CHALLENGE, K.COMPLAIN),
    S.ANSWERED: (K.COMPLAIN,),
    S.COMPLAINED: (K.DECIDE_COMPLAINT, K.SUSPEND),
    S.SUSPENDED: (K.DECIDE_COMPLAINT, K.RESUME),
    S.RESUMED: (K.DECIDE_COMPLAINT,),
}


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """A challenge as its tender's page shows it."""

    number: int
    status: ChallengeStatus
    facts: ChallengeFacts
    steps: Sequence[StepView]
    clocks: Sequence[Clock]
    complaint_until: date | None  # while the supplier may still complain
    complaint_time: Figure
    suspended_until: date | None  # while finance's suspension runs
    next: Sequence[StepKind]


async def challenges(tender: Tender, place_code: str) -> list[ChallengeView]:
    """Return the challenges of a tender, the newest first."""
    today = clock.today()
    figures = (await figures_on([today], place_code))[today]
    days = await calendar.load_calendar()
    views = {id(view.step): view for view in tender.steps}
    found = []
    for one in dossiers(tender.file):
        last = complaint_until(one, figures, days)
        may_complain = one.status in (S.RAISED, S.ANSWERED) and today <= last
        order = one.of(K.SUSPEND)
        found.append(
            ChallengeView(
                one.number, one.status, one.raised.facts,
                [views[id(step)] for step in one.steps],
                [period for period in tender.clocks if period.challenge == one.number],
                last if may_complain else None,
                figures[law.COMPLAINT],
                order.facts.until if order and one.suspended_on(today) else None,
                [kind for kind in _NEXT.get(one.status, ()) if kind is not K.COMPLAIN or may_complain],
            )
        )  # fmt: skip
    return found[::-1]


async def waiting_challenges(principal: Principal) -> list[Waiting]:
    """Return who owes the next step of each challenge in the officer's places: themselves, or finance."""
    scope = principal.scopes.get(Permission.PURCHASE_REQUEST)
    if scope is None:
        return []
    return [_waiting(one) for one in await owed(scope.like_patterns(), clock.today(), _SHOWN)]


def _waiting(one: Owed) -> Waiting:
    return Waiting(
        Tag("wait", N_("等财政部门")) if one.by_finance else Tag("need", N_("等你处理")),
        Message(_TITLES[S.COMPLAINED if one.by_finance else one.status], {"reference": one.reference}),
        one.purpose_zh,
        Action(
            N_("看经过") if one.by_finance else N_("去处理"),
            f"/buying/tenders/{one.reference}#challenge-{one.number}",
        ),
        clock.at_local(one.last_day, time(23, 59)) if one.last_day else None,
    )


_SHOWN = 50
_FELL = N_("采购%(reference)s的结果不能成立：请另行确定供应商、终止采购或解除合同")
_TITLES: Mapping[ChallengeStatus, str] = {
    S.RAISED: N_("采购%(reference)s的质疑等你答复"),
    S.COMPLAINED: N_("采购%(reference)s的投诉等财政部门处理"),
    S.UPHELD: _FELL,
    S.OVERTURNED: _FELL,
}
