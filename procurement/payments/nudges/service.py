"""Nudging and answering."""

from uuid import UUID

from app.core import audit, calendar, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement import law
from procurement.blocks import LawRefusal, require
from procurement.payments.holding import queries as holding
from procurement.payments.holding.rules import OFFICES, Step
from procurement.payments.nudges import queries, rules
from procurement.payments.nudges.queries import NudgeView
from procurement.separation import OnePersonOnMoney

LONGEST_ANSWER = 300


class NudgedAlready(LawRefusal):
    """Somebody of the organization was a moment faster."""

    code, status = "nudged_already", 409
    source, compared = rules.NUDGING, N_("今天已经催办")
    reason, remedy = N_("今天已经催办过，每件事每个工作日一次。"), N_("请下一个工作日再催办。")


class AnsweredAlready(DomainError):
    """A colleague has answered."""

    code, status, message = "answered_already", 409, N_("这次催办已经有人答复。请刷新页面。")


async def nudge(principal: Principal, contract_reference: str) -> UUID:
    """Nudge whoever holds the contract's money now, for its provider; return the nudge's id.

    Raises Blocked with the day from which it may be done, NudgedAlready for a second one on a working day.
    """
    scope = principal.scope(Permission.ORDER_ANSWER)
    today = clock.today()
    async with transaction():
        money = await holding.of_contract(principal, contract_reference)
        scope.require_organization(money.organization_id)
        held = money.holder
        days = await calendar.load_calendar()
        counts_on = rules.nudge_day(days, today)
        wait = await law.figure(law.NUDGE_AFTER, today)
        allowed = rules.allowed_from(days, clock.local(held.since).date(), wait) if held.since else None
        require(rules.nudge_blocks(held, allowed, await queries.last_of(held.thing), today, counts_on))
        async with database.refusing({"nudge_order_once": NudgedAlready, "nudge_claim_once": NudgedAlready}):
            row = await database.fetch_one(
                _INSERT, money.contract_id, held.step.value, held.thing.order_id, held.thing.claim_id,
                held.place_code, held.since, counts_on, principal.actor, clock.now(),
            )  # fmt: skip
        if row is None:
            raise NotFound
        await audit.record(principal, "contract.nudged", "contract", money.contract_id, step=held.step.value)
        return UUID(str(row["public_id"]))


async def answer(principal: Principal, public_id: UUID, words: str) -> NudgeView:
    """Answer a nudge with words, for the office that holds the thing; the provider sees them."""
    said = words.strip()
    if not said or len(said) > LONGEST_ANSWER:
        raise InvalidInput({"answer": Message(N_("请写明何时办理，不超过300字。"))})
    async with transaction():
        await database.fetch("SELECT FROM nudge WHERE public_id = $1 FOR NO KEY UPDATE", public_id)
        found = await queries.nudge_page(principal, public_id)
        if not may_answer(principal, found):
            raise NotPermitted
        if found.answered_at:
            raise AnsweredAlready
        async with database.refusing({"nudge_answered_by_another": OnePersonOnMoney}):
            await database.update_row(
                "nudge", found.id, {"answer": said, "answered_by": principal.actor, "answered_at": clock.now()}
            )
        await audit.record(principal, "contract.nudge_answered", "contract", found.contract_id)
        await notify_many(
            [
                Notice(
                    found.sent_by,
                    N_("催办有了答复（合同%(contract)s）：%(answer)s"),
                    {"contract": found.contract, "answer": said},
                    link="/my/payments",
                )
            ]
        )
        return found


def may_answer(principal: Principal, found: NudgeView) -> bool:
    """Tell whether the person works at the office that was nudged."""
    scope = principal.scopes.get(OFFICES[Step(found.step)])
    return scope is not None and scope.covers_place(found.place_code)


_INSERT = """
INSERT INTO nudge (contract_id, step, village_order_id, claim_id, place_id, waiting_since, day, sent_by, sent_at)
SELECT $1, $2, $3, $4, place.id, $6, $7, $8, $9 FROM place WHERE place.code = $5 RETURNING public_id
"""
