"""What people type to sign in."""

from enum import StrEnum
from typing import Annotated

import msgspec

from app.core.access import Role

Code = Annotated[str, msgspec.Meta(max_length=12)]


class JoinAs(StrEnum):
    """As what a new person comes."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"

    @property
    def role(self) -> Role:
        """Return the role."""
        return Role(self.value)


class PhoneForm(msgspec.Struct):
    """The number a code is to be sent to."""

    phone: Annotated[str, msgspec.Meta(max_length=20)]
    next: str = ""


class CodeForm(msgspec.Struct):
    """The code that arrived, and for new people consent and what they come for."""

    phone: Annotated[str, msgspec.Meta(max_length=20)]
    code: Code
    consent: bool = False
    join_as: JoinAs = JoinAs.RESIDENT
    next: str = ""


class PasswordForm(msgspec.Struct):
    """E-mail address and password."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=200)]
    consent: bool = False
    next: str = ""


class OneTimeForm(msgspec.Struct):
    """Six digits of the authenticator app."""

    code: Code
    next: str = ""
