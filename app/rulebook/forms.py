"""What an officer fills in about a rule of law."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.rulebook.proposals.rules import Replacement
from app.rulebook.queries import Shown
from app.web.fields import LongText


class Filter(msgspec.Struct):
    """Which figures are shown: all or those that wait, with some words in them."""

    show: Shown = Shown.ALL
    q: Annotated[str, msgspec.Meta(max_length=60)] = ""


class ConfirmForm(msgspec.Struct):
    """The ticked figures, each with the value that the officer saw (17=30)."""

    rules: list[str] = []

    def seen(self) -> Mapping[int, Decimal]:
        """Return the rows and values."""
        pairs = [ticked.partition("=")[::2] for ticked in self.rules]
        try:
            return {int(row): decimal(value) for row, value in pairs}
        except ValueError:
            raise InvalidInput({"rules": Message(N_("请先勾选已核对原文的数值。"))}) from None


class ProposeForm(msgspec.Struct):
    """The figure that is to hold from a day on, with its source."""

    value: Annotated[str, msgspec.Meta(max_length=30)]
    effective_from: date
    document: Annotated[str, msgspec.Meta(max_length=200)]
    article: Annotated[str, msgspec.Meta(max_length=60)]
    note_zh: LongText = ""
    note_en: LongText = ""

    def replacement(self) -> Replacement:
        """Return what is proposed."""
        return Replacement(
            *(decimal(self.value), self.document, self.article, self.effective_from), self.note_zh, self.note_en
        )


class RefuseForm(msgspec.Struct):
    """Why a proposed figure is turned down."""

    reason: LongText = ""


def decimal(text: str) -> Decimal:
    """Read a number as people write it."""
    try:
        return Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise InvalidInput({"value": Message(N_("请填写数字。"))}) from None
