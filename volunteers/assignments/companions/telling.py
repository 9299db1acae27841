"""What the people of a group are told; inside the use case's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core import clock, database
from app.core.text import N_, Words
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.assignments.companions.gathered import Group, Member
from volunteers.assignments.companions.rules import Obstacle

_AGREED = N_("%(name)s 答应和你一起去 %(starts)s 的“%(title)s”，%(agreed)s/%(size)s 人了。")
_SEATED = N_("你们 %(size)s 人都报上了 %(starts)s 的“%(title)s”。到时候见。")
_OBSTACLE = N_("人到齐了，但 %(starts)s 的“%(title)s”没有报上，谁都没有名额。%(why)s%(until)s 前可以再试。")
_LEFT = N_("%(name)s 不能一起去 %(starts)s 的“%(title)s”了。可以再约别人。")
_DISSOLVED = N_("%(name)s 解散了同去 %(starts)s 的“%(title)s”的一组。你没有名额，可以自己报名。")
_EXPIRED = N_("一起去 %(starts)s 的“%(title)s”的人没有在时限内到齐，谁都没有名额。可以自己报名。")
BOTH = (Channel.IN_APP, Channel.SMS)
_GROUPS = """
SELECT g.id, g.public_id, g.size, g.until, a.reference, a.starts, a.title_zh, a.title_en, p.number,
       ARRAY(SELECT person.account_id FROM companion c JOIN person ON person.id = c.person_id
             WHERE c.group_id = g.id AND c.left_at IS NULL ORDER BY c.id) AS accounts
FROM companion_group g JOIN position p ON p.id = g.position_id JOIN assignment a ON a.id = g.assignment_id
WHERE g.id = ANY ($1) ORDER BY g.id
"""


async def tell_agreed(group: Group, who: Member) -> None:
    """Tell who invited that one more has agreed."""
    detail = {**await _detail(group), "name": who.name, "agreed": len(group.members)}
    await notify_many([_notice(group, one, _AGREED, detail) for one in _maker(group)])


async def tell_seated(group: Group) -> None:
    """Tell everybody that they have a seat."""
    row = await _row(group)
    link, detail = f"/assignments/{row['reference']}", _said(row)
    await notify_many(
        [
            Notice(one.account_id, _SEATED, detail, BOTH, link, f"companions-seated:{group.public_id}:{one.person_id}")
            for one in group.members
        ]
    )


async def tell_obstacle(group: Group, obstacle: Obstacle) -> None:
    """Tell everybody why nobody was seated; by text message once, however often they try."""
    detail = await _detail(group)
    notices = []
    for one in group.members:
        said = {**detail, "why": obstacle.told_to(one.person_id)}
        once = f"companions-obstacle:{group.public_id}:{one.person_id}"
        notices.append(_notice(group, one, _OBSTACLE, said))
        notices.append(Notice(one.account_id, _OBSTACLE, said, (Channel.SMS,), _path(group), once))
    await notify_many(notices)


async def tell_left(group: Group, person_id: int) -> None:
    """Tell who invited that one less will come."""
    [who] = [one for one in group.members if one.person_id == person_id]
    detail = {**await _detail(group), "name": who.name}
    await notify_many([_notice(group, one, _LEFT, detail, BOTH) for one in _maker(group)])


async def tell_dissolved(group: Group) -> None:
    """Tell the others that nobody goes as a group."""
    [maker] = _maker(group)
    row = await _row(group)
    detail = {**_said(row), "name": maker.name}
    link = f"/assignments/{row['reference']}"
    others = [one for one in group.members if one is not maker]
    await notify_many([Notice(one.account_id, _DISSOLVED, detail, BOTH, link) for one in others])


async def tell_expired(group_ids: Sequence[int]) -> None:
    """Tell the people of these groups that time is up."""
    notices = []
    for row in await database.fetch(_GROUPS, list(group_ids)):
        link = f"/assignments/{row['reference']}"
        notices += [Notice(one, _EXPIRED, _said(row), (Channel.IN_APP,), link) for one in row["accounts"]]
    await notify_many(notices)


def _maker(group: Group) -> Iterable[Member]:
    return [one for one in group.members if one.person_id == group.made_by]


def _notice(
    group: Group, to: Member, msgid: str, detail: dict[str, Any], channels: tuple[Channel, ...] = (Channel.IN_APP,)
) -> Notice:
    return Notice(to.account_id, msgid, detail, channels, _path(group))


def _path(group: Group) -> str:
    return f"/my/companions/{group.public_id}"


async def _row(group: Group) -> database.Row:
    [row] = await database.fetch(_GROUPS, [group.id])
    return row


async def _detail(group: Group) -> dict[str, Any]:
    return _said(await _row(group))


def _said(row: database.Row) -> dict[str, Any]:
    return {
        "size": row["size"],
        "starts": _spoken(row["starts"]),
        "until": _spoken(row["until"]),
        "title": Words(row["title_zh"], row["title_en"]),
    }


def _spoken(instant: Any) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")
