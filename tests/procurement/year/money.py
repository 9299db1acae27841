"""What the pages of budgets and books must say, from what people decided, claimed and paid; not from any book."""

from tests.procurement.year.asking import Asked, Figure, Pick, by_words, cells, drawn, fact, large, words
from tests.procurement.year.reading import fen
from tests.procurement.year.stage import Year

# Every budget line by what happened around it: granted and moved, asked for, signed, claimed, paid, given back.
LINES = """
WITH granted AS (
    SELECT line, sum(fen) AS fen FROM (
        SELECT budget_line_id AS line, amount_fen AS fen FROM appropriation WHERE status = 'approved'
        UNION ALL SELECT to_line_id, amount_fen FROM budget_adjustment WHERE status = 'approved'
        UNION ALL SELECT from_line_id, -amount_fen FROM budget_adjustment WHERE status = 'approved') x GROUP BY line),
owed AS (
    SELECT contract_id, coalesce(sum(amount_fen) FILTER (WHERE status = 'paid'), 0) AS paid,
           coalesce(sum(amount_fen) FILTER (WHERE status = 'rejected'), 0) AS rejected,
           coalesce(sum(amount_fen) FILTER (WHERE status NOT IN ('paid', 'rejected')), 0) AS waiting,
           coalesce(sum(amount_fen) FILTER (WHERE status IN ('approved', 'batched', 'paid')), 0) AS approved
    FROM claim GROUP BY contract_id),
bought AS (
    SELECT p.id AS purchase, p.budget_line_id AS line, p.quantity * p.unit_price_fen AS asked, c.id AS contract,
           c.signed_at,
           (c.quantity + coalesce((SELECT sum(a.added) FROM contract_amendment a
                                   WHERE a.contract_id = c.id AND a.status = 'in_force'), 0))
           * c.unit_price_fen AS price,
           coalesce(owed.paid, 0) AS paid, coalesce(owed.rejected, 0) AS rejected,
           coalesce(owed.waiting, 0) AS waiting, coalesce(owed.approved, 0) AS approved,
           coalesce((SELECT sum(r.amount_fen) FROM advance_return r WHERE r.contract_id = c.id), 0) AS back,
           c.signed_at IS NULL AND p.status NOT IN ('intent', 'refused', 'cancelled', 'terminated') AS reserves,
           p.status IN ('contracted', 'contract_published', 'delivering') OR p.status = 'terminated' AND EXISTS (
               SELECT FROM village_order o WHERE o.contract_id = c.id
               AND o.status NOT IN ('declined', 'cancelled', 'accepted', 'refused')) AS runs
    FROM purchase p LEFT JOIN contract c ON c.purchase_id = p.id LEFT JOIN owed ON owed.contract_id = c.id),
used AS (
    SELECT line, sum(asked) FILTER (WHERE reserves) AS reserved,
           sum(CASE WHEN runs THEN price - paid - rejected ELSE waiting END) FILTER (WHERE signed_at IS NOT NULL)
               AS committed,
           sum(paid - back) AS spent, sum(approved - back) AS approved, sum(back) AS back
    FROM bought GROUP BY line),
lines AS (
    SELECT l.id, l.year, place.code, place.name_zh AS place, programme.code AS programme, programme.fund,
           programme.name_zh AS programme_name,
           '/buying/budgets/' || l.year || '/' || place.code || '/' || programme.code AS path,
           coalesce(granted.fen, 0)::bigint AS granted, coalesce(used.reserved, 0)::bigint AS reserved,
           coalesce(used.committed, 0)::bigint AS committed, coalesce(used.spent, 0)::bigint AS spent,
           coalesce(used.approved, 0)::bigint AS approved, coalesce(used.back, 0)::bigint AS back
    FROM budget_line l JOIN place ON place.id = l.place_id JOIN programme ON programme.id = l.programme_id
    LEFT JOIN granted ON granted.line = l.id LEFT JOIN used ON used.line = l.id)
"""
COLUMNS = {
    "批准": "granted",
    "预留": "reserved",
    "签约占用": "committed",
    "已支付": "spent",
    "可用": "granted - reserved - committed - spent",
}
RATE = "to_char(round(100.0 * {spent} / nullif({granted}, 0), 1), 'FM9990.0') || '%'"
SUMMED = RATE.format(spent="sum(spent)", granted="sum(granted)")
# When each yuan was granted and paid, by month; what moved between the two is read from the book, by calendar.
MONTHS = """
WITH month AS (
    SELECT n, (make_date($1, n, 1)::timestamp AT TIME ZONE 'Asia/Shanghai') AS first,
           ((make_date($1, n, 1) + interval '1 month') AT TIME ZONE 'Asia/Shanghai') AS next
    FROM generate_series(1, 12) AS n),
happened AS (
    SELECT a.decided_at AS at, a.amount_fen AS granted, 0 AS spent, a.budget_line_id AS line FROM appropriation a
    WHERE a.status = 'approved'
    UNION ALL SELECT decided_at, amount_fen, 0, to_line_id FROM budget_adjustment WHERE status = 'approved'
    UNION ALL SELECT decided_at, -amount_fen, 0, from_line_id FROM budget_adjustment WHERE status = 'approved'
    UNION ALL SELECT b.paid_at, 0, i.amount_fen, c.budget_line_id FROM settlement_item i
        JOIN settlement_batch b ON b.id = i.batch_id JOIN claim c ON c.id = i.claim_id
        WHERE i.live AND b.status = 'paid'
    UNION ALL SELECT r.booked_at, 0, -r.amount_fen, p.budget_line_id FROM advance_return r
        JOIN contract c ON c.id = r.contract_id JOIN purchase p ON p.id = c.purchase_id),
monthly AS (
    SELECT month.n, coalesce(sum(h.granted), 0)::bigint AS granted, coalesce(sum(h.spent), 0)::bigint AS spent
    FROM month LEFT JOIN (happened h JOIN budget_line l ON l.id = h.line AND l.fund = 'fiscal' AND {lines})
        ON h.at >= month.first AND h.at < month.next GROUP BY month.n),
booked AS (
    SELECT month.n, coalesce(sum(m.reserved_fen), 0)::bigint AS reserved,
           coalesce(sum(m.committed_fen), 0)::bigint AS committed
    FROM month LEFT JOIN (budget_movement m JOIN budget_line l ON l.id = m.budget_line_id AND l.fund = 'fiscal'
                          AND {lines}) ON m.moved_at >= month.first AND m.moved_at < month.next GROUP BY month.n)
"""


def _months(lines: str, *values: object) -> list[Figure]:
    """Ask for the table of months of some lines."""
    begun = MONTHS.format(lines=lines)
    shown = {"批准": "granted", "预留": "reserved", "签约占用": "committed", "支付": "spent"}
    rate = RATE.format(spent="sum(spent) OVER (ORDER BY n)", granted="sum(granted) OVER (ORDER BY n)")
    asked = [
        Figure(
            f"month {label}", cells("按月", label, key=by_words),
            f"{begun} SELECT n || ' 月' AS key, {name} AS value FROM monthly JOIN booked USING (n)", values,
        )
        for label, name in shown.items()
    ]  # fmt: skip
    by_month = f"{begun} SELECT n || ' 月' AS key, coalesce({rate}, '0.0%') AS value FROM monthly"
    said = f"{begun} SELECT n::text AS key, coalesce({rate}, '0.0%') AS value FROM monthly"
    asked.append(Figure("drawn rate", drawn("支出进度和序时进度", "支出进度", lambda text: f"{text}%"), said, values))
    return [*asked, Figure("month rate", cells("按月", "支出进度", words, by_words), by_month, values)]


_BY_PLACE = f"""
{LINES} SELECT place AS key, sum({{}})::bigint AS value FROM lines WHERE year = $1 AND fund = 'fiscal' GROUP BY place"""
_ONE = f"{LINES} SELECT '' AS key, {{}} AS value FROM lines WHERE path = $1"
_TOTAL = f"{LINES} SELECT '' AS key, sum({{}})::bigint AS value FROM lines WHERE fund = '{{}}' AND year = $1"
_RATE = RATE.format(spent="spent", granted="granted")
_RESERVED = """
SELECT '/buying/purchases/' || reference AS key, quantity * unit_price_fen AS value FROM purchase p
WHERE p.status NOT IN ('intent', 'refused', 'cancelled', 'terminated')
  AND NOT EXISTS (SELECT FROM contract c WHERE c.purchase_id = p.id AND c.signed_at IS NOT NULL)"""


def budgets(here: Year, code: str) -> list[Asked]:
    """Return the pages of budgets: all lines, one line, its book, the year's execution."""
    path = f"/buying/budgets/{here.number}/{code}/purchase"
    return [
        Asked("/buying/budgets", "supervisor", _every_line(here), also=("officer", "approver")),
        Asked(path, "officer", [Figure(f"one line {n}", fact(n), _ONE.format(c), (path,)) for n, c in COLUMNS.items()]),
        Asked(f"{path}/book", "supervisor", [
            *(Figure(f"book {n}", large(n), _ONE.format(c), (path,)) for n, c in COLUMNS.items()),
            *(Figure(f"running {n}", _running(n), _BALANCES[n], (here.lines[code],)) for n in _BALANCES),
        ]),
        Asked(f"{path}/execution", "supervisor", [
            *(Figure(f"line {n}", large(n), _ONE.format(COLUMNS[n]), (path,)) for n in ("批准", "已支付")),
            Figure("line rate", large("支出进度", words), _ONE.format(_RATE), (path,)),
            *_months("l.year = $1 AND l.id = $2", here.number, here.lines[code]),
        ]),
        Asked("/buying/budgets/execution", "supervisor", [*_execution(here), *_months("l.year = $1", here.number)]),
    ]  # fmt: skip


def _every_line(here: Year) -> list[Figure]:
    """Ask for each line, and for the sums and the chart above them."""
    year = (here.number,)
    found = [Figure(f"line {n}", cells("预算行", n), _by_path(c), year) for n, c in COLUMNS.items()]
    for block, fund in enumerate(("fiscal", "donated")):
        found += [
            Figure(f"{fund} {n}", large(n, block=block), _TOTAL.format(c, fund), year) for n, c in COLUMNS.items()
        ]
    for series, name in {"已支付": "已支付", "签约占用": "签约占用", "已预留": "预留", "可用": "可用"}.items():
        sql = _BY_PLACE.format(COLUMNS[name])
        found.append(Figure(f"drawn {series}", drawn("各地区预算执行", series), sql, year))
    return found


def _execution(here: Year) -> list[Figure]:
    """Ask for the year's sums, the lines' progress and what is still reserved."""
    year, of_lines = (here.number,), {n: (COLUMNS[n], fen) for n in ("批准", "已支付", "可用")}
    summed = f"{LINES} SELECT '' AS key, {SUMMED} AS value FROM lines WHERE fund = 'fiscal' AND year = $1"
    found = [Figure("execution rate", large("支出进度", words), summed, year)]
    for n in ("批准", "预留", "签约占用", "已支付"):
        found.append(Figure(f"execution {n}", large(n), _TOTAL.format(COLUMNS[n], "fiscal"), year))
    for n, (value, read) in {**of_lines, "支出进度": (_RATE, words)}.items():
        found.append(Figure(f"execution line {n}", cells("各预算行", n, read), _by_path(value, "/execution"), year))
    return [*found, Figure("still reserved", cells("还没有用的预留", "金额"), _RESERVED)]


def _by_path(name: str, tail: str = "") -> str:
    return f"{LINES} SELECT path || '{tail}' AS key, {name} AS value FROM lines WHERE year = $1"


def _running(label: str) -> Pick:
    """Pick a column of the book's first page, by place in the list."""
    return lambda page: {str(at): fen(cells[label]) for at, (_, cells) in enumerate(page.rows("分录"))}


def _balance(name: str) -> str:
    """Add up what stands before each of the latest entries, one by one."""
    return f"""
        SELECT (row_number() OVER (ORDER BY m.id DESC) - 1)::text AS key,
               (SELECT sum({name})::bigint FROM budget_movement x
                WHERE x.budget_line_id = m.budget_line_id AND x.id <= m.id) AS value
        FROM budget_movement m WHERE m.budget_line_id = $1 ORDER BY m.id DESC LIMIT 50"""


_BALANCES = {
    "预留": _balance("reserved_fen"),
    "签约占用": _balance("committed_fen"),
    "已支付": _balance("spent_fen"),
    "可用": _balance("approved_fen - reserved_fen - committed_fen - spent_fen"),
}
