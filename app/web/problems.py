"""How refusals look to a program: application/problem+json (RFC 9457)."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta


class FieldProblem(msgspec.Struct):
    """One wrong field of the input."""

    field: Annotated[str, Meta(examples=["title_zh"])]
    message: Annotated[str, Meta(examples=["Please fill this in."])]


class GroundProblem(msgspec.Struct):
    """One rule that stands in the way; ``verified`` is false while no officer has compared it with its text."""

    code: Annotated[str, Meta(examples=["supplements_above_share"])]
    reason: Annotated[str, Meta(examples=["Supplements may add 10% of the contract at most."])]
    document: Annotated[str, Meta(examples=["政府采购法"])]
    article: Annotated[str, Meta(examples=["第49条"])]
    value: Annotated[str, Meta(examples=["10%"])]
    since: Annotated[date | None, Meta(examples=["2022-03-01"])]
    remedy: Annotated[str, Meta(examples=["Add less, or buy what is needed besides."])]
    verified: bool


class Problem(msgspec.Struct, omit_defaults=True):
    """What went wrong; ``code`` is stable, ``title`` and ``detail`` are in the caller's language."""

    type: Annotated[str, Meta(examples=["/api/problems#invalid_input"])]
    title: Annotated[str, Meta(examples=["Something needs correction"])]
    status: Annotated[int, Meta(examples=[422])]
    code: Annotated[str, Meta(examples=["invalid_input"])]
    request_id: Annotated[str, Meta(examples=["5f1f1a0e7c0f4b0d9a3c6b1d2e8f9a70"])]
    detail: Annotated[str, Meta(examples=["Something needs correction; see the marked places."])] = ""
    fields: list[FieldProblem] = []
    grounds: list[GroundProblem] = []
