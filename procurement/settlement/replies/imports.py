"""The bank's return file, read in two steps: every bad row by number, then all rows or the good ones.

Rows may be a part of the batch, in any order, and sent before: what the bank has said already changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.core import clock
from app.core.access import Permission, Principal
from app.core.money import NotAnAmount, parse_yuan
from app.core.text import N_, Message
from app.imports.cells import Cells, Column
from app.imports.importers import Importer, Tick
from procurement.settlement.layouts.rules import ANSWER_NAMES, Answer
from procurement.settlement.replies import rules
from procurement.settlement.replies.queries import SentBatch, sent_batches
from procurement.settlement.replies.rules import Outcome, SentLine, Told
from procurement.settlement.replies.service import store_told

KIND = "bank-returns"
BATCH = "batch"
BATCH_NAME = N_("批次")
COLUMNS = (
    Column(BATCH, BATCH_NAME, example="JS-2026-000007", hint=N_("有付款编号就不用填")),
    Column(Answer.REFERENCE, ANSWER_NAMES[Answer.REFERENCE], example="JS-2026-000007-3"),
    Column(Answer.NUMBER, ANSWER_NAMES[Answer.NUMBER], example="3", hint=N_("银行文件里的第几笔")),
    Column(Answer.ACCOUNT, ANSWER_NAMES[Answer.ACCOUNT], example="6222********0001", hint=N_("用来核对，不保存")),
    Column(Answer.AMOUNT, ANSWER_NAMES[Answer.AMOUNT], example="500.00"),
    Column(Answer.OUTCOME, ANSWER_NAMES[Answer.OUTCOME], example=N_("成功"), hint=N_("成功或退回")),
    Column(Answer.REASON, ANSWER_NAMES[Answer.REASON], example=N_("账号与户名不符"), hint=N_("退回时必填")),
    Column(Answer.DAY, ANSWER_NAMES[Answer.DAY], example="2026-11-28", hint=N_("不填是今天")),
    Column(Answer.DOCUMENT, ANSWER_NAMES[Answer.DOCUMENT], example="TH-0017", hint=N_("退回时必填")),
)


async def check(principal: Principal, rows: Sequence[Cells], tick: Tick) -> Mapping[int, Told]:
    """Return what each row says of which payment; what is wrong with a row is written into its own faults."""
    named = [(cells, *_named(cells)) for cells in rows]
    batches = await sent_batches(principal, {batch for _, batch, _ in named if batch})
    today, told, seen = clock.today(), {}, dict[int, Outcome]()
    for cells, reference, number in named:
        line = _line(cells, batches.get(reference), number)
        said = _said(cells, line, seen, today) if line else None
        if said is not None and not cells.faults:
            seen[said.payment_id] = said.outcome
            told[cells.number] = said
    await tick(len(rows))
    return told


async def store(principal: Principal, values: Mapping[int, Any], _only_good: bool) -> Mapping[int, Message]:
    """Record what is new of it; a batch that another cashier is at waits."""
    await store_told(principal, [values[number] for number in sorted(values)])
    return {}


def _named(cells: Cells) -> tuple[str, int | None]:
    """Return the batch and the line that a row names, as far as it does."""
    reference = cells.text(Answer.REFERENCE)
    found = rules.named_payment(reference) if reference else None
    if reference and found is None:
        cells.refuse(Answer.REFERENCE, Message(N_("付款编号写成 JS-2026-000007-3 的样子。")))
    batch = cells.text(BATCH).upper()
    if found and batch and found[0] != batch:
        cells.refuse(Answer.REFERENCE, Message(N_("这一笔不属于批次 %(batch)s。"), {"batch": batch}))
    if found:
        return found
    number = cells.whole(Answer.NUMBER, 1, 999_999, 0)
    return batch, number or None


def _line(cells: Cells, batch: SentBatch | None, number: int | None) -> SentLine | None:
    if cells.faults:
        return None
    if batch is None:
        cells.refuse(BATCH, Message(N_("你负责的范围里没有这个已付款的批次。")))
        return None
    account, fen = cells.text(Answer.ACCOUNT), _amount(cells)
    if number is not None:
        line = batch.lines.get(number)
        if line is None:
            cells.refuse(Answer.NUMBER, Message(N_("批次里没有第 %(line)s 笔。"), {"line": number}))
            return None
        _agrees(cells, line, account, fen)
        return line
    fitting = rules.matching(list(batch.lines.values()), account, fen)
    if len(fitting) != 1:
        none, several = N_("批次里没有这个账号和金额的付款。"), N_("批次里有几笔账号和金额都一样，请填序号。")
        cells.refuse(Answer.ACCOUNT, Message(several if fitting else none))
        return None
    return fitting[0]


def _agrees(cells: Cells, line: SentLine, account: str, fen: int | None) -> None:
    if account and not rules.same_account(account, line.account):
        cells.refuse(Answer.ACCOUNT, Message(N_("和第 %(line)s 笔付款的账号不一样。"), {"line": line.line}))
    if fen is not None and fen != line.net_fen:
        cells.refuse(Answer.AMOUNT, Message(N_("和第 %(line)s 笔付款的金额不一样。"), {"line": line.line}))


def _amount(cells: Cells) -> int | None:
    text = cells.text(Answer.AMOUNT)
    if not text:
        return None
    try:
        return parse_yuan(text.removeprefix("￥"))
    except NotAnAmount:
        cells.refuse(Answer.AMOUNT, Message(N_("看不懂这个金额，请写成 500.00 的样子。")))
        return None


def _said(cells: Cells, line: SentLine, seen: Mapping[int, Outcome], today: date) -> Told | None:
    reason, document = cells.text(Answer.REASON), cells.text(Answer.DOCUMENT, most=60)
    outcome = rules.outcome_of(cells.text(Answer.OUTCOME), reason, has_column=Answer.OUTCOME in cells.places)
    if outcome is None:
        cells.refuse(Answer.OUTCOME, Message(N_("看不出是成功还是退回，请写“成功”或“退回”。")))
        return None
    day = cells.day(Answer.DAY) or today
    repeated = outcome in (line.said, seen.get(line.payment_id))
    if not repeated:
        _judge(cells, line, seen, outcome, day, today)
    return Told(line.batch_id, line.payment_id, line.line, outcome, reason, day, document, repeated)


def _judge(cells: Cells, line: SentLine, seen: Mapping[int, Outcome], outcome: Outcome, day: date, today: date) -> None:
    earlier = seen.get(line.payment_id)
    if earlier is not None:
        cells.refuse(Answer.OUTCOME, Message(N_("文件里同一笔付款有两种结果。")))
    elif problem := rules.contradiction(line.said, outcome):
        cells.refuse(Answer.OUTCOME, problem)
    if problem := rules.day_fault(day, line.paid_on, today):
        cells.refuse(Answer.DAY, problem)
    if outcome is Outcome.RETURNED:
        for key in (Answer.REASON, Answer.DOCUMENT):
            if not cells.text(key):
                cells.refuse(key, Message(N_("请填写这一格。")))


IMPORTER = Importer(
    kind=KIND,
    title=N_("读入银行回单"),
    lede=N_("一行一笔付款：成功的登记到账，退回的冲正账目，收款人更正账户后再付。"),
    permission=Permission.SETTLEMENT_PAY,
    columns=COLUMNS,
    check=check,
    store=store,
    done="/settlement/reconciliation",
)
