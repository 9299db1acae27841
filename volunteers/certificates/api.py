"""Certificates for programs: issuing one's own, and checking any."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal, public
from volunteers.assignments.api import Instant
from volunteers.certificates import queries, service
from volunteers.certificates.controllers import VOLUNTEER
from volunteers.certificates.queries import CertificateRow
from volunteers.certificates.rules import CertificateStatus, status_of

Day = Annotated[date, msgspec.Meta(examples=["2026-11-01"])]


class PeriodBody(msgspec.Struct):
    """First and last day, both included."""

    from_day: Day
    until_day: Day


class CertificateIssued(msgspec.Struct):
    """The id of a certificate; its PDF lies at /my/certificates/{id}/pdf."""

    id: UUID


class CertificateFacts(msgspec.Struct):
    """What a certificate says to anybody who has its code."""

    number: Annotated[str, msgspec.Meta(examples=["FH-2026-000001"])]
    status: CertificateStatus
    from_day: Day
    until_day: Day
    minutes: Annotated[int, msgspec.Meta(examples=[1830])]
    attendances: Annotated[int, msgspec.Meta(examples=[11])]
    issued_at: Instant
    revoked_reason: str


@post("/certificates", guards=[VOLUNTEER], summary="Issue a certificate of one's hours")
async def create_certificate(data: JSONBody[PeriodBody], principal: CurrentPrincipal) -> CertificateIssued:
    """Certify the caller's hours of a period."""
    return CertificateIssued(await service.issue(principal, data.from_day, data.until_day))


@get("/certificates/{code:str}", guards=[public], summary="Check a certificate")
async def check_certificate(code: FromPath[str]) -> CertificateFacts:
    """Return what a code stands for; 404 if there is no such certificate."""
    found = await queries.checked(code)
    if found is None:
        raise NotFound
    return _facts(found.row)


def _facts(row: CertificateRow) -> CertificateFacts:
    return CertificateFacts(
        *(row.number, status_of(row.revoked_at is not None), row.from_day, row.until_day, row.minutes, row.attendances),
        *(row.issued_at, row.revoked_reason),
    )
