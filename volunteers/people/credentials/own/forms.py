"""What a holder types about a credential; the picture comes beside it."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.forms import Form
from volunteers.people.credentials.files import Upload
from volunteers.people.credentials.rules import CredentialKind, NewCredential

Line = Annotated[str, msgspec.Meta(max_length=60)]


class CredentialForm(msgspec.Struct):
    """A credential as its holder states it."""

    kind: CredentialKind
    number: Line
    issuer_zh: Line
    valid_from: date
    valid_until: date | None = None
    file: str = ""

    def stated(self) -> NewCredential:
        """Return the same as the service takes it."""
        return NewCredential(self.kind, self.number, self.issuer_zh, self.valid_from, self.valid_until)


class PictureForm(msgspec.Struct):
    """One picture."""

    file: str = ""


async def uploaded(form: Form[CredentialForm] | Form[PictureForm]) -> Upload | None:
    """Return the picture that came with a form."""
    sent = form.files.get("file")
    return Upload(sent.filename, await sent.read()) if sent else None
