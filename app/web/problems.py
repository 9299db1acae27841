"""How refusals look to a program: application/problem+json (RFC 9457)."""

import msgspec


class FieldProblem(msgspec.Struct):
    """One wrong field of the input."""

    field: str
    message: str


class Problem(msgspec.Struct, omit_defaults=True):
    """What went wrong; ``code`` is stable, ``title`` and ``detail`` are in the caller's language."""

    type: str
    title: str
    status: int
    code: str
    request_id: str
    detail: str = ""
    fields: list[FieldProblem] = []
