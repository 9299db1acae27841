"""Closed cases from a file: an agency's register of a quarter, one case or stage a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.imports.cells import Cells, Column
from app.imports.importers import Importer, Tick
from procurement.claims.cases import rules
from procurement.claims.cases.queries import providers, recorded_among
from procurement.claims.cases.rules import CaseDraft, Outcome, Stage
from procurement.claims.cases.service import record_within

COLUMNS = (
    Column("item", N_("案件类别"), required=True, example=N_("人民调解")),
    Column("agency_zh", N_("机构"), required=True, example="清波街道人民调解委员会"),
    Column("matter", N_("案号"), required=True, example="清调〔2026〕31号"),
    Column("licence", N_("承办人证号"), required=True, hint=N_("已核验证件的编号")),
    Column("district", N_("区划代码"), required=True, example="330102"),
    Column("accepted_on", N_("受理日期"), required=True, example="2026-10-08"),
    Column("closed_on", N_("结案日期"), required=True, example="2026-11-16"),
    Column("stage", N_("阶段"), hint=N_("刑事案件填写")),
    Column("class_", N_("等级"), hint=N_("调解的难易，或审判阶段“一般”")),
    Column("outcome", N_("调解结果"), hint=N_("调解案件填写")),
    Column("referred_matter", N_("转来机构的案号")),
    Column("early_percent", N_("提前终止减少的百分比"), hint=N_("例如 50 表示减少一半")),
    Column("early_reason_zh", N_("提前终止的理由")),
    Column("documents", N_("已有材料"), hint=N_("用顿号分开")),
)
WHOLE = 100


async def check(principal: Principal, rows: Sequence[Cells], tick: Tick) -> Mapping[int, CaseDraft]:
    """Return each row's case; what is wrong with a row is written into its own faults."""
    scope = principal.scope(Permission.CASE_RECORD)
    codes = [cells.text("district") for cells in rows]
    places = {
        row["code"]: row["id"]
        for row in await database.fetch("SELECT id, code FROM place WHERE code = ANY ($1)", codes)
    }
    people = await providers([cells.text("licence") for cells in rows])
    drafts: dict[int, CaseDraft] = {}
    for cells, code in zip(rows, codes, strict=True):
        if code and (code not in places or not scope.covers_place(code)):
            cells.refuse("district", Message(N_("你负责的范围里没有这个区划代码。")))
        licence = cells.text("licence").upper()
        if licence and licence not in people:
            cells.refuse("licence", Message(N_("没有这个编号的已核验证件。")))
        draft = _draft(cells, places.get(code, 0), people.get(licence, 0))
        if draft is not None:
            for name, fault in rules.faults(draft, clock.today()).items():
                cells.refuse(name, fault)
            drafts[cells.number] = draft
    good = {cells.number: drafts[cells.number] for cells in rows if not cells.faults}
    await _refuse_repeated(rows, good)
    await _refuse_own(principal, rows, good)
    await tick(len(rows))
    return {cells.number: good[cells.number] for cells in rows if not cells.faults}


async def _refuse_repeated(rows: Sequence[Cells], good: Mapping[int, CaseDraft]) -> None:
    """Refuse what is recorded already, and what stands in an earlier row of the file."""
    recorded = await recorded_among([draft.once for draft in good.values()])
    first: dict[rules.CaseKey, int] = {}
    for cells in rows:
        draft = good.get(cells.number)
        if draft is None:
            continue
        if draft.once in recorded:
            cells.refuse("matter", Message(rules.CaseRecorded.message))
        elif first.setdefault(draft.once, cells.number) != cells.number:
            cells.refuse("matter", Message(N_("和第 %(row)s 行是同一个案件。"), {"row": first[draft.once]}))


async def _refuse_own(principal: Principal, rows: Sequence[Cells], good: Mapping[int, CaseDraft]) -> None:
    own = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.account_id)
    for cells in rows:
        if own is not None and cells.number in good and good[cells.number].person_id == own:
            cells.refuse("licence", Message(rules.OwnCase.message))


async def store(principal: Principal, values: Mapping[int, Any], only_good: bool) -> Mapping[int, Message]:
    """Record them all; what is there already is left out and named."""
    numbers = list(values)
    done = await record_within(principal, [values[number] for number in numbers], "file")
    if done.refused and not only_good:
        raise next(iter(done.refused.values()))
    return {numbers[place]: refusal.text() for place, refusal in done.refused.items()}


def _draft(cells: Cells, place_id: int, person_id: int) -> CaseDraft | None:
    item = cells.choice("item", rules.ITEM_NAMES)
    stage = cells.choice("stage", rules.STAGE_NAMES, Stage.NONE)
    class_ = cells.choice("class_", rules.CLASS_NAMES, "")
    outcome = cells.choice("outcome", rules.OUTCOME_NAMES, Outcome.NONE)
    accepted, closed = cells.day("accepted_on"), cells.day("closed_on")
    less = cells.whole("early_percent", 0, WHOLE, 0)
    agency, matter = cells.text("agency_zh", most=80), cells.text("matter", most=60)
    said = cells.text("early_reason_zh"), cells.text("referred_matter", most=60), tuple(cells.parts("documents"))
    if cells.faults or item is None or accepted is None or closed is None or stage is None or outcome is None:
        return None
    return CaseDraft(
        item=item, agency_zh=agency, matter=matter, person_id=person_id, place_id=place_id, accepted_on=accepted,
        closed_on=closed, stage=stage, class_=class_ or "", outcome=outcome, early_reason_zh=said[0],
        referred_matter=said[1], documents=said[2], early_percent=-less if less else None,
    )  # fmt: skip


IMPORTER = Importer(
    kind="cases",
    title=N_("导入结案登记"),
    lede=N_("一行一个案件或一个阶段。登记以后自动生成补贴申领。"),
    permission=Permission.CASE_RECORD,
    columns=COLUMNS,
    check=check,
    store=store,
    done="/cases",
)
