"""What officers fill in about flagship projects."""

from typing import Annotated

import msgspec

from app.web.fields import LongText
from marketplace.flagships.rules import FlagshipEvent, Promise
from marketplace.products.content import Unit


class PromiseForm(msgspec.Struct):
    """A project to propose."""

    title_zh: Annotated[str, msgspec.Meta(max_length=60)]
    promise_zh: LongText
    year: int
    place_code: str
    unit: Unit
    target: int
    products: list[str] = []
    title_en: Annotated[str, msgspec.Meta(max_length=120)] = ""

    def promise(self) -> Promise:
        """Return what the service takes."""
        return Promise(
            *(self.year, self.place_code, self.title_zh, self.promise_zh, self.unit, self.target),
            products=tuple(self.products),
            title_en=self.title_en,
        )


class DecideForm(msgspec.Struct):
    """A decision, with the result or the reason."""

    event: FlagshipEvent
    result_zh: LongText = ""
