"""What is sent with a file, and the choice after its report."""

from typing import Annotated, Literal

import msgspec


class UploadForm(msgspec.Struct):
    """Nothing but the file, which is no field."""

    file: str = ""


class StoreForm(msgspec.Struct):
    """Whether all rows are stored or none, or the good ones."""

    rows: Literal["all", "good"]


class StoreBody(msgspec.Struct):
    """The same for programs."""

    only_good: Annotated[bool, msgspec.Meta(description="Store the good rows and leave the others out.")] = False
