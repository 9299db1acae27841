"""The contract: its offer, how it is paid, both signatures, publication and filing, supplements, an early end."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.core import clock, database
from app.core.calendar import Calendar, deadline
from app.core.database import Row
from procurement import law
from procurement.blocks import Block
from procurement.contracts import rules
from procurement.contracts.amendments import rules as amendments
from procurement.contracts.amendments.rules import BY_BOTH, Change, Standing
from procurement.contracts.notices.rules import Done, Duty, NoticeKind, duty_blocks
from procurement.contracts.rules import Limits, Offered
from procurement.contracts.terminations.rules import Ground, decision_blocks
from procurement.oversight.reexamination.facts import Past, offer_at
from procurement.oversight.reexamination.rules import DecidedStep, Judge, LawOfDay, PastStep
from procurement.payments.rules import AS_AGREED, PaymentTerms, terms_blocks
from procurement.purchases.approvals.rules import ApproverSigns
from procurement.purchases.guards import Offer, offer_blocks
from procurement.separation import SEPARATION, OnePerson

_DUTIES = {
    NoticeKind.PUBLISHED: (DecidedStep.PUBLISH, law.CONTRACT_NOTICE),
    NoticeKind.FILED: (DecidedStep.FILE, law.CONTRACT_COPY),
}


async def steps_of(past: Past) -> list[PastStep]:
    """Return what was decided about the contract of a purchase, if it came to one."""
    row = await database.fetch_one(_CONTRACT, past.id, _TERM_ZH, _approved_on(past))
    if row is None:
        return []
    offer = await offer_at(past.id, row["offered_at"])
    name = row["reference"]
    found = [
        PastStep(DecidedStep.OFFER, row["offered_at"], _offered(past, row, offer), name, (SEPARATION,)),
        PastStep(DecidedStep.PAYMENT_TERMS, row["offered_at"], _paid_as(row), name, (AS_AGREED,)),
    ]
    if row["signed_at"] is None:
        return found
    found.append(PastStep(DecidedStep.SIGN, row["signed_at"], _signed(past, row), name, (SEPARATION,)))
    found += await _duties(row)
    return [*found, *await _amended(past, row), *await _ended(row)]


def _approved_on(past: Past) -> date:
    return clock.local(past.approved_at or past.requested_at).date()


def _last_day(past: Past, held: int, figures: LawOfDay, days: Calendar) -> date:
    signing = figures[law.SIGNING]
    return deadline(days, _approved_on(past) + timedelta(days=held), signing.value, signing.unit)


def _offered(past: Past, row: Row, offer: Offer) -> Judge:
    def judge(figures: LawOfDay, days: Calendar) -> Iterable[Block]:
        today = clock.local(row["offered_at"]).date()
        limits = Limits(figures[law.CONTRACT_TERM], figures[law.SIGNING])
        offered = Offered(row["starts_on"], row["first_ends_on"])
        return [
            *rules.offer_blocks(offered, _last_day(past, row["held_before_offer"], figures, days), limits, today),
            *offer_blocks(offer, today),
            *_no_approver(row, row["signed_by_buyer"]),
        ]

    return judge


def _no_approver(row: Row, signer: int) -> list[Block]:
    return [ApproverSigns.block()] if signer in row["approvers"] else []


def _paid_as(row: Row) -> Judge:
    terms = PaymentTerms(row["advance_percent"] or 0, tuple(row["milestones"] or ()))
    return lambda figures, _: terms_blocks(terms, figures[law.ADVANCE] if terms.advance_percent else None)


def _signed(past: Past, row: Row) -> Judge:
    def judge(figures: LawOfDay, days: Calendar) -> Iterable[Block]:
        signed_on = clock.local(row["signed_at"]).date()
        two = [OnePerson.block()] if row["signed_by_provider"] == row["signed_by_buyer"] else []
        last_day = _last_day(past, row["held_before_signature"], figures, days)
        return [
            *rules.signing_blocks(last_day, figures[law.SIGNING], signed_on),
            *_no_approver(row, row["signed_by_provider"]),
            *two,
        ]

    return judge


async def _duties(row: Row) -> list[PastStep]:
    """Return both duties after the signatures: when they were done, or that they are overdue."""
    signed_on, today = clock.local(row["signed_at"]).date(), clock.today()
    done = {
        NoticeKind(one["kind"]): one
        for one in await database.fetch(
            "SELECT kind, done_on, url, number, recorded_at FROM contract_notice WHERE contract_id = $1", row["id"]
        )
    }
    found = []
    for kind, (step, key) in _DUTIES.items():
        said = done.get(kind)
        how = Done(said["done_on"], said["url"], said["number"]) if said else None
        at = clock.at_local(how.done_on, clock.local(said["recorded_at"]).time()) if said and how else clock.now()
        judge = _duty(kind, key, signed_on, how, today)
        found.append(PastStep(step, at, judge, row["reference"], law_of=signed_on, taken=how is not None))
    return found


def _duty(kind: NoticeKind, key: str, signed_on: date, done: Done | None, today: date) -> Judge:
    def judge(figures: LawOfDay, days: Calendar) -> Iterable[Block]:
        figure = figures[key]
        return duty_blocks(Duty(kind, figure, deadline(days, signed_on, figure.value, figure.unit), done), today)

    return judge


async def _amended(past: Past, row: Row) -> list[PastStep]:
    """Return each supplement in force, judged against those before it."""
    added, ends_on, found = 0, row["first_ends_on"], []
    for one in await database.fetch(_AMENDMENTS, row["id"]):
        living = row["terminated_at"] is None or one["approved_at"] <= row["terminated_at"]
        standing = Standing(living, row["quantity"], added, row["starts_on"], ends_on, past.line_year)
        change = Change(one["added"], one["ends_on"])
        subject = f"{row['reference']}-{one['number']}"
        judge = _amendment(standing, change, one, (one["proposed_by"], one["signed_by_provider"], one["approved_by"]))
        found.append(PastStep(DecidedStep.AMEND, one["approved_at"], judge, subject, (BY_BOTH, SEPARATION)))
        added, ends_on = added + change.added, change.ends_on or ends_on
    return found


def _amendment(standing: Standing, change: Change, row: Row, people: Sequence[int]) -> Judge:
    def judge(figures: LawOfDay, _: Calendar) -> Iterable[Block]:
        limits = amendments.Limits(figures[law.SUPPLEMENT], figures[law.CONTRACT_TERM])
        today = clock.local(row["approved_at"]).date()
        two = [] if len(set(people)) == len(people) else [OnePerson.block()]
        return [*amendments.amendment_blocks(standing, change, limits, today), *two]

    return judge


async def _ended(row: Row) -> list[PastStep]:
    one = await database.fetch_one(
        """SELECT ground, cure_by, ended_at, proposed_by, ended_by FROM contract_termination
           WHERE contract_id = $1 AND status = 'in_force'""",
        row["id"],
    )
    if one is None:
        return []

    def judge(figures: LawOfDay, _: Calendar) -> Iterable[Block]:
        ended_on, ground = clock.local(one["ended_at"]).date(), Ground(one["ground"])
        two = [OnePerson.block()] if one["proposed_by"] == one["ended_by"] else []
        cure = figures[law.CURE].source if ground is Ground.BREACH else BY_BOTH
        return [*decision_blocks(ground, one["cure_by"], cure, ended_on), *two]

    return [PastStep(DecidedStep.END_EARLY, one["ended_at"], judge, row["reference"], (BY_BOTH, SEPARATION))]


# The first last day of the term is what both signed: supplements move the contract's own, and the text never changes.
_TERM_ZH = r".*履行期限\s+自 \d{4}-\d\d-\d\d 至 (\d{4}-\d\d-\d\d)"
_CONTRACT = """
SELECT c.id, c.reference, c.quantity, c.starts_on, c.offered_at, c.signed_at, c.signed_by_buyer, c.signed_by_provider,
       c.terminated_at, t.advance_percent, t.milestones,
       coalesce(substring(c.body_zh FROM $2)::date, c.ends_on) AS first_ends_on,
       ARRAY(SELECT unnest(ARRAY[a.decided_by, a.in_stead_of]) FROM purchase_approval a
             WHERE a.purchase_id = c.purchase_id) AS approvers,
       purchase_days_held($1, $3, (c.offered_at AT TIME ZONE 'Asia/Shanghai')::date) AS held_before_offer,
       purchase_days_held($1, $3, (c.signed_at AT TIME ZONE 'Asia/Shanghai')::date) AS held_before_signature
FROM contract c LEFT JOIN payment_terms t ON t.contract_id = c.id WHERE c.purchase_id = $1
"""
_AMENDMENTS = """
SELECT number, added, ends_on, approved_at, proposed_by, signed_by_provider, approved_by FROM contract_amendment
WHERE contract_id = $1 AND status = 'in_force' ORDER BY approved_at, number
"""
