"""What the public pages of money and the ledger must say, from claims, batches and what came back; from no posting."""

from tests.procurement.year.asking import Asked, Figure, Pick, by_link, by_words, cells, drawn, large, words
from tests.procurement.year.money import LINES, RATE, SUMMED
from tests.procurement.year.reading import fen, whole
from tests.procurement.year.stage import Year

# A unit of a contract is paid with its own claim or with its milestone's; an advance is no work.
WORKS = """
works AS (
    SELECT l.code, l.programme_name, count(u.*) FILTER (WHERE k.id IS NOT NULL) AS done
    FROM lines l LEFT JOIN (unit_payment u JOIN contract c ON c.id = u.contract_id
                            JOIN purchase p ON p.id = c.purchase_id) ON p.budget_line_id = l.id
    LEFT JOIN claim k ON k.status = 'paid'
        AND (k.village_order_id = u.village_order_id OR k.contract_payment_id = u.contract_payment_id)
    WHERE l.year = $1 AND l.fund = 'fiscal' GROUP BY 1, 2)
"""
ACCOUNTS = f"""
{LINES},
claimed AS (
    SELECT organization_id, sum(amount_fen) FILTER (WHERE status IN ('approved', 'batched', 'paid')) AS fen
    FROM claim GROUP BY 1),
instructed AS (
    SELECT s.organization_id, sum(s.amount_fen) AS fen FROM settlement_payment s
    JOIN settlement_batch b ON b.id = s.batch_id WHERE b.status IN ('approved', 'paid') GROUP BY 1),
given_back AS (
    SELECT place.code, sum(l.back) AS fen FROM lines l JOIN place ON place.code = l.code GROUP BY 1),
accounts AS (
    SELECT 'expense:' || code || ':' || programme || ':' || year AS handle, 'expense' AS kind, approved + back AS debit,
           back AS credit FROM lines WHERE approved + back > 0
    UNION ALL SELECT 'payable:organization:' || o.public_id, 'payable', coalesce(i.fen, 0), c.fen
        FROM claimed c JOIN organization o ON o.id = c.organization_id
        LEFT JOIN instructed i ON i.organization_id = o.id WHERE c.fen > 0
    UNION ALL SELECT 'clearing:' || reference, 'clearing', CASE status WHEN 'paid' THEN total_fen ELSE 0 END, total_fen
        FROM settlement_batch WHERE status IN ('approved', 'paid')
    UNION ALL SELECT 'treasury:' || place.code, 'treasury', max(coalesce(g.fen, 0)), sum(b.total_fen)
        FROM settlement_batch b JOIN place ON place.id = b.place_id LEFT JOIN given_back g ON g.code = place.code
        WHERE b.status = 'paid' GROUP BY place.code)
"""
GROUPS = {"treasury": "国库账户", "expense": "预算支出", "payable": "应付收款人", "clearing": "结算中转"}
SIDES = {"借方": "debit", "贷方": "credit", "余额": "debit - credit"}


def public(here: Year) -> list[Asked]:
    """Return what everybody sees of money."""
    return [
        Asked("/disclosure", "", [*_sums(here), *_tables(here), *_chart(here)]),
        Asked("/disclosure/budgets", "", _executed(here)),
    ]


def _sums(here: Year) -> list[Figure]:
    return [
        Figure(
            f"disclosed {n}", large(n), f"{LINES} SELECT '' AS key, sum({c})::bigint AS value {_FISCAL}", (here.number,)
        )
        for n, c in DISCLOSED.items()
    ]


def _tables(here: Year) -> list[Figure]:
    """Ask for both tables, with their last rows."""
    found = []
    for caption, by in {"按项目": "programme_name", "按区县": "place"}.items():
        begun = f"SELECT coalesce({by}, '合计') AS key"
        for n, c in DISCLOSED.items():
            sql = f"{LINES} {begun}, sum({c})::bigint AS value {_FISCAL} GROUP BY ROLLUP ({by})"
            found.append(Figure(f"disclosed {n} {caption}", cells(caption, n, key=by_words), sql, (here.number,)))
        works = f"""{LINES}, {WORKS} {begun}, sum(done)::bigint AS value
                    FROM works JOIN (SELECT DISTINCT code, place FROM lines) l USING (code) GROUP BY ROLLUP ({by})"""
        pick = cells(caption, "付款的工作", whole, by_words)
        found.append(Figure(f"works {caption}", pick, works, (here.number,)))
    return found


def _chart(here: Year) -> list[Figure]:
    sql = f"""{LINES} SELECT place AS key, sum(spent) FILTER (WHERE programme_name = $2)::bigint AS value
              {_FISCAL} GROUP BY place"""
    return [
        Figure(f"drawn {programme}", drawn(f"{here.number} 年已付款", programme), sql, (here.number, programme))
        for programme in ("政府购买公共法律服务", "律师驻点服务补助")
    ]


def _executed(here: Year) -> list[Figure]:
    """Ask how the budget is carried out, by district and by kind of money."""
    year, columns = (here.number,), {"预算": "granted", "已付款": "spent"}
    found = [
        Figure("public rate", large("支出进度", words), f"{LINES} SELECT '' AS key, {SUMMED} AS value {_FISCAL}", year)
    ]
    for n, c in columns.items():
        sql = f"{LINES} SELECT '' AS key, sum({c})::bigint AS value {_FISCAL}"
        found.append(Figure(f"public {n}", large(n), sql, year))
    for fund, said in {"fiscal": "财政资金", "donated": "捐赠资金"}.items():
        caption = f"{here.number} 年各地区{said}"
        of_fund = f"FROM lines WHERE year = $1 AND fund = '{fund}' GROUP BY place"
        shown = {n: (f"sum({c})::bigint", fen) for n, c in columns.items()}
        for n, (value, read) in {**shown, "支出进度": (_RATE, words)}.items():
            sql = f"{LINES} SELECT place AS key, {value} AS value {of_fund}"
            found.append(Figure(f"{fund} {n} by district", cells(caption, n, read, by_words), sql, year))
    return found


DISCLOSED = {"预算": "granted", "审核通过": "approved", "已付款": "spent"}
_FISCAL = "FROM lines WHERE year = $1 AND fund = 'fiscal'"
_RATE = RATE.format(spent="sum(spent)", granted="sum(granted)")


def ledger(organization: str) -> list[Asked]:
    """Return the trial balance, and the account of a supplier."""
    balances = [
        Figure(
            f"{caption} {side}", _accounts(caption, side),
            f"""{ACCOUNTS} SELECT coalesce('/ledger/accounts/' || handle, '') AS key, sum({value})::bigint AS value
                FROM accounts WHERE kind = '{kind}' GROUP BY ROLLUP (handle)""",
        )
        for kind, caption in GROUPS.items()
        for side, value in SIDES.items()
    ]  # fmt: skip
    handle = f"payable:organization:{organization}"
    one = [
        Figure(
            f"account {side}", large(side),
            f"{ACCOUNTS} SELECT '' AS key, ({value})::bigint AS value FROM accounts WHERE handle = $1", (handle,),
        )
        for side, value in SIDES.items()
    ]  # fmt: skip
    return [Asked("/ledger", "supervisor", balances), Asked(f"/ledger/accounts/{handle}", "supervisor", one)]


def settlement() -> list[Asked]:
    """Return the list of batches, and what waits for one."""
    batches = """SELECT '/settlement/' || b.reference AS key, {}::bigint AS value FROM settlement_batch b
                 JOIN settlement_item i ON i.batch_id = b.id JOIN claim c ON c.id = i.claim_id GROUP BY b.id"""
    listed = {
        "金额": ("sum(c.amount_fen)", fen),
        "申领": ("count(*)", whole),
        "付款": ("count(DISTINCT c.organization_id)", whole),
    }
    waiting = """SELECT district.name_zh AS key, {}::bigint AS value FROM claim c JOIN place ON place.id = c.place_id
                 JOIN place district ON district.code = left(place.code, 6) WHERE c.status = 'approved' GROUP BY 1"""
    columns = {**listed, "收款人": listed["付款"]}
    del columns["付款"]
    return [
        Asked("/settlement", "supervisor", [
            Figure(f"batch {n}", cells("批次", n, read), batches.format(sql)) for n, (sql, read) in listed.items()
        ], to_the_end=True),
        Asked("/settlement", "settlement", [
            Figure(f"to settle {n}", cells("等待核算", n, read, by_words), waiting.format(sql))
            for n, (sql, read) in columns.items()
        ]),
    ]  # fmt: skip


def _accounts(caption: str, label: str) -> Pick:
    return cells(caption, label, key=by_link)
