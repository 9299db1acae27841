"""When a contract may be offered and signed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.text import N_, Message
from procurement.blocks import Block, Figure, house
from procurement.frameworks.rules import years_later

DATES = house(N_("合同的期限"))


@dataclass(frozen=True, slots=True)
class Offered:
    """The term of a contract; the last day belongs to it."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of law that a contract is judged by."""

    term: Figure  # years that a contract may run
    signing: Figure  # days from the approval to the last signature


def offer_blocks(offered: Offered, last_day: date, limits: Limits, today: date) -> list[Block]:
    """Name what keeps a contract from being offered on these terms; ``last_day`` is the last to sign on."""
    return [*_term_blocks(offered, limits.term, today), *signing_blocks(last_day, limits.signing, today)]


def signing_blocks(last_day: date, signing: Figure, today: date) -> list[Block]:
    """采购法 §46: both have signed within 30 days of the approval."""
    if today <= last_day:
        return []
    return [
        Block(
            "contract_signed_too_late",
            signing.source,
            Message(N_("合同应当在批准之日起%(days)s日内签订，期限已过。"), {"days": signing.value}),
            Message(N_("请取消后重新申请采购。")),
            signing.until(last_day),
        )
    ]


def _term_blocks(offered: Offered, longest: Figure, today: date) -> Iterable[Block]:
    if offered.ends_on <= offered.starts_on or offered.ends_on < today:
        yield Block(
            "contract_dates",
            DATES,
            Message(N_("合同的截止日期必须晚于开始日期，且不早于今天。")),
            Message(N_("请修改起止日期。")),
            offered.ends_on.isoformat(),
        )
    if offered.ends_on > years_later(offered.starts_on, longest.value):
        yield Block(
            "contract_term",
            longest.source,
            Message(N_("政府购买服务合同的履行期限一般不超过%(years)s年。"), {"years": longest.value}),
            Message(N_("请把截止日期提前。")),
            longest.said,
        )
