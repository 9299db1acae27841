"""What a resident taps and types, and why the station hides words."""

from typing import Annotated

import msgspec

from volunteers.thanks.rules import LONGEST_WORDS

Stars = Annotated[int, msgspec.Meta(ge=1, le=5, examples=[5])]
Reason = Annotated[str, msgspec.Meta(max_length=200, examples=["含有辱骂"])]


class StarsForm(msgspec.Struct):
    """One of five buttons."""

    stars: Stars


class WordsForm(msgspec.Struct):
    """A short thanks."""

    words: Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS)] = ""


class ReasonForm(msgspec.Struct):
    """Why words are hidden or shown again."""

    reason: Reason = ""
