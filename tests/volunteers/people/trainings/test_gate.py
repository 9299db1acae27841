"""Trainings as a gate: on every path to a seat, in the list, in the plan, and when one is taken back."""

from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_disruptions import notices, statuses
from tests.volunteers.people.trainings.stage import DAY, MONDAY, a_training, completed, gated
from volunteers.assignments.queries import AssignmentFilter, open_assignments
from volunteers.assignments.requests import service as requests
from volunteers.assignments.rules import SignUpMode
from volunteers.assignments.sign_ups.disruptions import WouldClash, reschedule
from volunteers.assignments.sign_ups.jobs import release_uncovered_seats
from volunteers.assignments.sign_ups.queries import why_not
from volunteers.assignments.sign_ups.rules import Origin, TrainingMissing
from volunteers.assignments.sign_ups.service import Wanted, sign_up, sign_up_many
from volunteers.dispatch.engine.eligibility import qualification_refusal
from volunteers.dispatch.week import read_instance
from volunteers.people.trainings import queries, service
from volunteers.people.trainings.rules import (
    ReasonForRevoking,
)


async def test_without_it_every_path_to_the_seat_is_closed(staff: Principal) -> None:
    reference = await a_training(staff)
    [(person_id, me)] = await world.volunteers(1)
    shift = await gated(reference)
    wish = Wanted(shift.position_ids[0], person_id)
    with pytest.raises(TrainingMissing):
        await sign_up(me, shift.position_ids[0])
    coordinator = await world.officer(Role.COORDINATOR)
    for origin in (Origin.DISPATCH, Origin.IMPORT):
        assert isinstance((await sign_up_many(coordinator, [wish], origin)).refused[wish], TrainingMissing)
    asked = await gated(reference, sign_up_mode=SignUpMode.REQUEST)
    with pytest.raises(TrainingMissing):
        await requests.ask(me, asked.position_ids[0], "")
    for path in ("self", "dispatch", "import"):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(
                """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
                   SELECT $1, id, $2, starts, ends, 'confirmed', $4, now() FROM assignment WHERE id = $3""",
                *(shift.position_ids[0], person_id, shift.id, path),
            )
        assert refusal.value.constraint_name == "sign_up_training"


async def test_with_it_the_seat_is_open_and_why_not_said_where_to_take_it(staff: Principal) -> None:
    first, second = await a_training(staff), await a_training(staff, title_zh="未成年人保护")
    [person] = await world.volunteers(1)
    shift = await gated(first, second)
    [answer] = await why_not(person[1], shift.reference)
    assert [one.reference for one in answer.trainings] == [first, second]
    async with client(person[1]) as http:
        shown = (await http.get(f"/assignments/{shift.reference}")).text
    assert f'href="/trainings/{first}"' in shown
    assert "需要先完成培训：上岗培训、未成年人保护" in shown
    await completed(staff, first, [person], clock.today())
    assert [one.reference for one in (await why_not(person[1], shift.reference))[0].trainings] == [second]
    await completed(staff, second, [person], clock.today())
    await sign_up(person[1], shift.position_ids[0])
    assert "培训“%(title)s”已记为完成，可以报需要它的任务了。" in await notices(person[1])


@pytest.mark.parametrize(("months", "ago", "fits"), [(None, 3000, True), (1, 1, True), (1, 33, False), (12, 340, True)])
async def test_it_counts_for_so_many_months_and_on_the_day_of_service(
    staff: Principal, months: int | None, ago: int, fits: bool
) -> None:
    reference = await a_training(staff, valid_months=months)
    [person] = await world.volunteers(1)
    await completed(staff, reference, [person], MONDAY - ago * DAY if ago > 7 else clock.today())
    shift = await gated(reference)
    if fits:
        await sign_up(person[1], shift.position_ids[0])
    else:
        with pytest.raises(TrainingMissing):
            await sign_up(person[1], shift.position_ids[0])


async def test_the_list_and_the_plan_leave_out_who_lacks_it(staff: Principal) -> None:
    reference = await a_training(staff, valid_months=1)
    people = await world.volunteers(2)
    shift = await gated(reference)
    await completed(staff, reference, people[:1], clock.today())
    found = [
        [row.reference for row in await open_assignments(AssignmentFilter(person_id=person_id, eligible=True))]
        for person_id, _ in people
    ]
    assert found == [[shift.reference], []]
    instance = await read_instance("330106", MONDAY)
    by_id = {one.id: one for one in instance.volunteers}
    [planned] = [one for one in instance.shifts if one.id == str(shift.id)]
    refusals = [qualification_refusal(by_id[str(found)], planned, planned.positions[0]) for found, _ in people]
    assert refusals == [None, "skill"]
    later = await read_instance("330106", MONDAY + 42 * DAY)
    assert not any(skill.startswith("training:") for one in later.volunteers for skill in one.skills)


async def test_a_training_taken_back_gives_the_seat_to_others_and_says_why(staff: Principal) -> None:
    reference = await a_training(staff)
    [person] = await world.volunteers(1)
    await completed(staff, reference, [person], clock.today())
    shift = await gated(reference)
    await sign_up(person[1], shift.position_ids[0])
    assert (await release_uncovered_seats(clock.now()))["released"] == 0
    [done] = await queries.trainees(staff, reference, "", completed=True)
    assert done.completion is not None
    with pytest.raises(ReasonForRevoking):
        await service.revoke_completion(staff, done.completion, " ")
    await service.revoke_completion(staff, done.completion, "not on the list of those present")
    assert (await release_uncovered_seats(clock.now()))["released"] == 1
    assert await statuses(shift) == [("released", "training")]
    assert "%(starts)s 的“%(title)s”少了一位%(role)s（%(reason)s）：%(cover)s。" in await notices(staff)
    assert len(await notices(person[1])) == 3  # completed, taken back, the seat


async def test_a_seat_asks_for_more_only_while_everybody_on_it_has_it(staff: Principal) -> None:
    reference = await a_training(staff)
    [person] = await world.volunteers(1)
    shift = await gated()
    await sign_up(person[1], shift.position_ids[0])
    change = "UPDATE position SET trainings_all = ARRAY[$2] WHERE id = $1"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(change, shift.position_ids[0], reference)
    assert refusal.value.constraint_name == "sign_up_training"
    await completed(staff, reference, [person], clock.today())
    await database.execute(change, shift.position_ids[0], reference)


async def test_a_shift_does_not_move_beyond_what_the_training_covers(staff: Principal) -> None:
    reference = await a_training(staff, valid_months=1)
    [person] = await world.volunteers(1)
    await completed(staff, reference, [person], clock.today())
    shift = await gated(reference)
    await sign_up(person[1], shift.position_ids[0])
    starts = world.MONDAY + 60 * DAY
    with pytest.raises(WouldClash):
        await reschedule(await world.officer(Role.COORDINATOR), shift.reference, starts, starts + timedelta(hours=2))
