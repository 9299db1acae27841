"""A contract on paper: a cover, the text as it was signed, and who signed it for whom; anybody can check it.

The text is Chinese whoever reads it, so everything on the paper is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import clock
from app.core.money import yuan
from app.core.text import N_
from app.web import i18n
from app.web.paper import Code, Facts, Heading, NewPage, Part, Text, Title, pdf

CHECK = N_("核对：扫码，或在下面的网址输入文本的 SHA-256。")
HIDDEN = N_("（签署人留存于平台，仅双方可见）")


@dataclass(frozen=True, slots=True)
class Signature:
    """One party's word: in which role, by whom (None on a public copy), when."""

    role: str  # a msgid
    party: str
    name: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed of a contract or an amendment."""

    number: str
    facts: Sequence[tuple[str, str]]  # of the cover; names are msgids
    body_zh: str
    text_sha256: bytes
    signatures: Sequence[Signature]
    check: str  # the address that checks it


def contract_pdf(paper: Paper) -> bytes:
    """Return the document; the same paper gives the same bytes."""
    with i18n.speaking("zh"):
        made_at = max(one.at for one in paper.signatures if one.at is not None)
        return pdf(paper.number, made_at, list(_parts(paper)))


def _parts(paper: Paper) -> Iterator[Part]:
    title, *body = paper.body_zh.split("\n")
    yield Title(title, paper.number)
    yield Facts([(i18n.gettext(name), value) for name, value in paper.facts])
    yield Code(paper.check, i18n.gettext(CHECK))
    yield NewPage()
    yield from _body(body)
    yield Heading(i18n.gettext(N_("签署")))
    for one in paper.signatures:
        yield Facts(_signature(one))
    yield Facts([("SHA-256", _spaced(paper.text_sha256.hex()))])


def _body(lines: Sequence[str]) -> Iterator[Part]:
    for line in lines:
        if line[1:2] == "、":
            yield Heading(line)
        elif line.strip():
            yield Text(line)


def _signature(one: Signature) -> list[tuple[str, str]]:
    when = i18n.gettext(N_("尚未签署")) if one.at is None else f"{clock.local(one.at):%Y-%m-%d %H:%M}"
    name = i18n.gettext(HIDDEN) if one.name is None else one.name
    return [
        (i18n.gettext(one.role), one.party),
        (i18n.gettext(N_("签署人")), name if one.at else "—"),
        (i18n.gettext(N_("签署时间")), when),
    ]


def _spaced(digits: str) -> str:
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def money_words(fen: int) -> str:
    """Return an amount as the cover prints it."""
    return yuan(fen)
