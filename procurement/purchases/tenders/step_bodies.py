"""The steps of a tender as programs send them: the fields of each step's form, told apart by ``kind``."""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any

import msgspec

from procurement.purchases.tenders.facts import FACTS, RECORDED, StepKind
from procurement.purchases.tenders.forms import COPIED, form_of

Instant = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-11-30T01:00:00Z"])]
Copy = Annotated[bytes, msgspec.Meta(examples=["JVBERi0xLjcK"])]
CopyName = Annotated[str, msgspec.Meta(max_length=200, examples=["notice.pdf"])]


def _body_of(kind: StepKind) -> type[msgspec.Struct]:
    """Return the form of a step with times that say their zone, and our copy where something was published."""
    fields: list[tuple[str, Any]] = [
        (field.name, Instant) for field in msgspec.structs.fields(form_of(kind)) if field.type is datetime
    ]
    if kind in COPIED:
        fields += [("copy", Copy), ("copy_name", CopyName)]
    return msgspec.defstruct(
        f"{kind.name.title().replace('_', '')}Step",
        fields,
        bases=(form_of(kind),),
        kw_only=True,
        rename={"at": "happened_at"},
        tag_field="kind",
        tag=kind.value,
        module=__name__,
        namespace={"__doc__": FACTS[kind].__doc__},
    )


BODIES: Mapping[StepKind, type[msgspec.Struct]] = {kind: _body_of(kind) for kind in StepKind if kind in RECORDED}
"""A body for each kind but the intention, which begins the tender."""
KIND_OF = {body: kind for kind, body in BODIES.items()}
NewStepBody: Any = reduce(or_, BODIES.values())
"""Any of the bodies; the API's document names each with its fields."""
