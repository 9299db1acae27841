"""How long people's entries into a tender's steps may be, and how a form asks for them."""

from typing import Annotated

import msgspec

Names = Annotated[str, msgspec.Meta(max_length=300)]
"""Names of people with spaces between them."""
Lines = Annotated[str, msgspec.Meta(max_length=4000, extra={"input": "textarea"})]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Reason = Annotated[str, msgspec.Meta(max_length=500, extra={"input": "textarea"})]
