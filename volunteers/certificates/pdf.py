"""A certificate on paper: one page in Chinese, one in English, each with the code to check it by."""

from collections.abc import Sequence
from datetime import date

from fpdf import FPDF

from app.core import clock
from app.core.text import N_
from app.web import i18n
from app.web.filters import day, localized
from app.web.paper import blank, fitting, qr_code
from app.web.paper.sheet import FONT, INK, LAKE, NEED, QR_MM, QUIET, RULE, Colour
from volunteers.certificates.queries import CertificateRow
from volunteers.certificates.rules import MOST_SERVICES, Content, Service, grouped

WIDTHS_MM = (70, 56, 18, 26)

TITLE = N_("志愿服务证明")
SENTENCE = N_(
    "兹证明 %(name)s 在 %(first)s 至 %(last)s 期间参加志愿服务 %(times)s 次，累计 %(hours)s 小时，均由站点确认到场。"
)
COLUMNS = (N_("服务内容"), N_("服务地点"), N_("次数"), N_("时长（小时）"))
TRAININGS, MOST_TRAININGS = N_("期间完成培训：%(trainings)s"), 6
OTHERS, TOTAL = N_("其他 %(count)s 项"), N_("合计")
FACTS = (N_("性别 %(gender)s"), N_("身份证号 %(id_card)s"), N_("登记日期 %(joined)s"), N_("证明编号 %(number)s"))
GENDERS = {"F": N_("女"), "M": N_("男")}
CHECK = N_("查验：扫码，或在 %(address)s 输入查验码 %(code)s")
REVOKED, DEMO = N_("本证明已撤销"), N_("演示，不作证明使用")
LANGUAGES = ("zh", "en")
"""Both are printed, whoever reads it."""


def certificate_pdf(row: CertificateRow, content: Content, address: str, *, demo: bool) -> bytes:
    """Return the two pages; takes about a second, so call it in a thread."""
    document = blank(row.number, row.issued_at)
    for language in LANGUAGES:
        with i18n.speaking(language):
            _page(document, row, content, address, demo)
    return bytes(document.output())


def _page(document: FPDF, row: CertificateRow, content: Content, address: str, demo: bool) -> None:
    document.add_page()
    document.set_margins(20, 20)
    document.set_draw_color(*LAKE)
    document.set_line_width(0.8)
    document.rect(10, 10, 190, 277)
    document.set_xy(20, 30)
    _text(document, i18n.gettext(TITLE), 26, LAKE, "C")
    document.ln(6)
    said = {"first": _day(row.from_day), "last": _day(row.until_day), "times": row.attendances}
    _text(document, i18n.translate(SENTENCE, name=content.name, hours=_hours(row.minutes), **said), 13, INK)
    document.ln(3)
    facts = {"gender": i18n.gettext(GENDERS[content.gender]), "id_card": content.id_card or "—"}
    facts |= {"joined": _day(content.joined), "number": row.number}
    _text(document, "    ".join(i18n.translate(fact, **facts) for fact in FACTS), 10, QUIET)
    document.ln(5)
    _services(document, content.services, row)
    if content.trainings:
        document.ln(3)
        _text(document, i18n.translate(TRAININGS, trainings=_trainings(content)), 10, INK)
    _foot(document, row, content, address)
    if row.revoked_at or demo:
        document.set_xy(20, 20)
        _text(document, i18n.gettext(REVOKED if row.revoked_at else DEMO), 11, NEED, "C")


def _services(document: FPDF, services: Sequence[Service], row: CertificateRow) -> None:
    _line(document, [i18n.gettext(column) for column in COLUMNS], QUIET)
    for service in services[:MOST_SERVICES]:
        told = localized(service, "title"), localized(service, "station"), str(service.times), _hours(service.minutes)
        _line(document, told, INK)
    if rest := services[MOST_SERVICES:]:
        times, minutes = sum(service.times for service in rest), sum(service.minutes for service in rest)
        _line(document, (i18n.translate(OTHERS, count=len(rest)), "", str(times), _hours(minutes)), INK)
    _line(document, (i18n.gettext(TOTAL), "", str(row.attendances), _hours(row.minutes)), INK)


def _trainings(content: Content) -> str:
    told = [f"{localized(one, 'title')} ({one.completed_on.isoformat()})" for one in content.trainings]
    more = [] if len(told) <= MOST_TRAININGS else ["…"]
    return i18n.gettext(N_("、")).join([*told[:MOST_TRAININGS], *more])


def _line(document: FPDF, cells: Sequence[str], colour: Colour) -> None:
    document.set_font(FONT, size=10)
    document.set_text_color(*colour)
    document.set_draw_color(*RULE)
    document.set_line_width(0.2)
    document.set_x(20)
    for number, (cell, width) in enumerate(zip(cells, WIDTHS_MM, strict=True)):
        document.cell(width, 8, fitting(document, cell, width - 3), border="B", align="L" if number < 2 else "R")
    document.ln(8)


def _foot(document: FPDF, row: CertificateRow, content: Content, address: str) -> None:
    qr_code(document, f"{address}/{row.code}", 20, 235)
    document.set_xy(20 + QR_MM + 6, 240)
    document.set_font(FONT, size=9)
    document.set_text_color(*QUIET)
    document.multi_cell(66, 5, i18n.translate(CHECK, address=address, code=grouped(row.code)), align="L")
    document.set_xy(120, 246)
    document.set_font(FONT, size=13)
    document.set_text_color(*INK)
    issued = f"{localized(content, 'issuer')}\n{_day(clock.local(row.issued_at).date())}"
    document.multi_cell(70, 7, issued, align="R")


def _text(document: FPDF, text: str, size: float, colour: Colour, align: str = "L") -> None:
    document.set_font(FONT, size=size)
    document.set_text_color(*colour)
    document.set_x(20)
    document.multi_cell(170, size * 0.55, text, align=align)
    document.ln(1)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}"


def _day(value: date) -> str:
    return day(value, year=True)
