"""Recording what happens to a challenge, in its turn; everybody concerned is told when it holds or lets go."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from app.core import database
from app.core.database import Row
from app.core.errors import DomainError
from app.core.state import advance
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from procurement.purchases.challenges import is_held
from procurement.purchases.tenders.challenges import rules
from procurement.purchases.tenders.facts import OVERLAY, Step, StepKind
from procurement.purchases.tenders.files import file_of

MOVES_HOLD = OVERLAY | {StepKind.REOPEN}
"""Steps after which a purchase may be held, or no longer."""


class NoSuchChallenge(DomainError):
    """The step is about a challenge that nobody recorded, or that is over."""

    code, status, message = "no_such_challenge", 409, N_("没有这样一件正在处理的质疑。请先登记质疑。")


async def placed(row: Row, step: Step) -> Step:
    """Return a step about a challenge with the challenge's own number, if it may come now; the purchase is locked."""
    if step.kind is StepKind.CHALLENGE:
        return step
    about = rules.chosen(rules.dossiers(await file_of(row["id"])), step.facts.challenge)
    if about is None:
        raise NoSuchChallenge
    advance(rules.TRANSITIONS, about.status, rules.event_of(step))
    return replace(step, facts=msgspec.structs.replace(step.facts, challenge=about.number))


async def tell(row: Row, was_held: bool) -> None:
    """Tell the buyer's and the provider's people when a purchase is held, or goes on."""
    if (now_held := await is_held(row["id"])) == was_held:
        return
    held, free = (
        N_("采购%(reference)s有质疑或投诉，可能影响结果：暂停签约、履约和付款。"),
        N_("采购%(reference)s的质疑或投诉不再影响：恢复签约、履约和付款。"),
    )
    await notify_concerned([row["id"]], held if now_held else free)


async def notify_concerned(purchase_ids: Sequence[int], text: str, once: str = "") -> int:
    """Tell the two sides of purchases something, once if it has a name of its own; return how many were told."""
    rows = await database.fetch(_CONCERNED, purchase_ids)
    return await notify_many(
        [
            Notice(
                row["account_id"],
                text,
                {"reference": row["reference"]},
                link=row["link"],
                once_key=f"{once}:{row['id']}:{row['until']}:{row['account_id']}" if once else None,
            )
            for row in rows
        ]
    )


_CONCERNED = """
SELECT p.id, p.reference, coalesce(p.held_until::text, '') AS until, who.account_id,
       CASE WHEN who.account_id = c.signed_by_provider THEN '/contracts/' || c.reference
            ELSE '/buying/tenders/' || p.reference END AS link
FROM purchase p LEFT JOIN contract c ON c.purchase_id = p.id
CROSS JOIN LATERAL (SELECT DISTINCT account_id FROM unnest(ARRAY[p.requested_by, p.approved_by, c.signed_by_buyer,
                                                                 c.signed_by_provider]) AS account_id
                    WHERE account_id IS NOT NULL) AS who
WHERE p.id = ANY($1) ORDER BY p.id, who.account_id
"""
