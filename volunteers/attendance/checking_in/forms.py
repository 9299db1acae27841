"""What the station types."""

from typing import Annotated

import msgspec


class CodeForm(msgspec.Struct):
    """Six digits, or the whole address of a scanned picture."""

    code: Annotated[str, msgspec.Meta(max_length=300)]
