"""Every component on one page, /_components, for whoever writes pages and for the browser test; not in production."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post

from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_, Message
from app.web import map_svg
from app.web.components import Action, Chart, Crumb, Moment, Series, Tag, Waiting
from app.web.fields import LongText, Yuan
from app.web.forms import Form
from app.web.guards import public
from app.web.pages import page, see_other


class Sample(StrEnum):
    """A choice."""

    FIRST = "first"
    SECOND = "second"


class SampleForm(msgspec.Struct):
    """One field of each kind."""

    title: Annotated[str, msgspec.Meta(max_length=40)]
    amount: Yuan
    count: Annotated[int, msgspec.Meta(ge=1, le=10)]
    choice: Sample
    on: date
    at: datetime | None = None
    text: LongText = ""
    choices: list[Sample] = []
    agreed: bool = False


CHOICES = {Sample.FIRST: N_("甲"), Sample.SECOND: N_("乙")}
TAGS = {
    "need": Tag("need", N_("需要你")),
    "wait": Tag("wait", N_("等待中")),
    "done": Tag("done", N_("已完成")),
    "info": Tag("info", N_("进行中")),
    "off": Tag("off", N_("未开始")),
}


@get("/_components", guards=[public])
async def components() -> Response[str]:
    """Show every component."""
    return await _gallery(Form.empty(SampleForm, count=1))


@post("/_components", guards=[public])
async def submit(request: Request[Any, Any, Any]) -> Response[Any]:
    """Read the sample form, and show it again with what is wrong."""
    form = await Form.read(request, SampleForm)
    try:
        sample = form.value
    except DomainError as refusal:
        return await _gallery(form.refused(refusal))
    return see_other("/_components", N_("已收到：%(title)s"), title=sample.title)


@get("/_components/failure", guards=[public])
async def fail() -> Response[str]:
    """Fail as a program fails, to see what a visitor sees."""
    raise RuntimeError("a secret that must not leave the server: 13800000000")


async def _gallery(form: Form[Any]) -> Response[str]:
    now = clock.now()
    return await page(
        "app/components.html",
        form=form,
        choices=CHOICES,
        tags=TAGS,
        crumbs=[Crumb(N_("首页"), "/"), Crumb(N_("组件"))],
        rows=[{"name": f"No. {number}", "fen": number * 123_450, "at": now, "tag": tag}
              for number, tag in enumerate(TAGS.values(), start=1)],
        waiting=_waiting(now),
        moments=_timeline(now),
        chart_value=Chart(
            "stacked",
            N_("每月完成"),
            ["2026-07", "2026-08", "2026-09", "2026-10"],
            [Series(N_("甲"), [12, 18, 9, 21]), Series(N_("乙"), [3, 6, 8, 2])],
            unit=N_("场"),
        ),
        picture=map_svg.sample(),
    )  # fmt: skip


def _waiting(now: datetime) -> list[Waiting]:
    title, look = N_("一件事需要你处理"), N_("查看")
    return [
        Waiting(
            TAGS["need"], title, N_("今天 17:00 前处理，逾期会自动转给上级。"), Action(N_("处理"), "#", post=False), now
        ),
        Waiting(TAGS["wait"], title, Message(N_("已等待 %(days)s 天"), {"days": 2}), Action(look, "#")),
        Waiting(TAGS["done"], title, N_("没有问题。"), Action(look, "#")),
    ]


def _timeline(now: datetime) -> list[Moment]:
    return [
        Moment(N_("提交"), now - timedelta(days=3), "done", actor="A"),
        Moment(N_("审核"), now - timedelta(days=1), "need", N_("有内容需要修改，请看标出的位置。"), "B"),
        Moment(N_("公布")),
    ]
