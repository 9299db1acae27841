"""The operator's page, and the public list of the audit chain's heads."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.operations import queries, service, status, words
from app.web.components import Action, Waiting
from app.web.guards import CurrentPrincipal, public, requires
from app.web.navigation import NavItem
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from app.web.routes import html


@get("/operations", guards=[requires(Permission.JOBS_OPERATE)])
async def show_operations() -> Response[str]:
    """Show last and next runs, failures, heartbeat, queue and the audit chain's tail."""
    return await page("app/operations/status.html", state=await status.look(clock.now()), words=words)


@post("/operations/jobs/{name:str}/run", guards=[requires(Permission.JOBS_OPERATE)])
async def run_job(name: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Run a job once more, now."""
    await service.ask_for(principal, status.job_named(name))
    return see_other("/operations", N_("已排入队列：%(name)s。"), name=name)


@get("/audit/heads", guards=[public])
async def show_heads(cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the heads of the audit chain that were published each day, so that anybody can keep one."""
    rows = await queries.heads(decode_cursor(cursor, int), PAGE + 1)
    return await page("app/operations/heads.html", part=sliced(rows, key=lambda head: head.number))


async def waiting_operations(principal: Principal) -> list[Waiting]:
    """Tell an operator's workbench when something does not run as it should."""
    if not principal.can(Permission.JOBS_OPERATE):
        return []
    state = await status.look(clock.now())
    if state.healthy:
        return []
    title = N_("后台任务需要处理") if state.alive else N_("没有工作进程在运行")
    detail = Message(N_("最近失败或中断 %(n)s 次。"), {"n": len(state.failures)})
    return [Waiting(words.UNHEALTHY, title, detail, Action(N_("查看"), "/operations"))]


ROUTE_HANDLERS = [html(show_operations, run_job, show_heads)]
NAV = [
    NavItem(N_("运行状态"), "/operations", frozenset({Permission.JOBS_OPERATE}), group="work", icon="hourglass-split"),
    NavItem(N_("审计链公示"), "/audit/heads", group="footer"),
]
