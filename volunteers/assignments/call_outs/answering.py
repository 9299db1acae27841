"""One tap: yes or no, by the link of the text message or signed in. One short transaction in the lock order."""

from collections.abc import Sequence
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.notifications.rules import Channel
from app.notifications.service import notify
from volunteers.assignments.call_outs import rules, wording
from volunteers.assignments.call_outs.rules import (
    ASK_TRANSITIONS,
    WAITING,
    AskEvent,
    AskStatus,
    CallIsOver,
    CallOutEvent,
    CallOutStatus,
    LinkUnknown,
)
from volunteers.assignments.call_outs.waves import SHIFT, ask_next, others_come_late, tell_offices
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.rules import CONSTRAINTS, Origin, SignUpStatus, refused

_WHO = """
SELECT k.id, k.person_id, person.account_id, c.position_id
FROM call_out_ask k JOIN call_out c ON c.id = k.call_out_id JOIN person ON person.id = k.person_id
"""
_LOCK_CALL_OUT = "SELECT * FROM call_out WHERE position_id = $1 FOR NO KEY UPDATE"
_LOCK_ASK = "SELECT * FROM call_out_ask WHERE id = $1 FOR NO KEY UPDATE"
_SEAT = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_by, created_at)
SELECT p.id, a.id, $2, a.starts, a.ends, $3, $4, $5, $6 FROM position p JOIN assignment a ON a.id = p.assignment_id
WHERE p.id = $1 RETURNING id
"""


async def answer_by_token(token: str, event: AskEvent) -> AskStatus:
    """Accept or decline by the link of the text message; return what became of the ask."""
    asked = await database.fetch_one(
        f"{_WHO} WHERE k.token_sha256 = $1 OR k.earlier_sha256 = $1", rules.token_sha256(token)
    )
    if asked is None:
        raise LinkUnknown
    bearer = Principal(asked["account_id"], kind="token", scopes={Permission.ASSIGNMENT_SIGN_UP: Scope()})
    return await _answer(bearer, asked, event)


async def answer_own(principal: Principal, public_id: UUID, event: AskEvent) -> AskStatus:
    """Accept or decline signed in; return what became of the ask."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    asked = await database.fetch_one(f"{_WHO} WHERE k.public_id = $1", public_id)
    if asked is None or asked["account_id"] != principal.account_id:
        raise NotFound
    return await _answer(principal, asked, event)


async def see(token: str) -> None:
    """Note that the person has the page before them: who looked goes before who did not, should both be too late."""
    await database.execute(
        """UPDATE call_out_ask SET status = $2
           WHERE (token_sha256 = $1 OR earlier_sha256 = $1) AND status = $3 AND expires_at > $4""",
        rules.token_sha256(token),
        advance(ASK_TRANSITIONS, AskStatus.SENT, AskEvent.SEE),
        AskStatus.SENT,
        clock.now(),
    )


async def _answer(principal: Principal, asked: Row, event: AskEvent) -> AskStatus:
    async with database.refusing(CONSTRAINTS), transaction():
        await database.locked("position", [asked["position_id"]])
        await database.locked("person", [asked["person_id"]])
        call_out = await database.fetch_one(_LOCK_CALL_OUT, asked["position_id"])
        ask = await database.fetch_one(_LOCK_ASK, asked["id"])
        if call_out is None or ask is None:
            raise NotFound
        if event is AskEvent.DECLINE:
            return await _decline(principal, call_out, ask)
        return await _accept(principal, call_out, ask)


async def _accept(principal: Principal, call_out: Row, ask: Row) -> AskStatus:
    if ask["status"] not in WAITING:
        return AskStatus(ask["status"])  # taken meanwhile, or answered before: the page tells
    now = clock.now()
    if ask["expires_at"] <= now or call_out["status"] == CallOutStatus.CANCELLED:
        raise CallIsOver
    seat = (await loading.seats([call_out["position_id"]]))[call_out["position_id"]]
    person = (await loading.candidates([ask["person_id"]], [seat]))[ask["person_id"]]
    if reasons := rules.reasons_to_refuse(seat, person, now):
        raise refused(reasons)
    status = advance(ASK_TRANSITIONS, AskStatus(ask["status"]), AskEvent.ACCEPT)
    if call_out["missing"] == 1:
        advance(rules.TRANSITIONS, CallOutStatus(call_out["status"]), CallOutEvent.FILL)
    sign_up_id = await database.fetch_value(
        _SEAT,
        *(call_out["position_id"], ask["person_id"], SignUpStatus.CONFIRMED, Origin.SELF, principal.account_id, now),
    )
    # The database counts the answer: nobody is missing any more, or one person fewer.
    await database.update_row(
        "call_out_ask", ask["id"], {"status": status, "sign_up_id": sign_up_id, "answered_at": now}
    )
    if call_out["missing"] == 1:
        await others_come_late(call_out["id"])
    await audit.record(principal, "sign_up.created", "sign_up", sign_up_id, call_out=call_out["id"])
    await audit.record(principal, "call_out.accepted", "call_out", call_out["id"], ask=ask["id"])
    await _tell(principal, call_out, ask)
    return status


async def _decline(principal: Principal, call_out: Row, ask: Row) -> AskStatus:
    status = AskStatus(ask["status"])
    if status in (AskStatus.DECLINED, AskStatus.ACCEPTED, AskStatus.EXPIRED):
        return status
    declined = advance(ASK_TRANSITIONS, status, AskEvent.DECLINE)
    now = clock.now()
    await database.update_row("call_out_ask", ask["id"], {"status": declined, "line": None, "answered_at": now})
    await audit.record(principal, "call_out.declined", "call_out", call_out["id"], ask=ask["id"])
    if call_out["status"] == CallOutStatus.OPEN and not await _anybody_asked(call_out["id"]):
        await ask_next(principal, call_out)  # everybody said no: the next are asked without waiting
    return declined


async def _anybody_asked(call_out_id: int) -> bool:
    return bool(
        await database.fetch_value(
            """SELECT EXISTS (SELECT FROM call_out_ask
                              WHERE call_out_id = $1 AND status IN ('sent', 'seen') AND answer_by > $2)""",
            *(call_out_id, clock.now()),
        )
    )


async def _tell(principal: Principal, call_out: Row, ask: Row) -> None:
    shift = await database.fetch_one(SHIFT, call_out["position_id"])
    if shift is None:
        return
    key = f"call:{ask['public_id']}:{ask['wave']}:seated"
    detail = {
        "when": wording.when(shift["starts"], clock.now()),
        "place": shift["place_zh"],
        "title": shift["title_zh"],
    }
    channels: Sequence[Channel] = (Channel.IN_APP, Channel.SMS)
    link = f"/assignments/{shift['reference']}"
    await notify(principal.actor, wording.SEATED, detail, channels=tuple(channels), link=link, once_key=key)
    await tell_offices(shift, wording.FOUND, key, coordinators=False)
