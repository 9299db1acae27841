"""What the finance officer fills in about a bank: for each column its place and its heading."""

from datetime import date
from typing import Annotated, Any

import msgspec

from procurement.settlement.forms import PlaceCode
from procurement.settlement.layouts.rules import (
    CELL_NAMES,
    LONGEST_HEADING,
    MOST_COLUMNS,
    AmountForm,
    Answer,
    Cell,
    Column,
    Encoding,
    FileFormat,
    Layout,
)

Bank = Annotated[str, msgspec.Meta(max_length=60, examples=["工商银行杭州分行"])]
Heading = Annotated[str, msgspec.Meta(max_length=LONGEST_HEADING)]
Order = Annotated[int, msgspec.Meta(ge=1, le=MOST_COLUMNS)] | None

LayoutForm = msgspec.defstruct(
    "LayoutForm",
    [
        ("place", PlaceCode),
        ("bank", Bank),
        ("file_format", FileFormat),
        ("encoding", Encoding),
        ("amount_form", AmountForm),
        ("effective_from", date),
        *((f"order_{cell.value}", Order, None) for cell in Cell),
        *((f"heading_{cell.value}", Heading, "") for cell in Cell),
        *((f"answer_{answer.value}", Heading, "") for answer in Answer),
    ],
)


def layout_of(form: Any) -> Layout:
    """Return what was filled in as a layout: the columns that have a place, in order."""
    placed = sorted((order, cell) for cell in Cell if (order := getattr(form, f"order_{cell.value}")) is not None)
    columns = tuple(
        Column(cell, getattr(form, f"heading_{cell.value}").strip() or CELL_NAMES[cell]) for _, cell in placed
    )
    answers = {one: heading for one in Answer if (heading := getattr(form, f"answer_{one.value}").strip())}
    return Layout(
        form.bank.strip(), form.file_format, form.encoding, form.amount_form, columns, answers, form.effective_from
    )


def filled(layout: Layout) -> dict[str, Any]:
    """Return what a form shows of a layout."""
    said: dict[str, Any] = {
        "bank": layout.bank,
        "file_format": layout.file_format,
        "encoding": layout.encoding,
        "amount_form": layout.amount_form,
    }
    for place, column in enumerate(layout.columns, start=1):
        said |= {f"order_{column.cell.value}": place, f"heading_{column.cell.value}": column.heading}
    return said | {f"answer_{answer.value}": heading for answer, heading in layout.answers.items()}


class LayoutBody(msgspec.Struct):
    """A layout to put in force: its columns in order, each with what it holds and its heading."""

    place: PlaceCode
    bank: Bank
    file_format: FileFormat
    encoding: Encoding
    amount_form: AmountForm
    columns: Annotated[list[Column], msgspec.Meta(max_length=MOST_COLUMNS)]
    effective_from: Annotated[date, msgspec.Meta(examples=["2026-12-01"])]
    answers: dict[Answer, str] = {}

    def layout(self) -> Layout:
        """Return what the service takes."""
        return Layout(
            self.bank.strip(), self.file_format, self.encoding, self.amount_form, tuple(self.columns), self.answers,
            self.effective_from,
        )  # fmt: skip
