"""How a credential's status looks."""

from app.web.components import Tag
from volunteers.people.credentials.rules import STATUS_NAMES, CredentialStatus

_TONES = {CredentialStatus.CLAIMED: "wait", CredentialStatus.VERIFIED: "done", CredentialStatus.REFUSED: "need"}
CREDENTIAL_TAGS = {status: Tag(tone, STATUS_NAMES[status]) for status, tone in _TONES.items()}
