"""How refusals look to a program: application/problem+json (RFC 9457)."""

from typing import Annotated

import msgspec
from msgspec import Meta


class FieldProblem(msgspec.Struct):
    """One wrong field of the input."""

    field: Annotated[str, Meta(examples=["title_zh"])]
    message: Annotated[str, Meta(examples=["Please fill this in."])]


class Problem(msgspec.Struct, omit_defaults=True):
    """What went wrong; ``code`` is stable, ``title`` and ``detail`` are in the caller's language."""

    type: Annotated[str, Meta(examples=["/api/problems#invalid_input"])]
    title: Annotated[str, Meta(examples=["Something needs correction"])]
    status: Annotated[int, Meta(examples=[422])]
    code: Annotated[str, Meta(examples=["invalid_input"])]
    request_id: Annotated[str, Meta(examples=["5f1f1a0e7c0f4b0d9a3c6b1d2e8f9a70"])]
    detail: Annotated[str, Meta(examples=["Something needs correction; see the marked places."])] = ""
    fields: list[FieldProblem] = []
