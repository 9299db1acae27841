"""What managers of accounts fill in."""

from datetime import date
from typing import Annotated

import msgspec

from app.core.access import Role


class SearchForm(msgspec.Struct):
    """A part of a name, or a whole number."""

    q: Annotated[str, msgspec.Meta(max_length=60)] = ""


class GrantForm(msgspec.Struct):
    """A role to be given."""

    role: Role
    place_code: Annotated[str, msgspec.Meta(max_length=12)] = ""
    uscc: Annotated[str, msgspec.Meta(max_length=18)] = ""
    until: date | None = None
    deputy_for: Annotated[str, msgspec.Meta(max_length=20)] = ""
