"""The money of one's own shift: its claim if it has accrued, else what the shift was offered at."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import calendar, clock, database
from app.core.access import Principal
from app.core.money import yuan
from procurement.claims.quotes.queries import quotes
from procurement.claims.rewards.rules import expected_pay_day
from procurement.claims.rules import ClaimStatus


@dataclass(frozen=True, slots=True)
class Reward:
    """An amount in fen and the day it came or is expected; ``reference`` is that of the claim, once there is one."""

    fen: int
    reference: str
    paid_on: date | None
    expected_on: date | None
    label_zh: str
    label_en: str


_SHIFT = """
SELECT s.assignment_id, t.confirmed_at, c.reference, c.amount_fen, c.status, b.paid_at,
       coalesce(tariff.label_zh, '') AS label_zh, coalesce(tariff.label_en, '') AS label_en
FROM sign_up s JOIN person ON person.id = s.person_id JOIN attendance t ON t.sign_up_id = s.id
LEFT JOIN claim c ON c.sign_up_id = s.id LEFT JOIN tariff_set tariff ON tariff.id = c.tariff_set_id
LEFT JOIN settlement_item i ON i.claim_id = c.id AND i.live LEFT JOIN settlement_batch b ON b.id = i.batch_id
WHERE s.id = $1 AND person.account_id = $2 AND t.outcome = 'attended'
"""
COMING = (ClaimStatus.ACCRUED, ClaimStatus.APPROVED, ClaimStatus.BATCHED)
NOT_COMING = (ClaimStatus.REJECTED, ClaimStatus.REVERSED)


async def reward(principal: Principal, sign_up_id: int) -> Reward | None:
    """Return what one's own confirmed shift pays and when; None if it pays nothing."""
    row = await database.fetch_one(_SHIFT, sign_up_id, principal.actor)
    if row is None or row["status"] in NOT_COMING:
        return None
    if row["paid_at"]:
        paid_on = clock.local(row["paid_at"]).date()
        return Reward(row["amount_fen"], row["reference"], paid_on, None, row["label_zh"], row["label_en"])
    days = await calendar.load_calendar()
    expected = expected_pay_day(days, clock.local(row["confirmed_at"]).date(), clock.today())
    if row["reference"]:
        return Reward(row["amount_fen"], row["reference"], None, expected, row["label_zh"], row["label_en"])
    quote = (await quotes([row["assignment_id"]])).get(row["assignment_id"])
    return Reward(quote.fen, "", None, expected, quote.label_zh, quote.label_en) if quote else None


async def pay_day(status: ClaimStatus, accrued_at: datetime) -> date | None:
    """Return the day on which a claim of that status is expected to be paid; None where nothing is on its way."""
    if status not in COMING:
        return None
    return expected_pay_day(await calendar.load_calendar(), clock.local(accrued_at).date(), clock.today())


async def amount_in_words(assignment_id: int) -> str:
    """Return what a shift pays as it is said in a text message, such as ¥250; empty if it pays nothing."""
    quote = (await quotes([assignment_id])).get(assignment_id)
    return yuan(quote.fen).removesuffix(".00") if quote else ""
