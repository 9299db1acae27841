"""What is filled in about a full-time mediator's post."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import Yuan


class PostForm(msgspec.Struct):
    """A post as its document of appointment says; the mediator is named by the number of a verified licence."""

    licence: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    agency: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    district: Annotated[str, msgspec.Meta(min_length=6, max_length=12)]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    monthly_fen: Yuan
    from_day: date
    until_day: date | None = None


class EndForm(msgspec.Struct):
    """The last day of a post."""

    until_day: date
