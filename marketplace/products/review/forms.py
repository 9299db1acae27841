"""What a reviewer decides."""

from typing import Annotated

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision

Reasons = Annotated[str, msgspec.Meta(max_length=2000, extra={"input": "textarea"})]


class VerdictForm(msgspec.Struct):
    """A verdict on the version that was read."""

    verdict: Verdict
    reasons: Reasons
    version: int
    listed_version: int = 0
    fields: list[str] = []

    def decision(self, reference: str) -> ProductDecision:
        """Return the same as the service takes it: about the listing, or about the version under review."""
        version = self.listed_version if self.verdict.on_listing else self.version
        return ProductDecision(reference, version, self.verdict, self.reasons, tuple(self.fields))


class DeskForm(msgspec.Struct):
    """Products ticked at the desk, each written ``CP-2026-000001/3`` with the version that was shown."""

    selected: list[str] = []
    verdict: Verdict | None = None
    reasons: Reasons = ""

    @property
    def references(self) -> list[str]:
        """Return the products."""
        return [entry.partition("/")[0] for entry in self.selected]

    def decisions(self) -> list[ProductDecision]:
        """Return the same verdict for each of them, on the version that was shown."""
        if self.verdict is None:
            raise InvalidInput(fields={"verdict": Message(N_("请选择一个决定。"))})
        parts = [entry.partition("/") for entry in self.selected]
        if any(not version.isdigit() for _, _, version in parts):
            raise InvalidInput
        return [ProductDecision(reference, int(version), self.verdict, self.reasons) for reference, _, version in parts]
