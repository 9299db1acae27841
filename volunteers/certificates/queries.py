"""Reading certificates: one's own, and what anybody may learn by a code."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from app.core import database, vault
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.certificates.rules import Content, numbered, read_code
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate of one's own, in a list."""

    public_id: UUID
    number: str
    code: str
    from_day: date
    until_day: date
    minutes: int
    attendances: int
    issued_at: datetime
    revoked_at: datetime | None
    revoked_reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody may learn: the facts and the name's first sign; no name at all once the person was erased."""

    row: CertificateRow
    name: str
    issuer_zh: str
    issuer_en: str


_COLUMNS = """
c.public_id, c.year, c.number, c.code, c.from_day, c.until_day, c.minutes, c.attendances, c.issued_at, c.revoked_at,
c.revoked_reason
"""
_decoder = msgspec.json.Decoder(Content)


async def my_certificates(principal: Principal) -> list[CertificateRow]:
    """Return one's own certificates, the newest first."""
    principal.scope(Permission.VOLUNTEER_SELF)
    rows = await database.fetch(
        f"SELECT {_COLUMNS} FROM certificate c WHERE c.person_id = $1 ORDER BY c.id DESC", await person_id_of(principal)
    )
    return [_row(row) for row in rows]


async def own_certificate(principal: Principal, public_id: UUID) -> tuple[CertificateRow, Content]:
    """Return one's own certificate with what is printed on it."""
    row = await database.fetch_one(
        f"""SELECT {_COLUMNS}, c.content_sealed, person.subject_key_id FROM certificate c
            JOIN person ON person.id = c.person_id WHERE c.public_id = $1 AND c.person_id = $2""",
        *(public_id, await person_id_of(principal)),
    )
    if row is None:
        raise NotFound
    return _row(row), await _content(row)


async def checked(code: str) -> Checked | None:
    """Return what a code stands for; None if there is no such certificate."""
    row = await database.fetch_one(
        f"""SELECT {_COLUMNS}, c.content_sealed, person.subject_key_id FROM certificate c
            JOIN person ON person.id = c.person_id WHERE c.code = $1""",
        read_code(code),
    )
    if row is None:
        return None
    try:
        content = await _content(row)
    except vault.DataErased:
        return Checked(_row(row), "", "", "")
    return Checked(
        _row(row), f"{content.name[:1]}{'*' * (len(content.name) - 1)}", content.issuer_zh, content.issuer_en
    )


async def _content(row: database.Row) -> Content:
    return _decoder.decode((await vault.subject_key(row["subject_key_id"])).open(row["content_sealed"]))


def _row(row: database.Row) -> CertificateRow:
    given = {name: row[name] for name in CertificateRow.__slots__ if name != "number"}
    return CertificateRow(**given, number=numbered(row["year"], row["number"]))
