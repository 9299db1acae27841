"""The pages and endpoints of dispatch: who sees them, what they say, what a refusal looks like."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.composition import compose, role_map
from app.core import clock, database
from app.core.access import ANONYMOUS, Principal, Role
from app.web.i18n import speaking, translate
from app.web.templates import environment
from app.web.workbench import waiting_for
from tests.app.web.client import client, somebody, whole_application
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.dispatch import service
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.results import Outcome
from volunteers.dispatch.rules import RunStatus
from volunteers.dispatch.solver_process import SolverFailed
from volunteers.dispatch.solving import service as solving
from volunteers.dispatch.tags import OUTCOME_TAGS, REASON_NAMES, RUN_TAGS
from volunteers.people.rules import Window

MONDAY = clock.local(world.MONDAY).date()
SECONDS = 1
ALWAYS = tuple(Window(day, 0, 1440) for day in range(7))


async def planned(*, solved: bool = True) -> tuple[Principal, UUID]:
    """Plan a week of two people: one shift they fill, one for a lawyer whom nobody is."""
    compose()
    whole_application()
    await world.people([world.profile(name=name, availability=ALWAYS) for name in ("赵一", "钱二")])
    lawyer = PositionDraft("律师", credentials_any=("lawyer",))
    await world.publish(
        await world.draft(title_zh="村里的讲座", positions=(PositionDraft("志愿者", 2, 1),)),
        await world.draft(hours=57, title_zh="没有律师的咨询", positions=(lawyer,), green=True),
    )
    planner = await world.officer(Role.COORDINATOR, world.TOWN)
    run = await service.plan_week(planner, world.TOWN, MONDAY, SECONDS)
    if solved:
        assert await solving.solve_run(run) is RunStatus.SOLVED
    return planner, run


def pages(run: UUID) -> list[str]:
    """Return every page and endpoint that reads."""
    endpoint = f"/api/v1/dispatch/runs/{run}"
    return [
        *("/dispatch", f"/dispatch/{run}", f"/dispatch/{run}/people", f"/dispatch/{run}/export"),
        *("/api/v1/dispatch/runs", endpoint, f"{endpoint}/gaps", f"{endpoint}/proposals", f"{endpoint}/export"),
    ]


async def test_only_coordinators_of_the_place_see_plans(db: None) -> None:
    _, run = await planned()
    for role in Role:
        async with client(somebody(*role_map()[role], place=world.TOWN)) as http:
            answers = {path: (await http.get(path)).status_code for path in pages(run)}
        assert set(answers.values()) == {200 if role is Role.COORDINATOR else 403}, (role, answers)
    async with client(ANONYMOUS) as http:
        assert {(await http.get(path)).status_code for path in pages(run)} <= {303, 401}


async def test_a_coordinator_of_another_district_sees_nothing_of_it(db: None) -> None:
    _, run = await planned()
    async with client(await world.officer(Role.COORDINATOR, "330127")) as http:
        assert "千" not in (await http.get("/dispatch")).text.split("最近的计划")[1].split("</section>")[0]
        of_the_run = [path for path in pages(run) if str(run) in path]
        assert {(await http.get(path)).status_code for path in of_the_run} == {404}
        asked = {"place": world.TOWN, "week": MONDAY.isoformat(), "seconds": "10"}
        assert (await http.post("/dispatch", data=asked)).status_code == 403
        assert (await http.post(f"/dispatch/{run}/publication")).status_code == 403
    assert await database.fetch_value("SELECT status FROM dispatch_run") == "solved"


async def test_a_plan_says_how_many_seats_are_filled_and_why_others_are_not(db: None) -> None:
    planner, run = await planned()
    async with client(planner) as http:
        page = (await http.get(f"/dispatch/{run}")).text
        english = (await http.get(f"/dispatch/{run}?lang=en")).text
        people = (await http.get(f"/dispatch/{run}/people")).text
    assert "3 个名额里 2 个有人；1 个班开不成，在 1 个地方，其中绿色通道 1 个" in page
    assert "看了 2 人，都没有这个岗位要求的有效证件。" in page
    assert "没有律师的咨询" in page
    assert "2 of 3 places filled; 1 shift cannot take place, at 1 place, 1 of the green channel" in english
    assert "2 people" in english
    assert ("赵一" in people, "钱二" in people, "没有律师的咨询" in people) == (True, True, False)


async def test_people_are_filtered_by_day_name_and_place(db: None) -> None:
    planner, run = await planned()
    async with client(planner) as http:

        async def shown(**query: str) -> tuple[bool, bool]:
            text = (await http.get(f"/dispatch/{run}/people", params=query)).text
            return "赵一" in text, "钱二" in text

        assert await shown(day=MONDAY.isoformat()) == (True, True)
        assert await shown(day=(MONDAY + timedelta(days=1)).isoformat()) == (False, False)
        assert await shown(q="赵") == (True, False)
        assert await shown(place="330127") == (False, False)
        assert (await http.get(f"/dispatch/{run}/people", params={"day": "never"})).status_code == 422


async def test_a_plan_is_asked_for_followed_and_published_on_the_pages(db: None) -> None:
    planner, run = await planned(solved=False)
    async with client(planner) as http:
        asked = {"place": world.TOWN, "week": (MONDAY + timedelta(days=3)).isoformat(), "seconds": "10"}
        assert (await http.post("/dispatch", data=asked)).headers["location"] == f"/dispatch/{run}"
        waiting = await http.get(f"/dispatch/{run}")
        assert 'id="progress"' in waiting.text
        assert "http-equiv" in waiting.text
        assert (await http.post(f"/dispatch/{run}/publication")).status_code == 409
        await solving.solve_run(run)
        polled = await http.get(f"/dispatch/{run}", headers={"hx-request": "true", "hx-target": "progress"})
        assert polled.headers["hx-refresh"] == "true"
        assert "发布这个计划？" not in (await http.get(f"/dispatch/{run}")).text
        assert (await http.post(f"/dispatch/{run}/approval")).status_code == 303
        assert "发布这个计划？" in (await http.get(f"/dispatch/{run}")).text
        assert [row.action.path for row in await waiting_for(planner)] == [f"/dispatch/{run}"]
        assert (await http.post(f"/dispatch/{run}/publication")).status_code == 303
        after = (await http.get(f"/dispatch/{run}")).text
        assert "邀请 2 人次" in after
        assert "发布这个计划？" not in after
        assert (await http.post(f"/dispatch/{run}/publication")).status_code == 409
    assert await waiting_for(planner) == []
    assert await database.fetch_value("SELECT count(*) FROM sign_up WHERE live") == 2


async def test_a_refused_form_is_shown_again_with_what_is_wrong(db: None) -> None:
    planner, _ = await planned(solved=False)
    async with client(planner) as http:
        empty = await http.post("/dispatch", data={"place": "", "week": "", "seconds": "0"})
        assert empty.status_code == 422
        assert empty.text.count('class="error"') == 3
        past = await http.post("/dispatch", data={"place": world.TOWN, "week": "2020-01-06", "seconds": "10"})
        assert past.status_code == 409
        assert "这一周已经结束" in past.text


async def test_a_failed_run_says_so_and_offers_another(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    planner, run = await planned(solved=False)

    async def fail(*_: object) -> None:
        raise SolverFailed("out of memory")

    monkeypatch.setattr(solving.solver_process, "solve", fail)
    with pytest.raises(solving.SolverDidNotFinish):
        await solving.solve_run(run)
    async with client(planner) as http:
        page = await http.get(f"/dispatch/{run}")
    assert page.status_code == 200
    assert "这次没有算出计划" in page.text
    assert f'name="week" value="{MONDAY.isoformat()}"' in page.text


async def test_a_program_asks_for_a_plan_reads_and_publishes_it(db: None) -> None:
    planner, run = await planned(solved=False)
    runs = "/api/v1/dispatch/runs"
    async with client(planner) as http:
        http.headers["accept"] = "application/json"
        created = await http.post(runs, json={"place": world.TOWN, "week": MONDAY.isoformat(), "seconds": 10})
        assert (created.status_code, created.json()["id"], created.json()["status"]) == (201, str(run), "queued")
        await solving.solve_run(run)
        shown = (await http.get(f"{runs}/{run}")).json()
        assert (shown["seats"], shown["people"], shown["run"]["vector"][0]) == (2, 2, 1)
        (gap,) = (await http.get(f"{runs}/{run}/gaps")).json()["items"]
        assert (gap["reason"], gap["refusals"], gap["green"]) == ("credential", {"credential": 2}, True)
        first = (await http.get(f"{runs}/{run}/proposals", params={"limit": 1})).json()
        rest = (await http.get(f"{runs}/{run}/proposals", params={"cursor": first["next_cursor"]})).json()
        assert {row["name"] for row in first["items"] + rest["items"]} == {"赵一", "钱二"}
        assert rest["next_cursor"] is None
        assert (await http.post(f"{runs}/{run}/publication")).status_code == 409
        approved = await http.post(f"{runs}/{run}/approval")
        assert (approved.status_code, approved.json()["status"]) == (200, "approved")
        done = await http.post(f"{runs}/{run}/publication")
        assert (done.status_code, done.json()) == (200, {"sent": 2, "kept": 0, "refused": 0, "asked": True})
        again = await http.post(f"{runs}/{run}/publication")
        assert again.headers["content-type"] == "application/problem+json"
        assert again.status_code == 409


async def test_a_program_is_refused_in_plain_terms(db: None) -> None:
    planner, _ = await planned(solved=False)
    runs = "/api/v1/dispatch/runs"
    async with client(planner) as http:
        http.headers["accept"] = "application/json"
        wrong = {"place": "the town", "week": MONDAY.isoformat(), "seconds": 10}
        assert (await http.post(runs, json=wrong)).status_code in (400, 422)
        assert (await http.post(runs, json={**wrong, "place": world.TOWN, "seconds": 10**6})).status_code in (400, 422)
        assert (await http.post(runs, json={**wrong, "place": "330106999"})).status_code == 403
        past = await http.post(runs, json={**wrong, "place": world.TOWN, "week": "2020-01-06"})
        assert (past.status_code, past.json()["code"]) == (409, "week_has_passed")
        assert (await http.get(f"{runs}/{uuid4()}")).status_code == 404
        assert (await http.get(runs, params={"cursor": "x"})).status_code == 400


async def test_no_sequential_id_of_a_person_or_a_run_leaves_the_server(db: None) -> None:
    planner, run = await planned()
    async with client(planner) as http:
        for path in pages(run)[3:]:
            text = (await http.get(path)).text
            assert '"id":' not in text.replace(f'"id":"{run}"', "")
            assert '"person_id"' not in text


@pytest.mark.parametrize("reason", Refusal)
def test_every_reason_is_a_sentence_in_both_languages(reason: Refusal) -> None:
    why = environment().get_template("volunteers/dispatch/parts.html").module.why
    said = {}
    for language in ("zh", "en"):
        with speaking(language):
            one, many = (str(why(reason.value, {reason.value: count})).strip() for count in (1, 37))
            assert one.endswith(("。", "."))
            assert "37" in many
            said[language] = many, translate(REASON_NAMES[reason])
    assert said["zh"] != said["en"]
    assert said["en"][0].isascii()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_at_all_is_said_too(language: str) -> None:
    why = environment().get_template("volunteers/dispatch/parts.html").module.why
    with speaking(language):
        assert str(why(Refusal.AVAILABILITY.value, {})).strip()


def test_every_state_and_outcome_has_a_tag() -> None:
    assert set(RUN_TAGS) == set(RunStatus)
    assert set(OUTCOME_TAGS) == set(Outcome)
