"""Who is told what about a pairing."""

from collections.abc import Sequence

from app.core import database
from app.core.database import Row
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.pairings.rules import PairingEvent

_ABOUT = """
SELECT p.id, p.public_id, p.proposed_by, place.name_zh AS place,
       coalesce(person.name, o.name_zh) AS party,
       ARRAY(SELECT person.account_id WHERE person.id IS NOT NULL
             UNION SELECT m.account_id FROM membership m WHERE m.organization_id = p.organization_id
               AND m.role = 'provider' AND m.valid_from <= now() AND (m.valid_until IS NULL OR m.valid_until > now())
            ) AS accounts
FROM pairing p JOIN place ON place.id = p.place_id LEFT JOIN person ON person.id = p.person_id
LEFT JOIN organization o ON o.id = p.organization_id WHERE p.id = ANY ($1)
"""
_PROPOSED = N_("请你结对%(place)s。同意点一下就行。")
_AGREED = N_("%(party)s同意结对%(place)s。")
_DECLINED = N_("%(party)s没有同意结对%(place)s：%(reason)s")
_ENDED = N_("你和%(place)s的结对结束了：%(reason)s")
MINE, OFFICE = "/my/pairings", "/pairings"


async def tell_proposed(ids: Sequence[int]) -> None:
    """Ask those who are to come."""
    if not ids:
        return
    rows = await database.fetch(_ABOUT, list(ids))
    channels = (Channel.IN_APP, Channel.SMS)
    await notify_many(
        [
            Notice(account, _PROPOSED, {"place": row["place"]}, channels, MINE)
            for row in rows
            for account in row["accounts"]
        ]
    )


async def tell_agreed(pairing_id: int) -> None:
    """Tell who proposed it."""
    for row in await database.fetch(_ABOUT, [pairing_id]):
        await notify_many([Notice(row["proposed_by"], _AGREED, _words(row), link=_page(row))])


async def tell_ended(pairing_id: int, event: PairingEvent, reason: str) -> None:
    """Tell the other side why: who declines tells the office, the office tells who came."""
    for row in await database.fetch(_ABOUT, [pairing_id]):
        detail = {**_words(row), "reason": reason.rstrip("。")}
        if event is PairingEvent.DECLINE:
            notices = [Notice(row["proposed_by"], _DECLINED, detail, link=_page(row))]
        else:
            notices = [Notice(account, _ENDED, detail, link=MINE) for account in row["accounts"]]
        await notify_many(notices)


def _words(row: Row) -> dict[str, str]:
    return {"party": row["party"], "place": row["place"]}


def _page(row: Row) -> str:
    return f"{OFFICE}/{row['public_id']}"
