"""A statement on paper, in the reader's language."""

import asyncio
from collections.abc import Sequence

from app.core import clock
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.filters import day, localized
from app.web.i18n import translate
from app.web.paper import Facts, Heading, Table, Text, Title, pdf
from app.web.paper.parts import Part as Piece
from procurement.settlement.statements.queries import PaidOut, Part, Statement

COLUMNS = (N_("付款日期"), N_("付款"), N_("应付"), N_("代扣个税"), N_("实付"))
BACK = (N_("到账日期"), N_("银行流水号"), N_("申领"), N_("金额"))
PARTS = (N_("服务日期"), N_("内容"), N_("项目"), N_("申领"), N_("金额"))


async def statement_pdf(found: Statement) -> bytes:
    """Print a payee's statement."""
    parts = _parts(found)
    return await asyncio.to_thread(pdf, translate(N_("收款对账单")), clock.now(), parts)


def title_of(found: Statement) -> Message:
    """Return the period in words."""
    period = found.period
    if period.month is None:
        return Message(N_("%(year)s 年"), {"year": period.year})
    return Message(N_("%(year)s 年 %(month)s 月"), {"year": period.year, "month": period.month})


def _parts(found: Statement) -> Sequence[Piece]:
    gross, tax, net = found.sums()
    facts = [(N_("收款人"), found.name), (N_("期间"), translate(title_of(found))), (N_("应付"), yuan(gross)),
             (N_("代扣个税"), yuan(tax)), (N_("实付"), yuan(net))]  # fmt: skip
    parts: list[Piece] = [
        Title(translate(N_("收款对账单")), translate(title_of(found))),
        Facts([(translate(name), value) for name, value in facts]),
    ]
    if found.unverified:
        parts.append(Text(translate(N_("† 税率还没有人核对原文，只能用于演示。")), small=True))
    parts += _given_back(found)
    if not found.payments:
        return [*parts, Text(translate(N_("这段时间没有付款。")))]
    rows = [_row(one) for one in found.payments]
    parts.append(Table([translate(name) for name in COLUMNS], rows, (2, 4, 2, 2, 2), frozenset({2, 3, 4})))
    parts.append(Heading(translate(N_("明细"))))
    details = [_detail(part) for one in found.payments for part in one.parts]
    return [*parts, Table([translate(name) for name in PARTS], details, (2, 4, 3, 3, 2), frozenset({4}))]


def _given_back(found: Statement) -> Sequence[Piece]:
    if not found.given_back:
        return []
    rows = [
        [day(one.received_on, year=True), one.document, one.claim, yuan(-one.amount_fen)] for one in found.given_back
    ]
    return [
        Heading(translate(N_("退回的现金"))),
        Table([translate(name) for name in BACK], rows, (2, 4, 3, 2), frozenset({3})),
    ]


def _row(one: PaidOut) -> list[str]:
    where = translate(Message(N_("%(batch)s 第 %(line)s 笔"), {"batch": one.batch, "line": one.line}))
    if one.returned_on:
        back = Message(N_("%(day)s 银行退回"), {"day": day(one.returned_on, year=True)})
        where = f"{where} · {translate(back)}"
    amounts = (one.amount_fen, one.tax_fen, one.net_fen)
    return [day(one.paid_on, year=True), where, *(yuan(fen) for fen in amounts)]


def _detail(part: Part) -> list[str]:
    work, programme = localized(part, "work"), localized(part, "programme")
    return [day(part.service_day, year=True), work, programme, part.claim, yuan(part.amount_fen)]
