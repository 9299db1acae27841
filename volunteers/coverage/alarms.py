"""Alarms before a breach: on the workbench of who answers for the place, once in the inbox; they end by themselves."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized
from volunteers.coverage import queries
from volunteers.coverage.queries import AreaStatus, RuleView
from volunteers.coverage.rules import Colour, period_of
from volunteers.coverage.wording import promised

SHOWN = 5
ALARM_TAG = Tag("need", N_("要见不到了"))
TOLD = N_("%(rule)s：你负责的地方有 %(count)s 个快到期，还没有人去。")
_COORDINATORS = """
SELECT DISTINCT m.account_id, m.place_code FROM membership m
WHERE m.role = 'coordinator' AND m.place_code IS NOT NULL AND m.valid_from <= $1
  AND (m.valid_until IS NULL OR m.valid_until > $1)
"""


async def waiting_alarms(principal: Principal) -> Sequence[Waiting]:
    """Return a line for each district, or town of the officer's own, that has places nobody will come to in time."""
    if not principal.can(Permission.DISPATCH_PLAN):
        return []
    found = []
    for area in principal.scope(Permission.DISPATCH_PLAN).place_codes:
        for rule in await queries.rules_in_force(area):
            parts = [part for part in await queries.areas(rule, area) if part.red]
            found += [(part, rule) for part in parts]
    found.sort(key=lambda pair: (-pair[0].red, pair[0].code))
    lines = [_row(part, rule) for part, rule in found[:SHOWN]]
    return [*lines, _others(found[SHOWN:])] if len(found) > SHOWN else lines


async def tell_coordinators() -> int:
    """Write to each coordinator once in a period of a rule that places of theirs will be missed; return how many."""
    people = await database.fetch(_COORDINATORS, clock.now())
    notices = []
    for rule in await queries.rules_in_force():
        red: dict[str, int] = defaultdict(int)
        for place in await queries.places(rule, "", Colour.RED):
            for length in (4, 6, 9, 12):
                red[place.code[:length]] += length <= len(place.code)
        first_day = period_of(rule.rhythm, clock.today())[0]
        notices += [
            Notice(
                one["account_id"],
                TOLD,
                {"rule": promised(rule), "count": red[one["place_code"]]},
                link=_link(rule, one["place_code"]),
                once_key=f"coverage:{rule.public_id}:{first_day}:{one['place_code']}:{one['account_id']}",
            )
            for one in people
            if red[one["place_code"]]
        ]
    async with database.transaction():
        return await notify_many(notices) if notices else 0


def _row(part: AreaStatus, rule: RuleView) -> Waiting:
    values = {"place": localized(part, "name"), "count": part.red}
    return Waiting(
        ALARM_TAG,
        Message(N_("%(place)s：%(count)s 个地方快到期，还没有人去"), values),
        promised(rule),
        Action(N_("去看"), _link(rule, part.code)),
        _end_of(part.earliest_due),
    )


def _others(found: Sequence[tuple[AreaStatus, RuleView]]) -> Waiting:
    """Return one line for all districts and towns that have fewer such places."""
    values = {"areas": len(found), "count": sum(part.red for part, _ in found)}
    title = Message(N_("另外 %(areas)s 处：%(count)s 个地方快到期，还没有人去"), values)
    days = [part.earliest_due for part, _ in found if part.earliest_due]
    detail, action = N_("一处是一个区县或乡镇街道。"), Action(N_("去看"), "/coverage?colour=red")
    return Waiting(ALARM_TAG, title, detail, action, _end_of(min(days, default=None)))


def _end_of(day: date | None) -> datetime | None:
    return clock.at_local(day, time(23, 59)) if day else None


def _link(rule: RuleView, code: str) -> str:
    return f"/coverage?rule={rule.public_id}&place={code}&colour=red"
