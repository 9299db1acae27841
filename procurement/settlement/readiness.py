"""What stands between an approved batch and its payment: vouchers, tax, and texts that the bank cannot read."""

from dataclasses import dataclass

from app.core import clock, database
from app.core.errors import DomainError
from app.core.text import Message
from procurement.settlement.bank_file import misfits
from procurement.settlement.bank_lines import lines_of
from procurement.settlement.layouts.queries import layout_for
from procurement.settlement.layouts.rules import Cell, Encoding, Layout, Misfit
from procurement.settlement.queries import BatchPage
from procurement.settlement.rules import BatchStatus
from procurement.settlement.vouchers.queries import LineShare, line_shares
from procurement.taxes.rules import TaxKind
from procurement.taxes.service import Payer, judged

WHOLE = frozenset({Encoding.GB18030, Encoding.UTF_8})
"""Encodings that have every character."""
WAITING = frozenset({BatchStatus.COMPUTED, BatchStatus.APPROVED})


@dataclass(frozen=True, slots=True)
class KindSum:
    """How much of a batch is one kind of income, and the tax on it."""

    kind: TaxKind
    payments: int
    income_fen: int
    tax_fen: int
    unverified: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """A batch's parts by budget line and by kind of tax, and what is in the way of paying it today."""

    layout: Layout
    shares: tuple[LineShare, ...]
    kinds: tuple[KindSum, ...]
    tax_refusal: Message | None  # why no tax can be judged, and so nobody paid
    misfits: tuple[Misfit, ...]
    vouchers_missing: bool

    @property
    def tax_fen(self) -> int:
        """Return what is withheld."""
        return sum(kind.tax_fen for kind in self.kinds)

    @property
    def unverified(self) -> bool:
        """Tell whether some of the tax rests on a figure that nobody has confirmed."""
        return any(kind.unverified for kind in self.kinds)


_KINDS = """
SELECT w.kind, count(*) AS payments, sum(w.income_fen)::bigint AS income_fen, sum(w.tax_fen)::bigint AS tax_fen,
       bool_or(w.unverified) AS unverified
FROM settlement_payment p JOIN tax_withholding w ON w.payment_id = p.id WHERE p.batch_id = $1 GROUP BY w.kind
"""


async def readiness(batch: BatchPage) -> Readiness:
    """Return what a batch is made of; while it waits, as if it were paid today."""
    row = batch.row
    _, layout = await layout_for(row.place_code, clock.today())
    shares = tuple(await line_shares(row.id))
    waits = row.status in WAITING
    kinds, refusal = await _expected(batch) if waits else (await _withheld(row.id), None)
    strange = await _misfits(batch, layout) if waits else ()
    missing = waits and layout.asks_for(Cell.VOUCHER) and any(not share.voucher for share in shares)
    return Readiness(layout, shares, kinds, refusal, strange, missing)


async def _withheld(batch_id: int) -> tuple[KindSum, ...]:
    rows = await database.fetch(_KINDS, batch_id)
    found = {row["kind"]: KindSum(**{**row, "kind": TaxKind(row["kind"])}) for row in rows}
    return tuple(found[kind] for kind in TaxKind if kind in found)


async def _expected(batch: BatchPage) -> tuple[tuple[KindSum, ...], Message | None]:
    try:
        found = await judged(batch.row.id, Payer(batch.place_id, batch.row.place_code), clock.today())
    except DomainError as refusal:
        return (), refusal.text()
    parts = [one for made in found.values() for one in made]
    return tuple(
        KindSum(
            kind, len(of_kind), sum(one.income_fen for one in of_kind), sum(one.tax_fen for one in of_kind),
            any(one.unverified for one in of_kind),
        )
        for kind in TaxKind
        if (of_kind := [one for one in parts if one.kind is kind])
    ), None  # fmt: skip


async def _misfits(batch: BatchPage, layout: Layout) -> tuple[Misfit, ...]:
    if layout.encoding in WHOLE:
        return ()
    return tuple(misfits(batch.row.reference, await lines_of(batch.row.id), layout))
