"""What is typed on the wall."""

from typing import Annotated

import msgspec

from marketplace.organizations.provision import Category
from marketplace.products.content import TargetGroup
from marketplace.wishes.rules import LONGEST_WORDS

Code = Annotated[str, msgspec.Meta(max_length=12)]
Words = Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS, extra={"input": "textarea"})]


class WishForm(msgspec.Struct):
    """A wish."""

    place_code: Code
    category: Category
    target_group: TargetGroup
    words_zh: Words


class SupportForm(msgspec.Struct):
    """For which village."""

    place_code: Code


class AnswerForm(msgspec.Struct):
    """With which product."""

    product: Annotated[str, msgspec.Meta(max_length=20)]


class CloseForm(msgspec.Struct):
    """Why it ends."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
