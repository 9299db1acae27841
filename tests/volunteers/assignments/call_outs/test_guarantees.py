"""What the database refuses, whoever writes; and the states, over their whole product."""

from itertools import product
from uuid import UUID

import asyncpg
import pytest

from app.core import clock, database
from app.core.errors import TransitionRefused
from app.core.state import advance
from tests.volunteers.assignments.call_outs import stage
from volunteers.assignments.call_outs.answering import answer_by_token
from volunteers.assignments.call_outs.rules import (
    ASK_TRANSITIONS,
    TRANSITIONS,
    AskEvent,
    AskStatus,
    CallOutEvent,
    CallOutStatus,
)
from volunteers.assignments.sign_ups.service import withdraw

CALLS = {
    ("open", "fill"): "covered", ("open", "exhaust"): "exhausted", ("open", "cancel"): "cancelled",
    ("exhausted", "fill"): "covered", ("exhausted", "cancel"): "cancelled", ("covered", "reopen"): "open",
    ("exhausted", "reopen"): "open", ("cancelled", "reopen"): "open",
}  # fmt: skip
ANSWERS = {
    ("sent", "see"): "seen", ("sent", "accept"): "accepted", ("sent", "decline"): "declined",
    ("sent", "come_late"): "too_late", ("sent", "expire"): "expired", ("seen", "accept"): "accepted",
    ("seen", "decline"): "declined", ("seen", "come_late"): "too_late", ("seen", "expire"): "expired",
    ("too_late", "ask_again"): "sent", ("too_late", "decline"): "declined", ("expired", "ask_again"): "sent",
}  # fmt: skip


@pytest.mark.parametrize(("status", "event"), list(product(CallOutStatus, CallOutEvent)))
def test_each_status_and_event_of_a_call_out(status: CallOutStatus, event: CallOutEvent) -> None:
    if (status, event) in CALLS:
        assert advance(TRANSITIONS, status, event) == CALLS[(status, event)]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@pytest.mark.parametrize(("status", "event"), list(product(AskStatus, AskEvent)))
def test_each_status_and_event_of_an_ask(status: AskStatus, event: AskEvent) -> None:
    if (status, event) in ANSWERS:
        assert advance(ASK_TRANSITIONS, status, event) == ANSWERS[(status, event)]
    else:
        with pytest.raises(TransitionRefused):
            advance(ASK_TRANSITIONS, status, event)


async def refused(constraint: str, sql: str, *values: object) -> None:
    with pytest.raises(asyncpg.PostgresError) as violation:
        await database.execute(sql, *values)
    assert getattr(violation.value, "constraint_name", None) == constraint


async def raw_seat(position_id: int, person_id: int) -> int:
    return int(
        await database.fetch_value(
            """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
               SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', 'self', now()
               FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1 RETURNING id""",
            position_id,
            person_id,
        )
    )


async def test_raw_sql_makes_no_second_winner_and_no_winner_without_a_seat(db: None) -> None:
    scene = await stage.scene(3)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    # Two more seats, so that capacity alone would let everybody in: one person is missing all the same.
    await database.execute("UPDATE position SET capacity = 3 WHERE id = $1", scene.shift.position_ids[0])
    (first, a), (second, _), _ = scene.others
    accepted = "UPDATE call_out_ask SET status = 'accepted', sign_up_id = $2, answered_at = now() WHERE person_id = $1"
    seat = await raw_seat(scene.shift.position_ids[0], second)
    await refused("call_out_ask_seated", accepted, first, seat)
    await answer_by_token((await stage.links())[a.actor], AskEvent.ACCEPT)
    await database.execute("UPDATE call_out_ask SET status = 'sent', line = NULL WHERE person_id = $1", second)
    await refused("call_out_one_winner", accepted, second, seat)
    await refused("call_out_ask_is_final", "UPDATE call_out_ask SET status = 'sent' WHERE person_id = $1", first)


async def test_raw_sql_writes_no_end_that_did_not_happen(db: None) -> None:
    scene = await stage.scene(3)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    covered = "status = 'covered', missing = 0, next_wave_at = NULL, ended_at = opened_at"
    await refused("call_out_missing_is_counted", f"UPDATE call_out SET {covered}")
    half = "UPDATE call_out SET status = 'covered', next_wave_at = NULL, ended_at = opened_at"
    await refused("call_out_covered_when_nobody_is_missing", half)
    await refused("call_out_ask_line", "UPDATE call_out_ask SET status = 'too_late', line = 1")
    insert = """INSERT INTO call_out_ask (call_out_id, person_id, token_sha256, status, wave, rank, distance_m,
                    sent_at, answer_by, expires_at, answered_at)
                SELECT id, $1, sha256('x'), 'declined', 1, 9, 0, said.at, said.at + interval '1 min',
                       said.at + interval '1 min', said.at
                FROM call_out, (SELECT $2::timestamptz AS at) AS said"""
    await refused("call_out_ask_begins_sent", insert, scene.others[0][0], clock.now())
