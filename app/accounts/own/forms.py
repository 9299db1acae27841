"""What people change about their own account."""

from enum import StrEnum
from typing import Annotated

import msgspec

Email = Annotated[str, msgspec.Meta(max_length=254)]


class Language(StrEnum):
    """The languages messages are written in."""

    ZH = "zh"
    EN = "en"


class ProfileForm(msgspec.Struct):
    """Name and language."""

    display_name: Annotated[str, msgspec.Meta(max_length=60)]
    locale: Language = Language.ZH


class EmailForm(msgspec.Struct):
    """The address a code is to be sent to."""

    email: Email


class PasswordSetForm(msgspec.Struct):
    """The code that arrived, and the password to be."""

    email: Email
    code: Annotated[str, msgspec.Meta(max_length=12)]
    password: Annotated[str, msgspec.Meta(max_length=200)]


class TokenForm(msgspec.Struct):
    """A token to be made."""

    name: Annotated[str, msgspec.Meta(max_length=80)]
    days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 90
