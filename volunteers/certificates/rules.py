"""What a certificate says, its number and its code.

Who recorded the service certifies it, truthfully and free of charge (志愿服务条例 art. 19; 民政部令第67号,
志愿服务记录与证明出具办法（试行）, art. 3). It names the person, what was done, when, where and for how long, and who
certifies it when.
"""

import secrets
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from app.core.errors import DomainError
from app.core.text import N_

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is read as a digit."""
CODE_LENGTH = 16
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
MOST_SERVICES = 14
"""How many kinds of service a page lists; the rest is summed up in one line."""


class CertificateStatus(StrEnum):
    """In force until it is revoked."""

    ISSUED = "issued"
    REVOKED = "revoked"


class CertificateEvent(StrEnum):
    """What an officer does."""

    REVOKE = "revoke"


TRANSITIONS: dict[tuple[CertificateStatus, CertificateEvent], CertificateStatus] = {
    (CertificateStatus.ISSUED, CertificateEvent.REVOKE): CertificateStatus.REVOKED,
}
STATUS_NAMES: Mapping[CertificateStatus, str] = {
    CertificateStatus.ISSUED: N_("有效"),
    CertificateStatus.REVOKED: N_("已撤销"),
}


class Service(msgspec.Struct, frozen=True):
    """One kind of work at one station, summed up."""

    title_zh: str
    title_en: str
    station_zh: str
    station_en: str
    times: int
    minutes: int
    first: date
    last: date


class Trained(msgspec.Struct, frozen=True):
    """A training completed in the period: a record of service holds it (民政部令第67号)."""

    title_zh: str
    title_en: str
    completed_on: date


class Content(msgspec.Struct, frozen=True):
    """What is printed; sealed with the person's own key, so that erasing a person erases it."""

    name: str
    gender: str
    id_card: str
    joined: date
    services: tuple[Service, ...]
    issuer_zh: str
    issuer_en: str
    trainings: tuple[Trained, ...] = ()


class NothingToCertify(DomainError):
    """No hours in the period."""

    code, status, message = "nothing_to_certify", 409, N_("这段时间没有已确认的志愿服务时长。请换一段时间。")


class PeriodReversed(DomainError):
    """The end lies before the beginning."""

    code, status, message = "period_reversed", 422, N_("结束日期不能早于开始日期。")


class ReasonForRevokingMissing(DomainError):
    """Anybody who checks the certificate reads why."""

    code, status, message = "reason_for_revoking_missing", 422, N_("请写明撤销的原因，查验的人会看到。")


def new_code() -> str:
    """Return 80 random bits as one writes them on paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """Return a code however it was typed: lower case, with dashes, an O for a zero."""
    return typed.strip().upper().translate(MISREAD)


def grouped(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[first : first + 4] for first in range(0, len(code), 4))


def numbered(year: int, number: int) -> str:
    """Return a certificate's number as it is printed."""
    return f"FH-{year}-{number:06d}"


def status_of(revoked: bool) -> CertificateStatus:
    """Return where a certificate stands."""
    return CertificateStatus.REVOKED if revoked else CertificateStatus.ISSUED
