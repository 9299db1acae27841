"""Travel times from a file: one way a row, as a map service or somebody who drives it says."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.imports.cells import Cells, Column
from app.imports.importers import Importer, Tick
from volunteers.dispatch.travel.rules import LONGEST_MINUTES, Way
from volunteers.dispatch.travel.service import state_ways

COLUMNS = (
    Column("from", N_("从（区划代码）"), required=True, example="330127100203", hint=N_("乡镇 9 位，村社 12 位")),
    Column("to", N_("到（区划代码）"), required=True, example="330127101201"),
    Column("minutes", N_("分钟"), required=True, example="55", hint=N_("1 到 600；填 0 就改回按距离估算")),
    Column("both", N_("来回都算"), example=N_("是"), hint=N_("不填就是来回一样")),
)
_PLACES = "SELECT code, id FROM place WHERE code = ANY ($1)"


async def check(principal: Principal, rows: Sequence[Cells], tick: Tick) -> Mapping[int, Way]:
    """Return each row's way; what is wrong with a row is written into its own faults."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    named = [cells.text(key) for cells in rows for key in ("from", "to")]
    places = {row["code"]: row["id"] for row in await database.fetch(_PLACES, named)}
    found: dict[int, Way] = {}
    first_rows: dict[tuple[int, int], int] = {}
    for cells in rows:
        here, there = cells.text("from"), cells.text("to")
        for key, code in (("from", here), ("to", there)):
            if code and code not in places:
                cells.refuse(key, Message(N_("没有这个代码的地方。")))
        if here and here == there:
            cells.refuse("to", Message(N_("两头是同一个地方，不用填。")))
        if not scope.covers_place(here) and not scope.covers_place(there):
            cells.refuse("from", Message(N_("两头都不在你负责的范围里。")))
        way = Way(places.get(here, 0), places.get(there, 0), _minutes(cells), cells.yes("both", default=True))
        for pair in way.directions():
            earlier = first_rows.setdefault(pair, cells.number)
            if earlier != cells.number:
                cells.refuse("to", Message(N_("第 %(row)s 行已经写过这条路。"), {"row": earlier}))
        if not cells.faults:
            found[cells.number] = way
    await tick(len(rows))
    return found


async def store(principal: Principal, values: Mapping[int, Any], only_good: bool) -> Mapping[int, Message]:
    """Keep them all."""
    del only_good
    await state_ways(principal, values.values())
    return {}


def _minutes(cells: Cells) -> int:
    return cells.whole("minutes", 0, LONGEST_MINUTES, 0)


IMPORTER = Importer(
    kind="travel-times",
    title=N_("导入路上时间"),
    lede=N_("知道从一个地方到另一个地方要走多久，就一行写一条；没写的按距离估算。"),
    permission=Permission.DISPATCH_PLAN,
    columns=COLUMNS,
    check=check,
    store=store,
    done="/dispatch/travel",
)
