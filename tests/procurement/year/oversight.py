"""What the auditor's pages must say: the same money once more, from a line down to the people who were reached."""

from app.core import database
from tests.app.web.client import whole_application
from tests.procurement.year.asking import Asked, Figure, by_link, cells, fact, large, words
from tests.procurement.year.money import COLUMNS, LINES
from tests.procurement.year.reading import fen, whole
from tests.procurement.year.stage import Year

OF_PURCHASE = f"""
{LINES},
mine AS (
    SELECT p.reference, p.budget_line_id AS line_id, b.signed_at,
           CASE WHEN b.reserves THEN b.asked ELSE 0 END AS reserved,
           CASE WHEN b.signed_at IS NULL THEN 0 WHEN b.runs THEN b.price - b.paid - b.rejected ELSE b.waiting END
               AS committed, b.paid - b.back AS spent, b.waiting + b.paid AS claimed, b.paid,
           (SELECT count(*) FROM village_order o WHERE o.contract_id = b.contract
            AND o.status NOT IN ('declined', 'cancelled')) AS ordered,
           (SELECT count(*) FROM village_order o WHERE o.contract_id = b.contract) AS units,
           (SELECT count(*) FROM judgement j JOIN village_order o ON o.id = j.village_order_id
            WHERE o.contract_id = b.contract AND j.verdict = 'accepted') AS accepted,
           (SELECT coalesce(sum(j.people_reached), 0) FROM judgement j JOIN village_order o ON o.id = j.village_order_id
            WHERE o.contract_id = b.contract AND j.verdict <> 'rectify') AS reached
    FROM bought b JOIN purchase p ON p.id = b.purchase)
"""
MONEY = {"预留": "reserved", "签约占用": "committed", "已支付": "spent"}


async def pages(here: Year, code: str, purchases: list[str]) -> list[Asked]:
    """Return the auditor's pages, if this version has them."""
    if not any(route.path == "/oversight" for route in whole_application().routes):
        return []
    batches = await database.fetch("SELECT DISTINCT ON (status) reference FROM settlement_batch ORDER BY status, id")
    return [
        Asked("/oversight", "supervisor", _entry(here)),
        Asked(f"/oversight/lines/{here.number}/{code}/purchase", "supervisor", _line(here, code), to_the_end=True),
        *(_purchase(reference) for reference in purchases),
        *(_batch(row["reference"]) for row in batches),
    ]


def _entry(here: Year) -> list[Figure]:
    year, begun = (
        (here.number,),
        f"{LINES} SELECT '/oversight/lines/' || year || '/' || code || '/' || programme AS key",
    )
    found = []
    for n, c in {"批准": "granted", "占用": "reserved + committed", "已支付": "spent"}.items():
        summed = f"{LINES} SELECT '' AS key, sum({c})::bigint AS value FROM lines WHERE year = $1 AND fund = 'fiscal'"
        found.append(Figure(f"audit {n}", large(n), summed, year))
        each = f"{begun}, {c} AS value FROM lines WHERE year = $1"
        found.append(Figure(f"audited line {n}", cells("预算行", n), each, year))
    for n, table in {"采购": "purchase x WHERE true", "申领": "claim x WHERE x.contract_id IS NULL"}.items():
        counted = f"(SELECT count(*) FROM {table} AND x.budget_line_id = lines.id)"
        each = f"{begun}, {counted} AS value FROM lines WHERE year = $1"
        found.append(Figure(f"audited line {n}", cells("预算行", n, whole), each, year))
    return found


def _line(here: Year, code: str) -> list[Figure]:
    line, path = (here.lines[code],), f"/buying/budgets/{here.number}/{code}/purchase"
    one = f"{LINES} SELECT '' AS key, {{}} AS value FROM lines WHERE path = $1"
    each = (
        f"{OF_PURCHASE} SELECT '/oversight/purchases/' || reference AS key, {{}} AS value FROM mine WHERE line_id = $1"
    )
    found = [Figure(f"audited {n}", large(n), one.format(c), (path,)) for n, c in COLUMNS.items()]
    found += [Figure(f"purchase's {n}", cells("采购", n, fen, by_link), each.format(c), line) for n, c in MONEY.items()]
    done = each.format("accepted || ' / ' || ordered")
    return [*found, Figure("accepted of ordered", cells("采购", "验收 / 点单", words, by_link), done, line)]


def _purchase(reference: str) -> Asked:
    one = f"{OF_PURCHASE} SELECT '' AS key, {{}} AS value FROM mine WHERE reference = $1"
    figures = [
        Figure("audited units", large("服务", whole), one.format("units"), (reference,)),
        Figure("audited people", large("服务人数", whole), one.format("reached"), (reference,)),
        Figure("audited claims", large("申领"), one.format("claimed"), (reference,)),
        Figure("audited payments", large("已支付"), one.format("spent"), (reference,)),
        *(Figure(f"way of {n}", fact(n), one.format(c), (reference,)) for n, c in MONEY.items()),
    ]
    return Asked(f"/oversight/purchases/{reference}", "supervisor", figures)


def _batch(reference: str) -> Asked:
    one = """SELECT '' AS key, {}::bigint AS value FROM settlement_batch b JOIN settlement_item i ON i.batch_id = b.id
             JOIN claim c ON c.id = i.claim_id WHERE b.reference = $1"""
    return Asked(f"/oversight/batches/{reference}", "supervisor", [
        Figure("audited batch", large("合计"), one.format("sum(c.amount_fen)"), (reference,)),
        Figure("audited payees", large("收款人", whole), one.format("count(DISTINCT c.organization_id)"), (reference,)),
        Figure("audited batch's claims", large("申领", whole), one.format("count(*)"), (reference,)),
        Figure("bank's line", lambda page: {row["申领"]: fen(row["金额"]) for _, row in page.rows("银行文件逐行")},
               """SELECT c.reference AS key, c.amount_fen AS value FROM settlement_item i
                  JOIN settlement_batch b ON b.id = i.batch_id JOIN claim c ON c.id = i.claim_id
                  WHERE b.reference = $1""", (reference,)),
    ], to_the_end=True)  # fmt: skip
