"""A run's page and endpoints say why it was made, what is proven of it, and how the search went."""

from uuid import UUID

import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal
from app.web.i18n import speaking, translate
from tests.app.web.client import client, whole_application
from tests.volunteers.dispatch import small
from volunteers.dispatch import jobs, service
from volunteers.dispatch.record.queries import Step
from volunteers.dispatch.record.words import ENDINGS, KIND_NAMES, MOST_POINTS, log_chart, proofs
from volunteers.dispatch.rules import RunKind
from volunteers.dispatch.solver_process import Progress
from volunteers.dispatch.solving import service as solving
from volunteers.dispatch.solving.log import Log

VECTOR, NOTHING = (1, 2, 3, 40, 0, 1000), [None] * 6


async def planned() -> tuple[Principal, UUID]:
    """Solve a week of two shifts and one person."""
    compose()
    whole_application()
    await small.people(1)
    await small.shifts(9, 10)
    coordinator = await small.planner()
    return coordinator, await small.solved(coordinator)


def said(bounds: list[int | None], language: str = "zh") -> list[str]:
    """Return the words about each level."""
    with speaking(language):
        return [translate(proof.said) for proof in proofs(VECTOR, bounds)]


def test_each_level_is_proved_best_or_at_most_so_much_better_or_not_proved() -> None:
    assert said([1, 0, 3, 38, None, 990]) == [
        *("已证明最好", "最多还能少 2", "已证明最好", "最多还能少 2", "还能不能更好，没有证明"),
        "最多还能轻 1.0%",
    ]
    assert said([1, 0, None, None, None, 990], "en")[:3] == ["proved best", "at most 2 fewer possible", "not proved"]
    assert said([]) == said(NOTHING) == ["还能不能更好，没有证明"] * 6


def test_a_long_search_is_drawn_with_its_first_and_last_plan() -> None:
    steps = [Step(number, "search", [0, 0, 0, 500 - number, 0, 0], [], 100 * number) for number in range(1, 301)]
    chart = log_chart(steps)
    assert len(chart.categories) == MOST_POINTS
    assert (chart.series[0].values[0], chart.series[0].values[-1]) == (499, 200)
    assert log_chart(steps[:3]).categories == ["0.1", "0.2", "0.3"]


def test_every_kind_and_every_ending_has_words() -> None:
    assert set(KIND_NAMES) == set(RunKind)
    assert set(ENDINGS) == {"optimal", "work_limit", "time_limit", "stopped"}


async def test_the_page_says_what_is_proven_and_where_the_plan_comes_from(db: None) -> None:
    coordinator, run = await planned()
    async with client(coordinator) as http:
        page = (await http.get(f"/dispatch/{run}")).text
        listed = (await http.get("/dispatch")).text
        english = (await http.get(f"/dispatch/{run}?lang=en")).text
    assert page.count("已证明最好") == 6
    assert "已证明：没有更好的计划。" in page
    assert "data-chart" in page
    assert "保留到" in page
    assert "60 秒" not in page  # asked for with one second
    assert english.count("proved best") == 6
    assert "By hand" in english
    assert "手动" in listed


async def test_after_the_input_is_gone_the_page_says_so(db: None) -> None:
    coordinator, run = await planned()
    await database.execute("DELETE FROM dispatch_input")
    async with client(coordinator) as http:
        assert "已按规定删除" in (await http.get(f"/dispatch/{run}")).text


async def test_while_it_is_solved_the_page_shows_the_best_plan_so_far(db: None) -> None:
    compose()
    whole_application()
    coordinator = await small.planner()
    run = await service.plan_week(coordinator, small.world.TOWN, small.MONDAY, 5)
    begun = await solving._start(run)
    assert begun is not None
    log = Log(begun[0]["id"], begun[1], solving.silent)
    log.follow(Progress("greedy", (0, 0, 0, 7, 0, 9), 0.1))
    await log.beat()
    async with client(coordinator) as http:
        assert "目前最好：绿色通道都有人，每班都开得成，空位 7 个。" in (await http.get(f"/dispatch/{run}")).text


async def test_a_replan_names_the_plan_that_it_continues_and_says_when_nothing_is_new(db: None) -> None:
    coordinator, run = await planned()
    await small.publish(coordinator, run)
    await small.shifts(33)
    again = await small.solved(coordinator)
    async with client(coordinator) as http:
        assert f'href="/dispatch/{run}"' in (await http.get(f"/dispatch/{again}")).text
    await small.publish(coordinator, again)
    nothing = await database.fetch_value(
        """INSERT INTO dispatch_run
               (place_id, week_start, kind, parent_id, previous_id, status, time_limit_s, created_at)
           SELECT place_id, week_start, 'nightly', id, id, 'queued', 1, now() FROM dispatch_run WHERE public_id = $1
           RETURNING public_id""",
        again,
    )
    await jobs.solve_waiting_runs(clock.now())
    async with client(coordinator) as http:
        page = (await http.get(f"/dispatch/{nothing}")).text
        assert "没有要改的" in page
        assert "系统定时" in page
        assert "发布这个计划？" not in page


async def test_programs_read_the_record_and_follow_the_log(db: None) -> None:
    coordinator, run = await planned()
    async with client(coordinator) as http:
        http.headers["accept"] = "application/json"
        record = (await http.get(f"/api/v1/dispatch/runs/{run}/record")).json()
        shown = (await http.get(f"/api/v1/dispatch/runs/{run}")).json()["run"]
        assert (record["kind"], shown["kind"], record["solver_status"]) == ("by_hand", "by_hand", "optimal")
        assert record["bounds"] == shown["vector"]
        assert (record["settings"]["time_limit_s"], record["input_kept"], record["previous"]) == (1, True, None)
        assert len(record["input_sha256"]) == 64
        first = (await http.get(f"/api/v1/dispatch/runs/{run}/log", params={"limit": 1})).json()
        rest = (await http.get(f"/api/v1/dispatch/runs/{run}/log", params={"cursor": first["next_cursor"]})).json()
        assert [step["number"] for step in first["items"] + rest["items"]] == list(range(1, len(rest["items"]) + 2))
        assert (first["items"][0]["stage"], rest["items"][-1]["vector"]) == ("greedy", shown["vector"])
    async with client(await small.planner("330127")) as http:
        for path in ("record", "log"):
            assert (await http.get(f"/api/v1/dispatch/runs/{run}/{path}")).status_code == 404


@pytest.mark.parametrize("kind", [RunKind.NIGHTLY, RunKind.CANCELLATION, RunKind.WEEKLY])
async def test_the_workbench_says_why_there_is_a_plan_to_publish(db: None, kind: RunKind) -> None:
    coordinator, run = await planned()
    await database.execute(
        """INSERT INTO dispatch_run (place_id, week_start, kind, status, time_limit_s, created_at)
           SELECT place_id, week_start, $2, 'queued', 1, now() FROM dispatch_run WHERE public_id = $1""",
        *(run, kind),
    )
    await jobs.solve_waiting_runs(clock.now())
    words = {"nightly": "情况有变", "cancellation": "有人退出", "weekly": "已经算好"}
    async with client(coordinator) as http:
        assert words[kind] in (await http.get("/workbench")).text
