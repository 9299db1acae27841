"""What an officer types to open a fund."""

from typing import Annotated

import msgspec

from app.web.fields import Yuan
from procurement.donations.funds.rules import Cause
from procurement.donations.funds.service import NewFund


class FundForm(msgspec.Struct):
    """A fund to open; the owner is one of the organizations with a paper for public fundraising."""

    owner: str
    cause: Cause
    name_zh: Annotated[str, msgspec.Meta(max_length=60)]
    purpose_zh: Annotated[str, msgspec.Meta(max_length=600, extra={"input": "textarea"})]
    code: Annotated[str, msgspec.Meta(max_length=40, pattern="^[a-z][a-z0-9-]{1,39}$")]
    minimum: Yuan
    maximum: Yuan
    name_en: Annotated[str, msgspec.Meta(max_length=120)] = ""
    purpose_en: Annotated[str, msgspec.Meta(max_length=1200, extra={"input": "textarea"})] = ""

    def fund(self) -> NewFund:
        """Return what the service takes."""
        return NewFund(
            self.owner, self.cause, self.code, self.name_zh, self.name_en, self.purpose_zh, self.purpose_en,
            self.minimum, self.maximum,
        )  # fmt: skip
