"""Asking: the next few people, or telling the coordinator that nobody is left."""

from datetime import datetime, timedelta

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.database import Row
from app.core.settings import settings
from app.core.state import advance
from app.core.text import Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many, notify_secretly
from volunteers.assignments.call_outs import rules, wording
from volunteers.assignments.call_outs.amounts import amount_of
from volunteers.assignments.call_outs.people import Chosen, next_to_ask
from volunteers.assignments.call_outs.rules import CallOutEvent, CallOutStatus, Rule
from volunteers.assignments.sign_ups import loading

SHIFT = """
SELECT a.id, a.reference, a.title_zh, a.title_en, a.starts, a.ends, a.status, a.compensation, a.insured,
       place.name_zh AS place_zh, place.name_en AS place_en, at.code AS station_code,
       p.role_zh, p.role_en, p.languages_all, p.minimum, p.capacity, p.booked
FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN place ON place.id = a.place_id
JOIN station ON station.id = a.station_id JOIN place AS at ON at.id = station.place_id WHERE p.id = $1
"""
_ASK = """
INSERT INTO call_out_ask (call_out_id, person_id, token_sha256, status, wave, rank, distance_m, sent_at, answer_by,
                          expires_at)
VALUES ($1, $2, $3, 'sent', $4, $5, $6, $7, $8, $9)
ON CONFLICT (call_out_id, person_id) DO UPDATE SET token_sha256 = excluded.token_sha256,
    earlier_sha256 = call_out_ask.token_sha256, status = 'sent', line = NULL,
    wave = excluded.wave, rank = excluded.rank, distance_m = excluded.distance_m, sent_at = excluded.sent_at,
    answer_by = excluded.answer_by, expires_at = excluded.expires_at
    WHERE call_out_ask.status IN ('too_late', 'expired')
RETURNING public_id, (SELECT account_id FROM person WHERE id = $2),
          (SELECT account.locale FROM person JOIN account ON account.id = account_id WHERE person.id = $2)
"""
# Those who have looked go before those who have not; who stood in line before keeps their turn.
_COME_LATE = """
UPDATE call_out_ask k SET status = 'too_late', line = turn.number
FROM (SELECT id, row_number() OVER (ORDER BY status = 'sent', wave, rank)
             + coalesce((SELECT max(line) FROM call_out_ask WHERE call_out_id = $1), 0) AS number
      FROM call_out_ask WHERE call_out_id = $1 AND status IN ('sent', 'seen')) AS turn
WHERE k.id = turn.id
"""
_OFFICES = """
SELECT DISTINCT account_id FROM membership
WHERE role = ANY ($1) AND $2 LIKE place_code || '%' AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3)
"""


async def rule_in_force() -> Rule:
    """Return the figures by which people are called today."""
    row = await database.fetch_one(
        """SELECT late_hours, asked_at_once, answer_minutes, head_start_minutes, link_minutes FROM call_out_rule
           WHERE effective_from <= $1 ORDER BY effective_from DESC LIMIT 1""",
        clock.now(),
    )
    if row is None:
        raise LookupError("the table call_out_rule is empty")
    return Rule(**row)


async def ask_next(principal: Principal, call_out: Row) -> int:
    """Ask the next few for an open call-out, whose position and own row are locked; return how many they are."""
    now, rule = clock.now(), await rule_in_force()
    shift = await database.fetch_one(SHIFT, call_out["position_id"])
    seat = (await loading.seats([call_out["position_id"]]))[call_out["position_id"]]
    if shift is None or await _waits_for_morning(call_out, shift, now):
        return 0
    chosen = await next_to_ask(call_out, seat, rule.asked_at_once)
    if not chosen.people:
        await _exhausted_or_waiting(principal, call_out, shift, now)
        return 0
    wave = call_out["wave"] + 1
    patience = timedelta(minutes=rule.head_start_minutes if chosen.in_line else rule.answer_minutes)
    await database.update_row("call_out", call_out["id"], {"wave": wave, "next_wave_at": now + patience})
    await _send({**call_out, "wave": wave}, shift, chosen, rule, now)
    await audit.record(principal, "call_out.asked", "call_out", call_out["id"], wave=wave, asked=len(chosen.people))
    return len(chosen.people)


async def others_come_late(call_out_id: int) -> None:
    """Put everybody who was asked and has not answered in line, for the case that somebody leaves again."""
    await database.execute(_COME_LATE, call_out_id)


async def tell_offices(shift: Row, msgid: str, key: str, *, coordinators: bool) -> None:
    """Write to the people of the station, and to the coordinators of the place if it has become theirs."""
    roles = ["station_staff", *(["coordinator"] if coordinators else [])]
    rows = await database.fetch(_OFFICES, roles, shift["station_code"], clock.now())
    detail = {
        "when": wording.when(shift["starts"], clock.now()),
        "place": shift["place_zh"],
        "role": shift["role_zh"],
    }
    channels = (Channel.IN_APP, Channel.SMS) if coordinators else (Channel.IN_APP,)
    await notify_many(
        [
            Notice(row["account_id"], msgid, detail, channels, "/station/today", f"{key}:{row['account_id']}")
            for row in rows
        ]
    )


async def _send(call_out: Row, shift: Row, chosen: Chosen, rule: Rule, now: datetime) -> None:
    expires = min(now + timedelta(minutes=rule.link_minutes), shift["ends"])
    answer_by = min(now + timedelta(minutes=rule.answer_minutes), expires)
    amount = await amount_of(shift["id"])
    for rank, choice in enumerate(chosen.people, start=1):
        token = rules.new_token()
        asked = await database.fetch_one(
            _ASK,
            *(call_out["id"], choice.person_id, rules.token_sha256(token), call_out["wave"], rank),
            *(choice.distance_m, now, answer_by, expires),
        )
        if asked is not None:
            await _write(asked, call_out, shift, choice.distance_m, wording.terms(shift, amount), rule, token)


async def _write(asked: Row, call_out: Row, shift: Row, metres: int, terms: Message, rule: Rule, token: str) -> None:
    """Write to one person: the link goes by text message alone, the inbox points to the page behind sign-in."""
    detail = {
        "when": wording.when(shift["starts"], clock.now()),
        "place": wording.named(shift, "place", asked["locale"]),
        "role": wording.named(shift, "role", asked["locale"]),
        "distance": wording.kilometres(metres),
        "terms": terms,
    }
    key = f"call:{asked['public_id']}:{call_out['wave']}"
    link = f"{settings().public_url}/call/{token}"
    text = Notice(
        *(asked["account_id"], wording.ASKED, {**detail, "minutes": rule.answer_minutes}, (Channel.SMS,)), once_key=key
    )
    await notify_secretly(text, {"link": link})
    page = f"/my/calls/{asked['public_id']}"
    await notify_many([Notice(asked["account_id"], wording.ASKED_INBOX, detail, link=page, once_key=f"{key}:inbox")])


async def _waits_for_morning(call_out: Row, shift: Row, now: datetime) -> bool:
    morning = rules.quiet_until(now, shift["starts"])
    if morning is None:
        return False
    await database.update_row("call_out", call_out["id"], {"next_wave_at": morning})
    return True


async def _exhausted_or_waiting(principal: Principal, call_out: Row, shift: Row, now: datetime) -> None:
    """With nobody left to ask, wait for those who may still answer in time; after them it is the coordinator's."""
    last = await database.fetch_value(
        """SELECT max(answer_by) FROM call_out_ask
           WHERE call_out_id = $1 AND status IN ('sent', 'seen') AND answer_by > $2""",
        *(call_out["id"], now),
    )
    if last is not None:
        await database.update_row("call_out", call_out["id"], {"next_wave_at": last})
        return
    status = advance(rules.TRANSITIONS, CallOutStatus.OPEN, CallOutEvent.EXHAUST)
    await database.update_row("call_out", call_out["id"], {"status": status, "next_wave_at": None, "ended_at": now})
    key = f"call_out:{call_out['public_id']}:{now.isoformat()}"
    await tell_offices(shift, wording.NOBODY, key, coordinators=True)
    await audit.record(principal, "call_out.exhaust", "call_out", call_out["id"], wave=call_out["wave"])
