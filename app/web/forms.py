"""A form on its way: read from the request, checked, shown again with what is wrong.

    form = await Form.read(request, ProductForm)
    try:
        reference = await service.write_product(principal, form.value)
    except DomainError as refusal:
        return await page("marketplace/products/edit.html", form=form.refused(refusal))
    return see_other(f"/products/{reference}", N_("已保存。"))

``form.value`` raises InvalidInput when a field is wrong, so that both kinds of refusal take the same way.
"""

from typing import Any, Generic, TypeVar

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile

from app.core.errors import DomainError, InvalidInput, NothingTicked
from app.core.text import Message
from app.web.form_values import FieldKind, decoded, kinds, shown

Input = TypeVar("Input", bound=msgspec.Struct)
NOT_ABOUT_THE_FORM = frozenset({401, 403, 404})


class Form(Generic[Input]):
    """One form: the texts as typed, the messages by field, and the Struct once all is right."""

    def __init__(self, struct: type[Input]) -> None:
        """Begin an empty form; use ``read``, ``empty`` or ``of``."""
        self.struct = struct
        self.kinds: dict[str, FieldKind] = kinds(struct)
        self.texts: dict[str, Any] = {}
        self.errors: dict[str, Message] = {}
        self.refusal: Message | None = None
        self.status = 200
        self.files: dict[str, UploadFile] = {}
        self._values: dict[str, Any] = {}

    @classmethod
    def empty(cls, struct: type[Input], **initial: Any) -> "Form[Input]":
        """Return a form to fill in, with defaults and some initial values."""
        form = cls(struct)
        for name, kind in form.kinds.items():
            value = initial.get(name, None if kind.default is msgspec.NODEFAULT else kind.default)
            form.texts[name] = shown(value, kind.form) if value is not None else _nothing(kind)
        return form

    @classmethod
    def of(cls, value: Input) -> "Form[Input]":
        """Return a form to change what is there."""
        return cls.empty(type(value), **{name: getattr(value, name) for name in kinds(type(value))})

    @classmethod
    async def read(cls, request: Request[Any, Any, Any], struct: type[Input]) -> "Form[Input]":
        """Read a submitted form."""
        sent = await request.form()
        return cls.from_pairs(struct, [(key, value) for key, value in sent.multi_items()])

    @classmethod
    def from_query(cls, request: Request[Any, Any, Any], struct: type[Input]) -> "Form[Input]":
        """Read a form sent with GET: filters and searches."""
        return cls.from_pairs(struct, list(request.query_params.multi_items()))

    @classmethod
    def from_pairs(cls, struct: type[Input], pairs: list[tuple[str, Any]]) -> "Form[Input]":
        """Decode names and values as a browser sends them."""
        form = cls(struct)
        form.files = {key: value for key, value in pairs if isinstance(value, UploadFile) and value.filename}
        for name, kind in form.kinds.items():
            texts = [str(value) for key, value in pairs if key == name and not isinstance(value, UploadFile)]
            form.texts[name] = _typed(kind, texts)
            try:
                form._values[name] = decoded(kind, texts)
            except ValueError as wrong:
                form.errors[name] = wrong.args[0]
        return form

    @property
    def value(self) -> Input:
        """Return the Struct, or refuse with a message for each wrong field."""
        if self.errors:
            raise InvalidInput(self.errors)
        return self.struct(**self._values)

    def require_ticked(self, name: str) -> None:
        """Refuse a decision about the ticked rows of a list while none is ticked."""
        if not self.text(name):
            raise NothingTicked

    def refused(self, refusal: DomainError) -> "Form[Input]":
        """Return the form with what the service said; refusals about the person or the thing go on rising."""
        if refusal.status in NOT_ABOUT_THE_FORM:
            raise refusal
        self.errors = {**self.errors, **refusal.fields}
        self.refusal, self.status = refusal.text(), refusal.status
        return self

    def text(self, name: str) -> Any:
        """Return what stands in a field: a text, a truth value, or a list."""
        return self.texts.get(name, "")

    def error(self, name: str) -> Message | None:
        """Return what is wrong with a field."""
        return self.errors.get(name)


def _typed(kind: FieldKind, texts: list[str]) -> Any:
    if kind.form == "bool":
        return bool(texts)
    return texts if kind.form == "list" else (texts[-1] if texts else "")


def _nothing(kind: FieldKind) -> Any:
    return {"bool": False, "list": []}.get(kind.form, "")
