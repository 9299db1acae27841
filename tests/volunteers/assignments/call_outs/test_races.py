"""Everybody taps at the same instant: one winner, the others in line, no deadlock."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import httpx

from app.core import database
from app.core.errors import DomainError
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers.assignments.call_outs import stage
from volunteers.assignments.call_outs import service
from volunteers.assignments.call_outs.answering import answer_by_token
from volunteers.assignments.call_outs.rules import AskEvent
from volunteers.assignments.sign_ups.service import sign_up, withdraw

FIVE = "UPDATE call_out_rule SET asked_at_once = 5"


async def called(position_id: int, lawyer: Any) -> dict[int, str]:
    """Let the lawyer on a position cancel; return everybody's link."""
    await withdraw(lawyer, await sign_up(lawyer, position_id))
    return await stage.links()


async def outcomes(attempts: list[Awaitable[Any]]) -> Counter[str]:
    results = await asyncio.gather(*attempts, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, DomainError):
            raise result
    return Counter(type(found).__name__ if isinstance(found, DomainError) else str(found) for found in results)


async def winners(position_id: int) -> tuple[int, int, int]:
    row = await database.fetch_one(
        """SELECT (SELECT count(*) FROM sign_up WHERE position_id = $1 AND live) AS seats,
                  (SELECT count(*) FROM call_out_ask k WHERE k.call_out_id = c.id AND k.status = 'accepted') AS won,
                  (SELECT coalesce(max(line), 0) FROM call_out_ask k WHERE k.call_out_id = c.id) AS line
           FROM call_out c WHERE position_id = $1 AND status = 'covered'""",
        position_id,
    )
    assert row
    return row["seats"], row["won"], row["line"]


async def test_of_five_who_accept_at_once_exactly_one_gets_the_seat(crowd: None) -> None:
    [(_, lawyer)] = await stage.lawyers(1)
    people = [who for _, who in await stage.lawyers(5)]
    await database.execute(FIVE)
    for number in range(rounds(3, 100)):
        shift = await stage.shift(30)
        links = await called(shift.position_ids[0], lawyer)
        seen = await outcomes([answer_by_token(links[who.actor], AskEvent.ACCEPT) for who in people])
        assert seen == {"accepted": 1, "too_late": 4}
        assert await winners(shift.position_ids[0]) == (1, 1, 4), number
        await _cleared(people)


async def test_of_those_who_tap_on_their_phones_at_once_one_is_told_yes_and_the_others_their_turn(crowd: None) -> None:
    [(_, lawyer)] = await stage.lawyers(1)
    people = [who for _, who in await stage.lawyers(3)]
    for _ in range(rounds(3, 100)):
        shift = await stage.shift(30)
        links = await called(shift.position_ids[0], lawyer)
        async with client() as http:
            await http.get(f"/call/{links[people[0].actor]}")  # the form's token, in a cookie
            pages = await asyncio.gather(*(_tap(http, links[who.actor]) for who in people))
        told = Counter(
            next(word for word in ("这个班归你了", "你排第 1 位", "你排第 2 位") if word in page) for page in pages
        )
        assert told == {"这个班归你了": 1, "你排第 1 位": 1, "你排第 2 位": 1}
        assert (await winners(shift.position_ids[0]))[:2] == (1, 1)
        await _cleared(people)


async def _tap(http: httpx.AsyncClient, token: str) -> str:
    answer = await http.post(f"/call/{token}/accept", data={"_csrf_token": http.cookies["fahui_csrf"]})
    assert answer.status_code == 303
    return (await http.get(f"/call/{token}")).text


async def test_accepting_declining_withdrawing_stopping_and_time_at_once_never_deadlock(crowd: None) -> None:
    people = [who for _, who in await stage.lawyers(6)]
    staff = (await stage.scene(0)).staff
    await database.execute(FIVE)
    for _ in range(rounds(3, 100)):
        shift = await stage.shift(30)
        links = await called(shift.position_ids[0], people[5])
        call = await database.fetch_value(
            "SELECT public_id FROM call_out WHERE position_id = $1", shift.position_ids[0]
        )
        await outcomes(
            [
                *(answer_by_token(links[who.actor], AskEvent.ACCEPT) for who in people[:4]),
                answer_by_token(links[people[4].actor], AskEvent.DECLINE),
                sign_up(people[5], shift.position_ids[0]),
                service.stop(staff, call),
                service.move_on(stage.SYSTEM),
            ]
        )
        seats = await database.fetch_value("SELECT booked FROM position WHERE id = $1", shift.position_ids[0])
        assert seats <= 1
        await _cleared(people)


async def _cleared(people: list[Any]) -> None:
    """Give back what was won, so that everybody is free for the next round."""
    rows = await database.fetch(
        """SELECT s.public_id, person.account_id FROM sign_up s JOIN person ON person.id = s.person_id
           WHERE s.live AND person.account_id = ANY ($1)""",
        [who.actor for who in people],
    )
    by_account = {who.actor: who for who in people}
    for row in rows:
        await withdraw(by_account[row["account_id"]], UUID(str(row["public_id"])))
