"""What the two people and the station are told; inside the use case's transaction."""

from collections.abc import Sequence
from typing import Any

from app.core import clock, database
from app.core.access import Role
from app.core.database import Row
from app.core.settings import settings
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many

_TOLD = """
SELECT o.public_id, o.kind, o.note, o.expires_at, mine.name AS own_name, mine.account_id AS own_account,
       coalesce(other.name, '') AS other_name, other.account_id AS other_account,
       a.reference, a.title_zh, a.starts, place.name_zh AS place, at.code AS station_code,
       coalesce(b.reference, '') AS their_reference, coalesce(b.title_zh, '') AS their_title, b.starts AS their_starts,
       coalesce(there.code, '') AS their_station_code
FROM seat_exchange o JOIN sign_up f ON f.id = o.from_sign_up_id JOIN person AS mine ON mine.id = f.person_id
JOIN assignment a ON a.id = f.assignment_id JOIN place ON place.id = a.place_id
JOIN station ON station.id = a.station_id JOIN place AS at ON at.id = station.place_id
LEFT JOIN person AS other ON other.id = o.to_person_id
LEFT JOIN sign_up t ON t.id = o.to_sign_up_id LEFT JOIN assignment b ON b.id = t.assignment_id
LEFT JOIN station AS theirs ON theirs.id = b.station_id LEFT JOIN place AS there ON there.id = theirs.place_id
WHERE o.id = ANY ($1) ORDER BY o.id
"""
_STATION = """
SELECT DISTINCT account_id FROM membership
WHERE role = $1 AND $2 LIKE place_code || '%' AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3)
"""
_ASKED = {
    "substitution": N_("%(own)s 请你替班：%(starts)s 的“%(title)s”（%(place)s）。能去吗？请在 %(until)s 前答复。"),
    "swap": N_(
        "%(own)s 想和你换班：你去 %(starts)s 的“%(title)s”，对方去你 %(their_starts)s 的“%(their_title)s”。"
        "请在 %(until)s 前答复。"
    ),
}
_ASKED_BY_TEXT = {
    "substitution": N_("%(own)s 请你替班：%(starts)s 的“%(title)s”。请在 %(until)s 前点开答复：%(link)s"),
    "swap": N_("%(own)s 想用 %(starts)s 的班换你 %(their_starts)s 的。请在 %(until)s 前点开答复：%(link)s"),
}
_ACCEPTED = {
    "substitution": N_("%(other)s 答应替你去 %(starts)s 的“%(title)s”，你不用去了。"),
    "swap": N_("换班成了：%(other)s 去 %(starts)s 的“%(title)s”，你去 %(their_starts)s 的“%(their_title)s”。"),
}
_YOURS = N_("%(starts)s 的“%(title)s”归你了，%(own)s 谢谢你。到时候见。")
_DECLINED = N_("%(other)s 去不了 %(starts)s 的“%(title)s”。这个班次还是你的，可以再问别人。")
_WITHDRAWN = N_("%(own)s 不用你去 %(starts)s 的“%(title)s”了，谢谢。")
_EXPIRED = N_("没有人答应替你去 %(starts)s 的“%(title)s”。这个班次还是你的；去不了请尽早退出。")
_CHANGED = N_("%(starts)s 的“%(title)s”换了人：原来是 %(before)s，现在是 %(after)s。")
BOTH = (Channel.IN_APP, Channel.SMS)


async def tell_asked(offer_id: int) -> None:
    """Tell the one who is asked; a link is passed on by the one who asks."""
    row = await _one(offer_id)
    if row["other_account"] is not None:
        link = f"/exchanges/{row['public_id']}"
        text = _notice(row, row["other_account"], _ASKED_BY_TEXT[row["kind"]], "asked", link, (Channel.SMS,))
        await notify_many([_notice(row, row["other_account"], _ASKED[row["kind"]], "asked", link), text])


async def tell_accepted(offer_id: int) -> None:
    """Tell both, and the stations whose shifts have other people now."""
    row = await _one(offer_id)
    notices = [
        _notice(row, row["own_account"], _ACCEPTED[row["kind"]], "accepted", f"/assignments/{row['reference']}", BOTH),
        _notice(row, row["other_account"], _YOURS, "yours", f"/assignments/{row['reference']}"),
    ]
    if row["kind"] == "swap":
        notices[0] = _notice(
            row, row["own_account"], _ACCEPTED["swap"], "accepted", f"/assignments/{row['their_reference']}", BOTH
        )
    await notify_many([*notices, *await _stations(row)])


async def tell_declined(offer_id: int) -> None:
    """Tell who asked that they are still expected."""
    row = await _one(offer_id)
    await notify_many([_notice(row, row["own_account"], _DECLINED, "declined", "/my/assignments", BOTH)])


async def tell_withdrawn(offer_id: int) -> None:
    """Tell who was asked that nothing is asked any more."""
    row = await _one(offer_id)
    if row["other_account"] is not None:
        await notify_many([_notice(row, row["other_account"], _WITHDRAWN, "withdrawn", "/my/assignments")])


async def tell_expired(offer_ids: Sequence[int]) -> None:
    """Tell those who asked that nobody answered in time."""
    rows = await database.fetch(_TOLD, list(offer_ids))
    await notify_many([_notice(row, row["own_account"], _EXPIRED, "expired", "/my/assignments", BOTH) for row in rows])


async def _one(offer_id: int) -> Row:
    [row] = await database.fetch(_TOLD, [offer_id])
    return row


async def _stations(row: Row) -> list[Notice]:
    """Write to each station about its own shift."""
    shifts = [
        (row["station_code"], row["reference"], row["title_zh"], row["starts"], row["own_name"], row["other_name"])
    ]
    if row["kind"] == "swap":
        theirs = (row["their_station_code"], row["their_reference"], row["their_title"], row["their_starts"])
        shifts.append((*theirs, row["other_name"], row["own_name"]))
    notices = []
    for code, reference, title, starts, before, after in shifts:
        detail = {"starts": _spoken(starts), "title": title, "before": before, "after": after}
        link, key = f"/station/shifts/{reference}", f"exchange:{row['public_id']}:{reference}"
        staff = await database.fetch(_STATION, Role.STATION_STAFF, code, clock.now())
        notices += [
            Notice(one["account_id"], _CHANGED, detail, link=link, once_key=f"{key}:{one['account_id']}")
            for one in staff
        ]
    return notices


def _notice(
    row: Row, account_id: int, msgid: str, word: str, link: str, channels: tuple[Channel, ...] = (Channel.IN_APP,)
) -> Notice:
    detail: dict[str, Any] = {
        "own": row["own_name"],
        "other": row["other_name"],
        "starts": _spoken(row["starts"]),
        "title": row["title_zh"],
        "place": row["place"],
        "until": _spoken(row["expires_at"]),
        "their_starts": _spoken(row["their_starts"]) if row["their_starts"] else "",
        "their_title": row["their_title"],
        "link": f"{settings().public_url}/exchanges/{row['public_id']}",
    }
    return Notice(account_id, msgid, detail, channels, link, f"exchange-{word}:{row['public_id']}")


def _spoken(instant: Any) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")
