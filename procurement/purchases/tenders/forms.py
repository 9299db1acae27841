"""The forms of a tender's steps: the facts of each, with when it happened, its number and its address."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any

import msgspec

from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.web.fields import Yuan
from marketplace.organizations.provision import Category
from procurement.purchases.tenders.facts import FACTS, Step, StepKind

COMPUTED = frozenset({"others_fen", "budget_fen", "category", "original_fen", "original_supplier", "added_fen"})
"""Facts that nobody types on the step's own form."""
COPIED = frozenset({StepKind.NOTICE, StepKind.PUBLISH_RESULT, StepKind.SUSPEND, StepKind.DECIDE_COMPLAINT})
"""Steps of whose notice a copy is kept."""
_NUMBERED = COPIED | {StepKind.FILE_PLAN, StepKind.COMPLAIN, StepKind.RESUME}
_PUBLISHED = COPIED - {StepKind.SUSPEND}
Text = Annotated[str, msgspec.Meta(max_length=300)]


class OpenTenderForm(msgspec.Struct):
    """A new tender: what is wanted, and where its intention was published."""

    place_code: Annotated[str, msgspec.Meta(max_length=12)]
    line: Annotated[str, msgspec.Meta(max_length=20)]
    category: Category
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    ceiling_fen: Yuan
    purpose_zh: Annotated[str, msgspec.Meta(max_length=200, extra={"input": "textarea"})]
    published_at: datetime
    url: Text
    expected_month: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}$")]
    public_service: bool = False
    exempt_reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


@cache
def form_of(kind: StepKind) -> type[msgspec.Struct]:
    """Return the form that asks for a step."""
    head: list[tuple[str, Any] | tuple[str, Any, Any]] = [("at", datetime)]
    if kind in _NUMBERED:
        head.append(("number", Text, ""))
    if kind in _PUBLISHED:
        head.append(("url", Text, ""))
    if kind in COPIED:
        head.append(("sha256", Text, ""))
    for field in msgspec.structs.fields(FACTS[kind]):
        if field.name not in COMPUTED:
            given = () if field.default is msgspec.NODEFAULT else (field.default,)
            head.append((field.name, field.type, *given))
    return msgspec.defstruct(f"{kind.value}_form", head, kw_only=True)


def step_of(kind: StepKind, form: Any, copy: bytes | None = None) -> Step:
    """Return the step that was typed; our copy of a notice must have the hash that was typed, if one was."""
    names = [field.name for field in msgspec.structs.fields(FACTS[kind]) if field.name not in COMPUTED]
    facts = FACTS[kind](**{name: getattr(form, name) for name in names})
    digest = hashlib.sha256(copy).digest() if copy is not None else None
    typed = "".join(getattr(form, "sha256", "").lower().split())
    if typed and (digest is None or typed != digest.hex()):
        raise InvalidInput({"sha256": Message(N_("与上传的公告不一致。请重新保存公告，或核对抄写的校验值。"))})
    return Step(kind, form.at, facts, getattr(form, "number", "").strip(), getattr(form, "url", "").strip(), digest)


def shown(kind: StepKind, facts: Any) -> Mapping[str, Any]:
    """Return a step's facts by name, for the page."""
    names = [field.name for field in msgspec.structs.fields(FACTS[kind])]
    return {name: getattr(facts, name) for name in names if name not in COMPUTED}
