"""What an officer fills in about a rule of law."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import LongText


class ConfirmForm(msgspec.Struct):
    """The value the officer saw."""

    value: Annotated[str, msgspec.Meta(max_length=30)]


class SupersedeForm(msgspec.Struct):
    """The figure that holds from a day on, with its source."""

    value: Annotated[str, msgspec.Meta(max_length=30)]
    effective_from: date
    document: Annotated[str, msgspec.Meta(max_length=200)]
    article: Annotated[str, msgspec.Meta(max_length=60)]
    note_zh: LongText = ""
    note_en: LongText = ""
