"""Pairings from a file: the register that a bureau has in a spreadsheet, one village a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.imports.cells import Cells, Column
from app.imports.importers import Importer, Tick
from volunteers.pairings import circumstances
from volunteers.pairings.rules import KIND_NAMES, PairingDraft, PairingKind
from volunteers.pairings.service import propose_within

COLUMNS = (
    Column("place", N_("村社区划代码"), required=True, example="330106109001", hint=N_("12 位统计用区划代码")),
    Column("kind", N_("结对做什么"), example=N_("法律顾问"), hint=N_("不填是法律顾问")),
    Column(
        "party", N_("执业证号或统一社会信用代码"), required=True, hint=N_("人填证件编号，单位填 18 位统一社会信用代码")
    ),
    Column("from_day", N_("开始日期"), required=True, example="2026-12-01"),
    Column("until_day", N_("结束日期"), required=True, example="2027-11-30"),
    Column("signed", N_("已签协议"), example=N_("是"), hint=N_("填“是”就马上生效；不填就先请对方同意")),
)
_PLACES = "SELECT id, code FROM place WHERE code = ANY ($1) AND level = 'village'"
_PEOPLE = """
SELECT c.number, c.kind, c.person_id FROM credential c
WHERE c.number = ANY ($1) AND c.verified_at IS NOT NULL ORDER BY c.id
"""
_FIRMS = "SELECT id, uscc FROM organization WHERE uscc = ANY ($1)"


async def check(principal: Principal, rows: Sequence[Cells], tick: Tick) -> Mapping[int, PairingDraft]:
    """Return each row's pairing; what is wrong with a row is written into its own faults."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    places = {row["code"]: row["id"] for row in await database.fetch(_PLACES, [cells.text("place") for cells in rows])}
    named = [cells.text("party").upper() for cells in rows]
    people = {row["number"].upper(): row["person_id"] for row in await database.fetch(_PEOPLE, _spellings(rows, named))}
    firms = {row["uscc"]: row["id"] for row in await database.fetch(_FIRMS, named)}
    drafts: list[tuple[Cells, PairingDraft]] = []
    for cells, party in zip(rows, named, strict=True):
        code = cells.text("place")
        if code and (code not in places or not scope.covers_place(code)):
            cells.refuse("place", Message(N_("你负责的范围里没有这个代码的村社。")))
        if party and party not in people and party not in firms:
            cells.refuse("party", Message(N_("没有这个编号的已核验证件，也没有这个代码的单位。")))
        draft = _draft(cells, places.get(code, 0), people.get(party), firms.get(party))
        if draft is not None:
            drafts.append((cells, draft))
    await _judge(drafts)
    await tick(len(rows))
    return {cells.number: draft for cells, draft in drafts if not cells.faults}


async def store(principal: Principal, values: Mapping[int, Any], only_good: bool) -> Mapping[int, Message]:
    """Propose them all; what somebody else was faster with is left out and named."""
    numbers = list(values)
    done = await propose_within(principal, [values[number] for number in numbers])
    if done.refused and not only_good:
        raise next(iter(done.refused.values()))
    return {numbers[place]: refusal.text() for place, refusal in done.refused.items()}


def _draft(cells: Cells, place_id: int, person_id: int | None, firm_id: int | None) -> PairingDraft | None:
    kind = cells.choice("kind", KIND_NAMES, PairingKind.ADVISER)
    first, last, signed = cells.day("from_day"), cells.day("until_day"), cells.yes("signed")
    if cells.faults or kind is None or first is None or last is None:
        return None
    return PairingDraft(place_id, kind, first, last, person_id, firm_id if person_id is None else None, signed)


async def _judge(drafts: Sequence[tuple[Cells, PairingDraft]]) -> None:
    if not drafts:
        return
    stated = [draft for _, draft in drafts]
    _, refused = circumstances.judged(stated, await circumstances.of(stated), clock.today())
    for number, refusal in refused.items():
        drafts[number][0].refuse("place", refusal.text())


def _spellings(rows: Sequence[Cells], upper: Sequence[str]) -> list[str]:
    return [*upper, *(cells.text("party") for cells in rows)]


IMPORTER = Importer(
    kind="pairings",
    title=N_("导入结对"),
    lede=N_("一行一个村社。已签协议的马上生效，其余的先请对方同意。"),
    permission=Permission.DISPATCH_PLAN,
    columns=COLUMNS,
    check=check,
    store=store,
    done="/pairings",
)
