"""The period of a certificate, a code to check, a reason to revoke."""

from datetime import date
from typing import Annotated

import msgspec


class PeriodForm(msgspec.Struct):
    """First and last day, both included."""

    from_day: date
    until_day: date


class CodeForm(msgspec.Struct):
    """A code as somebody typed it."""

    code: Annotated[str, msgspec.Meta(max_length=40)] = ""


class RevokeForm(msgspec.Struct):
    """Why a certificate no longer holds."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
