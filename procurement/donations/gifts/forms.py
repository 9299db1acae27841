"""What a donor types."""

from enum import StrEnum
from typing import Annotated

import msgspec

from app.core.text import N_
from app.web.fields import Yuan


class Rhythm(StrEnum):
    """Once, or each month until the donor ends it."""

    ONCE = "once"
    MONTHLY = "monthly"


RHYTHM_NAMES = {Rhythm.ONCE: N_("捐一次"), Rhythm.MONTHLY: N_("每月捐")}


class GiftForm(msgspec.Struct):
    """A gift; ``once`` names this very form, so that sending it twice is giving once."""

    amount: Yuan
    once: Annotated[str, msgspec.Meta(min_length=32, max_length=36)]
    rhythm: Rhythm
    name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    anonymous: bool = False
    email: Annotated[str, msgspec.Meta(max_length=120)] = ""
