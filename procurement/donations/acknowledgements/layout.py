"""An acknowledgement on paper: a page in Chinese and a page in English, whoever reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.core import clock
from app.core.money import written
from app.core.text import N_
from app.web import i18n
from app.web.filters import day
from app.web.paper import Code, Facts, NewPage, Part, Text, Title, pdf
from app.web.paper.sheet import NEED

TITLE = N_("捐赠感谢函")
THANKS = N_("感谢%(donor)s向%(fund)s捐赠 %(amount)s。这笔钱记入独立账户，用在哪里在基金页面公开。")
ANONYMOUS = N_("匿名爱心人士")
NOT_A_RECEIPT = N_("本函是感谢，不是公益事业捐赠统一票据，不能用于税前扣除。票据由基金所属机构另行开具。")
RECEIPT = N_("财政票据号")
CHECK = N_("扫码查看这个基金的收支。")
VOID = N_("本感谢函已作废")
DEMO = N_("演示，没有真实付款")
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Letter:
    """What is printed; words come as (Chinese, English)."""

    number: str
    issued_at: datetime
    amount_minor: int
    currency: str
    donor: str | None
    fund: tuple[str, str]
    owner: tuple[str, str]
    reference: str
    receipt: str | None
    fund_address: str
    void: bool
    demo: bool


def letter_pdf(letter: Letter) -> bytes:
    """Return the document, the same bytes for the same letter; it takes half a second, so call it in a thread."""
    with i18n.speaking(LANGUAGES[0]):
        return pdf(letter.number, letter.issued_at, list(_parts(letter)))


def _parts(letter: Letter) -> Iterator[Part]:
    for place, language in enumerate(LANGUAGES):
        with i18n.speaking(language):
            if place:
                yield NewPage(language)
            yield from _page(letter, place)


def _page(letter: Letter, place: int) -> Iterator[Part]:
    fund, owner = letter.fund[place] or letter.fund[0], letter.owner[place] or letter.owner[0]
    amount, donor = written(letter.amount_minor, letter.currency), letter.donor or i18n.gettext(ANONYMOUS)
    yield Title(i18n.gettext(TITLE), letter.number)
    for shown, words in ((letter.void, VOID), (letter.demo, DEMO)):
        if shown:
            yield Text(i18n.gettext(words), colour=NEED)
    yield Text(i18n.translate(THANKS, donor=donor, fund=fund, amount=amount))
    facts = [
        (N_("捐赠人"), donor),
        (N_("金额"), amount),
        (N_("基金"), fund),
        (N_("基金所属机构"), owner),
        (N_("捐赠编号"), letter.reference),
        (N_("日期"), day(clock.local(letter.issued_at).date(), year=True)),
    ]
    if letter.receipt:
        facts.append((RECEIPT, letter.receipt))
    yield Facts([(i18n.gettext(name), value) for name, value in facts])
    yield Text(i18n.gettext(NOT_A_RECEIPT), small=True)
    yield Code(letter.fund_address, i18n.gettext(CHECK))
