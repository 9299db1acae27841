"""Files for the tests of imports."""

from datetime import timedelta
from uuid import UUID

from app.core import clock
from app.core.access import Principal
from app.imports import queries, service
from app.imports.queries import ImportView
from tests.volunteers import world

HEADER = "任务序号,任务名称,做什么,站点,日期,开始,结束,待遇,岗位,人数,最少人数,需要的证件,草稿"
DAY = clock.local(world.MONDAY).date()


def row(number: int = 1, *, group: str = "", title: str = "讲座", kind: str = "普法讲座", **cells: object) -> str:
    """Return one row; the number moves it in time so that no two are the same."""
    day = DAY + timedelta(days=number % 28)
    given = {
        **{"group": group, "title": f"{title} {number}", "kind": kind, "station": "", "date": day.isoformat()},
        **{"start": "09:00", "end": "11:00", "pay": "无偿", "role": "讲师", "capacity": "2", "minimum": ""},
        **{"credentials": "", "draft": "", **cells},
    }
    return ",".join(str(value) for value in given.values())


def file(*rows: str, header: str = HEADER) -> bytes:
    """Return rows below their header."""
    return "\n".join((header, *rows, "")).encode()


async def handed_in(principal: Principal, content: bytes, kind: str = "assignments") -> UUID:
    """Hand a file in."""
    return await service.begin(principal, kind, "list.csv", content)


async def report(principal: Principal, content: bytes, kind: str = "assignments") -> ImportView:
    """Hand a file in and return the report on it."""
    return await queries.import_view(principal, await handed_in(principal, content, kind))


def said(view: ImportView) -> dict[int, str]:
    """Return what is wrong by row number, in Chinese."""
    from app.web.i18n import translate

    return {bad.number: " ".join(translate(problem) for problem in bad.problems) for bad in view.bad_rows}
