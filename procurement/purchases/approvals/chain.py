"""Taking the next step of purchases' chains, inside the transaction that decides them; the purchases are locked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.audit import Entry
from app.core.database import Row
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement.purchases.approvals import rules
from procurement.purchases.approvals.rules import Capacity, Level, Matter, NotYourStep, StepMoved, StepTakenAlready
from procurement.separation import OnePerson

CONSTRAINTS = {
    "purchase_approval_once": StepMoved,
    "purchase_approval_of_waiting": StepMoved,
    "purchase_approval_of_award": StepMoved,
    "purchase_approval_in_order": StepMoved,
    "purchase_approval_not_requester": OnePerson,
    "purchase_approval_each_another": StepTakenAlready,
    "purchase_approval_by_level": NotYourStep,
}


class Word(Protocol):
    """An approver's word on one purchase; ``step`` is the step that the person had before their eyes, if known."""

    @property
    def purchase_id(self) -> int: ...
    @property
    def approve(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def minutes(self) -> str: ...
    @property
    def step(self) -> int | None: ...


async def take_steps(principal: Principal, words: Sequence[Word]) -> set[int]:
    """Enter one step of each purchase, in one's own name or in another's; return whose chain ends with it.

    A refusal ends the chain at any step; an approval ends it at the last.
    """
    now = clock.now()
    matters = await _matters([word.purchase_id for word in words], principal.actor, now)
    taken: list[tuple[Word, Matter, Capacity]] = []
    for word in words:
        matter = matters[word.purchase_id]
        if word.step is not None and word.step != matter.taken + 1:
            raise StepMoved(reference=matter.reference)
        if matter.level is Level.MEETING and word.approve and not word.minutes.strip():
            raise InvalidInput({"minutes": Message(N_("集体决定的，请填写办公会纪要的文号。"))})
        taken.append((word, matter, rules.capacity_of(matter, principal.actor)))
    await _write(principal.actor, taken, now)
    await audit.record_many(principal, [_entry(*one) for one in taken])
    onward = [word.purchase_id for word, matter, _ in taken if word.approve and not matter.last]
    await _tell_next(onward, now)
    return {word.purchase_id for word in words} - set(onward)


def _entry(word: Word, matter: Matter, capacity: Capacity) -> Entry:
    said = {"step": matter.taken + 1, "level": matter.level.value, "in_stead_of": capacity.in_stead_of}
    action = "purchase.step_approved" if word.approve else "purchase.step_refused"
    return Entry(action, "purchase", word.purchase_id, said)


async def _matters(ids: Sequence[int], actor: int, now: datetime) -> dict[int, Matter]:
    rows = await database.fetch(_MATTERS, list(ids), actor, clock.local(now).date())
    return {row["id"]: _matter(row) for row in rows}


def _matter(row: Row) -> Matter:
    return Matter(
        row["reference"],
        row["requested_by"],
        rules.levels_of(row["steps"]),
        tuple(row["people"]),
        row["taken"],
        tuple(Capacity(stead or None) for stead in row["steads"]),
    )


async def _write(actor: int, taken: Sequence[tuple[Word, Matter, Capacity]], now: datetime) -> None:
    rows = [
        (word.purchase_id, matter.taken + 1, matter.level.value, "approved" if word.approve else "refused",
         capacity.in_stead_of, word.reason.strip(), word.minutes.strip() if matter.level is Level.MEETING else "")
        for word, matter, capacity in taken
    ]  # fmt: skip
    first = taken[0][1]
    async with database.refusing(CONSTRAINTS, reference=first.reference, level=Message(rules.LEVEL_NAMES[first.level])):
        await database.execute(_TAKE, *database.columns(rows, 7), actor, now)


async def _tell_next(ids: Sequence[int], now: datetime) -> None:
    if not ids:
        return
    waiting = await database.fetch(_NEXT, list(ids), clock.local(now).date())
    text = N_("采购%(reference)s轮到你审批。")
    await notify_many(
        [
            Notice(
                account_id, text, {"reference": row["reference"]}, link=f"/buying/{row['folder']}/{row['reference']}"
            )
            for row in waiting
            for account_id in row["people"]
        ]
    )


CHAIN_OF = """
CROSS JOIN LATERAL (SELECT approval_chain(p.place_id, p.amount_fen,
                                          (p.requested_at AT TIME ZONE 'Asia/Shanghai')::date) AS steps) chain
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS taken,
           coalesce(array_agg(a.decided_by) || array_remove(array_agg(a.in_stead_of), NULL), '{}') AS people
    FROM purchase_approval a WHERE a.purchase_id = p.id AND a.round = approval_round(p.id)) done
"""
"""Joins a purchase ``p`` with the steps it needs and with what of them is done in the round that is decided."""

_MATTERS = f"""
SELECT p.id, p.reference, p.requested_by, chain.steps, done.taken, done.people,
       ARRAY(SELECT coalesce(w.in_stead_of, 0) FROM approvers_of(p.place_id, chain.steps[done.taken + 1], $3) w
             WHERE w.account_id = $2) AS steads
FROM purchase p {CHAIN_OF} WHERE p.id = ANY($1)
"""
_NEXT = f"""
SELECT p.reference, CASE p.method WHEN 'tender' THEN 'tenders' ELSE 'purchases' END AS folder,
       ARRAY(SELECT DISTINCT w.account_id FROM approvers_of(p.place_id, chain.steps[done.taken + 1], $2) w
             WHERE w.account_id <> ALL (done.people || p.requested_by)) AS people
FROM purchase p {CHAIN_OF} WHERE p.id = ANY($1)
"""
_TAKE = """
INSERT INTO purchase_approval (purchase_id, round, step, level, verdict, decided_by, in_stead_of, decided_at, reason,
                               minutes)
SELECT d.purchase_id, approval_round(d.purchase_id), d.step, d.level, d.verdict, $8, d.in_stead_of, $9, d.reason,
       d.minutes
FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[])
     AS d (purchase_id, step, level, verdict, in_stead_of, reason, minutes)
"""
