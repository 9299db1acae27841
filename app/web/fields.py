"""Types of form fields that need more than a Python type; no web framework in here, so rules may share them."""

from typing import Annotated

import msgspec

Yuan = Annotated[int, msgspec.Meta(ge=0, extra={"input": "yuan"})]
"""An amount that a person types in yuan (1,234.50); the Struct holds fen."""

LongText = Annotated[str, msgspec.Meta(max_length=20_000, extra={"input": "textarea"})]
"""Text of several lines."""
