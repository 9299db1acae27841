"""A lawyer will not come: who is asked, who gets it, who is next."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.core import clock, database
from tests.volunteers import world
from tests.volunteers.assignments.call_outs import stage
from volunteers.assignments.call_outs import service
from volunteers.assignments.call_outs.answering import answer_by_token, answer_own, see
from volunteers.assignments.call_outs.rules import AskEvent, AskStatus, CallIsOver, LinkUnknown, NothingFree
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.rules import ElsewhereAtThatTime
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.attendance.rules import NotStarted

LAWYERS = PositionDraft("律师", 2, 1, "", ("lawyer",))


async def call_out(position_id: int) -> dict[str, object]:
    row = await database.fetch_one(
        "SELECT status, missing, wave, cause FROM call_out WHERE position_id = $1", position_id
    )
    return dict(row or {})


async def asks() -> list[tuple[int, str, int | None]]:
    rows = await database.fetch("SELECT person_id, status, line FROM call_out_ask ORDER BY wave, rank")
    return [(row["person_id"], row["status"], row["line"]) for row in rows]


async def test_a_late_withdrawal_asks_the_nearest_three_by_text_message_with_everything_they_need(db: None) -> None:
    scene = await stage.scene()
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    assert await call_out(scene.shift.position_ids[0]) == {
        "status": "open", "missing": 1, "wave": 1, "cause": "withdrawn",
    }  # fmt: skip
    nearest = [person for person, _ in scene.others[:3]]
    assert [(person, status) for person, status, _ in await asks()] == [(person, "sent") for person in nearest]
    links = await stage.links()
    assert set(links) == {who.actor for _, who in scene.others[:3]}
    body = await database.fetch_value("SELECT body FROM demo_delivery ORDER BY id LIMIT 1")
    for part in ("缺 1 名律师", "0.1 公里", "需杭州话", "有补贴", "已投保", "5 分钟内答复"):
        assert part in body
    token = next(iter(links.values()))
    kept = await database.fetch("SELECT detail::text, link, secret_sealed FROM notification")
    assert not any(token in row["detail"] or token in row["link"] or row["secret_sealed"] for row in kept)


async def test_an_early_withdrawal_or_one_that_leaves_enough_people_calls_nobody(db: None) -> None:
    early, enough = await stage.shift(60 * 30), await stage.shift(59, positions=(LAWYERS,))
    [(_, one)] = await stage.lawyers(1)
    await withdraw(one, await sign_up(one, early.position_ids[0]))
    people = await stage.lawyers(2)
    first, _ = [await sign_up(who, enough.position_ids[0]) for _, who in people]
    await withdraw(people[0][1], first)
    assert await database.fetch_value("SELECT count(*) FROM call_out") == 0


async def test_one_tap_takes_the_seat_and_the_others_stand_in_line_those_who_looked_first(db: None) -> None:
    scene = await stage.scene()
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    links = await stage.links()
    (first, a), (second, b), (third, c) = scene.others[:3]
    await see(links[c.actor])
    assert await answer_by_token(links[b.actor], AskEvent.ACCEPT) is AskStatus.ACCEPTED
    assert set(await asks()) == {(second, "accepted", None), (third, "too_late", 1), (first, "too_late", 2)}
    assert (await call_out(scene.shift.position_ids[0]))["status"] == "covered"
    assert await database.fetch_value("SELECT person_id FROM sign_up WHERE live") == second
    assert await answer_by_token(links[a.actor], AskEvent.ACCEPT) is AskStatus.TOO_LATE
    assert await answer_by_token(links[b.actor], AskEvent.ACCEPT) is AskStatus.ACCEPTED, "a second tap changes nothing"
    assert await database.fetch_value("SELECT count(*) FROM sign_up WHERE live") == 1


async def test_when_the_winner_withdraws_the_first_in_line_is_asked_alone_and_then_the_others(db: None) -> None:
    scene = await stage.scene(5)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    links = await stage.links()
    (first, a), (second, b), (third, _) = scene.others[:3]
    await answer_by_token(links[a.actor], AskEvent.ACCEPT)
    [won] = await database.fetch("SELECT public_id FROM sign_up WHERE live")
    await withdraw(a, won["public_id"])
    assert [(p, s) for p, s, _ in await asks() if s == "sent"] == [(second, "sent")]
    with clock.travelled_to(clock.now() + timedelta(minutes=3)):
        assert (await service.move_on(stage.SYSTEM))["asked"] == 3
    sent = {person for person, status, _ in await asks() if status == "sent"}
    assert sent == {second, third, scene.others[3][0], scene.others[4][0]}
    newer = await stage.links()
    assert newer[b.actor] != links[b.actor]
    assert await answer_by_token(links[b.actor], AskEvent.ACCEPT) is AskStatus.ACCEPTED, "the page still open goes on"
    assert (first, "accepted", None) in await asks()


async def test_five_minutes_without_an_answer_ask_the_next_and_a_no_from_all_asks_them_at_once(db: None) -> None:
    scene = await stage.scene(7)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    assert (await service.move_on(stage.SYSTEM))["asked"] == 0
    with clock.travelled_to(clock.now() + timedelta(minutes=5, seconds=1)):
        assert (await service.move_on(stage.SYSTEM))["asked"] == 3
        links = await stage.links()
        for _, who in scene.others[3:6]:
            await answer_by_token(links[who.actor], AskEvent.DECLINE)
        assert [p for p, s, _ in await asks() if s == "sent"][-1] == scene.others[6][0]
        assert await answer_by_token(links[scene.others[0][1].actor], AskEvent.ACCEPT) is AskStatus.ACCEPTED


async def test_when_nobody_is_left_the_coordinator_is_told_and_a_late_yes_still_counts(db: None) -> None:
    scene = await stage.scene(1)
    coordinator = await world.officer(world.Role.COORDINATOR)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    links = await stage.links()
    with clock.travelled_to(clock.now() + timedelta(minutes=6)):
        await service.move_on(stage.SYSTEM)
        assert (await call_out(scene.shift.position_ids[0]))["status"] == "exhausted"
        told = await database.fetch("SELECT account_id FROM notification WHERE msgid LIKE '%没有人能来%'")
        assert {row["account_id"] for row in told} >= {coordinator.actor, scene.staff.actor}
        await answer_by_token(links[scene.others[0][1].actor], AskEvent.ACCEPT)
    assert (await call_out(scene.shift.position_ids[0]))["status"] == "covered"


async def test_a_link_runs_out_and_an_unknown_one_is_nobodys(db: None) -> None:
    scene = await stage.scene(1)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    [token] = (await stage.links()).values()
    with pytest.raises(LinkUnknown):
        await answer_by_token("x" * 22, AskEvent.ACCEPT)
    with clock.travelled_to(clock.now() + timedelta(minutes=31)):
        with pytest.raises(CallIsOver):
            await answer_by_token(token, AskEvent.ACCEPT)
        assert (await service.move_on(stage.SYSTEM))["expired"] == 1
        assert await answer_by_token(token, AskEvent.ACCEPT) is AskStatus.EXPIRED
    assert await database.fetch_value("SELECT count(*) FROM sign_up WHERE live") == 0


async def test_who_has_something_else_by_then_is_refused_with_the_reason(db: None) -> None:
    scene = await stage.scene(2)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    links = await stage.links()
    other = await stage.shift(90, positions=(PositionDraft("lawyer", 1, 1, "", ("lawyer",)),))
    busy = scene.others[0][1]
    await sign_up(busy, other.position_ids[0])
    with pytest.raises(ElsewhereAtThatTime):
        await answer_by_token(links[busy.actor], AskEvent.ACCEPT)


async def test_the_station_says_who_did_not_come_and_others_are_called_during_the_shift(db: None) -> None:
    scene = await stage.scene(2)
    with pytest.raises(NotStarted):
        await service.did_not_come(scene.staff, UUID(scene.sign_up))
    with clock.travelled_to(clock.now() + timedelta(minutes=70)):
        assert await service.did_not_come(scene.staff, UUID(scene.sign_up))
        assert (await call_out(scene.shift.position_ids[0]))["cause"] == "absent"
        public_id = await database.fetch_value("SELECT public_id FROM call_out_ask ORDER BY id LIMIT 1")
        assert await answer_own(scene.others[0][1], public_id, AskEvent.ACCEPT) is AskStatus.ACCEPTED
    assert await database.fetch_value("SELECT count(*) FROM attendance WHERE outcome = 'absent'") == 1


async def test_a_seat_taken_another_way_ends_the_call_and_one_may_stop_it_or_call_by_hand(db: None) -> None:
    scene = await stage.scene(4)
    position = scene.shift.position_ids[0]
    with pytest.raises(NothingFree):
        await service.call_by_hand(scene.staff, scene.shift.reference, 1)
    await withdraw(scene.lawyer, UUID(scene.sign_up))
    public_id = await sign_up(scene.others[3][1], position)
    assert (await service.move_on(stage.SYSTEM))["settled"] == 1
    assert (await call_out(position))["status"] == "covered"
    await withdraw(scene.others[3][1], public_id)
    call = await database.fetch_value("SELECT public_id FROM call_out")
    await service.stop(scene.staff, call)
    assert (await call_out(position))["status"] == "cancelled"
    assert await service.call_by_hand(scene.staff, scene.shift.reference, 1) == call
    assert (await call_out(position))["status"] == "open"
